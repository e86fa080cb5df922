"""Numbers that are written apart, over two lines, with letters for digits, or in words.

Law: only stretches of the shapes that checksummed numbers have are read as one; whoever scans this reading believes of
it what a checksum or a very strict form speaks for, and nothing else (``readings.CHECKED``). Years, columns of numbers
and counts are not joined.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from gateway.detect.hints import Hints
from gateway.detect.views import BREAK, View

_BEGIN: Final = r"(?<![0-9A-Za-z])(?<![0-9][.,])"
_END: Final = r"(?![0-9A-Za-z])(?![.,][0-9])"
_APART: Final = rf"(?:[ .\-_/*`~+\\]{{1,4}}|[ \-]?{BREAK}[> ]{{0,4}})"
_GROUPS: Final = re.compile(
    rf"{_BEGIN}(?:[0-9]{{4}}(?:{_APART}[0-9]{{4}}){{2,3}}(?:{_APART}[0-9]{{1,3}})?"
    rf"|[0-9]{{4}}{_APART}[0-9]{{6}}{_APART}[0-9]{{4,5}}"
    rf"|[A-Z]{{2}}[0-9]{{2}}(?:{_APART}?[0-9A-Z]{{4}}){{2,7}}(?:{_APART}?[0-9A-Z]{{1,3}})?"
    rf"|[A-Z]{{3}}{_APART}[A-Z]{{3}}{_APART}[0-9]{{2}}[A-Z][0-9]{{2}}{_APART}?[A-Z][0-9]{{3}}[A-Z]){_END}"
)
"""Groups of cards, of account and personal numbers, whatever stands between them."""

_SINGLE: Final = re.compile(
    rf"(?<![0-9A-Za-z])[0-9A-Z](?:(?P<apart>{_APART})[0-9A-Z])(?:(?P=apart)[0-9A-Z]){{8,33}}(?![0-9A-Za-z])"
)
"""One character at a time, with the same between all of them."""

_BROKEN: Final = re.compile(
    rf"{_BEGIN}(?:[A-Z]{{2}}[0-9]{{2}}(?:[ \-]?[0-9A-Z]){{0,28}}|[0-9](?:[ \-]?[0-9]){{0,18}})[ \-]?{BREAK}[> ]{{0,4}}"
    rf"[0-9](?:[ \-]?[0-9]){{0,28}}{_END}"
)
"""Over two lines, at any place."""

_MARKED: Final = re.compile(rf"{_BEGIN}[0-9A-Z]{{1,12}}(?:[*`~_]{{1,3}}[0-9A-Z]{{1,12}}){{1,8}}{_END}")
"""With marks between any of its digits."""

_LETTERED: Final = re.compile(
    rf"{_BEGIN}(?:[0-9OoIlSB]{{4}}(?:[ \-]?[0-9OoIlSB]{{4}}){{3}}(?:[ \-]?[0-9OoIlSB]{{1,3}})?"
    r"|(?:AT|BE|CZ|DE|DK|EE|ES|FI|HU|LT|NO|PL|PT|SE|SK|HR|SI)[0-9OoIlSB]{2}(?: ?[0-9OoIlSB]{4}){2,6}"
    r"(?: ?[0-9OoIlSB]{1,3})?"
    r"|(?:GB|IE|NL)[0-9OoIlSB]{2} ?(?P<bank>[A-Z]{4})(?: ?[0-9OoIlSB]{4}){2,3}(?: ?[0-9OoIlSB]{1,3})?)"
    r"(?![0-9A-Za-z])"
)
"""Letters that are taken for digits, in cards and in account numbers that have no letters but a bank's."""

_DIGITS: Final = str.maketrans("OoIlSB", "001158")
_ALNUM: Final = re.compile(r"[^0-9A-Z]")
_LINE_END: Final = re.compile(BREAK)
_USUAL: Final = re.compile("(?:[0-9]{3,}|[A-Z]{2}[0-9]{2})(?:[ -]?[0-9A-Z]+)*")
"""In groups as recognizers know them."""

_YEAR: Final = re.compile("(?:19|20)[0-9]{2}")
_FEWEST: Final = 10
_LONGEST: Final = 34
_BITS: Final = frozenset("01")


def _numerals(file: Path) -> dict[str, str]:
    lines = [line.split()[1:] for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {word: str(digit) for words in lines for digit, each in enumerate(words) for word in each.split("|")}


_NUMERALS: Final = _numerals(Path(__file__).with_name("numerals.txt"))
NUMERAL: Final = rf"(?:{'|'.join(sorted(_NUMERALS, key=len, reverse=True))}|[0-9])"
_WORDS: Final = re.compile(rf"(?<!\w){NUMERAL}(?:[ ,\-]{{1,2}}{NUMERAL}){{9,33}}(?!\w)", re.IGNORECASE)
_WORD: Final = re.compile(r"\w+")
HINTS: Final = (
    r"[0-9OoIlSB](?:[ .\-_/*`~+\\>\r\n\x01\x02A-Zol]*[0-9OoIlSB]){9}",
    r"[A-Z]{3}[ .\-_/*`~+\\]+[A-Z]{3}[ .\-_/*`~+\\]+[0-9]{2}[A-Z][0-9]{2}",
)
WORD_HINTS: Final = (rf"(?i){NUMERAL}(?:[ ,\-]{{1,2}}{NUMERAL}){{3}}",)


def joined(view: View) -> View:
    """Return a view whose numbers are written as one, itself where there is none to join."""
    for way, (pattern, reading) in _WAYS.items():
        if way in _SIGNS.of(view.text):
            view = view.rewritten(pattern, reading)
    return view


def from_words(view: View) -> View:
    """Return a view with digits for what is spelled out in words, ten or more in a row."""
    return view.rewritten(_WORDS, _from_words)


def _compact(found: re.Match[str]) -> str:
    """Return the digits and capitals of a stretch that may be one number."""
    written = found[0]
    digits = _ALNUM.sub("", written)
    groups = _ALNUM.split(written)
    if not _FEWEST <= len(digits) <= _LONGEST or _USUAL.fullmatch(written) or all(map(_YEAR.fullmatch, groups)):
        return written
    return written if _is_column(found) else digits


def _one_by_one(found: re.Match[str]) -> str:
    """Likewise, but bits and the like are counts of something."""
    digits = _ALNUM.sub("", found[0])
    few = not set(digits) - _BITS or sum(map(str.isdigit, digits)) < _FEWEST - 3
    return found[0] if few or _LINE_END.search(found[0]) else digits


def _is_column(found: re.Match[str]) -> bool:
    """Whether lines stand below each other: more than two, or two that hold nothing else."""
    breaks = len(_LINE_END.findall(found[0]))
    if breaks != 1:
        return breaks > 1
    text, start, end = found.string, found.start(), found.end()
    return text[start - 1 : start] in {"", "\n"} and text[end : end + 1] in {"", "\n", "\r"}


def _lettered(found: re.Match[str]) -> str:
    """Return a number with digits for its letters, if most of it are digits."""
    number, bank = found[0], found["bank"] or ""
    country = number[:2] if number[:2].isalpha() and number[:2].isupper() and (bank or number[0] not in "OISB") else ""
    head, tail = number[len(country) :].split(bank) if bank else ("", number[len(country) :])
    read = f"{country}{head.translate(_DIGITS)}{bank}{tail.translate(_DIGITS)}"
    return read if sum(map(str.isdigit, number)) > sum(map(str.isalpha, number)) - len(bank) else number


def _from_words(found: re.Match[str]) -> str:
    """Return digits for words; what is all digits but a word or so is none of it."""
    words = _WORD.findall(found[0])
    few = sum(map(str.isdigit, words)) > len(words) // 2
    return found[0] if few else "".join(_NUMERALS.get(word.lower(), word) for word in words)


_WAYS: Final[dict[str, tuple[re.Pattern[str], Callable[[re.Match[str]], str]]]] = {
    "lettered": (_LETTERED, _lettered),
    "groups": (_GROUPS, _compact),
    "single": (_SINGLE, _one_by_one),
    "marked": (_MARKED, _compact),
    "broken": (_BROKEN, _compact),
}
_SIGNS: Final = Hints(
    {
        "lettered": (
            r"[0-9OoIlSB]{4}(?:[ \-]?[0-9OoIlSB]{4}){3}",
            r"[A-Z]{2}[0-9OoIlSB]{2} ?(?:[A-Z]{4} ?)?[0-9OoIlSB]{4}",
        ),
        "groups": (
            rf"[0-9]{{4}}{_APART}[0-9]{{4}}{_APART}[0-9]{{4}}",
            rf"[0-9]{{4}}{_APART}[0-9]{{6}}{_APART}[0-9]{{4}}",
            rf"[A-Z]{{2}}[0-9]{{2}}(?:{_APART}?[0-9A-Z]{{4}}){{2}}",
            rf"[A-Z]{{3}}{_APART}[A-Z]{{3}}{_APART}[0-9]{{2}}[A-Z]",
        ),
        "single": (rf"(?:\A|[^0-9A-Za-z])[0-9A-Z](?:{_APART}[0-9A-Z]){{9}}",),
        "marked": ("[0-9A-Z][*`~_]{1,3}[0-9A-Z]",),
        "broken": (rf"[0-9A-Z][ \-]?{BREAK}[> ]{{0,4}}[0-9]",),
    }
)
"""What is in every text that one of the ways changes; most hold none of it."""
