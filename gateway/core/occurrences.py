"""Where known values occur in a text, on token boundaries.

Law: an occurrence does not begin or end inside a longer word. Letters and digits make words; writing systems without
spaces between words have no such boundary, so there every occurrence counts. However many values are known, a text is
read once: values and text are cut into the same tokens, and an automaton over tokens finds all of them together
(Aho and Corasick, 1975). Spellings that differ in composition, width or white space are one; letter case counts, or
whoever is called Will would be in every sentence. An escape of JSON is no part of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from gateway.core.escapes import separated
from gateway.core.pseudonym import composed

SHORTEST: Final = 2
"""Characters of the shortest value that is looked for beyond the place where it was found."""

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

_IN_PIECES: Final = frozenset(" \\\"'")
"""First tokens that have several spellings in ASCII."""

_COMBINING: Final = (
    r"\u0300-\u036f\u0653-\u0655\u093c\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0c56\u0cc2\u0cd5\u0cd6\u0d3e\u0d57"
    r"\u0dca\u0dcf\u0ddf\u102e\u1160-\u11ff\u1b35\u3099\u309a\uff9e\uff9f\U000110ba\U00011127\U0001133e\U00011357"
    r"\U000114b0\U000114ba\U000114bd\U000115af\U00011930"
)
"""What canonical composition (NFC) joins to the letter before it."""

_CLUSTER: Final = re.compile(rf".[{_COMBINING}]*", re.DOTALL)
_ODD_WIDTH: Final = re.compile(r"[\u3000\uff01-\uffee]")

_START: Final = 0
_NONE: Final = (0, "")


class Occurrence(NamedTuple):
    """A place in a text (end exclusive), and the known value that stands there, in the spelling that is known."""

    start: int
    end: int
    value: str


class Occurrences:
    """The automaton for some values. Its states are the beginnings of values, as sequences of tokens."""

    def __init__(self, values: Iterable[str]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._fallback = [_START]
        self._ending: list[tuple[int, str]] = [_NONE]
        self._shorter: list[int] = []
        for value in values:
            if len(value) >= SHORTEST:
                self._add(tokens(value), value)
        self._link()

    def places(self, text: str, taken: Sequence[Occurrence] = ()) -> list[Occurrence]:
        """Return where values stand, in order and apart: of two that overlap the later, and the longest there.

        taken: stretches, in order and apart, that no occurrence may touch.
        """
        spans, states = self._read(text, taken)
        places, at = [], len(spans)
        while at:
            tokens, value = self._ending[states[at - 1]]
            if tokens:
                places.append(Occurrence(spans[at - tokens][0], spans[at - 1][1], value))
            at -= tokens or 1
        return places[::-1]

    def firsts(self, text: str, taken: Sequence[Occurrence] = ()) -> dict[str, int]:
        """Return where each value stands first, whichever others overlap it there.

        taken: as for ``places``. Where a value has been seen, so have those that it ends with.
        """
        spans, states = self._read(text, taken)
        firsts: dict[str, int] = {}
        for at, state in enumerate(states, 1):
            while (found := self._ending[state])[0] and found[1] not in firsts:
                firsts[found[1]] = spans[at - found[0]][0]
                state = self._shorter[state]  # noqa: PLW2901 - down to the next value that ends here
        return firsts

    def _read(self, text: str, taken: Sequence[Occurrence]) -> tuple[list[tuple[int, int]], list[int]]:
        """Return where each token stands, and the state that it leads to; nothing where no value may begin."""
        view, edges = _view(text)
        if not self._may_begin(view):
            return [], []
        found = list(_TOKEN.finditer(view))
        spans = [token.span() for token in found]
        if edges is not None:
            spans = [(edges[start][0], edges[end - 1][1]) for start, end in spans]
        return spans, self._states(len(text), [_folded(token[0]) for token in found], spans, taken)

    def _may_begin(self, text: str) -> bool:
        """Whether the first token of some value may be in the text: a quick look, which most texts do not pass."""
        first = self._next[_START]
        if not first:
            return False
        if text.isascii() and _IN_PIECES.isdisjoint(first):
            return not first.keys().isdisjoint(_TOKEN.findall(text))
        return True

    def _states(
        self, length: int, tokens: Sequence[str], spans: Sequence[tuple[int, int]], taken: Sequence[Occurrence]
    ) -> list[int]:
        """Return the state after each token: its ending is the longest value that ends there."""
        states, state = [], _START
        barred = iter((*taken, Occurrence(length, length, "")))
        bar = next(barred)
        for token, (start, stop) in zip(tokens, spans, strict=True):
            while bar.end <= start:
                bar = next(barred)
            state = self._step(state, token) if stop <= bar.start else _START
            states.append(state)
        return states

    def _step(self, state: int, token: str) -> int:
        while state and token not in self._next[state]:
            state = self._fallback[state]
        return self._next[state].get(token, _START)

    def _add(self, tokens: Sequence[str], value: str) -> None:
        state = _START
        for token in tokens:
            following = self._next[state].setdefault(token, len(self._next))
            if following == len(self._next):
                self._next.append({})
                self._fallback.append(_START)
                self._ending.append(_NONE)
            state = following
        if self._ending[state] is _NONE:
            self._ending[state] = (len(tokens), value)

    def _link(self) -> None:
        """Say for each state, the shorter first, where to go on when its values do not: at its longest proper end."""
        waiting = deque(self._next[_START].values())
        self._shorter = [_START] * len(self._next)
        while waiting:
            state = waiting.popleft()
            for token, following in self._next[state].items():
                end = self._fallback[following] = self._step(self._fallback[state], token)
                self._shorter[following] = end
                if self._ending[following] is _NONE:
                    self._ending[following], self._shorter[following] = self._ending[end], self._shorter[end]
                waiting.append(following)


def tokens(text: str) -> tuple[str, ...]:
    """Return what is equal of spellings that are one."""
    return tuple(_folded(token) for token in _TOKEN.findall(_view(text)[0]))


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
