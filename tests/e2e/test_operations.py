"""What operators do while applications are being served: stop, revoke, apply, count; and what they never have to do."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.recording_backend import completion, events, stream, whole
from tests.e2e.gateways import ALL_ALONE, SERVE, Gateway, processes, running
from tests.waiting import seconds_until, until

pytestmark = pytest.mark.integration

SOON = 3.0
"""Seconds; workers look for changes twice a second."""

STRICT = """
apiVersion: cloister/v1
kind: RedactionPolicy
metadata: {name: default}
spec:
  match: {tenants: ["*"], apps: ["*"]}
  mode: enforce
  languages: [en]
  defaults: {operator: redact, threshold: 0.4}
"""


@pytest.fixture(scope="module")
def two_workers(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running(tmp_path_factory.mktemp("two"), root, CLOISTER_SERVER__WORKERS="2") as gateway:
        gateway.backend.script = lambda request: whole(completion("Hello"))
        yield gateway


def answers(gateway: Gateway, count: int = 16, key: str = "app") -> Counter[int]:
    """Ask at once, over connections of their own, so that both workers are asked."""
    with ThreadPoolExecutor(8) as pool:
        return Counter(status for status, _, _ in pool.map(lambda _: gateway.chat("Hi", key=key), range(count)))


def terminated(gateway: Gateway) -> None:
    assert gateway.process
    gateway.process.terminate()


def interrupted(gateway: Gateway) -> None:
    """Do what a terminal does at Ctrl-C: every process of its foreground group gets the signal."""
    assert gateway.process
    os.killpg(gateway.process.pid, signal.SIGINT)


@pytest.mark.parametrize("stop", [terminated, interrupted])
def test_a_stop_finishes_the_streams_and_leaves_no_process(
    root: Path, tmp_path: Path, stop: Callable[[Gateway], None]
) -> None:
    with running(tmp_path, root, CLOISTER_SERVER__WORKERS="2") as gateway:
        frames = events(*("Dear <PERSON_1>, " for _ in range(20)))
        gateway.backend.script = lambda request: stream(frames, delay=0.1)
        assert gateway.process
        mine = processes(gateway, "")
        under_way = threading.Barrier(5)
        with ThreadPoolExecutor(4) as pool:
            reading = [pool.submit(read_stream, gateway, under_way) for _ in range(4)]
            under_way.wait(20)
            stop(gateway)
            ended = [each.result() for each in reading]

        assert [text.count(b"Maria Gonzalez") for text in ended] == [20] * 4
        assert all(text.endswith(b"data: [DONE]\n\n") for text in ended)
        assert gateway.process.wait(15) == 0
        until(lambda: not any(Path(f"/proc/{pid}/stat").exists() for pid in mine), 15)

        found = json.loads(gateway.cloister("audit", "query", "--json").stdout)
        closes = [event for event in found if event["action"] == "exchange.close"]
        assert [event["outcome"] for event in closes] == ["success"] * 4
        stops = json.loads(gateway.cloister("audit", "query", "--tenant", "platform", "--json").stdout)
        assert [event["action"] for event in stops].count("gateway.stop") == 2


def read_stream(gateway: Gateway, under_way: threading.Barrier) -> bytes:
    with closing(http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=20)) as connection:
        body = {"model": "tiny-moe", "messages": [{"role": "user", "content": "To Maria Gonzalez"}], "stream": True}
        headers = {"authorization": f"Bearer {gateway.keys['app']}", "content-type": "application/json"}
        connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
        answer = connection.getresponse()
        first = answer.read(10)
        under_way.wait(20)
        return first + answer.read()


def test_a_stop_ends_what_takes_longer_than_it_waits_on_record(root: Path, tmp_path: Path) -> None:
    with running(tmp_path, root, CLOISTER_LIMITS__DRAIN_SECONDS="1") as gateway, ThreadPoolExecutor(3) as pool:
        frames = events(*("Dear <PERSON_1>, " for _ in range(200)))
        gateway.backend.script = lambda request: stream(frames, delay=0.1)
        assert gateway.process
        under_way = threading.Barrier(2)
        streamed = pool.submit(read_stream, gateway, under_way)
        under_way.wait(20)
        gateway.backend.script = lambda request: silence()
        whole_one = pool.submit(gateway.chat, "To Maria Gonzalez")
        half = pool.submit(half_a_body, gateway)
        until(lambda: metric(gateway, "cloister_requests_in_flight ") == 3, SOON)

        gateway.process.terminate()
        time.sleep(0.3)
        for pid in processes(gateway, ""):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

        assert gateway.process.wait(5) == 0
        text, (status, headers, body) = streamed.result(), whole_one.result()
        assert text.count(b"Maria Gonzalez") > 3
        assert b"gateway_stopping" in text
        assert b"[DONE]" not in text
        assert (status, headers["retry-after"]) == (503, "2")
        assert b"gateway_stopping" in body
        assert half.result().startswith(b"HTTP/1.1 503 ")

        found = json.loads(gateway.cloister("audit", "query", "--json").stdout)
        closes = [event for event in found if event["action"] == "exchange.close"]
        assert [(event["outcome"], event["details"]["error"]) for event in closes] == [
            ("failure", "gateway_stopping")
        ] * 3
        stops = json.loads(gateway.cloister("audit", "query", "--tenant", "platform", "--json").stdout)
        assert [event["action"] for event in stops].count("gateway.stop") == 1


async def silence() -> AsyncIterator[bytes]:
    await asyncio.sleep(60)
    yield b""


def half_a_body(gateway: Gateway) -> bytes:
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=20) as connection:
        head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {gateway.keys['app']}\r\n"
        connection.sendall(f"{head}content-type: application/json\r\ncontent-length: 100\r\n\r\n{{".encode())
        return connection.recv(65536)


def metric(gateway: Gateway, name: str) -> float:
    text = gateway.call("GET", "/metrics", key="platform")[2].decode()
    return sum(float(line.removeprefix(name)) for line in text.splitlines() if line.startswith(name))


def test_a_revoked_key_is_soon_refused_by_every_worker(two_workers: Gateway) -> None:
    made = json.loads(
        two_workers.cloister(
            "access", "key", "create", "--tenant", "default", "--role", "app", "--label", "x", "--json"
        ).stdout
    )
    until(lambda: answers(two_workers, key=made["key"]) == {200: 16}, SOON)

    two_workers.cloister("access", "key", "revoke", "--tenant", "default", made["id"])

    took = seconds_until(lambda: answers(two_workers, key=made["key"]) == {401: 16}, SOON)
    print(f"\nrevoked everywhere after {took:.2f} s")


def test_a_policy_is_soon_in_force_in_every_worker_and_no_request_fails(two_workers: Gateway, tmp_path: Path) -> None:
    file = tmp_path / "strict.yaml"
    file.write_text(STRICT)
    before = two_workers.chat("Hi")[1]["x-cloister-policy"]
    seen: list[tuple[int, str]] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            status, headers, _ = two_workers.chat("To Maria Gonzalez")
            seen.append((status, headers["x-cloister-policy"]))

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(4)]
        try:
            applied = json.loads(two_workers.cloister("policy", "apply", str(file), "--json").stdout)
            took = seconds_until(lambda: before not in {digest for _, digest in seen[-64:]}, SOON)
        finally:
            done.set()
    for each in asking:
        each.result()

    assert {status for status, _ in seen} == {200}
    assert len({digest for _, digest in seen}) == 2
    assert seen[0][1] == before
    history = json.loads(two_workers.cloister("policy", "history", "--json").stdout)
    assert [version["policies"]["default"][:12] for version in history] == [seen[-1][1], before]
    assert applied["policies"] == history[0]["policies"]
    (event, *_) = json.loads(two_workers.cloister("audit", "query", "--policy", seen[-1][1], "--json").stdout)
    assert event["policy"] == history[0]["policies"]["default"]
    print(f"\nin force everywhere {took:.2f} s after the command; {len(seen)} requests meanwhile")


@pytest.mark.skipif(ALL_ALONE, reason="a gateway that is alone has no port; tests/unit/cli/test_address.py has sockets")
def test_a_second_gateway_is_refused_the_port_of_the_first(two_workers: Gateway, tmp_path: Path) -> None:
    home = tmp_path / "home"
    command = [*SERVE, "--port", str(two_workers.port)]
    environ = two_workers.environ | {"CLOISTER_HOME": str(home)}

    refused = subprocess.run(
        command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )

    assert refused.returncode == 78
    assert f"port {two_workers.port} is in use" in refused.stderr
    assert not (home / "bootstrap.json").exists()
    assert answers(two_workers) == {200: 16}


def test_metrics_add_up_over_the_workers(two_workers: Gateway) -> None:
    def answered() -> float:
        return metric(two_workers, 'cloister_requests_total{endpoint="/v1/chat/completions",status="200"} ')

    before = answered()
    assert answers(two_workers, 40) == {200: 40}

    assert {answered() for _ in range(8)} == {before + 40}


def test_a_killed_keeper_is_replaced_without_a_restart(own_gateway: Any) -> None:
    own_gateway.backend.script = lambda request: whole(completion("Hello"))
    (keeper,) = processes(own_gateway, "keeper.py")

    os.kill(keeper, signal.SIGKILL)

    took = seconds_until(lambda: processes(own_gateway, "keeper.py") not in ([], [keeper]), 15)
    until(lambda: answers(own_gateway) == {200: 16}, 15)
    print(f"\nanother keeper after {took:.2f} s")
    own_gateway.cloister("audit", "verify")


def test_the_file_of_keys_says_where_the_gateway_is(gateway: Any) -> None:
    assert json.loads((gateway.home / "bootstrap.json").read_text())["base_url"] == gateway.url
