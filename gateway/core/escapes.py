r"""Escapes of JSON in text that may be JSON, or hold some.

Law: what a JSON parser would undo is undone at any depth of documents within strings, however many backslashes have
gathered, where it is written without need (``\u0062`` for ``b``). What keeps such a document whole (quotes,
backslashes, control characters) stays as it is, and is only read as the separator that it stands for.
"""

from __future__ import annotations

import re
from typing import Final

_ESCAPE: Final = re.compile(
    r"(?<!\\)(\\++)(?:u([dD][89abAB][0-9a-fA-F]{2})\\++u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|/)"
)
_BREAK: Final = re.compile(r"(?<!\\)\\++(?:[nrtbf]|u[0-9a-fA-F]{4})")
_BREAKS: Final = {letter: chr(code) for code, letter in enumerate("nrtbf", 1)}
_NEEDED: Final = frozenset('"\\') | {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000))}


def unescaped(text: str) -> str:
    """Return the text with its needless escapes undone; the text itself where there are none."""
    return _ESCAPE.sub(_character, text) if "\\u" in text or "\\/" in text else text


def origins(text: str) -> list[int]:
    """Return where each character of the unescaped text begins in the text, and where the last one ends."""
    places: list[int] = []
    at = 0
    for escape in _ESCAPE.finditer(text):
        places += range(at, escape.start())
        places += range(escape.start(), escape.start() + len(_character(escape)))
        at = escape.end()
    return [*places, *range(at, len(text) + 1)]


def separated(text: str) -> str:
    r"""Return the text, as long as it was, with the letters and digits of its escapes out of the way.

    ``\n4111`` is no word that begins with ``n``. An escape becomes backslashes and a last character, which is none of a
    word and no white space: a control character for a line's end and its like, the quote or backslash itself.
    """
    return _BREAK.sub(_separator, text) if "\\" in text else text


def _separator(escape: re.Match[str]) -> str:
    letters = escape[0].lstrip("\\")
    if letters[0] == "u":
        character = chr(int(letters[1:], 16))
        last = character if character in '"\\' else "\x06"
    else:
        last = _BREAKS[letters]
    return "\\" * (len(escape[0]) - 1) + last


def _character(escape: re.Match[str]) -> str:
    """Undo one escape. Each nesting doubles its backslashes; what is beyond a power of two stands for itself."""
    slashes, high, low, code = escape.groups()
    literal = slashes[: len(slashes) & (len(slashes) - 1)]
    if high:
        return literal + chr(0x10000 + (int(high, 16) - 0xD800) * 0x400 + int(low, 16) - 0xDC00)
    character = chr(int(code, 16)) if code else "/"
    return escape[0] if character in _NEEDED else literal + character
