"""What stands beside people: accounts that are made of their names, numbers and accounts in brackets behind them.

Law: a name that is but a part of an account stands for the whole of it. An account is made of a person's name if it is
the beginning of one name and then of another, one of them whole or with digits behind: ``jsmith``, ``smithj03``,
``jo.smith``. A part of a name by itself is a word like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from gateway.detect.folding import folded

_NAMES: Final = re.compile(r"[^\W\d_]{2,24}")
_SPELLED: Final = str.maketrans(
    {"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue", "\u00df": "ss", "\u00f8": "oe", "\u00e5": "aa", "\u00e6": "ae"}
)
_HANDLE: Final = re.compile(r"(?<![\w@.\-/\\])[a-z][a-z0-9]*(?:[._-][a-z0-9]+){0,2}(?![\w@(\\]|[./-]\w)")
_PAIR: Final = 2
_MOST_NAMES, _MOST_PARTS = 200, 4
_WHOLE, _SHORTEST, _LONGEST, _DIGITS = 4, 4, 24, 2
_BEHIND: Final = re.compile(
    r"(?:,? ?\(|,? \[|, (?=[A-Z]{1,4}-?\d{4,10}[)\]]))(?:(?:n[\u00b0\u00ba]|nr|no|id|login|user|ID|Nr|No)\.?:? ?)?"
    r"(?:(?P<code>(?=[^()\s]{0,24}\d{4})[A-Z]{0,4}\d{0,4}(?:[-/.]?[A-Z0-9]{2,10}){1,4})"
    r"|(?P<handle>(?=[a-z._-]{0,20}(?:\d|[._][a-z0-9]))[a-z][a-z0-9._-]{2,24}))[)\]]"
)
_NEITHER: Final = re.compile(
    r"(?:19|20)\d\d(?:[-/.](?:\d\d|(?:19|20)\d\d)){0,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|0\d[\d/.-]{4,}|.*\.(?:py"
    r"|js|ts|java|go|rs|md|txt|csv|json|ya?ml|xml|html?|pdf|docx?|xlsx?|png|jpe?g|com|org|net)"
)

_LEFT: Final = re.compile(r"(?<![\w@/.\\-])[a-z0-9][a-z0-9._-]{0,23}\Z")
_RIGHT: Final = re.compile(r"(?:[a-z0-9]|[._-](?=[a-z0-9])){1,24}(?![\w@/\\]|\.\w)")
_NO_ACCOUNT: Final = "www."
_SIGN: Final = re.compile(r"[\d_.]")
_SIGNS: Final = re.compile(r"[._-]")

Place = tuple[str, int, int, float]
Part = tuple[int, int, bool]
"""Of a name: whose, which part, and whether all of it."""

Beginnings = dict[str, set[Part]]


def beside(text: str, people: Iterable[tuple[int, int]]) -> Iterator[Place]:
    """Yield accounts and numbers, as entity type, start, end and score."""
    places = sorted(set(people))[:_MOST_NAMES]
    for start, end in places:
        whole = _around(text, start, end)
        if whole:
            yield "USERNAME", *whole, 0.6
        behind = _BEHIND.match(text, end)
        name = str(behind.lastgroup) if behind else ""
        if behind and not _NEITHER.fullmatch(behind[name]):
            yield "USERNAME" if name == "handle" else "CUSTOMER_ID", *behind.span(name), 0.6
    known = _beginnings(text[start:end] for start, end in places)
    if known:
        for handle in _HANDLE.finditer(text):
            if len(handle[0]) <= _LONGEST and _is_made_of(handle[0], known):
                yield "USERNAME", *handle.span(), 0.7


def _around(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the account that a name is but a part of: ``lena`` in ``lena_paints77``."""
    before = _LEFT.search(text, max(0, start - _LONGEST), start)
    after = _RIGHT.match(text, end, end + _LONGEST)
    low, high = before.start() if before else start, after.end() if after else end
    account = text[low:high]
    is_one = account.islower() and _SIGN.search(account) and not account.startswith(_NO_ACCOUNT)
    return (low, high) if is_one and (low, high) != (start, end) else None


def _beginnings(names: Iterable[str]) -> Beginnings:
    """Return what the parts of names begin with: which part of whose name, and whether it is the whole of it."""
    found: Beginnings = {}
    for person, name in enumerate(names):
        for parts in _spellings(name):
            for number, part in enumerate(parts):
                for size in range(1, len(part) + 1):
                    found.setdefault(part[:size], set()).add((person, number, size == len(part) >= _WHOLE))
    return found


def _spellings(name: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of a name as accounts spell them."""
    words = _NAMES.findall(name.lower())[:_MOST_PARTS]
    if len(words) > 1:
        yield tuple(folded(word) for word in words)
        yield tuple(folded(word.translate(_SPELLED)) for word in words)
    if len(words) > _PAIR:
        yield folded(words[0]), folded("".join(words[1:]))


def _is_made_of(handle: str, known: Beginnings) -> bool:
    """Whether an account is made of two parts of a name, one of them whole unless digits follow."""
    stem = handle.rstrip("0123456789")
    loose = len(handle) - len(stem) >= _DIGITS
    bare = _SIGNS.sub("", stem)
    if len(bare) < _SHORTEST and not loose:
        return False
    for cut in range(1, len(bare)):
        first, second = known.get(bare[:cut]), known.get(bare[cut:])
        if first and second and any(_fit(one, other, loose=loose) for one in first for other in second):
            return True
    return False


def _fit(one: Part, other: Part, *, loose: bool) -> bool:
    """Whether two are parts of one name, and one of them whole or digits behind."""
    return one[0] == other[0] and one[1] != other[1] and (loose or one[2] or other[2])
