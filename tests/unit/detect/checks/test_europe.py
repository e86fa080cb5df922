"""Specimens are made up, each with the check digits that its issuer's rule gives; a rule is also tried on its neighbours."""

from collections.abc import Callable

import pytest

from gateway.detect.checks import europe as check
from tests.doubles.numbers import share_noticed

SPECIMENS = [
    (check.at_ssn, "1237010180"),
    (check.be_national_number, "85073003357"),
    (check.be_national_number, "01020300438"),
    (check.bg_egn, "7502112696"),
    (check.bg_egn, "0142112698"),
    (check.ch_ahv, "7561234567897"),
    (check.cy_tax_id, "12345678F"),
    (check.cz_birth_number, "7153192740"),
    (check.cz_birth_number, "531231123"),
    (check.de_document, "L01X00T471"),
    (check.de_document, "L01X00T47"),
    (check.de_health_insurance, "A123456780"),
    (check.de_social_security, "15070649C103"),
    (check.de_tax_id, "12234567899"),
    (check.de_tax_id, "11123456786"),
    (check.dk_cpr, "0101901234"),
    (check.ee_lt_personal_code, "38501010013"),
    (check.ee_lt_personal_code, "47012310087"),
    (check.es_identity, "12345678Z"),
    (check.es_identity, "X1234567L"),
    (check.es_social_security, "281234567840"),
    (check.fi_identity_code, "010190123M"),
    (check.fr_nir, "185057512345673"),
    (check.fr_nir, "285052A12345680"),
    (check.fr_tax_id, "0123456789211"),
    (check.gr_afm, "123456783"),
    (check.gr_amka, "01019012341"),
    (check.hu_taj, "123456788"),
    (check.hu_tax_id, "8123456786"),
    (check.ie_pps, "1234567T"),
    (check.ie_pps, "1234567FA"),
    (check.ie_pps, "1234567TW"),
    (check.it_fiscal_code, "RSSMRA85T10A562S"),
    (check.it_fiscal_code, "RSSMRA85T50A56NL"),
    (check.lu_national_id, "1985010112357"),
    (check.lv_personal_code, "01019012349"),
    (check.lv_personal_code, "32123412345"),
    (check.nl_bsn, "123456782"),
    (check.no_national_number, "01019030233"),
    (check.pl_id_card, "ABC412345"),
    (check.pl_nip, "5261234550"),
    (check.pl_pesel, "90010112349"),
    (check.pl_pesel, "05210112349"),
    (check.pl_regon, "123456785"),
    (check.pl_regon, "12345678512347"),
    (check.pt_citizen_card, "123456780ZZ0"),
    (check.pt_nif, "123456789"),
    (check.ro_cnp, "1900101401233"),
    (check.se_personnummer, "9001011239"),
    (check.se_personnummer, "199001011239"),
    (check.si_emso, "0101990500127"),
    (check.tr_national_id, "12345678950"),
    (check.uk_nhs, "9431234564"),
    (check.uk_utr, "1123456789"),
    (check.vat, "DE122345678"),
    (check.vat, "FR12345678901"),
]
LEAST = {"de_document": 0, "dk_cpr": 0.1, "lv_personal_code": 0.05, "cz_birth_number": 0.3, "vat": 0}
"""Shares of changes that rules without a check digit, or with one over a part, notice."""

REFUSED = [
    (check.be_national_number, "85133003357"),
    (check.bg_egn, "7533112696"),
    (check.de_tax_id, "12345678903"),
    (check.de_social_security, "15073249C103"),
    (check.fr_nir, "185057512345672"),
    (check.hu_tax_id, "1234567890"),
    (check.it_fiscal_code, "RSSMRA85T75A562S"),
    (check.lu_national_id, "2985010112357"),
    (check.nl_bsn, "000000000"),
    (check.no_national_number, "99019030233"),
    (check.pl_pesel, "90330112349"),
    (check.pt_nif, "400000000"),
    (check.ro_cnp, "1900101991233"),
    (check.se_personnummer, "9001991239"),
    (check.si_emso, "0101990100127"),
    (check.tr_national_id, "02345678950"),
    (check.uk_nhs, "4444444444"),
    (check.vat, "DE122345679"),
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
