"""Where a text that is still coming is cut, so that what has come can be looked at before it is said.

Law: the cuts depend on the text alone, not on how it was chunked. A piece ends with a sentence or a line, and where
there is none in time, between two words. It ends neither inside a word, however long (a key, a token, a placeholder),
nor between two numbers, which may be one, nor inside a block that a line of dashes has begun; between the words of a
sentence, not beside a number either. Each piece knows the one before it, because that may say what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from gateway.core.errors import BackendProtocolError
from gateway.core.tokens import WITHOUT_SPACES

LONGEST: Final = 400
"""Characters that are held back at most where there are words."""

MOST: Final = 16_384
"""Characters that are held back where there are none: what is longer is cut, whatever it is."""

_SHORTEST: Final = 24
"""A piece costs a look of its own, so a line of two words waits for the next."""

_REACH: Final = 160
"""Characters before a piece that are looked at with it, at least: a word in them may say what stands in it."""

_MOST_WHOLE: Final = 400_000
"""Characters of a text that is looked at whole."""

_FULL_STOPS: Final = r"\u3002\uff01\uff1f\u17d4\u17d5\u0f0d\u104a\u104b"
"""Those of Chinese and Japanese, Khmer, Tibetan and Burmese, which no space follows."""

_CLOSERS: Final = r"""["'\u00bb\u201d\u2019)\]*_]*"""
_END: Final = re.compile(rf"(?:[.!?:;\u2026]{_CLOSERS}[ \t]+|[ \t]*[\r\n]\s*|[{_FULL_STOPS}]\s*)(?=\S)")
_GAP: Final = re.compile(rf"\s+(?=\S)|(?<=[{WITHOUT_SPACES}])(?=[{WITHOUT_SPACES}])")
_BEGIN: Final = "-----BEGIN "
_BLOCK_END: Final = "-----END "
_BLOCK: Final = re.compile(_BEGIN)
_BLOCK_ENDS: Final = re.compile(rf"{_BLOCK_END}[^\n-]{{0,64}}-----\s*(?=\S)")
_NUMBER_ENDS: Final = re.compile(r"\d[^\w]*\Z")
_DIGIT: Final = re.compile(r"\d")
_NEAR: Final = 10
"""Characters behind a digit in which its value may go on: groups of four letters, and the spaces around them."""

_NUMBER_BEGINS: Final = frozenset("0123456789+(")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a text, with the one before it.

    lead, trail: what ends before its text, and begins behind it, in texts that clients join with it.
    """

    before: str = field(repr=False)
    text: str = field(repr=False)
    lead: str = field(default="", repr=False)
    trail: str = field(default="", repr=False)


class Pieces:
    """Cuts one text. whole: not before its end, because parts of it (of a JSON document) say nothing.

    lead: the end of the text that clients join with it, which may have begun a block.
    """

    def __init__(self, *, whole: bool = False, lead: str = "") -> None:
        self._whole = whole
        self._lead = self._said = lead
        self._held = ""
        self._recent: list[str] = []

    def tail(self) -> str:
        """Return the end of what has come, for a text that goes on here."""
        return (self._said + self._held)[-MOST:]

    def feed(self, text: str, *, ends: bool) -> list[Piece]:
        """Take the next text and return the pieces that are complete. ends: no more will follow."""
        self._held += text
        if self._whole and len(self._held) > _MOST_WHOLE:
            detail = f"A part of the reply that is JSON has more than {_MOST_WHOLE} characters."
            raise BackendProtocolError(detail)
        pieces, at = [], 0
        while not self._whole and (size := _cut(self._held[at : at + MOST + 1], in_block=self._is_in_block(at))):
            pieces.append(self._piece(at, at + size))
            at += size
        if ends and at < len(self._held):
            pieces.append(self._piece(at, len(self._held)))
            at = len(self._held)
        self._held = self._held[at:]
        return pieces

    def _piece(self, start: int, end: int) -> Piece:
        piece = Piece(before="".join(self._recent), text=self._held[start:end], lead=self._lead)
        self._lead, self._said = "", (self._said + piece.text)[-MOST:]
        self._recent.append(piece.text)
        while sum(map(len, self._recent)) - len(self._recent[0]) >= _REACH:
            del self._recent[0]
        return piece

    def _is_in_block(self, at: int) -> bool:
        """Whether what has been said has begun a block, the mark of which may be cut itself."""
        said = self._said + self._held[at : at + len(_BEGIN) - 1]
        return said.rfind(_BEGIN) > said.rfind(_BLOCK_END)


def _cut(text: str, *, in_block: bool) -> int:
    """Return where the first piece of a text ends, 0 if that is later. text: one character beyond the most."""
    if in_block:
        return _end_of_block(text, 0) or (MOST if len(text) > MOST else 0)
    block = _BLOCK.search(text)
    begins = block.start() if block else len(text)
    if at := _end_of_sentence(text[: min(begins, LONGEST) + 1]):
        return at
    at = _end_of_words(text) if len(text) > LONGEST else 0
    if block and not 0 < at <= begins:
        at = _end_of_block(text, block.end())
    return at or (MOST if len(text) > MOST else 0)


def _end_of_block(text: str, start: int) -> int:
    ends = _BLOCK_ENDS.search(text, start)
    return ends.end() if ends else 0


def _end_of_sentence(text: str) -> int:
    """Return the first that there is, with a character behind it; 0 for none."""
    for end in _END.finditer(text):
        if end.end() >= _SHORTEST and not _goes_on(text, end):
            return end.end()
    return 0


def _end_of_words(text: str) -> int:
    """Return the last gap in time, or the first one after that; 0 for none."""
    last = 0
    for gap in _GAP.finditer(text):
        if last and gap.end() > LONGEST:
            break
        if not _is_near_digits(text, gap):
            last = gap.end()
            if last >= LONGEST:
                break
    return last


def _is_near_digits(text: str, gap: re.Match[str]) -> bool:
    """Whether a value may stand on both sides whose words are not all numbers (``MT84 MALT 0110``)."""
    return text[gap.end()] in _NUMBER_BEGINS or bool(_DIGIT.search(text, max(0, gap.start() - _NEAR), gap.start()))


def _goes_on(text: str, gap: re.Match[str]) -> bool:
    """Whether numbers stand on both sides."""
    return text[gap.end()] in _NUMBER_BEGINS and bool(_NUMBER_ENDS.search(text, max(0, gap.start() - 4), gap.start()))
