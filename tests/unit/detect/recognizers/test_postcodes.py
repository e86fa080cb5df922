"""Postal codes beside towns and streets."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.addresses import AddressRecognizer
from gateway.detect.recognizers.postcodes import before, beside, of_towns
from tests.doubles.examples import left_out, plain

RECOGNIZER = AddressRecognizer()


@pytest.mark.parametrize(
    "example",
    [
        "à ⟦31200⟧ Toulouse, i ⟦5200⟧ Odense, w ⟦90-001⟧ Łódź",
        "ville : ⟦44100⟧ Nantes, Wohnort: ⟦4051⟧ Basel",
        "Firma Roe\n⟦1010⟧ Wien",
        "rue Noire 4 ⟦93200⟧\n",
        "ADRES: X, Hyderabad-⟦500016⟧",
        "te Zwolle (⟦8011 PK⟧) sinds",
    ],
)
def test_a_code_is_known_by_its_town(example: str) -> None:
    text, values = plain(example)
    found = {text[each.start : each.end] for each in RECOGNIZER.analyze(text, ["POSTAL_CODE"])}

    assert [value for value in values if value not in found] == []
    assert not left_out([RECOGNIZER], text)


@pytest.mark.parametrize(
    "text",
    ["in 2024 Berlin grew", "we sold 10115 Units", "PID 28841 Wien", "10000 Berlin fans", "order 44100 Nantes"],
)
def test_other_numbers_stay(text: str) -> None:
    assert RECOGNIZER.analyze(text, ["POSTAL_CODE"]) == []


def test_a_code_stands_before_or_beside_a_street() -> None:
    ahead, behind = "1050 Bruxelles, avenue X 2", "Hof 4, 50667 Bonn"

    assert [ahead[a:b] for a, b in before(ahead, {ahead.index("avenue")})] == ["1050"]
    assert {behind[a:b] for a, b in beside(behind, {len("Hof 4")})} == {"50667"}
    assert [("1010 Wien"[a:b]) for a, b in of_towns("1010 Wien")] == ["1010"]


def test_the_year_of_a_thing_behind_a_street_is_no_code() -> None:
    text = "Hof 4, 2024 Fordwagen"

    assert list(beside(text, {len("Hof 4")})) == []
