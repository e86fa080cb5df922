from functools import cache

import pytest

from gateway.core.findings import ENTITY_TYPES
from gateway.detect.scanner import Scanner


@cache
def scanner() -> Scanner:
    return Scanner("embedded", "")


def found(text: str, *wanted: str) -> list[tuple[str, str]]:
    return [
        (kind, text[start:end]) for kind, start, end, _, _ in scanner().scan([text], list(wanted or ENTITY_TYPES))[0]
    ]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Please write to Maria Gonzalez today.", "PERSON", "Maria Gonzalez"),
        ("Dr. Anna Müller met Erik Svensson.", "PERSON", "Erik Svensson"),
        ("mail bob@corp.local now", "EMAIL_ADDRESS", "bob@corp.local"),
        ("call (212) 555-0143", "PHONE_NUMBER", "(212) 555-0143"),
        ("card 4111 1111 1111 1111", "CREDIT_CARD", "4111 1111 1111 1111"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN_CODE", "DE89 3704 0044 0532 0130 00"),
        ("from 192.168.14.77", "IP_ADDRESS", "192.168.14.77"),
        ("SSN 536-22-8147", "US_SSN", "536-22-8147"),
        ("mac 00:1B:44:11:3A:B7", "MAC_ADDRESS", "00:1B:44:11:3A:B7"),
    ],
)
def test_it_finds(text: str, kind: str, value: str) -> None:
    assert (kind, value) in found(text, kind)


@pytest.mark.parametrize("text", ["Order 12345 was shipped.", "", "   ", "4111 1111 1111 1112"])
def test_it_leaves_alone(text: str) -> None:
    assert found(text, "CREDIT_CARD", "US_SSN", "EMAIL_ADDRESS", "SECRET", "IBAN_CODE") == []


def test_a_name_ends_at_its_line_and_holds_a_letter() -> None:
    for _, value in found("Name:\nJohn Smith\nPhone:\n555\n* 12 *", "PERSON"):
        assert "\n" not in value
        assert any(character.isalpha() for character in value)


@pytest.mark.parametrize("date", ["1980-03-12", "12/03/1980"])
def test_a_date_needs_no_letter(date: str) -> None:
    assert ("DATE_TIME", date) in found(f"She was born on {date} in Vienna.", "DATE_TIME")


def test_only_what_is_wanted_is_looked_for() -> None:
    assert {kind for kind, _ in found("Maria Gonzalez, maria@corp.local", "EMAIL_ADDRESS")} == {"EMAIL_ADDRESS"}


def test_every_type_has_something_that_finds_it() -> None:
    assert set(ENTITY_TYPES) <= scanner()._known


@pytest.mark.parametrize("text", ["RSSMRA8\uff15T10A562S", "RSSMRA85T10\u212a562S", "RSSMRA8\u0665T10A562S"])
def test_a_fiscal_code_in_other_digits_makes_nothing_fail(text: str) -> None:
    (found,) = scanner().scan([text], ["IT_FISCAL_CODE"])

    assert {each[:3] for each in found} <= {("IT_FISCAL_CODE", 0, 16)}
    assert scanner().scan(["RSSMRA85T10A562S"], ["IT_FISCAL_CODE"])[0][0][:3] == ("IT_FISCAL_CODE", 0, 16)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("card 4111.1111.1111.1111 now", "CREDIT_CARD", "4111.1111.1111.1111"),
        ("mail john%40example.com now", "EMAIL_ADDRESS", "john%40example.com"),
        ("Please write to Ma\u200bria Gon\u00adzalez today.", "PERSON", "Ma\u200bria Gon\u00adzalez"),
        ("Please write to Andre\u0301 Martin today.", "PERSON", "Andre\u0301 Martin"),
        ("Please write to \uff2aohn Smith today.", "PERSON", "\uff2aohn Smith"),
        ("\u5361\u53f74111111111111111\u3002", "CREDIT_CARD", "4111111111111111"),
    ],
)
def test_a_disguised_value_stands_where_it_is_written(text: str, kind: str, value: str) -> None:
    assert (kind, value) in found(text, kind)


def test_a_reading_is_searched_for_what_it_may_show() -> None:
    assert found("4532.0151.1283.0366 and john [at] example [dot] com", "PHONE_NUMBER", "URL") == []


def test_a_name_that_is_written_as_it_reads_is_found_once() -> None:
    text = "Maria Gonzalez wrote to john&#64;example.com and to E\u200brik Svensson."

    assert [value for _, value in found(text, "PERSON")].count("Maria Gonzalez") == 1


def test_texts_after_a_disguised_one_are_searched_for_names() -> None:
    texts = ["card 4111.1111.1111.1111", "Please write to Maria Gonzalez today."]
    scanned = scanner().scan(texts, ["PERSON", "CREDIT_CARD"])

    assert [[each[0] for each in one] for one in scanned] == [["CREDIT_CARD"], ["PERSON"]]
