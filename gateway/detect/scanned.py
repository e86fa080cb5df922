"""What a scanner has read amiss: letters for digits and digits for letters (``DATE 0F BIRTH 11 O9 1994``).

Law: a text is a scan only if it shows two marks of one: a word that is one with letters for its digits, or digits with
``O`` or ``I`` among them. Only there words are read as words and numbers as numbers; what is neither (part numbers,
hashes, ``K0O1``) stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from gateway.detect.lexicon import traits
from gateway.detect.views import View

_EDGE: Final = r"(?<![0-9A-Za-z_+/=@#$%])"
_END: Final = r"(?![0-9A-Za-z_+=@]"
_CAPITAL: Final = "[A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u017f]"
_WORD: Final = re.compile(
    rf"(?:{_EDGE}|(?<=[A-Z0]/))(?<![0-9A-Za-z][-.])(?=[0158l]?{_CAPITAL}{{1,19}}[0158l]|[0158l]{_CAPITAL})"
    rf"(?:{_CAPITAL}|[0158](?![0158l])|l(?={_CAPITAL})|(?<={_CAPITAL}{{2}})l){{2,20}}(?<![158]){_END}|-[0-9]|\.[A-Za-z])"
)
"""Capitals with a digit within that looks like one."""

_HEX: Final = re.compile("[0158lA-F]+")
_GROUP: Final = (
    r"(?=[OIl]{0,4}[0-9])(?:[0-9OI]|(?<=[0-9])[olSB](?=[0-9OI])|(?<![0-9A-Za-z])l(?=[0-9])){1,14}(?![0-9A-Za-z_])"
)
_NUMBER: Final = re.compile(
    rf"{_EDGE}(?<![A-Za-z]-){_GROUP}(?:(?:[ ./:-]{{1,3}}|,)(?:{_GROUP}|O{{1,4}}(?![0-9A-Za-z_]))){{0,6}}"
    rf"{_END}|-[A-Za-z])"
)
_WITHIN: Final = re.compile(rf"{_CAPITAL}{{2,12}}0{_CAPITAL}{{3,12}}|{_CAPITAL}{{3,12}}0{_CAPITAL}{{2,12}}")
_MISREAD: Final = re.compile("[0-9][./-]?O|O[0-9]{1,3}[ ./-]{1,3}[0-9OI]{1,4}[ ./-]")
"""Not ``O365 2021``, nor processors and wires (``I5-8400``)."""

_LETTERS: Final = str.maketrans("0158l", "OISBI")
_ELL: Final = str.maketrans("0158l", "OLSBL")
_NORDIC: Final = str.maketrans("0158l", "\u00d8ISBI")
_DIGITS: Final = str.maketrans("OoIlSB", "001158")
_MARKS: Final = 2
_LONG: Final = 4
_FEW: Final = 4
"""Digits of a number that is no mark of a scan: ``2O 98``."""

_MARK: Final = r"(?:[0158l][A-Z\x{c0}-\x{17f}]|[0-9]O|O[0-9])"
HINTS: Final = (rf"(?s){_MARK}.*{_MARK}",)


def mended(view: View) -> View:
    """Return a view as it stood on the paper, itself where it is no scan."""
    if len(list(islice(_marks(view.text), _MARKS))) < _MARKS:
        return view
    return view.rewritten(_NUMBER, _as_number).rewritten(_WORD, _as_word)


def _marks(text: str) -> Iterator[str]:
    """Yield what speaks for a scan."""
    for word in _WORD.finditer(text):
        read = _as_word(word)
        known = len(read) >= _LONG and traits(read) and not word[0][-1].isdigit()
        if (known or _WITHIN.fullmatch(word[0])) and not _HEX.fullmatch(word[0]):
            yield word[0]
    for number in _NUMBER.finditer(text):
        if _MISREAD.search(number[0]) and sum(map(str.isdigit, number[0])) > _FEW:
            yield number[0]


def _as_word(found: re.Match[str]) -> str:
    """Return a word with letters for its digits, if it is one then, or is long and looks like nothing else."""
    word = found[0]
    for table in (_LETTERS, _ELL, _NORDIC):
        if traits(word.translate(table)):
            return word.translate(table)
    alike = len(word) > _LONG and not set(word) & set("58") and not _HEX.fullmatch(word)
    return word.translate(_LETTERS) if alike else word


def _as_number(found: re.Match[str]) -> str:
    return found[0].translate(_DIGITS)
