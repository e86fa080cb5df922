"""A whole gateway, as ``cloister serve`` runs it, in front of a backend that writes down every byte."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.recording_backend import RecordingBackend

START_SECONDS = 60.0


@dataclass
class Gateway:
    """One running gateway, its home and its backend."""

    port: int
    home: Path
    root: Path
    environ: dict[str, str]
    backend: RecordingBackend
    process: subprocess.Popen[bytes] | None = None
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with (self.home.parent / "log").open("ab") as log:
            command = [sys.executable, "-m", "gateway", "serve", "--embedded", "--port", str(self.port)]
            self.process = subprocess.Popen(
                command, cwd=self.root, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                if self.call("GET", "/health/ready")[0] == 200:
                    break
            except OSError:
                pass
            time.sleep(0.05)
        else:
            pytest.fail(f"the gateway did not become ready\n{self.log()[-4000:]}")
        if self.process.poll() is not None:
            pytest.fail(f"the gateway ended\n{self.log()[-4000:]}")
        self.keys = json.loads((self.home / "bootstrap.json").read_text())["keys"]

    def kill(self) -> None:
        """SIGKILL the whole process group, workers included."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

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
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
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


@contextmanager
def backend_at(uds: Path) -> Iterator[RecordingBackend]:
    """A recording backend in a thread of its own, so that it answers whatever the test is doing."""
    backend, loop = RecordingBackend(), asyncio.new_event_loop()
    loop.run_until_complete(backend.listen(uds=uds))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield backend
    finally:
        asyncio.run_coroutine_threadsafe(backend.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])


@contextmanager
def running(folder: Path, root: Path, **settings: str) -> Iterator[Gateway]:
    with backend_at(folder / "backend.sock") as backend:
        described = {"name": "recording", "uds": str(folder / "backend.sock"), "models": ["tiny-moe"]}
        environ = os.environ | {
            "CLOISTER_HOME": str(folder / "home"),
            "CLOISTER_BACKENDS": json.dumps([described]),
            "PYTHONPATH": str(root),
            **settings,
        }
        gateway = Gateway(port=free_port(), home=folder / "home", root=root, environ=environ, backend=backend)
        gateway.start()
        try:
            yield gateway
        finally:
            gateway.stop()


@pytest.fixture(scope="session")
def shared_gateway(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """One gateway for all tests that leave it as it was."""
    with running(tmp_path_factory.mktemp("e2e"), root) as gateway:
        yield gateway


@pytest.fixture
def gateway(shared_gateway: Gateway) -> Iterator[Gateway]:
    """The shared gateway, with nothing recorded yet at its backend."""
    backend = shared_gateway.backend
    backend.received.clear()
    backend.raw.clear()
    backend.replies.clear()
    yield shared_gateway
    backend.script = None


@pytest.fixture
def own_gateway(root: Path, tmp_path: Path) -> Iterator[Gateway]:
    """A gateway of the test's own, to be maltreated."""
    with running(tmp_path, root) as gateway:
        yield gateway
