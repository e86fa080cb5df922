"""What one request may cost before anything is read of it.

Law: a body is read within a size and a time, and at a minimum rate after a grace; a request beyond the limits of the
process or of its key is refused at once, never queued.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from gateway.core.errors import Overloaded, PayloadTooLarge, ProtocolError
from gateway.core.exchange import ClientGone
from gateway.observability import metrics

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Scope = MutableMapping[str, Any]
Headers = dict[bytes, bytes]

HEADER_BYTES: Final = 16 * 1024
HEADER_COUNT: Final = 100
_SINGLE: Final = (
    b"host",
    b"content-length",
    b"transfer-encoding",
    b"content-type",
    b"authorization",
    b"x-api-key",
    b"content-encoding",
)
_GRACE: Final = 5.0
_RATE: Final = 1024
"""Bytes a second that a body must bring on average, once the grace (seconds) is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLimits:
    """How large a body may be, and how long it may take (seconds)."""

    size: int
    seconds: float


def read_headers(scope: Scope) -> Headers:
    """Return the headers, lower-case; refuse what two servers could read in two ways (RFC 9112, section 11.2)."""
    pairs: list[tuple[bytes, bytes]] = scope["headers"]
    if len(pairs) > HEADER_COUNT or sum(len(name) + len(value) for name, value in pairs) > HEADER_BYTES:
        detail = f"At most {HEADER_COUNT} header fields of {HEADER_BYTES} bytes together are taken."
        raise ProtocolError(detail)
    seen = Counter(name.lower() for name, _ in pairs)
    for name in _SINGLE:
        if seen[name] > 1:
            detail = f"The header field '{name.decode()}' must stand once."
            raise ProtocolError(detail)
    headers = {name.lower(): value for name, value in pairs}
    if b"content-length" in headers and b"transfer-encoding" in headers:
        detail = "Content-Length and Transfer-Encoding exclude each other."
        raise ProtocolError(detail)
    return headers


async def read_body(headers: Headers, receive: Receive, limits: BodyLimits) -> bytes:
    """Read the whole body. Raise ``PayloadTooLarge``, ``ProtocolError`` or ``ClientGone``."""
    _require_plain_json(headers)
    declared = headers.get(b"content-length", b"0")
    if declared.isdigit() and int(declared) > limits.size:
        raise _too_large(limits)
    pieces: list[bytes] = []
    size, began = 0, time.monotonic()
    while True:
        try:
            message = await asyncio.wait_for(receive(), _patience(size, time.monotonic() - began, limits))
        except TimeoutError:
            detail = f"The body must arrive within {limits.seconds:g} s, and at {_RATE} bytes a second."
            raise ProtocolError(detail) from None
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece: bytes = message.get("body", b"")
        pieces.append(piece)
        size += len(piece)
        if size > limits.size:
            raise _too_large(limits)
        if not message.get("more_body", False):
            return b"".join(pieces)


def _patience(size: int, elapsed: float, limits: BodyLimits) -> float:
    """How long the next piece may take: to the end of the grace and of what the bytes so far have earned."""
    return max(0.001, min(limits.seconds, _GRACE + size / _RATE) - elapsed)


def _require_plain_json(headers: Headers) -> None:
    if headers.get(b"transfer-encoding", b"chunked").lower() != b"chunked":
        detail = "The only Transfer-Encoding that is taken is 'chunked'."  # RFC 9112, section 6.1
        raise ProtocolError(detail)
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        detail = "A compressed body is not taken; send it without Content-Encoding."
        raise ProtocolError(detail)
    media_type = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
    if media_type != b"application/json":
        detail = "The body must be JSON; send 'Content-Type: application/json'."
        raise ProtocolError(detail)


def _too_large(limits: BodyLimits) -> PayloadTooLarge:
    return PayloadTooLarge(f"limits.body_bytes allows {limits.size} bytes.")


class Turnstile:
    """Counts the requests in progress, in this process, by tenant and by key."""

    def __init__(self, *, total: int, per_tenant: int, per_key: int) -> None:
        self._total = total
        self._per_tenant = per_tenant
        self._per_key = per_key
        self._by: Counter[tuple[str, str]] = Counter()
        self._all = 0

    @property
    def inside(self) -> int:
        """How many requests are in progress."""
        return self._all

    @contextmanager
    def enter(self, tenant: str, key: str) -> Iterator[None]:
        """Count a request of this tenant and key while the block runs. Raise ``Overloaded`` beyond a limit."""
        mine = ((tenant, ""), (tenant, key))
        reached = {
            "requests": self._all >= self._total,
            "per_tenant": self._by[mine[0]] >= self._per_tenant,
            "per_key": self._by[mine[1]] >= self._per_key,
        }
        for name in (name for name, full in reached.items() if full):
            detail = f"limits.concurrent_{name} is reached."
            raise Overloaded(detail)
        self._all += 1
        self._by.update(mine)
        metrics.in_flight.inc()
        try:
            yield
        finally:
            self._all -= 1
            self._by.subtract(mine)
            for who in mine:
                if not self._by[who]:
                    del self._by[who]
            metrics.in_flight.dec()
