import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.bench import backend
from gateway.bench.backend import EchoServer, build
from tests.waiting import is_gone, until_async

CHAT = b'{"model":"echo","messages":[{"role":"user","content":"hi"}]}'


async def call(app: Any, path: str, body: bytes = b"", method: str = "POST") -> tuple[int, bytes]:
    """Call an ASGI application and return the status and the body."""
    sent: list[Any] = []
    parts = [{"type": "http.request", "body": body[:5], "more_body": True}, {"type": "http.request", "body": body[5:]}]

    async def receive() -> Any:
        return parts.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
    await app(scope | {"headers": [], "state": {}, "extensions": {}}, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


async def test_it_answers_whole() -> None:
    status, body = await call(build(EchoServer()), "/v1/chat/completions", CHAT)

    assert status == 200
    assert json.loads(body)["choices"][0]["message"]["content"] == "You said: hi"


async def test_it_answers_in_a_stream() -> None:
    status, body = await call(build(EchoServer()), "/v1/chat/completions", CHAT[:-1] + b',"stream":true}')

    assert status == 200
    assert body.endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize("raw", [b"{", b"", b'"\xff"'])
async def test_what_is_not_json_is_refused(raw: bytes) -> None:
    assert (await call(build(EchoServer()), "/v1/chat/completions", raw))[0] == 400


async def test_another_model_is_refused() -> None:
    status, body = await call(build(EchoServer()), "/v1/chat/completions", CHAT.replace(b"echo", b"gpt-9"))

    assert status == 404
    assert json.loads(body)["error"]["param"] == "model"


async def test_it_lists_itself_and_is_well() -> None:
    app = build(EchoServer())

    assert json.loads((await call(app, "/v1/models", method="GET"))[1])["data"][0]["id"] == "echo"
    assert await call(app, "/health", method="GET") == (200, b"")
    assert (await call(app, "/v1/chat/completions", method="GET"))[0] == 405


async def test_it_writes_down_what_it_is_asked_to(tmp_path: Path) -> None:
    record = tmp_path / "seen"
    app = build(EchoServer(record=record))
    for _ in range(2):
        await call(app, "/v1/chat/completions", CHAT)
    await call(app, "/v1/chat/completions", b"{")

    assert [json.loads(line) for line in record.read_text().splitlines()] == [json.loads(CHAT)] * 2


async def test_it_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    paused: list[float] = []

    async def sleep(seconds: float) -> None:
        paused.append(seconds)

    monkeypatch.setattr(backend.asyncio, "sleep", sleep)
    await call(build(EchoServer(pause=0.25)), "/v1/chat/completions", CHAT)

    assert paused == [0.25]


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    place = tmp_path / "echo.sock"
    started = subprocess.Popen([sys.executable, "-m", "gateway.bench.backend", "--uds", place])
    yield started, place
    started.kill()
    started.wait(5)


async def connected(place: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(10):
        while True:
            try:
                return await asyncio.open_unix_connection(place)
            except OSError:
                await asyncio.sleep(0.02)


async def test_it_serves_a_socket_and_ends_when_told(process: tuple[subprocess.Popen[bytes], Path]) -> None:
    started, place = process
    reader, writer = await connected(place)
    writer.write(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.1 200")
    writer.close()

    started.send_signal(signal.SIGTERM)
    await until_async(lambda: started.poll() is not None)
    assert started.returncode == 0
    assert not place.exists()


ORPHAN = """
import subprocess, sys
print(subprocess.Popen([sys.executable, "-m", "gateway.bench.backend", "--uds", sys.argv[1]]).pid, flush=True)
sys.stdin.read()
"""


async def test_it_does_not_outlive_its_parent(tmp_path: Path) -> None:
    place = tmp_path / "echo.sock"
    parent = subprocess.Popen(  # noqa: ASYNC220 - starting is quick
        [sys.executable, "-c", ORPHAN, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    _, writer = await connected(place)
    writer.close()
    parent.kill()
    parent.communicate()
    await until_async(lambda: is_gone(child))
