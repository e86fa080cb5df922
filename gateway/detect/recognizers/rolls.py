"""Columns of a payroll that hold the numbers of its people, under a head that says only ``code``.

Law: names stand in the next column, and one of those behind them holds what only staff have: a post, a salary. Goods
have names and codes too, so that neither head alone says anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

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
STAFF: Final = (
    r"(?:funcao|cargo|puesto|categoria|salar\w{1,4}|sueldo|neto|liquido|curp|job title"
    r"|position|salary|wages?"
    r"|net pay|gross pay|hourly rate|gehalt|lohn|funktion|stelle|brutto|netto|poste|fonction|salaire|mansione|qualifica"
    r"|stipendio|netto in busta|functie|salaris|stanowisko|pensja|wynagrodzenie|stilling|lon|befattning|tjanst|pozice"
    r"|funkce|mzda|plat|gorev|unvan|maas|ucret)"
)
_STAFF: Final = re.compile(rf"\W*{STAFF}(?![^\W_]).{{0,12}}")
_BEYOND: Final = 9
"""Columns in which it may stand."""


def staff(columns: Sequence[Column]) -> Iterator[Cells]:
    """Yield the cells of such columns. Heads are in small letters without accents."""
    heads = [head for head, _ in columns]
    for place, (head, cells) in enumerate(columns[:-2]):
        named = _NUMBERS.fullmatch(head) and _NAMES.fullmatch(heads[place + 1])
        if named and any(map(_STAFF.match, heads[place + 2 : place + _BEYOND])):
            yield cells
