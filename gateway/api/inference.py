"""The routes that applications call, as raw ASGI.

Law: one task reads, answers and sends; a second one only watches for the client to go away, and cancels the first, so
that the cancellation reaches the backend. A stream's end mark is sent after the exchange has been closed on record.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Coroutine
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from gateway.api.errors import headers_of
from gateway.api.guards import Gatekeeper
from gateway.api.limits import (
    BodyLimits,
    Headers,
    Receive,
    Scope,
    Send,
    Turnstile,
    read_body,
    read_headers,
)
from gateway.aside import aside
from gateway.core.actor import Actor, Permission
from gateway.core.errors import GatewayError, GatewayStopping, MethodNotAllowed, ProtocolError
from gateway.core.exchange import ClientGone, Exchange
from gateway.core.ports import Clock, Ids
from gateway.exchange import Call, Drain, Pipeline, Progress
from gateway.observability import metrics
from gateway.observability.logs import logger
from gateway.protocols import Lens

_METHOD = "POST"
_CLIENT_GONE = 499
"""How a request whose client left is counted: RFC 9110 has no status for it, nginx this one."""

_JSON = [(b"content-type", b"application/json")]
_EVENTS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """What every inference route shares."""

    gatekeeper: Gatekeeper
    pipeline: Pipeline
    turnstile: Turnstile
    drain: Drain
    body: BodyLimits
    clock: Clock
    ids: Ids


class Answer:
    """One HTTP answer on its way out."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def start(self, status: int, headers: list[tuple[bytes, bytes]], extra: list[tuple[str, str]]) -> None:
        """Send the status line and the headers."""
        self.started = True
        fields = headers + [(name.encode(), value.encode()) for name, value in extra]
        await self._send({"type": "http.response.start", "status": status, "headers": fields})

    async def body(self, data: bytes, *, more: bool) -> None:
        """Send a piece of the body."""
        await self._send({"type": "http.response.body", "body": data, "more_body": more})

    async def whole(self, status: int, data: bytes, extra: list[tuple[str, str]]) -> None:
        """Send a JSON answer."""
        await self.start(status, [*_JSON, (b"content-length", str(len(data)).encode())], extra)
        await self.body(data, more=False)


class InferenceRoute:
    """One endpoint: a lens and the pipeline."""

    def __init__(self, edge: Edge, lens: Lens) -> None:
        self._edge = edge
        self._lens = lens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        answer = Answer(send)
        exchange = self._edge.ids.new()
        progress = Progress(exchange=str(exchange))
        try:
            headers = read_headers(scope)
            if scope["method"] != _METHOD:
                raise MethodNotAllowed
            actor = await self._edge.gatekeeper.admit(headers, Permission.INFERENCE_USE, self._lens.endpoint)
            with self._edge.turnstile.enter(actor.tenant, actor.id):
                call = await self._read(headers, receive, actor, progress, exchange)
                await watched(receive, self._stream(call, answer) if call.request.streamed else self._run(call, answer))
        except ClientGone:
            logger("api").info("client.gone", exchange=progress.exchange)
            if not answer.started:  # a body that broke off looks like a client that went: if it is still there, tell it
                self._count(_CLIENT_GONE)
                await self._tell(answer, ProtocolError("The body broke off."), progress)
        except GatewayError as error:
            await self._fail(answer, error, progress)
        except Exception as error:  # noqa: BLE001 - the last handler: whatever it is, the client gets an error shape
            logger("api").error("inference.bug", exc_info=error, exchange=progress.exchange)
            await self._fail(answer, GatewayError(), progress)

    async def _read(
        self, headers: Headers, receive: Receive, actor: Actor, progress: Progress, identifier: uuid.UUID
    ) -> Call:
        """Read the request; one that cannot be read is on record all the same."""
        exchange = Exchange(
            id=identifier,
            actor=actor,
            endpoint=self._lens.endpoint,
            streamed=False,
            began=self._edge.clock.now(),
        )
        try:
            async with self._edge.drain.within():
                raw = await read_body(headers, receive, self._edge.body)
            request = await aside(len(raw), partial(self._lens.request, raw))
        except (ProtocolError, ClientGone, GatewayStopping) as error:
            await self._edge.pipeline.refuse(exchange, error)
            raise
        exchange = replace(exchange, streamed=request.streamed)
        return Call(exchange=exchange, lens=self._lens, request=request, progress=progress)

    async def _run(self, call: Call, answer: Answer) -> None:
        reply = await self._edge.pipeline.run(call)
        self._count(200)
        await answer.whole(200, reply.body.reveal(), call.progress.headers())

    async def _stream(self, call: Call, answer: Answer) -> None:
        async with self._edge.pipeline.stream(call) as reply:
            self._count(200)
            await answer.start(200, _EVENTS, call.progress.headers())
            async with aclosing(reply.frames) as frames:
                async for frame in frames:
                    await answer.body(frame.reveal(), more=True)
        await answer.body(reply.end().reveal(), more=False)

    def _count(self, status: int) -> None:
        metrics.requests.labels(self._lens.endpoint, str(status)).inc()

    async def _fail(self, answer: Answer, error: GatewayError, progress: Progress) -> None:
        metrics.refusals.labels(error.code).inc()
        if not answer.started:
            self._count(error.status)
        await self._tell(answer, error, progress)

    async def _tell(self, answer: Answer, error: GatewayError, progress: Progress) -> None:
        """Tell the client of an error: as an answer, or, once a stream has begun, as its last event."""
        if answer.started:
            await answer.body(self._lens.error_event(error), more=False)
            return
        extra = [*progress.headers(), *headers_of(error, allow=_METHOD).items()]
        await answer.whole(error.status, self._lens.error(error), extra)


async def watched(receive: Receive, work: Coroutine[Any, Any, None]) -> None:
    """Do the work unless the client goes away first: then cancel it, wait for its end and raise ``ClientGone``."""
    task = asyncio.ensure_future(work)
    watch = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return await task
        task.cancel()
        await asyncio.wait({task})
        _note_end(task)
        raise ClientGone
    finally:
        watch.cancel()
        if not task.done():
            task.cancel()


def _note_end(task: asyncio.Future[None]) -> None:
    """Log how the work ended that nobody waits for any more, where it was not by the cancellation alone."""
    error = None if task.cancelled() else task.exception()
    if isinstance(error, GatewayError):
        logger("api").info("inference.abandoned", code=error.code)
    elif error:
        logger("api").error("inference.bug", exc_info=error)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
