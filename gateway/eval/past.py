"""What was in force when: the states that the policies of some scopes have been in together.

Law: pure. A worker takes the newest versions of all scopes at one moment, so that there is a state for each change, and
never one for each pair of versions. Time says which of them may have decided a request, and proves nothing: two hosts'
clocks differ, and a worker may use what it has seen for a while.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from gateway.policy import Head

State = tuple[tuple[str, int], ...]
"""The number of each scope's version, 0 where there was none."""

_AROUND: Final = timedelta(minutes=1)
"""More than a worker may be behind, a request be looked at, and clocks differ."""


class Past:
    """The states of some scopes. histories: the versions of each."""

    def __init__(self, histories: Mapping[str, Sequence[Head]]) -> None:
        changes = sorted(
            ((began, scope, number) for scope, heads in histories.items() for began, number in _began(heads)),
            key=lambda change: (change[0], change[2]),
        )
        state = dict.fromkeys(histories, 0)
        self._began = [created for created, _, _ in changes]
        self._states: list[State] = [tuple(state.items())]
        for _, scope, number in changes:
            state[scope] = number
            self._states.append(tuple(state.items()))

    def around(self, moment: datetime) -> list[State]:
        """Return the states that may have decided at a moment, the likeliest first."""
        likeliest = bisect_right(self._began, moment)
        return [self._states[each] for each in sorted(self._near(moment), key=lambda each: abs(each - likeliest))]

    def touched(self, moments: Iterable[datetime]) -> set[tuple[str, int]]:
        """Return the versions that may have decided at some of the moments."""
        near = {each for numbers in set(map(self._near, moments)) for each in numbers}
        return {part for each in near for part in self._states[each]}

    def _near(self, moment: datetime) -> range:
        first, last = (bisect_right(self._began, moment + around) for around in (-_AROUND, _AROUND))
        return range(first, last + 1)


def _began(heads: Iterable[Head]) -> Iterator[tuple[datetime, int]]:
    """Yield since when each version is in force. Numbers say which came later, whatever the clocks said."""
    latest = None
    for head in sorted(heads, key=attrgetter("version")):
        latest = max(latest or head.created, head.created)
        yield latest, head.version
