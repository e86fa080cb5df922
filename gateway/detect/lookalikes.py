"""Characters that look like others, or like nothing: a text as a reader takes it.

Law: what stands in a text by itself, in the writing that it belongs to, stays as it is: Russian is no Latin, a footnote
no digit, and a full stop of Chinese prose none of a host name. An accent written apart is composed. Characters fold
into ASCII alone, so that no other writing reads otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Final

from gateway.detect.views import View

_MARKS: Final = r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_NEAR: Final = 64
"""Characters around one in which the mark of an address is looked for."""

_TAGS: Final = re.compile(
    "(?<!\U0001f3f4)(?<![\U000e0020-\U000e007e])[\U000e0020-\U000e007e]+|(?<=\U0001f3f4)[\U000e0020-\U000e007e]{8,}"
)
"""Tag characters spell ASCII unseen, but for those of a flag, six at most."""

_UNSEEN: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001]+|(?<![\U000e0020-\U000e007e])\U000e007f"
    "|(?<=[!-\u024f])[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u200c\u200d\u3164\ufe00-\ufe0f\uffa0"
    "\U0001d173-\U0001d17a\U000e0100-\U000e01ef]+"
)
"""The second kind has a use in other writings and in emoji."""

_HIDDEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0001\U000e007f\U000e0100-\U000e01ef]"
)
"""All of those: most texts hold none, which is quickly seen."""

_SPACES: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164]")
_LINES: Final = re.compile("[\x85\u2028\u2029]")
_SHAPES: Final = re.compile(
    "[^\\D0-9]|[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff20\ufe6b\ufb00-\ufb06\u2102-\u2134\u2460-\u2473\u24b6-\u24fe"
    "\u2776-\u2793\U0001d400-\U0001d7ff\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]"
)
"""Digits of every writing; letters and digits that are wide, circled, squared, of mathematics; ligatures; at-signs."""

_SMALL: Final = re.compile(
    "[\u00b2\u00b3\u00b9\u02b0-\u02b8\u02e1-\u02e3\u1d2c-\u1d6a\u2070-\u209c\u0262\u026a\u0274\u0276\u0280\u028f"
    "\u0299\u029c\u029f\u1d00-\u1d22\ua730\ua731]{3,}"
)
"""Raised and lowered characters and small capitals: fewer in a row are a footnote, a power or phonetics."""

_SMALL_CAPITAL: Final = re.compile("LATIN LETTER SMALL CAPITAL ([A-Z])")
_BLACK: Final = ((0x1F150, 0x1F169), (0x1F170, 0x1F189))
_ACCENTED: Final = re.compile(f".[{_MARKS}]+")
_ACCENT: Final = re.compile(f"[{_MARKS}]")
_LATIN_END: Final = "\u024f"
_BETWEEN: Final = re.compile(
    "(?:[\u02d7\u2010-\u2015\u2043\u2212\u2796\u30fc\ufe58\ufe63\uff0d]"
    "|(?P<dot>[\u00b7\u2024\u2027\u2219\u22c5\u3002\u30fb\ufe52\uff0e\uff61])"
    "|(?P<wide>[\uff01-\uff0c\uff0f\uff1a-\uff1f\uff3b-\uff40\uff5b-\uff5e]))(?<=[0-9A-Za-z].)(?=[0-9A-Za-z])"
    "|(?P<aside>[\uff08\uff0b](?=[0-9])|\uff09(?<=[0-9].))"
)
"""Dashes, dots and wide marks between letters or digits of ASCII."""

_APART: Final = re.compile(
    "[\u00b7\u02d7\u2010-\u2015\u2024\u2027\u2043\u2212\u2219\u22c5\u2796\u3002\u30fb\u30fc\ufe52\ufe58\ufe63"
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff5e\uff61]"
)
"""All of those."""

_LIGATURES: Final = frozenset(map(chr, range(0xFB00, 0xFB07)))
_LONG_VOWEL: Final = "\u30fc"
_WIDE_HYPHEN: Final = "\uff0d"
"""No dash of prose: whoever writes it writes everything wide."""

_ADDRESS: Final = re.compile(r"@|://|\bwww\b")
_HARDWARE: Final = re.compile(r"(?:[0-9A-Fa-f]{2}[:\-]){5}[0-9A-Fa-f]{2}")
_LETTERS: Final = re.compile(r"[^\W\d_]+")


def _lookalikes(file: Path) -> dict[str, str]:
    lines = [line.split() for line in file.read_text(encoding="ascii").splitlines() if not line.startswith("#")]
    return {chr(int(code, 16)): latin for latin, *codes in lines for code in codes}


LATIN: Final = _lookalikes(Path(__file__).with_name("confusables.txt"))
"""The letters that look like one of ASCII, each with that."""

_TO_LATIN: Final = str.maketrans(LATIN)
_LAST: Final = "\uffff"
_LOOKALIKE: Final = f"[{''.join(each for each in LATIN if each <= _LAST)}\U00010280-\U0001d7ff]"
"""Those beyond the basic plane are looked for as one range, which is quick; the table knows which they are."""

_LOOKS_LATIN: Final = re.compile(_LOOKALIKE)
_STRANGE: Final = re.compile(
    rf"[A-Za-z0-9]{_LOOKALIKE}|{_LOOKALIKE}[A-Za-z0-9]|[A-Za-z] {_LOOKALIKE}{{3}}|{_LOOKALIKE}{{3}} [A-Za-z]"
    rf"|[0-9A-Fa-f][:\-]{_LOOKALIKE}{{2}}|{_LOOKALIKE}{{2}}[:\-][0-9A-Fa-f]"
)
"""Whether it is worth while to look at every word."""


def plain(view: View) -> View:
    """Return a view as its reader takes it; the view itself where that is how it is written."""
    if view.text.isascii():
        return view
    view = view.rewritten(_TAGS, _spelled)
    if _HIDDEN.search(view.text):
        view = view.rewritten(_UNSEEN, lambda _: "")
    view = view.rewritten(_SPACES, lambda _: " ").rewritten(_LINES, lambda _: "\n")
    view = view.rewritten(_SHAPES, _shape).rewritten(_SMALL, _small)
    if _ACCENT.search(view.text):
        view = view.rewritten(_ACCENTED, _accented)
    if _APART.search(view.text):
        view = view.rewritten(_BETWEEN, _between)
    if _LOOKS_LATIN.search(view.text) and ("@" in view.text or _STRANGE.search(view.text)):
        view = view.rewritten(_LETTERS, _latin)
    return view


def _spelled(tags: re.Match[str]) -> str:
    return "".join(chr(ord(tag) - 0xE0000) for tag in tags[0])


def _shape(found: re.Match[str]) -> str:
    """Fold one character into ASCII, or leave it."""
    character = found[0]
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    for first, last in _BLACK:
        if first <= ord(character) <= last:
            return chr(ord("A") + ord(character) - first)
    folded = unicodedata.normalize("NFKC", character)
    one = len(folded) == 1 or folded.isdigit() or character in _LIGATURES
    return folded if one and folded.isascii() and (folded.isalnum() or folded == "@") else character


def _small(found: re.Match[str]) -> str:
    """Read small characters in usual size, but for a number after another, which is a power."""
    before = found.string[found.start() - 1 : found.start()]
    return found[0] if before.isdigit() else "".join(map(_full_size, found[0]))


def _full_size(character: str) -> str:
    capital = _SMALL_CAPITAL.fullmatch(unicodedata.name(character, ""))
    if capital:
        return capital[1].lower()
    folded = unicodedata.normalize("NFKC", character)
    return folded if folded.isascii() else character


def _accented(found: re.Match[str]) -> str:
    """Compose a letter with its accents. What is left over a Latin one is a disguise."""
    composed = unicodedata.normalize("NFC", found[0])
    return composed[0] if composed[0] <= _LATIN_END and not composed[0].isspace() else composed


def _between(found: re.Match[str]) -> str:
    """Read a dash, dot or wide mark as ASCII's in a number or an address, and as it is in prose."""
    before, after = found.string[found.start() - 1], found.string[found.end() : found.end() + 1]
    if found["aside"] or found["wide"] or found[0] == _WIDE_HYPHEN:
        return unicodedata.normalize("NFKC", found[0])
    digits = before.isdigit() + after.isdigit()
    usual = "." if found["dot"] else "-"
    if digits == 2 or (digits and usual == "-" and found[0] != _LONG_VOWEL):
        return usual
    return usual if _ADDRESS.search(_token(found)) else found[0]


def _token(found: re.Match[str]) -> str:
    """Return what stands around a place without white space."""
    before = found.string[max(0, found.start() - _NEAR) : found.start()].split()
    after = found.string[found.end() : found.end() + _NEAR].split()
    return "".join((*before[-1:], found[0], *after[:1]))


def _latin(word: re.Match[str]) -> str:
    """Read the letters of a word that look Latin as Latin, where other letters of its own or around it are."""
    letters = word[0]
    if letters.isascii() or letters.translate(_TO_LATIN) == letters:
        return letters
    mixed = any(each <= "z" for each in letters)
    return letters.translate(_TO_LATIN) if mixed or _among_latin(word) else letters


def _among_latin(word: re.Match[str]) -> bool:
    """Whether a word whose letters all look Latin stands in an address, in a number, or among words that are."""
    letters = word[0]
    read = letters.translate(_TO_LATIN)
    if not read.isascii():
        return False
    text, start, end = word.string, word.start(), word.end()
    beside = text[max(0, start - 1) : start] + text[end : end + 1]
    if any(map(str.isdigit, beside)) and read.isupper():
        return True
    token = _token(word)
    if "@" in token or _HARDWARE.search(token.translate(_TO_LATIN)):
        return True
    around = [*text[max(0, start - _NEAR) : start].split()[-1:], *text[end : end + _NEAR].split()[:1]]
    return len(letters) > 2 and bool(around) and all(each.isascii() and any(map(str.isalpha, each)) for each in around)
