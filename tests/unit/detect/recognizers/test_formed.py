"""Numbers that need no word."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.formed import FORMS
from gateway.detect.recognizers.labels import labelled
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = labelled(FORMS)
EXAMPLES = {
    "EMPLOYEE_ID": [
        "ask \u27e6EMP-004171\u27e7",
        "Dra. Lia Sol (CRM-SP \u27e6118.204\u27e7)",
        "Mat.: \u27e64.228.513\u27e7",
    ],
    "CUSTOMER_ID": ["for \u27e6KDNR-118204\u27e7,", "\u27e6MEMBER_4471882\u27e7 left"],
    "BANK_ACCOUNT": [
        "na \u27e619-6173272099/0800\u27e7 ihned",
        "clearing \u27e63300-650812 1182\u27e7.",
        "sort code: \u27e620-11-82\u27e7",
        "to \u27e68118-2, 914 118 204-7\u27e7 please",
        "folio \u27e6195528-3\u27e7",
    ],
    "NATIONAL_ID": ["RG: \u27e63118229-5 SSP/BA\u27e7, CPF", "(OP \u27e6118204471\u27e7)"],
    "PATIENT_ID": [
        "protokol \u27e62026/220431\u27e7",
        "PROTOKOL: \u27e62027-AC-11820\u27e7",
        "\u27e6MRN-118204\u27e7 seen",
    ],
    "CASE_NUMBER": [
        "in \u27e612 C 1182/24\u27e7 wird",
        "the file \u27e6CNT 011820/2024\u27e7 goes on",
        "Asunto: \u27e60118/2024\u27e7 - Roca c/ Sol SA",
        "Betreff: AW: \u27e64 Ga 118-24\u27e7 \u2013 Roth ./. Senn GmbH",
        "Subject: Re: \u27e6HQ-24-118204\u27e7: Stone v Marsh",
        "see \u27e6ECLI:EU:C:2014:317\u27e7 again",
        "No. \u27e63:24-cv-01182-ABC\u27e7",
        "Ref: \u27e6LX-2026-00471\u27e7",
        "\u27e6CLAIM-118204\u27e7 was paid",
    ],
}
HARMLESS = [
    "Subject: 118204 - notes of the meeting",
    "Asunto: pedido 0118/2024 - entrega contra reembolso",
    "pos. 8118-2, 914 mm; CNT 12/2024",
    "Urteil v. 2.4.2014 \u2013 6 AZR 118/13",
    "clearing 8214-9, to be told; EMP-41",
    "protokol 7/2027, OP 12, RG 118",
    "account 19-61732/0001",
]


@pytest.mark.parametrize(("entity", "example"), [(kind, each) for kind, all_ in EXAMPLES.items() for each in all_])
def test_a_number_is_found_by_its_form(entity: str, example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, entity) == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_numbers_stay(text: str) -> None:
    assert {kind: found(RECOGNIZERS, text, kind) for kind in EXAMPLES if found(RECOGNIZERS, text, kind)} == {}


def test_every_type_has_examples() -> None:
    assert {kind.entity_type for kind in FORMS} == set(EXAMPLES)


def test_what_it_needs_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


@pytest.mark.parametrize("unit", ["1-", "12 C ", "EMP-", "Ref: A-", "00 "])
def test_time_grows_with_the_text(unit: str) -> None:
    assert max(growth(each, unit) for each in RECOGNIZERS) < 10
