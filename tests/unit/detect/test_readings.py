import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.findings import ENTITY_TYPES
from gateway.detect.readings import CHECKED, Reading, readings, respelled
from gateway.detect.views import View

PACKED = base64.b64encode(b"write to john@example.com").decode()


def read(text: str) -> list[str]:
    return [reading.view.text for reading in readings(text)]


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("john%40x.com", ["john@x.com"]),
        ("john&#x200b;@x.c\u00adom", ["john@x.com"]),
        ("\u5361\u53f74111 Maria", ["  4111 Maria"]),
        ("\u5361４１１１", ["\u53614111", " 4111"]),
        ("**4532** 0151 1283 0366", ["4532 0151 1283 0366"]),
        ("4532.0151.1283.0366", ["4532015112830366"]),
        ("john [at] x [dot] com", ["john@x.com"]),
        ("j**oh**n@x.com", ["john@x.com"]),
        ("\uff14\uff15\uff13\uff12.0151.1283.0366", ["4532.0151.1283.0366", "4532015112830366"]),
        (PACKED, ["write to john@example.com\n"]),
        ("to=20john=40x.com=\n.", ["to john@x.com."]),
    ],
)
def test_a_disguised_text_is_read_otherwise(text: str, others: list[str]) -> None:
    assert [each for each in read(text) if each not in others] == []
    assert [each for each in others if each not in read(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nothing here: 4111 1111 1111 1111, john@example.com, +49 30 1234567.",
        "| a | b |\n|---|---|\n| **bold** | `code` |",
        "for (int i = 0; i < 10 && a[i] != 0x40; ++i) { x |= 1 << i; }",
        '<p class="x">Hello <b>you</b></p>',
        "https://example.org/a?b=c&d=e%zz",
        "Straße, Ünal, señor, naïve, İstanbul, ığdır, Łódź, Příbram",
    ],
)
def test_an_ordinary_text_has_no_other_reading(text: str) -> None:
    assert read(text) == []


def test_no_reading_comes_twice_and_none_is_the_text() -> None:
    for text in ("\u5361%34%35４１１１", PACKED * 2, "4532.0151.1283.0366\u200b"):
        assert len(set(read(text))) == len(read(text))
        assert text not in read(text)


@given(st.text(max_size=80))
def test_every_reading_stands_in_order_in_the_text(text: str) -> None:
    for reading in readings(text):
        view = reading.view
        assert len(view.starts) == len(view.ends) == len(view.text)
        assert list(view.starts) == sorted(view.starts)
        assert all(0 <= start < end <= len(text) for start, end in zip(view.starts, view.ends, strict=True))


@given(st.text(st.characters(codec="ascii", exclude_characters="&%=<\\"), max_size=80))
def test_what_stays_stands_in_its_place(text: str) -> None:
    for reading in readings(text):
        view = reading.view
        for at, character in enumerate(view.text):
            start, end = view.place(at, at + 1)
            assert end - start > 1 or text[start] == character or not character.strip() or character.isdigit()


def test_joined_digits_are_believed_with_a_checksum_alone() -> None:
    (reading,) = readings("4532.0151.1283.0366")

    assert reading.wanted(frozenset({"CREDIT_CARD", "PHONE_NUMBER", "PERSON"})) == {"CREDIT_CARD"}
    assert not reading.names


def test_a_put_together_address_is_an_address_alone() -> None:
    (reading,) = readings("john [at] x [dot] com")

    assert reading.wanted(frozenset({"EMAIL_ADDRESS", "URL", "PERSON"})) == {"EMAIL_ADDRESS"}


def test_a_text_read_as_its_reader_takes_it_may_hold_anything() -> None:
    (reading,) = readings("Jo\u00adhn")

    assert reading.wanted(frozenset({"PERSON", "URL"})) == {"PERSON", "URL"}
    assert reading.names


def test_what_is_checked_is_known() -> None:
    assert set(ENTITY_TYPES) >= CHECKED


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Jo\u200bhn", True),
        ("Jоhn", True),
        ("Ｊｏｈｎ", True),
        ("Zoe\u0301", True),
        ("M%C3%BCller", True),
        ("John\u00a0Smith", True),
        ("10\u00a0000, also\u00a0: 5", False),
        ("My%20Annual%20Report", False),
        ("４１１１", False),
        ("well\u200b, 4111", False),
        ("\u7530\u4e2d\u3000\u592a\u90ce", False),
    ],
)
def test_names_count_where_letters_are_written_otherwise(text: str, *, names: bool) -> None:
    (reading, *_) = readings(text)

    assert reading.names is names


def test_only_the_stretch_itself_says_whether_it_is_respelled() -> None:
    text = "Ann Jo\u200bhn"
    (reading,) = readings(text)

    assert respelled(reading.view, text, 0, 3) is False
    assert respelled(reading.view, text, 4, 8) is True


def test_a_reading_without_a_table_counts_for_all() -> None:
    assert Reading(View.of("x")).wanted(frozenset({"URL"})) == {"URL"}


def test_a_scan_may_hold_anything() -> None:
    (reading,) = readings("F0RENAME SURNAME, TELEPH0NE O7O 155 I4 63")

    assert reading.view.text == "FORENAME SURNAME, TELEPHONE 070 155 14 63"
    assert reading.wanted(frozenset({"PERSON", "PHONE_NUMBER"})) == {"PERSON", "PHONE_NUMBER"}
