"""A text in tokens: what is compared when a known value is looked for.

Law: letters and digits make words; writing systems without spaces between words have no such boundary, so there every
character is a token. Spellings that differ in composition, width or white space are one; letter case counts, or
whoever is called Will would be in every sentence. An escape of JSON is no part of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate, islice
from typing import Final, NamedTuple

from gateway.core.escapes import separated
from gateway.core.pseudonym import composed

WITHOUT_SPACES: Final = (
    r"\u0e00-\u109f\u1780-\u17ff\u19e0-\u19ff\u1a20-\u1aaf\u2e80-\u2fdf\u3005-\u31ff\u3400-\u4dbf\u4e00-\ua4cf"
    r"\ua9e0-\ua9ff\uaa60-\uaadf\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
"""Thai to Myanmar, Khmer, Tai, kana, Han, Yi, Hangul: writing systems whose words stand side by side, or are glued to
others as Korean's particles are."""

_TOKEN: Final = re.compile(
    rf"(?:[^\W_{WITHOUT_SPACES}][\u0300-\u036f]*+)+|(?:\s|\\*[\x01-\x06])+|\\*[\"']|\\+|.", re.DOTALL
)
"""A word with its accents, white space, a quote or backslash however often it was escaped, or any other character."""

_STRETCH: Final = 8_000
"""Characters that are cut in one call: some 0.4 ms."""

_COMBINING: Final = (
    r"\u0300-\u036f\u0653-\u0655\u093c\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0c56\u0cc2\u0cd5\u0cd6\u0d3e\u0d57"
    r"\u0dca\u0dcf\u0ddf\u102e\u1160-\u11ff\u1b35\u3099\u309a\uff9e\uff9f\U000110ba\U00011127\U0001133e\U00011357"
    r"\U000114b0\U000114ba\U000114bd\U000115af\U00011930"
)
"""What canonical composition (NFC) joins to the letter before it."""

_CLUSTER: Final = re.compile(rf".[{_COMBINING}]*", re.DOTALL)
_ODD_WIDTH: Final = re.compile(r"[\u3000\uff01-\uffee]")


class _Cut(NamedTuple):
    """A text in tokens. bounds: where each begins in the view of the text, and where the last one ends there."""

    words: list[str]
    different: frozenset[str]
    bounds: list[int]
    edges: list[tuple[int, int]] | None


class Tokens:
    """A text, cut into tokens when it is first asked about, once for however many questions."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._done: _Cut | None = None

    @property
    def words(self) -> list[str]:
        """The tokens, in order: of each what is equal of spellings that are one."""
        return self._cut.words

    @property
    def different(self) -> frozenset[str]:
        """The tokens, each once."""
        return self._cut.different

    def start(self, token: int) -> int:
        """Return where a token, by its number, begins in the text."""
        _, _, bounds, edges = self._cut
        return bounds[token] if edges is None else edges[bounds[token]][0]

    def end(self, token: int) -> int:
        """Return where a token, by its number, ends in the text."""
        _, _, bounds, edges = self._cut
        return bounds[token + 1] if edges is None else edges[bounds[token + 1] - 1][1]

    @property
    def _cut(self) -> _Cut:
        """Kept by hand: ``cached_property`` has one lock for the texts of all threads (until Python 3.12)."""
        if self._done is None:
            self._done = _cut(self._text)
        return self._done


def tokens(text: str) -> tuple[str, ...]:
    """Return the tokens of a short text."""
    return tuple(map(_folded, _TOKEN.findall(_view(text)[0])))


def _cut(text: str) -> _Cut:
    view, edges = _view(text)
    words: list[str] = []
    bounds = [0]
    for piece in _pieces(view):
        bounds += islice(accumulate(map(len, piece), initial=bounds[-1]), 1, None)
        odd = {token: folded for token in set(piece) if (folded := _folded(token)) != token}
        words += [odd.get(token, token) for token in piece] if odd else piece
    return _Cut(words, frozenset(words), bounds, edges)


def _pieces(view: str) -> Iterator[list[str]]:
    """Yield the tokens, a stretch at a time: one call over a long text would hold up every other thread.

    The last two tokens of a stretch may go on behind it: a word, or white space that goes on behind backslashes.
    """
    at, size = 0, _STRETCH
    while at < len(view):
        piece = _TOKEN.findall(view, at, at + size)
        if at + size < len(view):
            del piece[-2:]
        size = _STRETCH if piece else size * 2
        at += sum(map(len, piece))
        yield piece


def _view(text: str) -> tuple[str, list[tuple[int, int]] | None]:
    """Return the text as it is compared, and where each of its characters stands in the text itself, if elsewhere.

    Composed, in usual widths, and with escapes apart: letters and accents may be cut into words only afterwards.
    """
    view = separated(text)
    if view.isascii() or (unicodedata.is_normalized("NFC", view) and not _ODD_WIDTH.search(view)):
        return view, None
    pieces: list[str] = []
    edges: list[tuple[int, int]] = []
    for cluster in _CLUSTER.finditer(view):
        piece = composed(cluster[0])
        pieces.append(piece)
        edges += [cluster.span()] * len(piece)
    return "".join(pieces), edges


def _folded(token: str) -> str:
    """Return what a token has in common with its other spellings."""
    last = token[-1]
    if last.isspace() or last < "\x07":
        return " "
    return last if token[0] == "\\" else token
