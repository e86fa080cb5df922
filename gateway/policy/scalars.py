"""What a word without quotes stands for.

Law: null, true, false and numbers are what YAML 1.2's core schema says; everything else is text. What YAML 1.1 read as
a boolean is text here, and never meant as that: ``is_old_boolean`` tells.
"""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final[dict[str, bool | None]] = {
    spelled: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for spelled in (word, word.title(), word.upper())
} | {"": None, "~": None}
_OLD_BOOLEANS: Final = frozenset({"yes", "no", "on", "off", "y", "n"})
_DECIMAL: Final = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NO_NUMBER: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LONGEST: Final = 1000
"""Digits of a number that is read as a whole one: Python refuses more than 4300."""


def plain(text: str) -> str | int | float | bool | None:
    """Return the value of a word without quotes."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= _LONGEST:
        if _DECIMAL.fullmatch(text):
            return int(text)
        if _OTHER_BASE.fullmatch(text):
            return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    return float(text.replace(".", "")) if _NO_NUMBER.fullmatch(text) else text


def is_old_boolean(text: str) -> bool:
    """Tell whether YAML 1.1 reads a word as a boolean that is none of YAML 1.2's."""
    return text.lower() in _OLD_BOOLEANS
