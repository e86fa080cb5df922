"""Where known values occur in a text, on token boundaries.

Law: an occurrence does not begin or end inside a longer word. Letters and digits make words; writing systems without
spaces between words have no such boundary, so there every occurrence counts. However many values are known, a text is
read once: values and text are cut into the same tokens, and an automaton over tokens finds all of them together
(Aho and Corasick, 1975). Spellings that differ in composition, width or white space are one; letter case counts, or
whoever is called Will would be in every sentence. An escape of JSON is no part of a word.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from gateway.core.escapes import separated
from gateway.core.pseudonym import composed

SHORTEST: Final = 2
"""Characters of the shortest value that is looked for beyond the place where it was found."""

_TOKEN: Final = re.compile(
    r"(?:[^\W_\u0e00-\U0010ffff][\u0300-\u036f]*+|[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a])+"
    r"|(?:\s|\\[\x01-\x06])+|.",
    re.DOTALL,
)
"""A word with its accents, white space, or any other character. From Thai (U+0E00) on, Unicode's blocks are those of
South East and East Asia; alphabets with spaces lie before them, but for Hangul and the wide forms of Latin."""

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
        for value in values:
            if len(value) >= SHORTEST:
                self._add(_tokens(value), value)
        self._link()

    def places(self, text: str, taken: Sequence[Occurrence] = ()) -> list[Occurrence]:
        """Return where values stand, in order and apart: of two that overlap the later, and the longest there.

        taken: stretches, in order and apart, that no occurrence may touch.
        """
        view = separated(text)
        if not self._may_begin(view):
            return []
        spans = [token.span() for token in _TOKEN.finditer(view)]
        ending = self._ends(view, spans, taken)
        places, at = [], len(spans)
        while at:
            tokens, value = ending[at - 1]
            if tokens:
                places.append(Occurrence(spans[at - tokens][0], spans[at - 1][1], value))
            at -= tokens or 1
        return places[::-1]

    def _may_begin(self, text: str) -> bool:
        """Whether the first token of some value may be in the text: a quick look, which most texts do not pass."""
        first = self._next[_START]
        if not first:
            return False
        if text.isascii() and " " not in first:
            return not first.keys().isdisjoint(_TOKEN.findall(text))
        return True

    def _ends(self, text: str, spans: Sequence[tuple[int, int]], taken: Sequence[Occurrence]) -> list[tuple[int, str]]:
        """Return for each token the longest value that ends with it, and how many tokens it has."""
        ending, state = [], _START
        barred = iter((*taken, Occurrence(len(text), len(text), "")))
        bar = next(barred)
        for start, stop in spans:
            while bar.end <= start:
                bar = next(barred)
            state = self._step(state, _folded(text[start:stop])) if stop <= bar.start else _START
            ending.append(self._ending[state])
        return ending

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
        while waiting:
            state = waiting.popleft()
            for token, following in self._next[state].items():
                self._fallback[following] = self._step(self._fallback[state], token)
                if self._ending[following] is _NONE:
                    self._ending[following] = self._ending[self._fallback[following]]
                waiting.append(following)


def _tokens(text: str) -> list[str]:
    return [_folded(token) for token in _TOKEN.findall(separated(text))]


def _folded(token: str) -> str:
    """Return what a token has in common with its other spellings."""
    if token.isascii():
        return " " if token[-1].isspace() or token[-1] < "\x07" else token
    return composed(token) if not token.isspace() else " "
