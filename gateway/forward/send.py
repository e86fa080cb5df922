"""Sending, and the answer.

Law: the last look is taken here, right before the bytes go out, and there is no other place from which they could. A
backend's refusal is told in the gateway's own words: its text may quote the request. Where a backend fails before the
first byte of its answer, one other is tried: a model that answers the same twice has changed nothing, and the exchange
is on record once. After a timeout none is, for the client has waited long enough. A refusal is no failure of the
backend's: it lives, and whether it is well its probes say, or one bad request could put out every backend.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from gateway.core.errors import (
    BackendProtocolError,
    BackendTimeout,
    BackendUnavailable,
    BackendUnreachable,
    GatewayError,
    NotFound,
    Overloaded,
    PayloadTooLarge,
    ProtocolError,
)
from gateway.core.sensitive import Sensitive
from gateway.egress import Answer, EgressClient
from gateway.forward.pool import Member, Pool
from gateway.protocols import Model

Residue = Callable[[bytes], Awaitable[bytes]]
"""The last look at what leaves, all that it must know already bound: the body as it may go, or ``EgressDenied``."""

_JSON: Final = "application/json"
_EVENTS: Final = "text/event-stream"
_GOOD: Final = 200
_TRIES: Final = 2
"""Backends that one request may be sent to."""

REFUSALS: Final[dict[int, tuple[type[GatewayError], str]]] = {
    400: (ProtocolError, "The model server refused it; it may be too long for the model's context."),
    401: (BackendUnavailable, "It does not accept the gateway's key."),
    403: (BackendUnavailable, "It does not accept the gateway's key."),
    404: (NotFound, "The model server does not serve this model any more."),
    408: (BackendTimeout, ""),
    413: (PayloadTooLarge, "The model server's own limit is lower."),
    422: (ProtocolError, "The model server refused it."),
    429: (Overloaded, "The model server is busy."),
    503: (BackendUnavailable, "It is busy, or not ready."),
    504: (BackendTimeout, ""),
}
"""What a backend's status means to a client. Other 5xx are ``BackendUnavailable``, others ``BackendProtocolError``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a request goes. path: the endpoint. prefix: what its conversation is known by, "" for none."""

    model: str
    path: str
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeAnswer:
    """An answer in one piece. backend: the configured name."""

    backend: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamAnswer:
    """An answer as server-sent events, in the chunks in which they come. backend: the configured name.

    chunks: raises ``BackendUnavailable`` where the backend dies in the middle, ``BackendTimeout`` where it is silent.
    """

    backend: str
    chunks: AsyncIterator[bytes]


class Sender:
    """Sends requests to the backends of a client."""

    def __init__(self, client: EgressClient) -> None:
        self._client = client
        self._pool = Pool(client)

    async def start(self) -> None:
        """Learn what the backends serve. The client has been started."""
        await self._pool.start()

    def rest(self) -> None:
        """Ask the backends no more; what runs is still sent."""
        self._pool.rest()

    async def stop(self) -> None:
        """Stop asking the backends."""
        await self._pool.stop()

    @property
    def ready(self) -> bool:
        """Whether any backend is in use."""
        return self._pool.ready

    def models(self) -> tuple[Model, ...]:
        """Return what is served, by name."""
        return self._pool.models()

    def require(self, model: str) -> None:
        """Raise ``NotFound`` or ``BackendUnreachable`` unless a backend would take a request for the model."""
        self._pool.candidates(model)

    async def send(self, body: Sensitive[bytes], route: Route, residue: Residue) -> WholeAnswer:
        """Send, and read the whole answer."""
        async with self._opened(body, route, residue, _JSON) as (answer, backend):
            return WholeAnswer(backend=backend, body=await answer.read())

    @asynccontextmanager
    async def stream(self, body: Sensitive[bytes], route: Route, residue: Residue) -> AsyncIterator[StreamAnswer]:
        """Send, and hand over the answer as it comes. Leaving the context before its end makes the backend stop."""
        async with self._opened(body, route, residue, _EVENTS) as (answer, backend):
            yield StreamAnswer(backend=backend, chunks=answer)

    @asynccontextmanager
    async def _opened(
        self, body: Sensitive[bytes], route: Route, residue: Residue, accept: str
    ) -> AsyncIterator[tuple[Answer, str]]:
        safe = await residue(body.reveal())
        async with AsyncExitStack() as stack:
            answer, member = await self._reach(stack, safe, route, accept)
            yield answer, member.name

    async def _reach(self, stack: AsyncExitStack, safe: bytes, route: Route, accept: str) -> tuple[Answer, Member]:
        """Send to the best backend, then to one other where that fails. The stack then holds the begun answer."""
        failed: BackendUnavailable = BackendUnreachable()
        for member in self._pool.candidates(route.model, route.prefix)[:_TRIES]:
            answer: Answer | None = None
            try:
                async with AsyncExitStack() as attempt:
                    attempt.enter_context(self._pool.busy(member))
                    call = self._client.call(member.name, route.path, safe, accept=accept)
                    answer = await attempt.enter_async_context(call)
                    _require_good(answer, accept)
                    await answer.begin()
                    stack.push_async_exit(attempt.pop_all())
            except BackendUnavailable as error:
                if answer is None or answer.status == _GOOD:
                    self._pool.failed(member)
                if isinstance(error, BackendTimeout):
                    raise
                failed = error
            else:
                self._pool.answered(member)
                return answer, member
        raise failed


def _require_good(answer: Answer, accept: str) -> None:
    """Raise what the backend's status means, or ``BackendProtocolError`` where the answer is of another kind."""
    if answer.status in REFUSALS:
        kind, detail = REFUSALS[answer.status]
        raise kind(detail)
    if answer.status >= 500:
        raise BackendUnavailable
    if answer.status != _GOOD:
        detail = f"It answered with status {answer.status}."
        raise BackendProtocolError(detail)
    if answer.content_type != accept:
        detail = f"Its answer is not {accept}."
        raise BackendProtocolError(detail)
