"""Columns of a payroll that hold the numbers of its people, under a head that says only ``code``.

Law: names stand in the next column, and one of those behind them holds what only staff have: a post, a salary. Goods
have names and codes too, so that neither head alone says anything; where the third is one that goods have as well (a
position, a net price), most of the names must be given names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from gateway.detect.lexicon import is_given
from gateway.detect.structure import Cells, Column

_NUMBERS: Final = re.compile(
    r"\W*(?:cod(?:igo|ice)?|clave|kod|code|nr|no|num(?:ero|ber|mer)?|numer|id|n[\u00b0\u00ba]|mat|matr|reg|c|lp)\W*"
)
_NAMES: Final = re.compile(
    r"\W*(?:(?:full|last|first) ?name|names?|nome(?: completo)?|nombres?(?: y apellidos)?|apellidos?.{0,12}"
    r"|noms?(?: et prenoms?)?"
    r"|nachname|naam|navn|namn|imie i nazwisko|nazwisko(?: i imie)?|jmeno(?: a prijmeni)?|prijmeni|cognome.{0,8}"
    r"|nominativo|ad(?:i)?[ ]?soyadi?|isim)\W*"
)
_HELD: Final = (
    r"(?:funcao|cargo|puesto|salar\w{1,4}|sueldo|curp|job title|salary|wages?"
    r"|net pay|gross pay|hourly rate|gehalt|lohn|funktion|poste|fonction|salaire|mansione|qualifica"
    r"|stipendio|netto in busta|functie|salaris|stanowisko|pensja|wynagrodzenie|stilling|befattning|tjanst|pozice"
    r"|funkce|mzda|gorev|unvan|maas|ucret)"
)
_SHARED: Final = r"(?:categoria|neto|liquido|position|stelle|brutto|netto|lon|plat)"
"""Heads that goods and places have as well."""

STAFF: Final = f"(?:{_HELD}|{_SHARED})"
_STAFF, _ALIKE = (re.compile(rf"\W*{heads}(?![^\W_]).{{0,12}}") for heads in (_HELD, _SHARED))
_PLACED: Final = re.compile(r"\W*lat(?:itude)?\W*")
"""Beside which ``lon`` is no salary in Denmark."""

_WORD: Final = re.compile(r"[^\W\d_]{2,40}")
_BEYOND: Final = 9
"""Columns in which it may stand."""


def staff(text: str, columns: Sequence[Column]) -> Iterator[Cells]:
    """Yield the cells of such columns of a text. Heads are in small letters without accents."""
    heads = [head for head, _ in columns]
    for place, (head, cells) in enumerate(columns[:-2]):
        named = _NUMBERS.fullmatch(head) and _NAMES.fullmatch(heads[place + 1])
        if named and _is_roll(text, columns[place + 1][1], heads[place + 2 : place + _BEYOND]):
            yield cells


def _is_roll(text: str, names: Cells, beyond: Sequence[str]) -> bool:
    """Whether the heads beyond the names are those of staff, or what the names are says so."""
    if any(map(_STAFF.match, beyond)):
        return True
    shared = any(map(_ALIKE.match, beyond)) and not any(map(_PLACED.fullmatch, beyond))
    return shared and _are_people(text, names)


def _are_people(text: str, cells: Cells) -> bool:
    """Whether most of the cells hold somebody's given name."""
    named = sum(any(map(is_given, _WORD.findall(text, *cell))) for cell in cells)
    return named * 2 > len(cells)
