"""A connection for measuring: one request after the other, with the times at which bytes came.

Law: it adds as little of its own as it can (no streams, no header objects), because its time counts on both sides of a
comparison. It is for the bench alone; nothing of an exchange passes here.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlsplit

from gateway.core.errors import BackendUnavailable, Misconfigured

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_TEXT: Final = re.compile(rb'"content": ?"[^"]|"arguments": ?"[^"]')
"""The first text of an answer: a streamed one begins with an event that holds none."""
_LAST_CHUNK: Final = b"\r\n0\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """One exchange, in seconds from the request's first byte. first: the first text, 0 where none came."""

    status: int
    first: float
    last: float


class RawConnection(asyncio.Protocol):
    """One kept connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._data = bytearray()
        self._body = 0
        self._length = -1
        self._began = 0.0
        self._first = 0.0
        self._done: asyncio.Future[Timed] | None = None

    @classmethod
    async def open(cls, place: str) -> RawConnection:
        """Connect to ``http://host:port`` or ``unix:PATH``. Raise ``BackendUnavailable`` where nobody listens."""
        loop = asyncio.get_running_loop()
        try:
            if place.startswith("unix:"):
                _, made = await loop.create_unix_connection(cls, place.removeprefix("unix:"))
            else:
                parts = urlsplit(place)
                if parts.scheme != "http" or not parts.hostname:
                    detail = "an address to measure is http://host:port or unix:PATH."
                    raise Misconfigured(detail)
                _, made = await loop.create_connection(cls, parts.hostname, parts.port or 80)
        except OSError as error:
            detail = f"Nobody listens at {place}."
            raise BackendUnavailable(detail) from error
        return made

    async def exchange(self, request: bytes) -> Timed:
        """Send and wait for the whole answer. Raise ``BackendUnavailable`` where the connection closes before."""
        transport = self._transport
        if transport is None or transport.is_closing():
            detail = "The connection is closed."
            raise BackendUnavailable(detail)
        self._data.clear()
        self._body, self._length, self._first = 0, -1, 0.0
        self._done = asyncio.get_running_loop().create_future()
        self._began = time.perf_counter()
        transport.write(request)
        return await self._done

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's interface
        """Fail the exchange that is under way."""
        if self._done is not None and not self._done.done():
            detail = "The connection was closed before the end of the answer."
            self._done.set_exception(BackendUnavailable(detail))

    def data_received(self, data: bytes) -> None:
        """Note the time of the first text and of the end."""
        self._data += data
        if not self._body and not self._read_head():
            return
        if not self._first and _TEXT.search(self._data, self._body):
            self._first = time.perf_counter() - self._began
        if self._ended() and self._done is not None and not self._done.done():
            status = int(self._data[9:12])
            self._done.set_result(Timed(status=status, first=self._first, last=time.perf_counter() - self._began))

    def _read_head(self) -> bool:
        end = self._data.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self._data[: end + 2])
        length = _LENGTH.search(head)
        self._length = -1 if _CHUNKED.search(head) else int(length[1]) if length else 0
        self._body = end + 4
        return True

    def _ended(self) -> bool:
        if self._length < 0:
            return self._data.endswith(_LAST_CHUNK)
        return len(self._data) >= self._body + self._length
