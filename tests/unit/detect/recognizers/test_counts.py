"""Sums and counts, told from the numbers of somebody."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.counts import is_count, is_sum
from gateway.detect.recognizers.identifiers import identifiers
from tests.doubles.examples import found, growth, plain

RECOGNIZERS = identifiers()


@pytest.mark.parametrize(
    ("value", "behind", "bare", "numbered"),
    [
        ("28 000", " Kč", True, False),
        ("61200", " EUR", True, False),
        ("1.204.500", " zł", True, False),
        ("1,204", "€", True, False),
        ("1204.50", " kr.", True, True),
        ("1 204.50", " PLN", True, True),
        ("1204500", " EUR", False, False),
        ("48213377", " CHF", False, False),
        ("000123456789", " USD", False, False),
        ("48213377.50", " USD", False, False),
        ("48 21 33", " USD", False, False),
        ("45-223", " €", False, False),
        ("C4821", " EUR", False, False),
        ("61200", " EUR 300", False, False),
        ("61200", " €300", False, False),
        ("61200", " EURO", False, False),
        ("61200", ", EUR", False, False),
    ],
)
def test_a_sum_has_the_form_of_one_and_a_currency(value: str, behind: str, *, bare: bool, numbered: bool) -> None:
    text = f"x {value}{behind}"
    end = len(text) - len(behind)

    assert [is_sum(text, value, end, numbered=each) for each in (False, True)] == [bare, numbered]


@pytest.mark.parametrize(
    ("word", "value", "good"),
    [
        ("participants", "120000", True),
        ("passengers", "125 000", True),
        ("teilnehmer", "125.000", True),
        ("customers", "48213377", True),
        ("participants", "PX-120441", False),
        ("participant", "120441", False),
        ("kunde", "120441", False),
        ("policy", "120441", False),
    ],
)
def test_a_count_stands_behind_a_word_for_many(word: str, value: str, *, good: bool) -> None:
    assert is_count(word, value) is good


@pytest.mark.parametrize(
    ("entity", "example"),
    [
        ("BANK_ACCOUNT", "Account No: ⟦000123456789⟧ USD"),
        ("BANK_ACCOUNT", "Nr konta: ⟦1234567890⟧ PLN"),
        ("BANK_ACCOUNT", "Konto: ⟦1234567890⟧ kr"),
        ("CUSTOMER_ID", "Kunde ⟦48213377⟧ EUR 1.200,00 offen"),
        ("CUSTOMER_ID", "Customer number ⟦48213377⟧ EUR 1,200.00"),
        ("PATIENT_ID", "Patientennummer ⟦48213377⟧ CHF"),
        ("CUSTOMER_ID", "Customer ID: ⟦C-48213⟧ EUR"),
        ("EMPLOYEE_ID", "Matricule ⟦45-2231⟧ € 300"),
        ("CASE_NUMBER", "Case number: ⟦CLM-2231⟧ DKK"),
        ("EMPLOYEE_ID", "Personnel no ⟦48213⟧ TRY this"),
        ("CASE_NUMBER", "Odhad škody 28 000 Kč, skade 124000 kr, claim 1 204 500 PLN"),
        ("CUSTOMER_ID", "Kunde 1.200 EUR, contract 250000 EUR, client 1 204 500 kr"),
        ("CUSTOMER_ID", "Participant no. ⟦120441⟧, Teilnehmernummer ⟦125004⟧, passenger ⟦PX-118204⟧"),
        ("CUSTOMER_ID", "participant ⟦118204⟧, passengers ⟦PX-118204⟧"),
        ("CUSTOMER_ID", "Participants: 120000, Teilnehmer: 125000, Passengers 125000, yolcu: 118 204"),
        ("CUSTOMER_ID", "line;passengers\nA;125000\nB;118204"),
        ("CUSTOMER_ID", "line;passenger no\nA;⟦125000⟧\nB;⟦118204⟧"),
    ],
)
def test_a_number_is_left_out_only_as_a_sum_or_a_count(entity: str, example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, entity) == values


@pytest.mark.parametrize("unit", ["claim 1 000 ", "claim 118204 EUR ", "participants 118204 ", "customers "])
def test_time_grows_with_the_text(unit: str) -> None:
    assert growth(RECOGNIZERS[-1], unit) < 10
