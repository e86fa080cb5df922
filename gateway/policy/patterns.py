"""Regular expressions in policies.

Law: a pattern is one of RE2's, whose time grows with the length of the text and nothing else, since patterns run on
values that any application may choose. It must compile within bounded memory and must not match the empty text.
"""

from __future__ import annotations

from typing import Final

import re2

from gateway.core.policy import Pattern

_LONGEST: Final = 500
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


def compiled(pattern: str) -> Pattern:
    """Return a pattern that has no fault, ready to match."""
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.never_capture = True
    made: Pattern = re2.compile(pattern, options)
    return made
