"""Specimens are made up, each with the check digits that its issuer's rule gives; a rule is also tried on its neighbours."""

from collections.abc import Callable

import pytest

from gateway.detect.checks import americas as check
from tests.doubles.numbers import share_noticed

SPECIMENS = [
    (check.ar_cuil, "20123456786"),
    (check.br_cnpj, "12345678000195"),
    (check.br_cnpj, "12ABC34501DE35"),
    (check.br_cpf, "12345678909"),
    (check.ca_sin, "123456782"),
    (check.ca_sin, "912345675"),
    (check.cl_rut, "123456785"),
    (check.cl_rut, "12345670K"),
    (check.co_nit, "8901234562"),
    (check.mx_curp, "GOMC850910HDFRRL07"),
    (check.mx_rfc, "GOMC850910AB7"),
    (check.mx_rfc, "ABC850910AB2"),
    (check.us_dea, "AB1234563"),
    (check.us_ein, "123456789"),
    (check.us_itin, "912701234"),
    (check.us_npi, "1234567893"),
    (check.us_routing, "123456780"),
    (check.us_routing, "021234567"),
    (check.us_ssn, "123456789"),
    (check.vin, "1ABCDEFG4JK123456"),
]
LEAST = {"us_ein": 0, "us_itin": 0.1, "us_ssn": 0}
"""Shares of changes that rules without a check digit, or with one over a part, notice."""

REFUSED = [
    (check.br_cnpj, "00000000000000"),
    (check.br_cpf, "11111111111"),
    (check.ca_sin, "046454286"),
    (check.ca_sin, "812345676"),
    (check.us_ein, "001234567"),
    (check.us_itin, "912661234"),
    (check.us_itin, "912891234"),
    (check.us_npi, "3234567893"),
    (check.us_routing, "000000000"),
    (check.us_routing, "991234560"),
    (check.us_ssn, "000123456"),
    (check.us_ssn, "666123456"),
    (check.us_ssn, "900123456"),
    (check.us_ssn, "123006789"),
    (check.us_ssn, "123450000"),
    (check.us_ssn, "078051120"),
    (check.vin, "11111111111111111"),
]


@pytest.mark.parametrize(("rule", "number"), SPECIMENS, ids=lambda each: getattr(each, "__name__", each))
def test_a_specimen_passes_and_most_changes_of_one_digit_are_noticed(rule: Callable[[str], bool], number: str) -> None:
    assert rule(number)
    assert share_noticed(rule, number) >= LEAST.get(rule.__name__, 0.8)


@pytest.mark.parametrize(("rule", "number"), REFUSED)
def test_what_was_never_issued_is_refused(rule: Callable[[str], bool], number: str) -> None:
    assert not rule(number)


def test_every_rule_has_a_specimen() -> None:
    rules = {name for name, value in vars(check).items() if getattr(value, "__module__", "") == check.__name__}

    assert rules == {rule.__name__ for rule, _ in SPECIMENS}
