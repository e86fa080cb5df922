"""Server-sent events (WHATWG HTML, section 9.2), read from a server that is not trusted.

Law: any cut of the bytes into chunks gives the same events. Lines end with CR, LF or CRLF; comments and every field but
``data`` are left out; what is longer than the limits is an error, and in however many lines it comes, no more than them
is held. What ends in the middle of an event gives none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from gateway.core.errors import BackendProtocolError

_LINE_END: Final = re.compile(rb"\r\n|\n|\r")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class SseEvent:
    """The data of one event, its lines joined by LF."""

    data: bytes = field(repr=False)


class SseParser:
    """Reads one stream. line, event: the most bytes of a line, and of the data of one event."""

    def __init__(self, *, line: int = 1 << 20, event: int = 4 << 20) -> None:
        self._limits = (line, event)
        self._rest = bytearray()
        self._data: bytearray | None = None
        self._first = True
        self._after_cr = False

    def feed(self, chunk: bytes) -> Iterator[SseEvent]:
        """Yield the events that this chunk completes, and then raise ``BackendProtocolError`` beyond a limit.

        The chunk is taken as the events are: exhaust them before the next one.
        """
        if self._after_cr and chunk:
            chunk = chunk.removeprefix(b"\n")  # the second half of a CRLF that was cut
            self._after_cr = False
        start = 0
        for end in _LINE_END.finditer(chunk):
            self._keep(chunk[start : end.start()])
            yield from self._take_line()
            start = end.end()
        self._keep(chunk[start:])
        self._after_cr = self._after_cr or chunk.endswith(b"\r")

    def _keep(self, part: bytes) -> None:
        self._rest += part
        if len(self._rest) > self._limits[0]:
            detail = f"A line of the stream is longer than {self._limits[0]} bytes."
            raise BackendProtocolError(detail)

    def _take_line(self) -> Iterator[SseEvent]:
        line = bytes(self._rest)
        self._rest.clear()
        if self._first:
            line = line.removeprefix(_BYTE_ORDER_MARK)
            self._first = False
        if line:
            self._take_field(line)
        elif self._data is not None:
            data, self._data = bytes(self._data), None
            yield SseEvent(data)

    def _take_field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if name != b"data":
            return
        value = value.removeprefix(b" ")
        if self._data is None:
            self._data = bytearray(value)
        else:
            self._data += b"\n" + value
        if len(self._data) > self._limits[1]:
            detail = f"An event of the stream is longer than {self._limits[1]} bytes."
            raise BackendProtocolError(detail)


def frame(data: bytes, event: str = "") -> bytes:
    """Write one event, whose data has no line ends. event: its type, where the protocol names it outside the data."""
    named = f"event: {event}\n".encode() if event else b""
    return named + b"data: " + data + b"\n\n"
