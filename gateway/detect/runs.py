"""One pass over a text for numbers of many forms.

A form is written as its number is: ``###.###.###-##``, a ``#`` for each digit, and between them a space, point, hyphen
or slash.

Law: a text is read once, whatever the number of forms, in time that grows with its length. A number stands alone: no
letter, no digit and no fraction goes on with it, and no plus stands before it. Writing without spaces is no letter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final, NamedTuple

from gateway.core.tokens import WITHOUT_SPACES

BEFORE: Final = r"(?<!\w)(?<!\+)(?<!\d[./\-])"
AFTER: Final = r"(?!\w)(?![./\-]\d)"
"""What bounds a number in a copy of the text."""

_UNSPACED: Final = re.compile(f"[{WITHOUT_SPACES}]")
_NO_LETTER: Final = "\x00"
_DIGITS: Final = re.compile(r"\d++")
_GROUP: Final = re.compile(r"(?<!\w)\d++(?!\w)")
_FORM: Final = re.compile(r"(#+)([ ./-]?)")
_SIGNS: Final = {" ": " ", "\u00a0": " ", "\u2009": " ", "\u202f": " ", ".": ".", "/": "/", "-": "-"} | dict.fromkeys(
    "\u2010\u2011\u2012\u2013\u2212", "-"
)
_CROWD: Final = 3
"""Digits of a neighbour that make a number in groups look like a part of a longer one."""

_NEAR: Final = 20
"""Characters of a number before its first digit, between two, or behind its last, at most."""

Node = dict[tuple[str, int], "Node"] | str
"""Where the groups so far lead: by the sign before the next one and its length; at ``END`` the form they make."""

_END: Final = ("", 0)


class Run(NamedTuple):
    """A number of some form. crowded: more digits stand beside it, as its own groups stand beside each other."""

    start: int
    end: int
    digits: str
    crowded: bool


Runs = Mapping[str, list[Run]]
"""The numbers of a text, by form."""


class Reading(NamedTuple):
    """A text, read. exact, upper: copies of its length, the second in capitals; places: where digits stand about."""

    text: str
    exact: str
    upper: str
    places: list[tuple[int, int]]
    runs: Runs


class Reader:
    """Finds numbers of some forms; what it read last it knows, since each recognizer asks for the same text."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._root: dict[tuple[str, int], Node] = {}
        for form in forms:
            self._grow(form)
        self._last = Reading("", "", "", [], {})

    def read(self, text: str) -> Reading:
        """Return the text, read."""
        if self._last.text is not text:
            exact = text if text.isascii() else _UNSPACED.sub(_NO_LETTER, text)
            self._last = Reading(text, exact, _capitals(exact), _places(exact), self._read(exact))
        return self._last

    def _grow(self, form: str) -> None:
        node, sign = self._root, ""
        for group, after in _FORM.findall(form):
            following = node.setdefault((sign, len(group)), {})
            if isinstance(following, dict):
                node, sign = following, after
        node[_END] = form

    def _read(self, text: str) -> Runs:
        found: defaultdict[str, list[Run]] = defaultdict(list)
        spans = [match.span() for match in _GROUP.finditer(text)]
        signs = [""]
        signs += [_SIGNS.get(text[end], "") if start - end == 1 else "" for (_, end), (start, _) in pairwise(spans)]
        for first, (start, end) in enumerate(spans):
            if ("", end - start) not in self._root or not _opens(text, start):
                continue
            for form, last in self._forms(spans, signs, first):
                stop = spans[last][1]
                if _closes(text, stop):
                    digits = "".join(text[low:high] for low, high in spans[first : last + 1])
                    found[form].append(Run(start, stop, _plain(digits), _crowded(spans, signs, first, last)))
        return found

    def _forms(self, spans: list[tuple[int, int]], signs: list[str], first: int) -> Iterator[tuple[str, int]]:
        """Yield the forms that begin with a group, each with its last one."""
        node, sign = self._root, ""
        for place in range(first, len(spans)):
            low, high = spans[place]
            following = node.get((sign if place == first else signs[place] or "none", high - low))
            if not isinstance(following, dict):
                return
            node = following
            form = node.get(_END)
            if isinstance(form, str):
                yield form, place


def _capitals(text: str) -> str:
    """Return the text in capitals; letters that would become several stay as they are."""
    whole = text.upper()
    if len(whole) == len(text):
        return whole
    return "".join(capital if len(capital := each.upper()) == 1 else each for each in text)


def _places(text: str) -> list[tuple[int, int]]:
    """Return where a number with a digit in it could stand: each digit with what is near it, joined."""
    places: list[tuple[int, int]] = []
    low = high = 0
    for match in _DIGITS.finditer(text):
        if match.start() - _NEAR > high:
            places.append((low, high))
            low = max(0, match.start() - _NEAR)
        high = match.end() + _NEAR
    places.append((low, high))
    return places


def _opens(text: str, start: int) -> bool:
    before = text[max(0, start - 2) : start]
    return not (before.endswith("+") or (before[-1:] in "./-" and before[:1].isdigit() and len(before) == 2))


def _closes(text: str, end: int) -> bool:
    after = text[end : end + 2]
    return not (len(after) == 2 and after[0] in "./-" and after[1].isdigit())


def _crowded(spans: list[tuple[int, int]], signs: list[str], first: int, last: int) -> bool:
    """Say whether a group of several digits goes on with a number that has spaces in it."""
    if " " not in signs[first + 1 : last + 1]:
        return False
    before = signs[first] == " " and spans[first - 1][1] - spans[first - 1][0] >= _CROWD
    after = signs[last + 1 : last + 2] == [" "] and spans[last + 1][1] - spans[last + 1][0] >= _CROWD
    return before or after


def _plain(digits: str) -> str:
    """Return digits of any script as ASCII's."""
    return digits if digits.isascii() else "".join(str(int(digit)) for digit in digits)
