"""Number plates by their words, their forms and the vehicles before them, and what only looks like them."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.plates import plates
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = plates()
EXAMPLES = [
    "registration ⟦LK07 XYZ⟧",
    "plate number ⟦ABC 1234⟧",
    "Kennzeichen: ⟦M-AB 1234⟧",
    "Kfz-Kennzeichen ⟦B XY 99⟧",
    "immatriculé ⟦AB-123-CD⟧",
    "matrícula: ⟦4884 PBS⟧",
    "targata ⟦ZM 459 AH⟧",
    "kenteken ⟦12-ABC-3⟧",
    "nr rejestracyjny ⟦WX 4AB12⟧",
    "matrícula ⟦AA-12-BB⟧",
    "reg.nr ⟦BHX 12A⟧",
    "registreringsnummer ⟦AB 12 345⟧",
    "plaka: ⟦34 ABC 123⟧",
    "RZ: ⟦1AB 2345⟧",
    "der Wagen, ⟦M-AB 1234⟧, fuhr weiter",
    "the van ⟦AB12 CDE⟧ was parked",
    '{"licensePlate": "⟦K-CD 4410⟧"}',
    "reg ⟦ab12 cde⟧, placa ⟦abc1d23⟧",
    "the Corsa (⟦AB12 CDE⟧) is still there",
    "jadący Fordem Focusem (⟦WGM 40199⟧)",
    "DEN OPEL ASTRA (⟦HA-PT 2299⟧) GETROFFEN",
    "en Golf, ⟦AB 12 345⟧, holdt stille",
    "Skoda Octavia 1.6 TDI, ⟦1AB 2345⟧",
    "una Fiat Panda targata ⟦AB 123 CD⟧",
    "Renault Clio immatriculée ⟦AB-123-CD⟧",
    "un Seat León con matrícula ⟦1234 BCD⟧",
    "een VW Polo (⟦12-ABC-3⟧)",
    "Volvo V70 med reg.nr ⟦ABC 12A⟧",
    "Fiat Egea (⟦34 ABC 123⟧)",
    "Toyota Corolla, ⟦191-D-12345⟧",
    "Unfallgegner: Jan Roe, ⟦HG-M 961⟧",
]
HARMLESS = [
    "registration is open until 5 PM, registration 2025",
    "DIN EN ISO 9001, USB-C 3.1, HDMI 2.1, M8 25 Nm",
    "index 4 of list A1, Markt 5",
    "AB-123-CD in stock, SKU M-AB 1234",
    "FAHRZEUG: VW GOLF VII VARIANT 1.6 TDI",
    "VW Golf, TDI 150, BMW X3 (PS 190), Audi A4 (2016), Golf GTI 230",
    "the Transit on 12 MAY 2024, Clio 1998 CCM",
    "a focus (EUR 1200), partner: AB 12",
    "paid by card AB12 CDE",
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_it_is_found(example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, "LICENSE_PLATE") == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert found(RECOGNIZERS, text, "LICENSE_PLATE") == []


def test_what_they_need_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


@pytest.mark.parametrize("unit", ["A1 ", "plate A", "AB-12 ", "golf a ", "VW ", "golf, mit mit ", "reg "])
def test_time_grows_with_the_text(unit: str) -> None:
    assert all(growth(each, unit) < 10 for each in RECOGNIZERS)
