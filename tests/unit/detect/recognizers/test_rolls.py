"""Numbers of staff in payrolls."""

from __future__ import annotations

import pytest

from gateway.detect.folding import folded
from gateway.detect.recognizers.identifiers import IdentifierRecognizer
from gateway.detect.recognizers.rolls import staff
from gateway.detect.structure import columns_of
from tests.doubles.examples import found, growth, left_out

RECOGNIZERS = [IdentifierRecognizer()]


@pytest.mark.parametrize(
    "text",
    [
        "Cod     Nome               Funcao\n001188  LIA SOL MARIN      MONTADOR\n001189  RUI SOL            SOLDADOR",
        "clave|nombre|rfc|neto\n001188|SOL LIA|x|9\n001189|SOL RUI|x|8",
        "codigo,nombre,categoria\n001188,Lia Sol,A\n001189,Rui Sol,B",
        "Nr | Name | Netto | Brutto\n001188 | Eva Roth | 3,20 | 4,10\n001189 | Jan Senn | 1,10 | 1,30",
        "Nr;Name;Stelle\n001188;Eva Roth;Koch\n001189;Jan Senn;Koch",
        "Nr;Nazwisko i imię;Stanowisko\n001188;Lis Iga;kucharz\n001189;Sowa Jan;kucharz",
        "Nr\tNavn\tLøn\n001188\tIda Holm\t31.000\n001189\tBo Dal\t28.000",
    ],
)
def test_the_number_beside_a_name_is_somebodys(text: str) -> None:
    assert found(RECOGNIZERS, text, "EMPLOYEE_ID") == ["001188", "001189"]
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize(
    "text",
    [
        "code,name,price\n471100,Bolt,3.20\n471200,Nut,1.10",
        "Nr;Name;Preis\n4711;Schraube;3,20\n4712;Mutter;1,10",
        "Nr;Stelle;Name\n4711;Koch;Eva\n4712;Koch;Jan",
        "id,name,lat,lon\n471100,Depot,1.5,2.5\n471200,Lager,1.6,2.6\n471300,Halle,1.7,2.7",
        "id,name,lat,lon\n471100,Florence,43.7,11.2\n471200,Sofia,42.7,23.3\n471300,Victoria,48.4,2.1",
        "codigo,nombre,categoria,precio\n471100,Tornillo,A,3\n471200,Tuerca,A,1\n471300,Clavo,B,2",
        "ID;Name;Position\n471100;Schraube;3\n471200;Mutter;4\n471300;Nagel;5",
        "Nr | Name | Netto | Brutto\n4711 | Schraube | 3,20 | 4,10\n4712 | Mutter | 1,10 | 1,30\n4713 | Nagel | 1,00 | 1,19",
        "year,name,salary\n2025,Eva,3\n2026,Jan,4",
    ],
)
def test_other_columns_are_nobodys(text: str) -> None:
    assert found(RECOGNIZERS, text, "EMPLOYEE_ID") == []


def test_only_the_column_of_numbers_is_given() -> None:
    text = "no;name;position\n118;Eva;cook\n119;Jan;cook"
    columns = [(folded(head), cells) for head, cells in columns_of(text)]

    assert [[text[low:high] for low, high in cells] for cells in staff(text, columns)] == [["118", "119"]]


def test_time_grows_with_the_text() -> None:
    assert growth(RECOGNIZERS[0], "no;name;salary\n1;a;2\n") < 10
