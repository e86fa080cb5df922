"""Where known values occur in a text, on token boundaries.

Law: an occurrence does not begin or end inside a longer word. However many values are known, a text is read once:
values and text are cut into the same tokens (``tokens``), and an automaton over tokens finds all of them together (Aho
and Corasick, 1975).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from gateway.core.tokens import Tokens, tokens

SHORTEST: Final = 2
"""Characters of the shortest value that is looked for beyond the place where it was found."""

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

    def places(self, text: Tokens, taken: Sequence[Occurrence] = ()) -> list[Occurrence]:
        """Return where values stand, in order and apart: of two that overlap the later, and the longest there.

        taken: stretches, in order and apart, that no occurrence may touch.
        """
        return settled(self.every(text, taken))

    def every(self, text: Tokens, taken: Sequence[Occurrence] = ()) -> list[Occurrence]:
        """Return where values stand, in the order of their ends, of those that end together the longest.

        taken: as for ``places``.
        """
        return [
            Occurrence(text.start(token + 1 - length), text.end(token), value)
            for token, state in self._states(text, taken)
            for length, value in (self._ending[state],)
            if length
        ]

    def firsts(self, text: Tokens, taken: Sequence[Occurrence] = ()) -> dict[str, int]:
        """Return where each value stands first, whichever others overlap it there.

        taken: as for ``places``. Where a value has been seen, so have those that it ends with.
        """
        firsts: dict[str, int] = {}
        for token, state in self._states(text, taken):
            while (found := self._ending[state])[0] and found[1] not in firsts:
                firsts[found[1]] = text.start(token + 1 - found[0])
                state = self._shorter[state]  # noqa: PLW2901 - down to the next value that ends here
        return firsts

    def _states(self, text: Tokens, taken: Sequence[Occurrence]) -> list[tuple[int, int]]:
        """Return the tokens, by number, behind which a value may go on or end, each with the state that it leads to.

        The ending of a state is the longest value that ends there. Of most texts no token begins a value.
        """
        first = self._next[_START]
        if not first or first.keys().isdisjoint(text.different):
            return []
        states: list[tuple[int, int]] = []
        touched, words, following = _touched(text, taken), text.words, 0
        for begun in [token for token, word in enumerate(words) if word in first]:
            if begun < following:
                continue
            state = _START
            for following in range(begun, len(words)):
                state = _START if touched(following) else self._step(state, words[following])
                if not state:
                    break
                states.append((following, state))
            following += 1
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


def settled(every: Sequence[Occurrence]) -> list[Occurrence]:
    """Return occurrences, given in the order of their ends, of which none overlaps another: of two the later."""
    places: list[Occurrence] = []
    for each in reversed(every):
        if not places or each.end <= places[-1].start:
            places.append(each)
    return places[::-1]


def _touched(text: Tokens, taken: Sequence[Occurrence]) -> Callable[[int], bool]:
    """Return what says of tokens, asked in their order, whether they touch what is taken."""
    barred = iter(taken)
    bar = next(barred, None)

    def touched(token: int) -> bool:
        nonlocal bar
        while bar is not None and bar.end <= text.start(token):
            bar = next(barred, None)
        return bar is not None and text.end(token) > bar.start

    return touched
