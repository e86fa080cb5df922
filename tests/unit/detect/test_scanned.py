"""What a scanner has read amiss is read as it stood on the paper, and only in what is a scan."""

from __future__ import annotations

import pytest

from gateway.detect.hints import Hints
from gateway.detect.scanned import HINTS, mended
from gateway.detect.views import View

SCAN = Hints({"scan": HINTS})
HEAD = "CUST0MER F0RM 3\n"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("DATE 0F BlRTH", "DATE OF BIRTH"),
        ("S0CIAL SECUR1TY N0. 12", "SOCIAL SECURITY NO. 12"),
        ("M1SS ROE", "MISS ROE"),
        ("PERS0NALNUMMER", "PERSONALNUMMER"),
        ("TÉLÉPH0NE", "TÉLÉPHONE"),
        ("NAT0/A IL 12 O4 1981", "NATO/A IL 12 04 1981"),
        ("TELEF0N O7O 155 I4 63", "TELEFON 070 155 14 63"),
        ("2O24-O3-1l", "2024-03-1l"),
        ("KONT0 45OO12OOO", "KONTO 450012000"),
        ("PLZ 8O3 46 OO", "PLZ 803 46 00"),
        ("Kl. l7.3O, 5O m", "Kl. 17.30, 50 m"),
        ("KÆRV0LD", "KÆRVOLD"),
        ("12S45, 3 2B, B12", "12545, 3 2B, B12"),
    ],
)
def test_a_scan_is_read_as_it_stood_on_the_paper(written: str, read: str) -> None:
    assert mended(View.of(HEAD + written)).text == f"CUSTOMER FORM 3\n{read}"


@pytest.mark.parametrize(
    "text",
    [
        "EMPL0YEE H0ME",
        "V0RNAME NACHNAME, NAMEN1 DATUM: 12.O4.2O24",
        "tel O6 1234 5678, 14-O2-2024",
        "AANVRAAGF0RMULIER, 14-O2-2024",
        "REQU1RED S1GNATURE",
    ],
)
def test_two_marks_are_a_scan(text: str) -> None:
    assert mended(View.of(text)).text != text
    assert "scan" in SCAN.of(text)


@pytest.mark.parametrize(
    "text",
    [
        "one PH0NE alone",
        "parts K0O1, B0X-2, B0X-3, M0D1 and CAB0T-4",
        "I5-8400 and I7-9700, O365 2021 and O365 2024",
        "sha 0B1E5A0DEAD0BEEF, FACE0FF, 5EED, 0FF1CE",
        "TEST1 TEST2 VERSION1 PORT0 LEVEL8",
        "aGVsbG8gd29ybGQ0NOPE0QUE=, Zm9vYmFyCl0FOO0BAR/WORK0ER",
        "SpO2 98, O2 15, 2 H2O, CO2 400, Na2HPO4",
        "const A0B = X0R(N0T_A, PH0NE_B); eth0, ttyS0",
        "serial C02X10ABJG5H and W80G1R7QN0P",
    ],
)
def test_other_texts_stay(text: str) -> None:
    view = View.of(text)

    assert mended(view) is view


@pytest.mark.parametrize(
    "code", ["K0O1", "B0X-2", "C02X1OABJG5H", "DEAD0BEEF", "x1O", "B5", "2B", "APT5", "A10", "P80"]
)
def test_a_code_stays_in_a_scan(code: str) -> None:
    assert mended(View.of(f"{HEAD}{code}")).text == f"CUSTOMER FORM 3\n{code}"


def test_every_value_stands_where_it_is_written() -> None:
    text = f"{HEAD}TEL O7O 155 I4 63"
    view = mended(View.of(text))
    start = view.text.index("070")

    assert text[slice(*view.place(start, start + 13))] == "O7O 155 I4 63"


@pytest.mark.parametrize("unit", ["A0", "AB0", "0O", "O1 ", "1.O", "PH0NE ", "1O", "l1 ", "S0", "A"])
@pytest.mark.timeout(30)
def test_a_window_of_hostile_text_takes_bounded_time(unit: str) -> None:
    mended(View.of((unit * 100_000)[:100_000]))
