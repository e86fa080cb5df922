"""Specimens are made up, each with the check digits that its issuer's rule gives; a rule is also tried on its neighbours."""

from collections.abc import Callable

import pytest

from gateway.detect.checks import asia as check
from tests.doubles.numbers import share_noticed

SPECIMENS = [
    (check.ae_id, "784199012345676"),
    (check.au_abn, "18123456789"),
    (check.au_medicare, "2123456701"),
    (check.au_tfn, "123456782"),
    (check.cn_resident_id, "110105199001011232"),
    (check.cn_resident_id, "11010519900101090X"),
    (check.hk_id, "A1234563"),
    (check.hk_id, "AB1234569"),
    (check.hk_id, "A123458A"),
    (check.id_nik, "3171014101900001"),
    (check.il_id, "123456782"),
    (check.in_aadhaar, "234567890124"),
    (check.in_gstin, "27ABCPE1234F1ZB"),
    (check.jp_my_number, "123456789018"),
    (check.kr_rrn, "9001011234568"),
    (check.kr_rrn, "9001015234561"),
    (check.kr_rrn_day, "9001015234560"),
    (check.my_nric, "900101141234"),
    (check.nz_ird, "49091850"),
    (check.nz_ird, "123456785"),
    (check.sg_nric, "S1234567D"),
    (check.sg_nric, "T1234567J"),
    (check.sg_nric, "F1234567N"),
    (check.sg_nric, "G1234567X"),
    (check.sg_nric, "M1234567K"),
    (check.th_id, "1234567890121"),
    (check.tw_id, "A123456789"),
    (check.za_id, "9001011234084"),
]
LEAST = {"id_nik": 0.05, "kr_rrn_day": 0.1, "my_nric": 0.1, "au_medicare": 0.7}
"""Shares of changes that rules without a check digit, or with one over a part, notice."""

REFUSED = [
    (check.ae_id, "185199012345676"),
    (check.au_abn, "08123456789"),
    (check.au_medicare, "1123456701"),
    (check.cn_resident_id, "110105190013011232"),
    (check.id_nik, "0171014101900001"),
    (check.il_id, "000000000"),
    (check.in_aadhaar, "123456789012"),
    (check.in_gstin, "99ABCPE1234F1ZB"),
    (check.kr_rrn, "9013011234568"),
    (check.my_nric, "900101001234"),
    (check.nz_ird, "999999999"),
    (check.th_id, "9234567890121"),
    (check.za_id, "9001011234584"),
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
