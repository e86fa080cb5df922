"""The client of the backends, on the hot path.

Law: only configured places are called, with headers of the gateway's own making and no other. An answer is bytes
within limits: redirects, encodings and oversize are ``BackendProtocolError``. Leaving ``call`` closes a connection
whose answer was not read to its end, at once, so that the backend stops working on it.

A request is sent again here in one case alone: a kept connection turns out to be closed before the head of an answer
came. That is the race between the two ends of an idle connection, and asking for a completion twice changes nothing;
the exchange was on record before the first attempt. Connections idle for 4 s are not used again: vLLM drops them after
5 s. Those of a certificate that has been renewed are not used again at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, Self

import aiohttp
from yarl import URL

from gateway.core.backend import Backend
from gateway.core.errors import (
    BackendProtocolError,
    BackendTimeout,
    BackendUnavailable,
    BackendUnreachable,
    EgressDenied,
    GatewayError,
    Misconfigured,
)
from gateway.egress.guard import Guard, Place, place_of
from gateway.egress.pin import Pin
from gateway.egress.tls import Trust, trust_of

_KEEP_ALIVE_SECONDS: Final = 4.0
_LONGEST_LINE: Final = 8 * 1024
_MOST_HEADERS: Final = 100
_FOREIGN: Final = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressLimits:
    """What an answer may cost. reply_bytes: of a whole answer. The rest in seconds; idle: between two chunks."""

    reply_bytes: int = 8 * 1024 * 1024
    connect: float = 5.0
    first_byte: float = 600.0
    idle: float = 120.0
    total: float = 3600.0


class Answer:
    """An answer whose head has been read. Iterating gives the body in the chunks in which it came.

    deadline: when its first byte is due, by the loop's clock.
    """

    def __init__(self, response: aiohttp.ClientResponse, limits: EgressLimits, deadline: float) -> None:
        self._response = response
        self._limits = limits
        self._deadline = deadline
        self._first = b""
        self.status = response.status
        self.content_type = response.content_type

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        chunk, self._first = self._first, b""
        if not chunk:
            chunk = await self._next(asyncio.get_running_loop().time() + self._limits.idle)
        if not chunk:
            raise StopAsyncIteration
        return chunk

    async def begin(self) -> None:
        """Wait for the first bytes of the body: a model server sends its head before the model has read the prompt."""
        self._require_length(self._limits.reply_bytes)
        self._first = await self._next(self._deadline)

    async def _next(self, deadline: float) -> bytes:
        try:
            async with asyncio.timeout_at(deadline):
                return await self._response.content.readany()
        except _FOREIGN as error:
            raise failure(error) from None

    async def read(self, *, most: int = 0) -> bytes:
        """Return the whole body. Raise ``BackendProtocolError`` beyond the limit. most: bytes, for ``reply_bytes``."""
        limit = most or self._limits.reply_bytes
        self._require_length(limit)
        chunks, size = [], 0
        async for chunk in self:
            size += len(chunk)
            if size > limit:
                raise _longer_than(limit)
            chunks.append(chunk)
        return b"".join(chunks)

    def _require_length(self, limit: int) -> None:
        """Refuse at once what says itself that it is too long."""
        if (self._response.content_length or 0) > limit:
            raise _longer_than(limit)


def _longer_than(limit: int) -> BackendProtocolError:
    return BackendProtocolError(f"Its answer is longer than {limit} bytes.")


class EgressClient:
    """Calls backends by their names. One session, and one pool of connections, for each.

    inspecting: the paths at which a model server may show too much are open, too.
    """

    def __init__(
        self, backends: Iterable[Backend], *, limits: EgressLimits | None = None, inspecting: bool = False
    ) -> None:
        self.backends = tuple(backends)
        self._limits = limits or EgressLimits()
        self._guard = Guard(self.backends, inspecting=inspecting)
        self._lines = {backend.name: _Line(backend, self._limits) for backend in self.backends}

    async def start(self) -> None:
        """Read keys and certificates, open the sessions and resolve the names, which may also resolve later."""
        for line in self._lines.values():
            line.open()
        await asyncio.gather(*(line.resolve() for line in self._lines.values()))

    def renew(self) -> None:
        """Read again the certificates that have changed. It waits for files, and belongs in a thread."""
        for line in self._lines.values():
            if line.trust is not None:
                line.trust.renew()

    async def stop(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(line.close() for line in self._lines.values()))

    @asynccontextmanager
    async def call(
        self, name: str, path: str, body: bytes | None = None, *, accept: str = "application/json"
    ) -> AsyncIterator[Answer]:
        """Call a backend: POST where there is a body, else GET."""
        line = self._lines.get(name)
        if line is None:
            detail = "The backend is not configured."
            raise EgressDenied(detail)
        self._guard.require(line.place.scheme, line.place.host, line.place.port, path)
        deadline = asyncio.get_running_loop().time() + self._limits.first_byte
        try:
            async with asyncio.timeout_at(deadline):
                response = await line.send(path, body, accept)
        except _FOREIGN as error:
            raise failure(error) from None
        try:
            _require_plain(response)
            yield Answer(response, self._limits, deadline)
        finally:
            response.close()  # a connection whose answer was read to its end is back in the pool already


class _Line:
    """One backend's session."""

    def __init__(self, backend: Backend, limits: EgressLimits) -> None:
        self.place: Place = place_of(backend)
        self.trust: Trust | None = None
        self._backend = backend
        self._limits = limits
        self._base = URL(backend.url.rstrip("/") if backend.url else "http://localhost")
        self._pin: Pin | None = None
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        self.trust = trust_of(self._backend)
        tracing = aiohttp.TraceConfig()
        tracing.on_connection_reuseconn.append(_mark_reused)
        self._session = aiohttp.ClientSession(
            connector=self._connector(),
            headers=_headers(self._backend),
            skip_auto_headers=("User-Agent",),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=self._limits.total, sock_connect=self._limits.connect),
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_LINE,
            max_headers=_MOST_HEADERS,
            trace_configs=[tracing],
        )

    def _connector(self) -> aiohttp.BaseConnector:
        if self.place.scheme == "unix":
            return aiohttp.UnixConnector(self.place.host, limit=0, keepalive_timeout=_KEEP_ALIVE_SECONDS)
        self._pin = Pin(self.place.host, self.place.port, seconds=self._limits.connect)
        return aiohttp.TCPConnector(
            limit=0,
            keepalive_timeout=_KEEP_ALIVE_SECONDS,
            resolver=self._pin,
            use_dns_cache=False,
            socket_factory=self._pin.socket,
        )

    async def resolve(self) -> None:
        if self._pin is None or self._pin.addresses:
            return
        try:
            await self._pin.resolve(self.place.host, self.place.port)
        except (OSError, TimeoutError):
            return  # the first connection looks again

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, path: str, body: bytes | None, accept: str) -> aiohttp.ClientResponse:
        """Send, and send once more where a kept connection had been closed."""
        connection = SimpleNamespace(reused=False)
        try:
            return await self._send(path, body, accept, connection)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, ConnectionError):
            if not connection.reused:
                raise
        return await self._send(path, body, accept, connection)

    async def _send(
        self, path: str, body: bytes | None, accept: str, connection: SimpleNamespace
    ) -> aiohttp.ClientResponse:
        if self._session is None:
            detail = "The gateway is stopping."
            raise BackendUnavailable(detail)
        return await self._session.request(
            "GET" if body is None else "POST",
            self._base.with_path(path),
            data=body,
            headers={"Accept": accept} if body is None else {"Accept": accept, "Content-Type": "application/json"},
            allow_redirects=False,
            ssl=self.trust.context if self.trust else True,
            server_hostname=self._backend.server_name or None,
            trace_request_ctx=connection,
        )


async def _mark_reused(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: Any) -> None:  # noqa: ANN401 - aiohttp's interface
    context.trace_request_ctx.reused = True


def _headers(backend: Backend) -> Mapping[str, str]:
    """Return what every request bears besides Host, Accept and the body's type and length."""
    fixed = {"Accept-Encoding": "identity"}
    if not backend.api_key_file:
        return fixed
    try:
        key = Path(backend.api_key_file).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        key = ""
    if not key.isprintable() or not key or " " in key:
        detail = f"backends: '{backend.name}': api_key_file cannot be read, or does not hold one key."
        raise Misconfigured(detail)
    return fixed | {"Authorization": f"Bearer {key}"}


def _require_plain(response: aiohttp.ClientResponse) -> None:
    """Raise ``BackendProtocolError`` for an answer that leads elsewhere or cannot be looked into."""
    if 300 <= response.status < 400:
        detail = "It answered with a redirect."
        raise BackendProtocolError(detail)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        detail = "It encoded its answer without being asked."
        raise BackendProtocolError(detail)


def failure(error: BaseException) -> GatewayError:
    """Map what aiohttp raises. Its own words are left out: they quote the backend."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return BackendUnreachable("Its certificate is not trusted, or bears another name.")
        case aiohttp.ClientSSLError():
            return BackendUnreachable("It does not agree to TLS as the gateway speaks it.")
        case aiohttp.ConnectionTimeoutError() | aiohttp.ClientConnectorError():
            return BackendUnreachable()
        case TimeoutError():
            return BackendTimeout()
        case aiohttp.ClientResponseError() | aiohttp.InvalidURL():
            return BackendProtocolError("Its answer is not HTTP, or a line of its head is too long.")
        case _:
            return BackendUnavailable("It closed the connection.")
