"""Which head stands above which cell."""

from __future__ import annotations

import time
from statistics import median

import pytest

from gateway.detect.structure import columns, words


def table(text: str) -> dict[str, list[str]]:
    return {head.strip(): [text[low:high] for low, high in cells] for head, cells in columns(text)}


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_head_stands_above_its_cells(sign: str) -> None:
    text = f"Staff of today\nname{sign}employee_no\nEva{sign}4711\n Jan {sign}4712\n\nNothing more."

    assert table(text) == {"name": ["Eva", "Jan"], "employee no": ["4711", "4712"]}


def test_a_markdown_table_has_edges_and_a_rule() -> None:
    text = "| Kunden-Nr. | Ort |\n|:--|--:|\n| 88-1 | Graz |\n| **88-2** | Linz |\n"

    assert table(text) == {"Kunden-Nr.": ["88-1", "88-2"], "Ort": ["Graz", "Linz"]}


def test_a_row_of_a_wide_table_may_hold_a_date_with_a_comma() -> None:
    text = "no,name,dob,dept\n7,Eva,March 3, 1980,HR\n8,Jan,1981-01-02,IT"

    assert table(text)["name"] == ["Eva", "Jan"]


def test_a_quoted_cell_may_hold_the_sign() -> None:
    assert table('name,city\n"Roe, Jane","Bath"\n') == {"name": ["Roe, Jane"], "city": ["Bath"]}


def test_the_rows_of_an_insert_are_a_table() -> None:
    text = "INSERT INTO hr.staff (id, `familyName`) VALUES (7, 'O, Neil'), (8, 'Roe');\nINSERT INTO x (a) VALUES (f(1))"

    assert table(text) == {"id": ["7", "8"], "family Name": ["O, Neil", "Roe"]}


def test_a_key_that_is_no_bare_number_is_its_tables() -> None:
    text = "insert into shop_klient (id, kod) values ('K-1', 12), ('K-2', 13)"

    assert table(text) == {"shop klient id": ["K-1", "K-2"], "kod": ["12", "13"]}


def test_what_an_insert_holds_may_quote_and_break_lines() -> None:
    text = (
        "INSERT INTO uye (Ad, Not, Sehir) VALUES\n (N'Ece', 'it\\'s (3)\nlines', 'Van'),\n"
        " (N'Ali', 'O''Neil', N'Ni\u011fde');"
    )

    assert table(text) == {
        "Ad": ["Ece", "Ali"],
        "Not": ["it\\'s (3)\nlines", "O''Neil"],
        "Sehir": ["Van", "Ni\u011fde"],
    }


def test_in_a_form_what_stands_below_begins_where_its_word_does() -> None:
    text = "Fiche\nNOM               NE(E) LE       N\u00b0 SECU\nROY Ada           03/05/1971     2 71\nBEY Luc            4/06/1972\n\nDone 1"

    assert table(text) == {
        "NOM": ["ROY Ada", "BEY Luc"],
        "NE(E) LE": ["03/05/1971", "4/06/1972"],
        "N\u00b0 SECU": ["2 71"],
    }


def test_words_alone_begin_a_form_anew() -> None:
    text = "IMIE     PESEL\nOla      71050312345\nKOD      MIASTO\n35-222   Bytom"

    assert table(text) == {"IMIE": ["Ola"], "PESEL": ["71050312345"], "KOD": ["35-222"], "MIASTO": ["Bytom"]}


def test_a_string_of_an_insert_may_hold_quotes_and_be_national() -> None:
    text = r"INSERT INTO x (a, b, c) VALUES (N'Ege', 'D\'Amico', 'O''Hara'), (N'Su', 'Roe', '')"

    assert table(text) == {"a": ["Ege", "Su"], "b": [r"D\'Amico", "Roe"], "c": ["O''Hara", ""]}


@pytest.mark.parametrize(
    "text",
    [
        "Dear Eva, thanks\nno sign here",
        "Name   City\nthe 3 words elsewhere   5",
        "Total: 3   City\nEva        Graz 1",
        "Name   City\nEva    Graz",
        "Name      City\n\nEva 1     Graz",
        "1,2,3\n4,5,6",
        "name,city",
        "name,city\na,b,c",
        "key: value, other: more\nx, y",
        "x" * 3000 + ",b\na,b",
        "",
    ],
)
def test_what_is_no_table_has_no_columns(text: str) -> None:
    assert table(text) == {}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("employeeId", "employee Id"), ("employee_id", "employee id"), ("KUNDEN_NR", "KUNDEN NR"), ("Name", "Name")],
)
def test_a_name_is_words(name: str, expected: str) -> None:
    assert words(name) == expected


@pytest.mark.parametrize(
    "unit",
    ["a,b\n", ",", '","\n', "|a|b\n", "a\tb\n1\t2\n", "insert into t (a) values (1)", "(('", "a  b\n", "a  b\n1  2\n"],
)
def test_time_grows_with_the_text(unit: str) -> None:
    def taken(size: int) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            list(columns(unit * size))
            times.append(time.perf_counter() - start)
        return median(times)

    assert taken(8000) < 10 * taken(2000) + 0.02


@pytest.mark.parametrize("unit", ["''", "N''", "\\'", "('a',"])
def test_time_grows_with_a_statement_that_does_not_end(unit: str) -> None:
    text = "insert into t (a) values (" + unit * 20_000

    assert table(text) == {}
