"""What stands beside people: accounts that are made of their names, numbers and accounts in brackets behind them.

Law: a name that is but a part of an account stands for the whole of it. An account is made of a person's name if it is
the beginning of one name and then of another, one of them whole or with digits behind: ``jsmith``, ``smithj03``,
``jo.smith``. A part of a name by itself is a word like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import permutations
from typing import Final

from gateway.detect.folding import folded

_NAMES: Final = re.compile(r"[^\W\d_]{2,24}")
_SPELLED: Final = str.maketrans(
    {"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue", "\u00df": "ss", "\u00f8": "oe", "\u00e5": "aa", "\u00e6": "ae"}
)
_HANDLE: Final = re.compile(r"(?<![\w@.\-/\\])[a-z][a-z0-9]*(?:[._-][a-z0-9]+){0,2}(?![\w@(\\]|[./-]\w)")
_MOST_NAMES, _MOST_PARTS = 200, 4
_WHOLE, _SHORTEST, _LONGEST, _DIGITS = 4, 4, 24, 2
_BEHIND: Final = re.compile(
    r"(?:,? ?[(\[]|, (?=[A-Z]{1,4}-?\d{4,10}[)\]]))(?:(?:n[\u00b0\u00ba]|nr|no|id|login|user|ID|Nr|No)\.?:? ?)?"
    r"(?:(?P<code>(?=[^()\s]{0,24}\d{4})[A-Z]{0,4}\d{0,4}(?:[-/.]?[A-Z0-9]{2,10}){1,4})"
    r"|(?P<handle>(?=[a-z._-]{0,20}[\d._])[a-z][a-z0-9._-]{2,24}))[)\]]"
)
_NEITHER: Final = re.compile(
    r"(?:19|20)\d\d(?:[-/.](?:\d\d|(?:19|20)\d\d)){0,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|0\d[\d/.-]{4,}|.*\.(?:py"
    r"|js|ts|java|go|rs|md|txt|csv|json|ya?ml|xml|html?|pdf|docx?|xlsx?|png|jpe?g|com|org|net)"
)

_LEFT: Final = re.compile(r"(?<![\w@/.\\-])[a-z0-9][a-z0-9._-]{0,23}\Z")
_RIGHT: Final = re.compile(r"(?:[a-z0-9]|[._-](?=[a-z0-9])){1,24}(?![\w@/\\]|\.\w)")
_NO_ACCOUNT: Final = "www."
_SIGN: Final = re.compile(r"[\d_.]")

Place = tuple[str, int, int, float]


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
    known = {parts for start, end in places for parts in _spellings(text[start:end])}
    if known:
        for handle in _HANDLE.finditer(text):
            if len(handle[0]) <= _LONGEST and any(_is_made_of(handle[0], parts) for parts in known):
                yield "USERNAME", *handle.span(), 0.7


def _around(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the account that a name is but a part of: ``lena`` in ``lena_paints77``."""
    before = _LEFT.search(text, max(0, start - _LONGEST), start)
    after = _RIGHT.match(text, end, end + _LONGEST)
    low, high = before.start() if before else start, after.end() if after else end
    account = text[low:high]
    is_one = account.islower() and _SIGN.search(account) and not account.startswith(_NO_ACCOUNT)
    return (low, high) if is_one and (low, high) != (start, end) else None


def _spellings(name: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of a name as accounts spell them."""
    words = _NAMES.findall(name.lower())[:_MOST_PARTS]
    if len(words) > 1:
        yield tuple(folded(word) for word in words)
        yield tuple(folded(word.translate(_SPELLED)) for word in words)


def _is_made_of(handle: str, parts: tuple[str, ...]) -> bool:
    """Whether an account is made of two parts of a name."""
    stem = handle.rstrip("0123456789")
    digits = len(handle) - len(stem)
    bare = re.sub(r"[._-]", "", stem)
    if len(bare) < _SHORTEST and digits < _DIGITS:
        return False
    return any(_joined(bare, one, other, loose=digits >= _DIGITS) for one, other in permutations(parts, 2))


def _joined(stem: str, one: str, other: str, *, loose: bool) -> bool:
    """Whether a stem is the beginning of one name and then of another; one of them whole, unless loose."""
    for cut in range(1, len(stem)):
        first, second = stem[:cut], stem[cut:]
        if one.startswith(first) and other.startswith(second):
            whole = (first == one and len(one) >= _WHOLE) or (second == other and len(other) >= _WHOLE)
            if whole or loose:
                return True
    return False
