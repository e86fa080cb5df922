"""A look at a text for each recognizer, which says whether it could find something in it.

Law: what is left out could not have found anything. RE2 looks for what each needs (``patterns``), in time that grows
with the text; whatever has a need that is not known is never left out.

Each has an automaton of its own, whose states are made as they are first come by. One for all would have other states
for every mixture of what a text holds, and make some of them anew for each text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import re2

from gateway.detect.patterns import needs, options, views

_NOTHING: Final = r"\z."
"""What no text holds."""


class Prefilter:
    """Says which of some recognizers, or of the parts of one, could find something in a text."""

    def __init__(self, seekers: Sequence[object]) -> None:
        self._looks = [_look(needs(each)) for each in seekers]

    def candidates(self, text: str, places: Iterable[int] | None = None) -> list[int]:
        """Return which places, of those that are asked for or of all, are of seekers that could find something."""
        seen, looks = views(text), self._looks
        asked = range(len(looks)) if places is None else places
        return [place for place in asked if (look := looks[place]) is None or any(map(look.search, seen))]


def _look(wanted: Sequence[str] | None) -> re2._Regexp | None:
    """Return what patterns of RE2 are together, and nothing else; None for what is never left out."""
    if wanted is None:
        return None
    either = "|".join(f"(?:{pattern})" for pattern in wanted) if wanted else _NOTHING
    return re2.compile(either.encode("latin-1"), options())
