"""The echo backend: an OpenAI-compatible server without a model.

    python -m gateway.bench.backend --uds PATH [--record FILE] [--pause SECONDS]

Law: it listens on a Unix socket or on loopback and nowhere else, writes bodies down only where ``--record`` asks it to,
and ends when the process that started it ends.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server
from litestar import Litestar
from litestar.handlers import asgi

from gateway.bench import echo

Scope = Any  # Litestar resolves the annotations of handlers, and ASGI's own are of three libraries
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

_JSON: Final = [(b"content-type", b"application/json")]
_EVENTS: Final = [(b"content-type", b"text/event-stream; charset=utf-8")]
_ORPHAN_CHECK_SECONDS: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class EchoServer:
    """Answers requests. pause: seconds before each event of a stream, and before a whole answer."""

    pause: float = 0.0
    record: Path | None = None
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def chat(self, receive: Receive, send: Send) -> None:
        """Echo one chat request."""
        raw = await read(receive)
        try:
            request = msgspec.json.decode(raw)
            said = echo.say(request)
        except (msgspec.DecodeError, UnicodeDecodeError):
            problem = echo.Refused(400, "1 validation error:\n  not valid JSON", "Bad Request", "body")
            await answer(send, problem.status, problem.body)
        except echo.Refused as refused:
            await answer(send, refused.status, refused.body)
        else:
            self._write_down(request)
            identifier = f"{next(self._numbers):016x}"
            if request.get("stream"):
                await self._stream(send, request, said, identifier)
            else:
                await asyncio.sleep(self.pause)
                await answer(send, 200, echo.whole(said, identifier))

    async def _stream(self, send: Send, request: echo.Body, said: echo.Said, identifier: str) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _EVENTS})
        for event in echo.stream(request, said, identifier):
            await asyncio.sleep(self.pause)
            await _piece(send, b"data: " + msgspec.json.encode(event) + b"\n\n")
        await _piece(send, b"data: [DONE]\n\n")
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _write_down(self, request: echo.Body) -> None:
        """Append the body to the record, one line a request."""
        if self.record is not None:
            with self.record.open("ab") as record:
                record.write(msgspec.json.encode(request) + b"\n")


def build(server: EchoServer) -> Litestar:
    """Build the application, as raw ASGI handlers: what is measured against it is the gateway, not this."""

    @asgi("/v1/chat/completions", copy_scope=False)
    async def chat(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            await server.chat(receive, send)
        else:
            await answer(send, 405, {"detail": "Method Not Allowed"})

    @asgi("/v1/models", copy_scope=False)
    async def models(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI's three
        await answer(send, 200, echo.models())

    @asgi("/health", copy_scope=False)
    async def health(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI's three
        await answer(send, 200, None)

    return Litestar([chat, models, health], openapi_config=None, logging_config=None)


async def read(receive: Receive) -> bytes:
    """Read a body whole."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def answer(send: Send, status: int, body: echo.Body | None) -> None:
    """Send a JSON answer, an empty one for None."""
    data = b"" if body is None else msgspec.json.encode(body)
    headers = [*_JSON, (b"content-length", str(len(data)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data, "more_body": False})


async def _piece(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop, or until the parent is gone."""
    parser = argparse.ArgumentParser(prog="python -m gateway.bench.backend", description=__doc__.splitlines()[0])
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--uds", type=Path, help="listen on this Unix socket")
    place.add_argument("--port", type=int, help="listen on this port of 127.0.0.1")
    parser.add_argument("--record", type=Path, help="append every request body to this file, one a line")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds before each event, or before a whole answer")
    args = parser.parse_args(arguments)
    app = build(EchoServer(pause=args.pause, record=args.record))
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(app, args.uds, args.port))
    finally:
        if args.uds is not None:
            args.uds.unlink(missing_ok=True)
    return 0


async def _serve(app: Litestar, uds: Path | None, port: int | None) -> None:
    """Serve in this one process, so that no worker can outlive it."""
    server = Server(
        app,
        address="127.0.0.1",
        port=port or 0,
        uds=uds,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        log_enabled=False,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    orphaned = asyncio.create_task(_orphaned(server, os.getppid()))
    try:
        await server.serve()
    finally:
        orphaned.cancel()


async def _orphaned(server: Server, parent: int) -> None:
    while os.getppid() == parent:  # noqa: ASYNC110 - the kernel rings no bell that every system has
        await asyncio.sleep(_ORPHAN_CHECK_SECONDS)
    server.stop()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    raise SystemExit(main())
