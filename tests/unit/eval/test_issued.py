"""The numbers are checked by Presidio's own validators, and where it has none by the issuer's rule, read backwards."""

import re
from collections.abc import Callable
from datetime import date
from random import Random

import pytest
from presidio_analyzer import predefined_recognizers as presidio

from gateway.eval.issued import ISSUED, digits, filled, iban, luhn, vin

BORN = date(1984, 11, 3)
JUDGES = {
    "dni": presidio.EsNifRecognizer,
    "nie": presidio.EsNieRecognizer,
    "cf": presidio.ItFiscalCodeRecognizer,
    "kvnr": presidio.DeHealthInsuranceRecognizer,
    "nhs": presidio.NhsRecognizer,
    "pesel": presidio.PlPeselRecognizer,
    "personnummer": presidio.SePersonnummerRecognizer,
    "steuer": presidio.DeTaxIdRecognizer,
    "sv": presidio.DeSocialSecurityRecognizer,
    "tckn": presidio.TrNationalIdRecognizer,
}


def weighed(number: str, weights: list[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True))


RULES: dict[str, Callable[[str], bool]] = {
    "bsn": lambda number: weighed(number, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0,
    "nif": lambda number: weighed(number, [*range(9, 0, -1)]) % 11 in {0, 1},
    "nir": lambda number: int(number[:13]) % 97 + int(number[13:]) == 97,
    "rc": lambda number: int(number) % 11 == 0,
}


@pytest.mark.parametrize("form", JUDGES)
def test_presidio_takes_the_number_for_valid(form: str) -> None:
    judge = JUDGES[form]()

    for seed in range(50):
        number = re.sub(r"[ -]", "", ISSUED[form](Random(seed), BORN))
        assert judge.validate_result(number), number


@pytest.mark.parametrize("form", RULES)
def test_the_issuers_rule_holds(form: str) -> None:
    for seed in range(50):
        number = re.sub(r"\D", "", ISSUED[form](Random(seed), BORN))
        assert RULES[form](number), number


def test_a_brazilian_number_ends_in_both_of_its_check_digits() -> None:
    for seed in range(50):
        number = re.sub(r"\D", "", ISSUED["cpf"](Random(seed), BORN))
        for count in (9, 10):
            assert weighed(number[:count], [*range(count + 1, 1, -1)]) * 10 % 11 % 10 == int(number[count])


@pytest.mark.parametrize(
    ("form", "shape"),
    [
        ("cpr", r"031184-\d{4}"),
        ("nino", r"(AB|JK|PW|SR) \d\d \d\d \d\d [A-D]"),
        ("ssn", r"[1-6]\d\d-\d\d-\d{4}"),
        ("uk", r"[B-W]{5}811034[A-Z]99[A-Z]{2}"),
    ],
)
def test_numbers_without_check_digit_have_their_form(form: str, shape: str) -> None:
    assert all(re.fullmatch(shape, ISSUED[form](Random(seed), BORN)) for seed in range(50))


@pytest.mark.parametrize("language", ["cs", "da", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "sv", "tr"])
def test_an_account_number_is_valid(language: str) -> None:
    number = iban(Random(1), language)

    assert presidio.IbanRecognizer().validate_result(number)


def test_a_card_passes_luhn_and_a_vehicle_its_check_digit() -> None:
    assert luhn("7992739871") == "79927398713"
    assert all(re.fullmatch(r"[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{8}", vin(Random(seed))) for seed in range(50))


def test_a_pattern_is_filled_and_keeps_the_rest() -> None:
    assert re.fullmatch(r"K-[A-Z]\d\d/x", filled(Random(1), "K-¤##/x"))
    assert re.fullmatch(r"[1-9]\d{4}", digits(Random(1), 5))
