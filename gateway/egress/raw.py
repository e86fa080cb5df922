"""A connection for measuring: one request after the other, with the times at which bytes came.

Law: it adds as little of its own as it can (no streams, no header objects), because its time counts on both sides of a
comparison. It is for the bench alone; nothing of an exchange passes here.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, cast
from urllib.parse import urlsplit

from gateway.core.errors import BackendUnavailable, Misconfigured

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_STREAM: Final = re.compile(rb"\r\ncontent-type: *text/event-stream", re.IGNORECASE)
_TEXT: Final = re.compile(rb'"content": ?"[^"]|"arguments": ?"[^"]')
"""The first text of an answer: a streamed one begins with an event that holds none."""
_LAST_CHUNK: Final = b"\r\n0\r\n\r\n"
_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]*\r\n")
_EVENT: Final = re.compile(rb"^data:", re.MULTILINE)
_ERROR: Final = re.compile(rb'^data: ?\{"error"', re.MULTILINE)
_DONE: Final = re.compile(rb"^data: ?\[DONE\]\s*\Z", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """One exchange, in seconds from the request's first byte. first: the first text, 0 where none came.

    chunks: the events of a stream, its end mark left out. gaps: seconds between arrivals, from the first text on; what
    arrives together has none between. done: nothing is missing at the end, which of a stream its ``[DONE]`` tells.
    """

    status: int
    first: float
    last: float
    chunks: int = 0
    gaps: tuple[float, ...] = ()
    done: bool = True
    error: bool = False

    @property
    def good(self) -> bool:
        """Whether it was answered, to the end and without an error on the way."""
        return self.status == 200 and self.done and not self.error


class RawConnection(asyncio.Protocol):
    """One kept connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._data = bytearray()
        self._body = 0
        self._length = -1
        self._began = 0.0
        self._arrivals: list[float] = []
        self._done: asyncio.Future[float] | None = None

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
        self._body, self._length = 0, -1
        self._arrivals.clear()
        self._done = asyncio.get_running_loop().create_future()
        self._began = time.perf_counter()
        transport.write(request)
        return self._timed(await self._done)

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
        """Note the times from the first text to the end. What they were is looked at when nobody is being timed."""
        self._data += data
        if not self._body and not self._read_head():
            return
        if self._arrivals or _TEXT.search(self._data, self._body):
            self._arrivals.append(time.perf_counter() - self._began)
        if self._ended() and self._done is not None and not self._done.done():
            self._done.set_result(time.perf_counter() - self._began)

    def _timed(self, last: float) -> Timed:
        """Say what has come by now."""
        timed = Timed(status=int(self._data[9:12]), first=self._arrivals[0] if self._arrivals else 0.0, last=last)
        if not _STREAM.search(self._data, 0, self._body):
            return timed
        body = bytes(self._data[self._body :])
        body = _unchunked(body) if self._length < 0 else body
        done = _DONE.search(body) is not None
        return replace(
            timed,
            chunks=len(_EVENT.findall(body)) - done,
            gaps=tuple(later - earlier for earlier, later in pairwise(self._arrivals)),
            done=done,
            error=_ERROR.search(body) is not None,
        )

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


def _unchunked(body: bytes) -> bytes:
    """Take the sizes of the chunks out of a body (RFC 9112, section 7.1). Raise ``BackendUnavailable``."""
    parts, at = [], 0
    while size := _SIZE.match(body, at):
        end = size.end() + int(size[1], 16)
        parts.append(body[size.end() : end])
        at = end + 2
    if parts and not parts[-1]:
        return b"".join(parts)
    detail = "The chunks of the answer are not those of HTTP."
    raise BackendUnavailable(detail)
