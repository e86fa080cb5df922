"""Addresses on lines of their own: a code with its town, and the house on the line above or in the column beside.

Law: the line holds the code and its town alone, or the code begins a column below a street. Every repetition is
bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gateway.detect.recognizers.streets import LOW, UP

CODED: Final = (r"\n[ \t>*|]{0,8}(?:[A-Z]{1,2}-)?\d\d",)
"""What a text with codes on lines of their own holds (``detect.patterns``)."""

_CODE_LINE: Final = re.compile(
    r"\n[ \t>*|]{0,8}((?:[A-Z]{1,2}-)?(?:\d{5}|\d{4}|\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-\d{3}|\d{4} ?[A-Z]{2}))"
    rf" {{1,2}}[{UP}][{UP}{LOW}'\u2019. -]{{1,40}}(?:\d{{1,2}})?(?:,? \([^\n()]{{1,20}}\))?[ \t|]{{0,4}}(?=\n|\Z)"
)
"""A line that holds a code and its town alone."""

_ABOVE: Final = re.compile(rf"\n[ \t>*|]{{0,8}}([{UP}\d][^\n:;|=<>{{}}?!]{{1,58}}?)[ \t.,|]{{0,4}}\Z")
_HOUSE: Final = re.compile(
    rf"(?:\A|, ?)((?:[{UP}{LOW}][^\s,\u2013()]{{0,24}} ){{1,5}}?\d{{1,5}}(?!\d)(?:[a-zA-Z]|[/-]\w{{1,4}}){{0,2}}"
    rf"|(?:[{UP}{LOW}][^\s,\u2013()]{{0,24}} ?){{1,5}}, ?\d{{1,5}}[a-zA-Z]?"
    r"|\d{1,5}[a-zA-Z]?,? (?:[^\s,\d\u2013()]{1,24} ?){1,6})(?=,|\Z)"
)
_REACH: Final = 90
_YEAR: Final = re.compile(r"(?:19|20)\d\d\Z")


def blocks(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield codes that stand with their town on a line of their own, and the house on the line above."""
    for code in _CODE_LINE.finditer(text):
        low = max(0, code.start() - _REACH)
        above = _ABOVE.search("\n" + text[low : code.start()] if low == 0 else text[low : code.start()])
        if not above:
            continue
        yield "POSTAL_CODE", *code.span(1)
        house = _HOUSE.search(above[1])
        if house and not _YEAR.search(house[1]):
            start = low + above.start(1) + house.start(1) - (low == 0)
            yield "STREET_ADDRESS", start, start + len(house[1])


_UNDER: Final = re.compile(r"[^\n]{0,80}\n(?P<line>[^\n]{4,200})")
_CELL: Final = re.compile(
    r"(?:\A[ \t>*|]{0,40}|[ \t|]{2,60}|\t)((?:[A-Z]{1,2}-)?(?:\d{4,5}|\d{3} {1,2}\d{2}|\d{2}-\d{3}|\d{4}-\d{3}"
    r"|\d{5}-\d{3}"
    rf"|\d{{4}} ?[A-Z]{{2}}))(?:[ \t]{{1,3}}[{UP}][{UP}{LOW}'\u2019.-]{{2,40}}|(?=[ \t]{{6,60}}\d{{4,5}} [{UP}]))"
)
"""A code with its town, where a column begins; or one with the next column's behind it."""


def under(text: str, ends: set[int]) -> Iterator[tuple[int, int]]:
    """Yield codes on the line below a street, in whichever column."""
    for end in ends:
        if line := _UNDER.match(text, end):
            low = line.start("line")
            yield from ((low + code.start(1), low + code.end(1)) for code in _CELL.finditer(line["line"]))
