"""One pass over a text that says which disguises may be in it.

Law: a disguise that is not named is not there. RE2 looks for the hints of all of them together, in time that grows with
the text alone; most texts hold none, and are looked at no further.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import re2

_MEMORY: Final = 32 << 20
"""Bytes that the automaton may take; where they are used up, RE2 starts it anew."""


class Hints:
    """What the hints of each disguise look like, in RE2's words."""

    def __init__(self, patterns: Mapping[str, Sequence[str]]) -> None:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MEMORY
        self._set = re2.Set.SearchSet(options)
        self._set.Add("")
        self._owners = [""]
        for owner, hints in patterns.items():
            for hint in hints:
                self._set.Add(hint)
                self._owners.append(owner)
        self._set.Compile()

    def of(self, text: str) -> frozenset[str]:
        """Return the names of the disguises that the text may hold."""
        matches = self._set.Match(text.encode(errors="replace"))
        if not matches:  # not even the empty pattern, which is in every text: the pass has failed
            return frozenset(self._owners)
        return frozenset(map(self._owners.__getitem__, matches))
