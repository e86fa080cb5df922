"""Regular expressions in policies.

Law: a pattern is one of RE2's, whose time grows with the length of the text and nothing else, since patterns run on
values that any application may choose. It must compile within bounded memory and must not match the empty text.
"""

from __future__ import annotations

from typing import Any, Final

import re2

from gateway.core.policy import Pattern

_LONGEST: Final = 500
_NEARLY_ALL: Final = 0.9
_ORDINARY: Final = {
    "words": "we met in the new house on Monday morning to talk about our garden and what it costs",
    "numbers": "1 22 333 4444 55555 666666 7777777 88888888",
}
_UNLIKE: Final = ("Ann Lee", "ann.lee@mail.example", "+49 30 5550123", "7 Elm Street", "AB-1234", "Ünal")
_MEMORY: Final = 1 << 17
"""Bytes that a compiled pattern may take. Its time for a character grows with its size."""


FLAGS: Final = {2: "i", 8: "m", 16: "s"}
"""Flags of Python's ``re`` that RE2 has too, as numbers and letters."""


def flag_letters(flags: int) -> str:
    """Return RE2's letters for flags of Python's ``re``."""
    return "".join(letter for flag, letter in FLAGS.items() if flags & flag)


def fault(pattern: str) -> str:
    """Return what is wrong with a pattern, in words that follow "the pattern", or ""."""
    if len(pattern) > _LONGEST:
        return f"is longer than {_LONGEST} characters"
    try:
        made = compiled(pattern)
    except (re2.error, UnicodeEncodeError):
        return "does not compile, or is too large (RE2's syntax: no look-around, no back references)"
    return "matches the empty text" if made.fullmatch("") else ""


def breadth(pattern: str, flags: str = "") -> str:
    """Return of what a pattern finds nearly all, "" where of nothing. flags: RE2's letters that hold for all of it."""
    try:
        made = _made(f"(?{flags}:{pattern})" if flags else pattern)
    except re2.error:  # too large with its flags
        return ""
    for name, text in _ORDINARY.items():
        found = sum(len(match[0]) for match in made.finditer(text))
        if found >= _NEARLY_ALL * sum(map(len, text.split())):
            return name
    return ""


def lets_all_through(pattern: str) -> bool:
    """Tell whether a pattern of an allow-list matches values that have nothing in common."""
    made = compiled(pattern)
    return all(made.fullmatch(value) for value in _UNLIKE)


def compiled(pattern: str) -> Pattern:
    """Return a pattern that has no fault, ready to match."""
    made: Pattern = _made(pattern)
    return made


def _made(pattern: str) -> Any:  # noqa: ANN401 - RE2 is not typed
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.never_capture = True
    return re2.compile(pattern, options)
