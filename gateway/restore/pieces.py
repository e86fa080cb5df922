"""Where a text that is still coming is cut, so that what has come can be looked at before it is said.

Law: the cuts depend on the text alone, not on how it was chunked. A piece ends with a sentence or a line, and where
there is none in time, between two words; it does not end between two numbers, which may be one. Each piece knows the
one before it, because that may say what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gateway.core.errors import BackendProtocolError

LONGEST: Final = 400
"""Characters that are held back at most, one more is needed to cut there."""

_SHORTEST: Final = 24
"""A piece costs a look of its own, so a line of two words waits for the next."""

_MOST_WHOLE: Final = 400_000
"""Characters of a text that is looked at whole."""

_CLOSERS: Final = r"""["'\u00bb\u201d\u2019)\]*_]*"""
_END: Final = re.compile(rf"(?:[.!?:;\u2026]{_CLOSERS}[ \t]+|[ \t]*[\r\n]\s*|[\u3002\uff01\uff1f]\s*)(?=\S)")
_GAP: Final = re.compile(r"\s+(?=\S)")
_NUMBER_ENDS: Final = re.compile(r"\d[^\w]*\Z")
_NUMBER_BEGINS: Final = frozenset("0123456789+(")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a text, with the one before it."""

    before: str
    text: str


class Pieces:
    """Cuts one text. whole: not before its end, because parts of it (of a JSON document) say nothing."""

    def __init__(self, *, whole: bool = False) -> None:
        self._whole = whole
        self._held = ""
        self._before = ""

    def feed(self, text: str, *, ends: bool) -> list[Piece]:
        """Take the next text and return the pieces that are complete. ends: no more will follow."""
        self._held += text
        if self._whole and len(self._held) > _MOST_WHOLE:
            detail = f"A part of the reply that is JSON has more than {_MOST_WHOLE} characters."
            raise BackendProtocolError(detail)
        pieces, at = [], 0
        while not self._whole and (size := _cut(self._held[at : at + LONGEST + 1])):
            pieces.append(self._piece(at, at + size))
            at += size
        if ends and at < len(self._held):
            pieces.append(self._piece(at, len(self._held)))
            at = len(self._held)
        self._held = self._held[at:]
        return pieces

    def _piece(self, start: int, end: int) -> Piece:
        piece = Piece(before=self._before, text=self._held[start:end])
        self._before = piece.text
        return piece


def _cut(text: str) -> int:
    """Return where the first piece of a text ends, 0 if that is later. text: one character beyond the longest."""
    for end in _END.finditer(text):
        if end.end() >= _SHORTEST and not _goes_on(text, end):
            return end.end()
    if len(text) <= LONGEST:
        return 0
    gaps = [gap.end() for gap in _GAP.finditer(text) if not _goes_on(text, gap)]
    return gaps[-1] if gaps else LONGEST


def _goes_on(text: str, gap: re.Match[str]) -> bool:
    """Whether numbers stand on both sides."""
    return text[gap.end()] in _NUMBER_BEGINS and bool(_NUMBER_ENDS.search(text, max(0, gap.start() - 4), gap.start()))
