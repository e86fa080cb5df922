"""The alternatives of a pattern, each by itself, so that those alone are tried that could match.

Law: what some of them find together is what the pattern would find if it had no others (``leftmost``); what one is
known by is what each of its matches begins with (``head``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from typing import Final

_TOKEN: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?=\(\?P<|\(\?<?[=!]|\(\?P<\w+>|\(\?[a-z]*:|.", re.DOTALL)
_AROUND: Final = frozenset({"(?=", "(?!", "(?<=", "(?<!"})
_OPTIONAL: Final = frozenset("?*{")
_AHEAD: Final = "(?=(?P<"
"""What looks ahead at a group with a name."""

_LEADING: Final = 2


def alternatives(pattern: str) -> list[str]:
    """Return them in order. The pattern has no flags for all of it."""
    found, depth, start = [], 0, 0
    for token in _TOKEN.finditer(pattern):
        depth += _depth(token[0])
        if token[0] == "|" and depth == 0:
            found.append(pattern[start : token.start()])
            start = token.end()
    return [*found, pattern[start:]]


def head(pattern: str) -> str:
    """Return the pattern of what it begins with, up to what is any text, or is looked ahead at and has a name.

    All of it where that could leave something out: within what may be absent, or before another alternative.
    """
    opened: list[str] = []
    for token in _TOKEN.finditer(pattern):
        sign = token[0]
        cuts = sign.startswith("[^") or sign == _AHEAD
        if cuts and not _AROUND.intersection(opened) and _goes_on(pattern[token.start() :], len(opened)):
            return pattern[: token.start()] + ")" * len(opened)
        if sign == ")":
            opened.pop()
        else:
            opened += [sign] * _depth(sign)
    return pattern


def _goes_on(rest: str, depth: int) -> bool:
    """Whether groups that are open end without another alternative, and are there once."""
    level = depth
    for token in _TOKEN.finditer(rest):
        level += _depth(token[0])
        if token[0] == "|" and level == depth:
            return False
        if token[0] == ")" and level < depth:
            depth = level
            if rest[token.end() : token.end() + 1] in _OPTIONAL:
                return False
    return True


def _depth(sign: str) -> int:
    """Return how many groups a sign opens."""
    if sign == _AHEAD:
        return _LEADING
    return int(sign[0] == "(") - int(sign == ")")


def leftmost(patterns: Sequence[re.Pattern[str]], text: str) -> Iterator[re.Match[str]]:
    """Yield what one pattern finds whose alternatives they are, in this order. None matches both nothing and a text."""
    found = ((pattern.search(text), place) for place, pattern in enumerate(patterns))
    waiting = [(match.start(), place, match) for match, place in found if match]
    heapify(waiting)
    at, empty = 0, False
    while waiting:
        start, place, match = heappop(waiting)
        again = at
        if start > at or (start == at and not (empty and match.end() == at)):
            yield match
            at, empty = match.end(), match.end() == start
            again = at + empty
        elif start == at:
            again = at + 1
        if following := patterns[place].search(text, again):
            heappush(waiting, (following.start(), place, following))
