"""Several backends and their certificates, behind a whole gateway."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.authority import Authority, server
from tests.doubles.recording_backend import completion, events, stream, whole
from tests.e2e.gateways import ALL_ALONE, SERVE, Gateway, backend_at, serving
from tests.waiting import seconds_until, until

pytestmark = pytest.mark.integration

CLIENTS = 16
TEXT = "Write to Maria Gonzalez about the harvest, the weather and the long way home"


def metrics(gateway: Gateway) -> dict[str, float]:
    lines = gateway.call("GET", "/metrics", key="platform")[2].decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


@contextmanager
def in_front_of(folder: Path, root: Path, *backends: dict[str, Any], backend: Any = None) -> Iterator[Gateway]:
    environ = os.environ | {"CLOISTER_BACKENDS": json.dumps(backends), "PYTHONPATH": str(root)}
    with serving(SERVE, folder, environ, backend, root) as gateway:
        yield gateway


@dataclass
class Echo:
    """A model server in a process of its own, which can be killed."""

    name: str
    socket: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def described(self) -> dict[str, Any]:
        return {"name": self.name, "uds": str(self.socket)}

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        command = [sys.executable, "-m", "gateway.bench.backend", "--uds", str(self.socket), "--pause", "0.1"]
        self.process = subprocess.Popen(command)
        until(self.socket.exists, 30)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait(5)


@contextmanager
def echoes(folder: Path) -> Iterator[list[Echo]]:
    with ExitStack() as stack:
        made = [Echo(name, folder / f"{name}.sock") for name in ("one", "two", "three")]
        for echo in made:
            echo.start()
            stack.callback(echo.kill)
        yield made


@dataclass
class Seen:
    """One answer. begun: whether any of it came. ended: whether its end mark came."""

    exchange: str
    status: int
    streamed: bool
    begun: bool
    ended: bool
    error: bool


def ask(gateway: Gateway, number: int, *, streamed: bool) -> Seen:
    status, headers, body = gateway.chat(f"Letter {number}: {TEXT}", model="echo", stream=streamed)
    return Seen(
        exchange=headers["x-cloister-exchange"],
        status=status,
        streamed=streamed,
        begun=b"chat.completion" in body,
        ended=body.endswith(b"data: [DONE]\n\n") or not streamed,
        error=b'"error"' in body,
    )


def closes(gateway: Gateway, action: str) -> dict[str, dict[str, Any]]:
    found = json.loads(gateway.cloister("audit", "query", "--action", action, "--limit", "10000", "--json").stdout)
    assert len({event["exchange"] for event in found}) == len(found)
    return {event["exchange"]: event for event in found}


def test_one_of_three_backends_is_killed_under_load_and_comes_back(root: Path, tmp_path: Path) -> None:
    seen: list[Seen] = []
    done = threading.Event()

    def load(number: int) -> None:
        for letter in count(number, CLIENTS):
            if done.is_set():
                return
            seen.append(ask(gateway, letter, streamed=number % 2 == 0))

    with echoes(tmp_path) as backends, in_front_of(tmp_path, root, *(echo.described for echo in backends)) as gateway:
        victim = backends[0]
        out = f'cloister_backend_out{{backend="{victim.name}"}}'
        until(lambda: sum(value == 0 for name, value in metrics(gateway).items() if "backend_out" in name) == 3, 10)
        with ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(load, number) for number in range(CLIENTS)]
            try:
                until(lambda: len(seen) > 5 * CLIENTS, 30)
                victim.kill()
                before = len(seen)
                went = seconds_until(lambda: metrics(gateway)[out] == 1, 10)
                until(lambda: len(seen) > before + 5 * CLIENTS, 30)
                victim.start()
                came = seconds_until(lambda: metrics(gateway)[out] == 0, 40)
                failures = metrics(gateway)[f'cloister_backend_failures_total{{backend="{victim.name}"}}']
                again = len(seen)
                until(lambda: len(seen) > again + 5 * CLIENTS, 30)
            finally:
                done.set()
        for client in clients:
            client.result()
        opened, closed = closes(gateway, "exchange.open"), closes(gateway, "exchange.close")
        gateway.cloister("audit", "verify")

    broken = [one for one in seen if not one.ended]
    assert Counter(one.status for one in seen) == {200: len(seen)}
    assert all(one.streamed and one.error and one.begun for one in broken), "only what had begun may break"
    assert failures > 0, "nobody met the dead one"
    assert not any(one.error for one in seen if one.ended)

    assert opened.keys() == closed.keys() == {one.exchange for one in seen}
    failed = {name for name, event in closed.items() if event["outcome"] == "failure"}
    assert failed == {one.exchange for one in broken}
    assert {closed[name]["details"]["backend"] for name in failed} <= {victim.name}
    by = [closed[one.exchange]["details"]["backend"] for one in seen]
    assert {"one", "two", "three"} == set(by[:before]) == set(by[again:])
    print(f"\n{len(seen)} requests, {len(broken)} streams broke, {failures:.0f} requests were sent elsewhere;")
    print(f"out {went:.2f} s after it was killed, back {came:.2f} s after it was started")


@contextmanager
def secure_backend(root: Path, folder: Path) -> Iterator[tuple[Gateway, Authority, Any, Any]]:
    """A gateway with a certificate of its own before a backend that asks for one, which is at first another's."""
    ours = Authority(folder, "ours")
    own, tls = ours.issue("gateway", common="old"), server(Authority(folder, "theirs").issue("vllm.local"), ours)
    with backend_at(tls=tls) as backend:
        described = {"name": "secure", "url": backend.url, "models": ["tiny-moe"], "server_name": "vllm.local"}
        files = {"ca_file": str(ours.file), "cert_file": str(own.cert), "key_file": str(own.key)}
        backend.script = lambda request: whole(b"{}" if request.method == "GET" else completion("Hello"))
        with serving_unready(folder, root, described | files, backend) as gateway:
            yield gateway, ours, own, tls


@contextmanager
def serving_unready(folder: Path, root: Path, described: dict[str, Any], backend: Any) -> Iterator[Gateway]:
    """Serve with a second backend too, which makes the gateway ready, and serves nothing that is asked for."""
    with backend_at(folder / "other.sock") as other:
        other.models = ("other",)
        second = {"name": "other", "uds": str(folder / "other.sock")}
        with in_front_of(folder, root, described, second, backend=backend) as gateway:
            yield gateway


@pytest.mark.skipif(ALL_ALONE, reason="calls a backend on loopback, which a gateway that is alone does not reach")
def test_a_backend_is_used_once_it_proves_its_name_and_with_the_certificate_of_the_day(
    root: Path, tmp_path: Path
) -> None:
    with secure_backend(root, tmp_path) as (gateway, ours, own, tls):
        status, headers, body = gateway.chat(TEXT)
        assert (status, json.loads(body)["error"]["code"]) == (503, "backend_unavailable")
        assert int(headers["retry-after"]) > 0
        assert (gateway.backend.received, gateway.backend.raw) == ([], b"")

        proven = ours.issue("vllm.local")
        tls.load_cert_chain(proven.cert, proven.key)
        until(lambda: gateway.chat(TEXT)[0] == 200, 40)
        assert gateway.backend.peers == {"old"}

        own.replace(ours.issue("gateway", common="new"))
        statuses: Counter[int] = Counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            while "new" not in gateway.backend.peers:
                statuses.update(status for status, _, _ in pool.map(lambda _: gateway.chat(TEXT), range(CLIENTS)))
        assert set(statuses) == {200}
        assert "backend.certificates_renewed" in gateway.log()

        own.key.write_text("no key")
        problem = 'cloister_backend_certificates_problem{backend="secure"}'
        until(lambda: metrics(gateway)[problem] == 1, 10)
        assert gateway.chat(TEXT)[0] == 200
        assert "backend.certificates_kept" in gateway.log()


def test_a_stop_asks_no_backend_any_more_and_closes_the_connections(root: Path, tmp_path: Path) -> None:
    socket = tmp_path / "backend.sock"
    described = {"name": "recording", "uds": str(socket), "models": ["tiny-moe"]}
    with (
        backend_at(socket) as backend,
        in_front_of(tmp_path, root, described, backend=backend) as gateway,
        ThreadPoolExecutor(1) as pool,
    ):
        backend.script = lambda request: (
            whole(b"{}") if request.method == "GET" else stream(events(*["Hello "] * 65), delay=0.1)
        )
        answer = pool.submit(gateway.chat, TEXT, stream=True)
        until(lambda: len(backend.received) == 1, 10)
        assert gateway.process
        gateway.process.terminate()
        time.sleep(0.5)  # less than a probe's interval before the end of the answer
        asked, connections = len(backend.probes), backend.connections

        assert answer.result()[2].endswith(b"data: [DONE]\n\n")
        assert gateway.process.wait(15) == 0
        assert (len(backend.probes), backend.connections) == (asked, connections)
        until(lambda: not backend._tasks, 5)
