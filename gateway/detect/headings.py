"""Words of forms, notes and code that the model takes for somebody.

Law: none of them is a known name. A word in small letters must be no given name, and so must all before a colon;
capitals are an abbreviation if they are few and unknown, and a heading if they stand on a line of their own.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.detect.lexicon import is_everyday, traits
from gateway.detect.words import COMMON, GIVEN, PLACE

_WORD: Final = re.compile(r"[^\W\d_]+")
_COLON: Final = re.compile(r"[.]?[^\S\n]{0,40}[:=](?!\w)|\s?\.{3}")
_PADDED: Final = re.compile(r"[ \t]{2,40}:")
_LATIN: Final = re.compile(r"\.[ ]?[a-z]{1,3}\.")
"""What stands behind the first letter of an abbreviation: ``Z. n.``."""

_PACKAGE: Final = re.compile(r"[a-z]{1,3}(?:\.[a-z]{1,20})+")
_UNIT: Final = re.compile(r".*[\u00b7\u207b\u00d7].*")
_NOUN: Final = re.compile(
    r"\w{3,}(?:\u00c1N\u00cd|EN\u00cd|\u011aN\u00cd|OST|UNG|TION|CI\u00d3N|\u00c7\u00c3O|ZIONE|ANIE|ENIE|HEIT|KEIT)"
)
_WEEK: Final = re.compile(
    r"(?:Mo|Di|Mi|Do|Fr|Sa|So|Lu|Ma|Me|Je|Ve|Pn|Wt|Po|\u00dat|St|\u010ct|P\u00e1)"
    r"(?=\.?[ ]?[-\u2013/][ ]?[A-Z\u00da\u010c][^\W\d_]\b)"
)
_CUT: Final = re.compile(r"\.(?!\s*(?:\n|\Z))")
_CUT_SHORT: Final = re.compile(r"(?i)[^\W\d_]{0,3}[^\W\d_aeiouy\u00c0-\u0240]{2}")
"""A word that ends with two consonants, of five letters at most: behind it, a dot does not end a sentence."""

_FEW: Final = 4


def is_everyday_alone(text: str, start: int, end: int) -> bool:
    """Whether each word there is one of everyday text, and none is a name."""
    return all(map(is_everyday, _WORD.findall(text, start, end)))


def is_heading(text: str, start: int, end: int) -> bool:
    """Whether what the model found is a word of a form or of code."""
    value = text[start:end]
    words = _WORD.findall(value)
    if _PACKAGE.fullmatch(value) or _UNIT.fullmatch(value) or _WEEK.match(text, start, end + _FEW):
        return True
    if len(words) == 1 and _is_cut(text, value, end):
        return True
    everyday = all(map(is_everyday, words))
    small = len(words) == 1 and value == value.lower() != value.upper()
    if small and traits(value) and not traits(value) & GIVEN:
        return True
    several = len(words) > 1 and value == value.lower() and not {"-", "'"} & set(value)
    if everyday and (small or several or _COLON.match(text, end)):
        return True
    letters = any(len(word) == 1 for word in words)
    if letters and len(words) > 1 and all(len(word) == 1 or is_everyday(word) for word in words):
        return True
    return value == value.upper() != value.lower() and _is_loud(text, words, start, end)


def _is_cut(text: str, word: str, end: int) -> bool:
    """Whether it is an abbreviation, or the first letter of one."""
    if len(word) == 1:
        return bool(_LATIN.match(text, end))
    return not traits(word) & ~_COMMON_OR_PLACE and bool(_CUT_SHORT.fullmatch(word) and _CUT.match(text, end))


def _is_loud(text: str, words: list[str], start: int, end: int) -> bool:
    """Whether capitals are an abbreviation or a heading."""
    line = text[text.rfind("\n", 0, start) + 1 : start].strip()
    if len(words) == 1 and not line and not traits(words[0]) & GIVEN and _PADDED.match(text, end):
        return True
    if any(traits(word) & ~_COMMON_OR_PLACE for word in words):
        return False
    if len(words) == 1 and 1 < len(words[0]) <= _FEW:
        return True
    if not all(is_everyday(word) or _NOUN.fullmatch(word) for word in words):
        return False
    return not line and text[end : end + 1] in {"", "\n", "\r"}


_COMMON_OR_PLACE: Final = COMMON | PLACE
