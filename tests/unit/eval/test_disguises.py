from collections import Counter
from random import Random

import pytest

from gateway.eval.disguises import DISGUISES, Disguise, Group
from gateway.eval.planted import KINDS, planted

CARD = "4532 0151 1283 0366"


def hidden(name: str, value: str) -> str:
    return DISGUISES[name].hide(value, Random(1))


def test_there_are_enough_of_each_group() -> None:
    groups = Counter(disguise.group for disguise in DISGUISES.values())

    assert groups[Group.PLAIN] == 1
    assert groups[Group.NORMALISABLE] + groups[Group.DECODABLE] >= 24
    assert groups[Group.BEYOND] >= 4


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("none", CARD, CARD),
        ("no-break space", CARD, "4532\u00a00151\u00a01283\u00a00366"),
        ("wide", "a@b 1", "\uff41\uff20\uff42\u3000\uff11"),
        ("decomposed", "é", "e\u0301"),
        ("dashes", CARD, "4532–0151–1283–0366"),
        ("dashes", "1-2 3", "1–2 3"),
        ("dots", CARD, "4532.0151.1283.0366"),
        ("styled", "a1B", "𝐚𝟏B"),
        ("circled", "102", "①0②"),
        ("Arabic digits", "102", "١٠٢"),
        ("struck through", "a-1", "a\u0336-1\u0336"),
        ("at and dot", "a@b.c", "a [at] b dot c"),
        ("AT and DOT", "no address", "no address"),
        ("one by one", "12 3", "1 2 3"),
        ("letters for digits", "45 10", "45 lO"),
        ("in words", "1 20", "one two zero"),
        ("in words", "A1", "A1"),
        ("entities", "a@b", "a&#64;b"),
        ("entities for all", "a@", "&#x61;&#x40;"),
        ("percent", "a@b-c", "a%40b-c"),
        ("percent for all", "aé", "%61%c3%a9"),
        ("percent twice", "a", "%2561"),
        ("escapes", "a", r"\x61"),
        ("JSON escapes", "aé", r"\u0061\u00e9"),
        ("base64", "a b?", "YSBiPw=="),
        ("base64 for URLs", "a b?", "YSBiPw"),
        ("hexadecimal", "a", "61"),
        ("digits for letters", "Tess", "7355"),
        ("backwards", "abc", "cba"),
        ("a letter at a time", "ab c", "a-b-c"),
        ("cut", "abcd", "ab and after that comes cd"),
        ("ROT13", "abc", "nop"),
        ("base64 twice", "a", "WVE9PQ=="),
        ("base32", "a", "ME======"),
    ],
)
def test_a_value_is_written_otherwise(name: str, value: str, written: str) -> None:
    assert hidden(name, value) == written


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("zero-width space", "\u200b"),
        ("soft hyphen", "\u00ad"),
        ("byte order mark", "\ufeff"),
        ("break within", "<wbr>"),
        ("quoted-printable", "=\n"),
        ("bold within", "**"),
        ("two lines", "\n"),
    ],
)
def test_a_mark_stands_within_the_value(name: str, mark: str) -> None:
    written = hidden(name, "4532015112830366")

    assert written.replace(mark, "") == "4532015112830366"
    assert mark in written[1:-1]


def test_look_alikes_and_tags_read_as_the_value() -> None:
    alike = hidden("look-alikes", "scope@example.com")

    assert len(alike) == len("scope@example.com")
    assert sum(a != b for a, b in zip(alike, "scope@example.com", strict=True)) == 2
    assert "".join(chr(ord(each) - 0xE0000) for each in hidden("tags", "a1")) == "a1"


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_can_be_hidden(kind: str) -> None:
    value = planted(kind, Random(3)).value
    same = [name for name in DISGUISES if hidden(name, value) == value]

    assert len(same) < len(DISGUISES) // 2


def test_a_disguise_lies_beyond_for_types_that_it_is_not_undone_for() -> None:
    dots: Disguise = DISGUISES["dots"]

    assert dots.group_for("CREDIT_CARD") is Group.NORMALISABLE
    assert dots.group_for("USERNAME") is Group.BEYOND
    assert DISGUISES["wide"].group_for("USERNAME") is Group.NORMALISABLE
