"""A text in small letters without accents, so that one spelling of a word stands for all.

Law: the copy is as long as the text, so that a place in one is the same place in the other.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Final

_PLAIN: Final = {
    "\u00f8": "o",
    "\u00d8": "o",
    "\u0142": "l",
    "\u0141": "l",
    "\u0111": "d",
    "\u0131": "i",
    "\u0130": "i",
}
_LETTER: Final = re.compile(r"\\.|\[[^\]]*\]|\(\?P?<?[a-z!=:]|[a-z]| (?![?*+{])")
_CODE: Final = re.compile(r"\\u([0-9a-f]{4})")


class _Folding(dict[int, str]):
    """What stands for each character, filled as characters come."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        base = unicodedata.normalize("NFD", character)[0]
        small = _PLAIN.get(character) or (base if base.isascii() else character).lower()
        self[code] = small if len(small) == 1 else character
        return self[code]


_FOLDING: Final = _Folding()


def folded(text: str) -> str:
    """Return the copy."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


def need(pattern: str) -> str:
    """Return what a pattern that is matched against copies needs, in terms of ``detect.patterns``.

    A letter may have had an accent, which is an underscore there; words may have been written as one, with capitals
    within (``structure.words``). In the pattern, groups have no names.
    """
    return "(?i)" + _LETTER.sub(_either, spelled(pattern))


def spelled(pattern: str) -> str:
    """Return a pattern with the characters that it names by their numbers."""
    return _CODE.sub(lambda code: chr(int(code[1], 16)), pattern)


def _either(letter: re.Match[str]) -> str:
    if letter[0] == " ":
        return " ?"
    if len(letter[0]) == 1:
        return f"[{letter[0]}_]"
    return f"{letter[0][:-1]}_]" if letter[0][:1] == "[" and letter[0][1] != "^" else letter[0]


def words_of(file: Path) -> frozenset[str]:
    """Return the words of a file whose lines hold several, or a remark behind ``#``."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
