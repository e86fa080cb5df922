"""Account numbers in all groups, and what begins or goes on like one."""

from __future__ import annotations

from random import Random

import pytest

from gateway.detect.recognizers.iban import InternationalAccountRecognizer, passes
from gateway.eval.issued import iban
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = [InternationalAccountRecognizer()]
ACCOUNT = "DE89 3704 0044 0532 0130 00"


@pytest.mark.parametrize(
    "example",
    [
        "a ingresar en ⟦ES91 2100 0418 4502 0005 1332⟧ antes del día 5",
        "auf ⟦DE89370400440532013000⟧ bis",
        "iban ⟦de89 3704 0044 0532 0130 00⟧ oder",
        "NO ⟦NO93 8601 1117 947⟧ and",
        "sur ⟦FR76-3000-6000-0112-3456-7890-189⟧, avant",
        "⟦MT84 MALT 0110 0001 2345 MTLC AST0 01S⟧ and 2 more",
        "IBAN:⟦NL91ABNA0417164300⟧;",
        "two: ⟦GB29 NWBK 6016 1331 9268 19⟧ ⟦BE68 5390 0754 7034⟧",
    ],
)
def test_an_account_is_found_as_long_as_it_is(example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, "IBAN_CODE") == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize("language", ["cs", "da", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "sv", "tr"])
def test_accounts_of_many_countries_are_found(language: str) -> None:
    accounts = [iban(Random(seed), language) for seed in range(20)]

    assert [found(RECOGNIZERS, f"to {account} by 3 May", "IBAN_CODE") for account in accounts] == [
        [each] for each in accounts
    ]


@pytest.mark.parametrize(
    "text",
    [
        ACCOUNT[:-1] + "1",
        ACCOUNT[:-1],
        ACCOUNT + "0",
        "XX" + ACCOUNT,
        "ZZ89 3704 0044 0532 0130 00",
        "dE89 3704 0044 0532 0130 00",
        "DE89  3704 0044 0532 0130 00",
        "ab12 cd34 and no more",
    ],
)
def test_others_are_none(text: str) -> None:
    assert found(RECOGNIZERS, text, "IBAN_CODE") == []


def test_the_check_is_that_of_iso_7064() -> None:
    assert passes("DE89370400440532013000")
    assert not passes("DE98370400440532013000")


def test_what_it_needs_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


@pytest.mark.parametrize("unit", ["DE89 ", "DE893704", "a1 ", "AA11"])
def test_time_grows_with_the_text(unit: str) -> None:
    assert growth(RECOGNIZERS[0], unit) < 10
