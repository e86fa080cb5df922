"""Where known values occur in a text, on token boundaries.

Law: an occurrence does not begin or end inside a longer word. Letters and digits make words; writing systems without
spaces between words have no such boundary, so there every occurrence counts. However many values are known, a text is
read once: values and text are cut into the same tokens, and an automaton over tokens finds all of them together
(Aho and Corasick, 1975). An escape of JSON is no part of a word.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

from gateway.core.escapes import separated

SHORTEST: Final = 2
"""Characters of the shortest value that is looked for beyond the place where it was found."""

_TOKEN: Final = re.compile(r"[^\W_\u0e00-\U0010ffff]+|.", re.DOTALL)
"""A word, or any other character. From Thai (U+0E00) on, Unicode's blocks are those of South East and East Asia;
alphabets with spaces lie before them, but for Hangul."""

_START: Final = 0


class Occurrences:
    """The automaton for some values. Its states are the beginnings of values, as sequences of tokens."""

    def __init__(self, values: Iterable[str]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._fallback = [_START]
        self._longest = [0]
        self._values = frozenset(value for value in values if len(value) >= SHORTEST)
        for value in self._values:
            self._add(_TOKEN.findall(separated(value)))
        self._link()

    def places(self, text: str, taken: Sequence[tuple[int, int]] = ()) -> list[tuple[int, int]]:
        """Return where values stand, in order and apart: of two that overlap the later, and the longest there.

        taken: stretches, in order and apart, that no occurrence may touch.
        """
        if not self._values:
            return []
        view = separated(text)
        spans = [token.span() for token in _TOKEN.finditer(view)]
        longest = self._ends(view, spans, taken)
        places, at = [], len(spans)
        while at:
            tokens = longest[at - 1]
            if tokens:
                places.append((spans[at - tokens][0], spans[at - 1][1]))
            at -= tokens or 1
        return [(start, end) for start, end in reversed(places) if text[start:end] in self._values]

    def _ends(self, text: str, spans: Sequence[tuple[int, int]], taken: Sequence[tuple[int, int]]) -> list[int]:
        """Return for each token how many the longest value has that ends with it."""
        longest, state = [], _START
        barred = iter((*taken, (len(text), len(text))))
        begin, end = next(barred)
        for start, stop in spans:
            while end <= start:
                begin, end = next(barred)
            state = self._step(state, text[start:stop]) if stop <= begin else _START
            longest.append(self._longest[state])
        return longest

    def _step(self, state: int, token: str) -> int:
        while state and token not in self._next[state]:
            state = self._fallback[state]
        return self._next[state].get(token, _START)

    def _add(self, tokens: Sequence[str]) -> None:
        state = _START
        for token in tokens:
            following = self._next[state].setdefault(token, len(self._next))
            if following == len(self._next):
                self._next.append({})
                self._fallback.append(_START)
                self._longest.append(0)
            state = following
        self._longest[state] = len(tokens)

    def _link(self) -> None:
        """Say for each state, the shorter first, where to go on when its values do not: at its longest proper end."""
        waiting = deque(self._next[_START].values())
        while waiting:
            state = waiting.popleft()
            for token, following in self._next[state].items():
                self._fallback[following] = self._step(self._fallback[state], token)
                self._longest[following] = self._longest[following] or self._longest[self._fallback[following]]
                waiting.append(following)
