"""A model server that is no model: it writes down every byte it receives, and answers what the test tells it to.

``backend.script`` is a function from a request to a reply: bytes to be sent as they are, or an async generator of such
bytes, which may sleep, go on for ever, or raise ``Die`` to cut the connection. What is not scripted is answered from
``backend.replies`` (a queue), and ``/health`` and ``/v1/models`` by themselves.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Die(Exception):
    """Raised by a script: cut the connection here, with a reset."""


@dataclass(frozen=True, slots=True)
class Received:
    """One request, as it came."""

    raw: bytes
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Reply = bytes | AsyncIterator[bytes]
Script = Callable[[Received], Reply]


@dataclass(slots=True)
class RecordingBackend:
    """received: the requests, probes left out. raw: every byte of every connection. gone: set when a peer leaves.

    peers: the names in the certificates that clients showed. idle: seconds after which a silent connection is closed.
    """

    models: tuple[str, ...] = ("tiny-moe",)
    script: Script | None = None
    replies: deque[Reply] = field(default_factory=deque)
    received: list[Received] = field(default_factory=list)
    probes: list[Received] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    peers: set[str] = field(default_factory=set)
    idle: float | None = None
    connections: int = 0
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""
    uds: str = ""
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def listen(self, *, uds: Path | None = None, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        if uds:
            self._server = await asyncio.start_unix_server(self._serve, uds, limit=1 << 26, backlog=1024)
            self.uds = str(uds)
            return
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port, ssl=tls, limit=1 << 26)
        bound = self._server.sockets[0].getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{bound}"

    async def close(self) -> None:
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        if shown := writer.get_extra_info("peercert"):
            self.peers.add(shown["subject"][0][0][1])
        try:
            while request := await self._read(reader):
                await self._answer(request, reader, writer)
        except Die:
            reset(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.gone.set()
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Received | None:
        try:
            async with asyncio.timeout(self.idle):
                head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as end:
            self.raw += end.partial
            return None
        except TimeoutError:
            return None
        self.raw += head
        start, *lines = head.decode("latin-1").rstrip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.raw += body
        method, path, _ = start.split(" ")
        return Received(raw=head + body, method=method, path=path, headers=headers, body=body)

    async def _answer(self, request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (self.probes if request.method == "GET" else self.received).append(request)
        reply = self._reply(request)
        if isinstance(reply, bytes):
            writer.write(reply)
            await writer.drain()
            return
        watch = asyncio.create_task(self._watch(reader, asyncio.current_task()))
        try:
            async for piece in reply:
                writer.write(piece)
                await writer.drain()
        except asyncio.CancelledError:
            if not self.gone.is_set():
                raise
            raise ConnectionError from None
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch

    async def _watch(self, reader: asyncio.StreamReader, answering: asyncio.Task[None] | None) -> None:
        """Notice that the peer leaves while it is being answered, as vLLM does."""
        try:
            gone = not await reader.read(1)
        except ConnectionError:
            gone = True
        if gone:
            self.gone.set()
            if answering:
                answering.cancel()

    def _reply(self, request: Received) -> Reply:
        if self.script is not None:
            return self.script(request)
        if request.path == "/health":
            return whole(b"", kind="text/plain")
        if request.path == "/v1/models":
            return whole({"object": "list", "data": [{"id": name, "object": "model"} for name in self.models]})
        if self.replies:
            return self.replies.popleft()
        return whole(completion("ok"))


def reset(writer: asyncio.StreamWriter) -> None:
    """Make closing send a reset, so that the peer cannot take it for an end."""
    made = writer.get_extra_info("socket")
    if made is not None and made.family != socket.AF_UNIX:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    writer.transport.abort()


def head(status: int = 200, kind: str = "application/json", **headers: str) -> bytes:
    """A status line and headers, without the empty line that ends them."""
    lines = [f"HTTP/1.1 {status} X", f"content-type: {kind}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "".join(f"{line}\r\n" for line in lines).encode()


def whole(body: Any, *, status: int = 200, kind: str = "application/json", **headers: str) -> bytes:
    """An answer in one piece."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return head(status, kind, content_length=str(len(data)), **headers) + b"\r\n" + data


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked body; the empty one ends it."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def stream(
    pieces: Iterable[bytes], *, delay: float = 0, die: bool = False, hang: bool = False, kind: str = "text/event-stream"
) -> AsyncIterator[bytes]:
    """A chunked answer, a chunk for each piece. die: cut before the end. hang: never end."""
    yield head(200, kind, transfer_encoding="chunked") + b"\r\n"
    for piece in pieces:
        await asyncio.sleep(delay)
        yield chunk(piece)
    if hang:
        await asyncio.Event().wait()
    if die:
        raise Die
    yield chunk(b"")


def completion(text: str, model: str = "tiny-moe") -> dict[str, Any]:
    """A whole chat completion."""
    return {
        "id": "chatcmpl-0001",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
    }


def events(*deltas: str, model: str = "tiny-moe", done: bool = True) -> list[bytes]:
    """A streamed chat completion of one choice, a frame a delta."""

    def frame(delta: dict[str, str], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        body = {
            "id": "chatcmpl-0001",
            "object": "chat.completion.chunk",
            "created": 1_790_000_000,
            "model": model,
            "choices": [choice],
        }
        return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"

    frames = [frame({"role": "assistant", "content": ""}), *(frame({"content": delta}) for delta in deltas)]
    return [*frames, frame({}, "stop"), b"data: [DONE]\n\n"] if done else frames
