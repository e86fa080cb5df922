"""One pass over a text that says which recognizers could find something in it.

Law: what is left out could not have found anything. RE2 looks for what each needs (``patterns``), in time that grows
with the text; whatever has a need that is not known is never left out.

An automaton's states are all that its patterns may have seen of a text together, and each is made when it is first come
by: of many patterns in one they would be so many that every new text makes more. So each automaton has a few, and more
of words (``recognizers.labels.Part``), which have few states together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import re2

from gateway.detect.patterns import needs, options, views

_SHARED: Final = 4000
_OF_WORDS: Final = 10_000
"""Characters of the patterns of one automaton, but for those of a single owner, or for one pattern of words."""

Owned = tuple[int, str]
"""A pattern of RE2, and the place of whoever needs it."""


class Prefilter:
    """Says which of some recognizers, or of the parts of one, could find something in a text."""

    def __init__(self, seekers: Sequence[object]) -> None:
        known = [needs(each) for each in seekers]
        owned = [[(place, pattern) for pattern in each or ()] for place, each in enumerate(known)]
        words: list[list[Owned]] = []
        others: list[list[Owned]] = []
        for seeker, each in zip(seekers, owned, strict=True):
            if getattr(seeker, "words", False):
                words += [[pattern] for pattern in each]
            else:
                others.append(each)
        self._always = [place for place, each in enumerate(known) if each is None]
        self._automata = [_Automaton(group) for group in (*_groups(words, _OF_WORDS), *_groups(others, _SHARED))]

    def candidates(self, text: str) -> list[int]:
        """Return the places of those that could find something, in order."""
        found = set(self._always)
        for view in views(text):
            for automaton in self._automata:
                found.update(automaton.owners(view))
        return sorted(found)


class _Automaton:
    """Some patterns, looked for together."""

    def __init__(self, patterns: Sequence[Owned]) -> None:
        self._owners = [place for place, _ in patterns]
        self._set = re2.Set.SearchSet(options())
        for _, pattern in patterns:
            self._set.Add(pattern)
        self._any = self._set.Add("")
        self._set.Compile()

    def owners(self, view: bytes) -> list[int]:
        """Return whose patterns are there."""
        matches = self._set.Match(view)
        if not matches:  # not even the empty pattern, which matches every text: the pass has failed
            return self._owners
        return [self._owners[match] for match in matches if match != self._any]


def _groups(owned: Iterable[list[Owned]], most: int) -> Iterator[list[Owned]]:
    """Put the patterns of neighbours together up to so many characters."""
    group: list[Owned] = []
    for patterns in owned:
        if group and sum(len(pattern) for _, pattern in (*group, *patterns)) > most:
            yield group
            group = []
        group.extend(patterns)
    if group:
        yield group
