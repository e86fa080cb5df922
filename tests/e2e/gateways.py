"""Whole gateways, started as a user starts them: beside the source, installed elsewhere, traced, on any database."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from tests.doubles.recording_backend import RecordingBackend

START_SECONDS: Final = 60.0
SERVE: Final = (sys.executable, "-m", "gateway", "serve", "--embedded")
ALL_ALONE: Final = os.environ.get("E2E_ALONE") == "1"
"""Whether every gateway of this run is on a network of its own, and reached through a relay outside."""

_ALONE: Final = Path(__file__).parents[2] / "deploy/network/alone"


@dataclass
class Gateway:
    """One running gateway, its home and its backend. command: what starts it, without the port. patience: in seconds."""

    port: int
    home: Path
    root: Path
    environ: dict[str, str]
    backend: RecordingBackend
    command: Sequence[str] = SERVE
    process: subprocess.Popen[bytes] | None = None
    keys: dict[str, str] = field(default_factory=dict)
    patience: float = 20.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with (self.home.parent / "log").open("ab") as log:
            command = [*self.command, "--port", str(self.port)]
            self.process = subprocess.Popen(
                command, cwd=self.root, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                pytest.fail(f"the gateway did not become ready\n{self.log()[-4000:]}")
            time.sleep(0.05)
        if (self.home / "bootstrap.json").exists():
            self.keys = json.loads((self.home / "bootstrap.json").read_text())["keys"]

    def ready(self) -> bool:
        try:
            return self.call("GET", "/health/ready", key=None)[0] == 200
        except OSError:
            return False

    def kill(self) -> None:
        """SIGKILL the whole session, workers included, until none of it is left: the last one may still hold the port."""
        assert self.process
        deadline = time.monotonic() + 10
        while left := session(self.process.pid):
            assert time.monotonic() < deadline, "a killed process does not end"
            for pid in sorted(left, reverse=True):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.poll()
            time.sleep(0.01)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.kill()

    def log(self) -> str:
        return (self.home.parent / "log").read_text(errors="replace")

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = "app",
        raw: bytes | None = None,
        **headers: str,
    ) -> tuple[int, dict[str, str], bytes]:
        """Call over HTTP; a key by its role's name, or None for none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        sent = {"authorization": f"Bearer {self.keys.get(key, key)}"} if key else {}
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        if data is not None:
            sent["content-type"] = "application/json"
        try:
            connection.request(method, path, data, sent | headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def chat(self, text: str, **fields: Any) -> tuple[int, dict[str, str], bytes]:
        key = fields.pop("key", "app")
        body = {"model": "tiny-moe", "messages": [{"role": "user", "content": text}], **fields}
        return self.call("POST", "/v1/chat/completions", body, key=key)

    def cloister(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command on the host, in this gateway's home."""
        return subprocess.run(
            [sys.executable, "-m", "gateway", *arguments],
            cwd=self.root,
            env=self.environ,
            capture_output=True,
            text=True,
            check=check,
        )


def session(leader: int) -> list[int]:
    """Name the processes of a session: its id is the sixth field of ``stat``, behind the name in parentheses."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[3]) == leader:
                found.append(int(stat.parent.name))
    return found


@contextmanager
def backend_at(uds: Path | None = None, *, tls: ssl.SSLContext | None = None) -> Iterator[RecordingBackend]:
    """A recording backend in a thread of its own, so that it answers whatever the test is doing; on loopback with TLS."""
    backend = RecordingBackend()
    with loop_in_thread() as loop:
        asyncio.run_coroutine_threadsafe(backend.listen(uds=uds, tls=tls), loop).result(10)
        try:
            yield backend
        finally:
            asyncio.run_coroutine_threadsafe(backend.close(), loop).result(10)


@contextmanager
def loop_in_thread() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.run_until_complete(end_the_rest())
        loop.close()


async def end_the_rest() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    await asyncio.sleep(0.01)  # what was aborted is closed in a turn of its own


def alone() -> list[str]:
    """Begin a command so that it runs on a network of its own. Skip the test where this user may have none."""
    begin = ["sh", str(_ALONE)]
    trial = subprocess.run([*begin, "true"], capture_output=True, text=True, check=False)
    if trial.returncode and os.geteuid() != 0:
        pytest.skip(trial.stderr)
    assert trial.returncode == 0, trial.stderr
    return begin


@contextmanager
def relay(port: int, path: Path) -> Iterator[None]:
    """Carry connections from a port of this machine to a socket, as a proxy does before a gateway that is alone."""

    with socket.create_server(("127.0.0.1", port)) as listener, loop_in_thread() as loop:
        listener.setblocking(False)
        carrying = asyncio.run_coroutine_threadsafe(carry(listener, path), loop)
        try:
            yield
        finally:
            carrying.cancel()


async def carry(listener: socket.socket, path: Path) -> None:
    async with asyncio.TaskGroup() as tasks:
        while True:
            caller, _ = await asyncio.get_running_loop().sock_accept(listener)
            tasks.create_task(both_ways(caller, path))


async def both_ways(caller: socket.socket, path: Path) -> None:
    with caller, socket.socket(socket.AF_UNIX) as gateway:
        gateway.setblocking(False)
        with suppress(OSError):
            await asyncio.get_running_loop().sock_connect(gateway, str(path))
            await asyncio.gather(pump(caller, gateway), pump(gateway, caller))


async def pump(source: socket.socket, sink: socket.socket) -> None:
    """Carry bytes one way, and their end.

    Whoever takes no more may still have something to say, and whoever still talks must be heard out, or the kernel
    forgets what was said to him. Sockets, because a stream of asyncio forgets it too.
    """
    loop, taken = asyncio.get_running_loop(), True
    with suppress(OSError):
        while data := await loop.sock_recv(source, 65_536):
            try:
                if taken:
                    await loop.sock_sendall(sink, data)
            except OSError:
                taken = False
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def free_port() -> int:
    """Find a port that no outgoing connection is given: whoever waits at one of those may at last reach himself."""
    while True:
        port = random.randrange(10_240, 32_768)
        with socket.socket() as asking, suppress(OSError):
            asking.bind(("127.0.0.1", port))
            return port


@contextmanager
def serving(
    command: Sequence[str],
    folder: Path,
    environ: dict[str, str],
    backend: RecordingBackend | None = None,
    root: Path | None = None,
    *,
    apart: bool = ALL_ALONE,
) -> Iterator[Gateway]:
    """Run a gateway in a folder: its home is ``home``, its output ``log``. Without a backend, the echo answers.

    apart: on a network of its own; it listens at ``gateway.sock``, and its port is that of a relay.
    """
    if apart:
        command = [*alone(), *command]
        environ = environ | {"CLOISTER_SERVER__UDS": str(folder / "gateway.sock")}
    gateway = Gateway(
        port=free_port(),
        home=folder / "home",
        root=root or folder,
        environ=environ | {"CLOISTER_HOME": str(folder / "home")},
        backend=backend or RecordingBackend(),
        command=command,
    )
    with relay(gateway.port, folder / "gateway.sock") if apart else nullcontext():
        gateway.start()
        try:
            yield gateway
        finally:
            gateway.stop()


@contextmanager
def running(folder: Path, root: Path, **settings: str) -> Iterator[Gateway]:
    """Run a gateway as ``cloister serve --embedded`` does, in front of a backend that writes down every byte."""
    with backend_at(folder / "backend.sock") as backend:
        described = {"name": "recording", "uds": str(folder / "backend.sock"), "models": ["tiny-moe"]}
        environ = os.environ | {"CLOISTER_BACKENDS": json.dumps([described]), "PYTHONPATH": str(root), **settings}
        with serving(SERVE, folder, environ, backend, root) as gateway:
            yield gateway


def processes(gateway: Gateway, what: str) -> list[int]:
    """Processes of this gateway or of its Postgres whose command line begins with, or holds, ``what``."""
    assert gateway.process
    parents, lines = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                lines[int(folder.name)] = (
                    (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                )
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    mine = {pid for pid, line in lines.items() if pid == gateway.process.pid or str(gateway.home / "postgres") in line}
    while more := {pid for pid, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return sorted(pid for pid in mine if pid in lines and what in lines[pid])
