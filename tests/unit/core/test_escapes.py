import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.escapes import origins, separated, unescaped


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("bob", "bob"),
        (r"\u0062ob", "bob"),
        (r"{\"to\": \"\\u0062ob\"", r"{\"to\": \"bob\""),
        (r"Jos\u00E9 \ud83d\ude00", "José 😀"),
        (r"https:\/\/a.b\\/c", "https://a.b/c"),
        (r"\u0022 \u005c \u000a \ud83d", r"\u0022 \u005c \u000a \ud83d"),
        (r"\\\u00e9 \\\\\\u00e9", r"\\é \\\\é"),
        (r"\n \u00g0 C:\users", r"\n \u00g0 C:\users"),
    ],
)
def test_needless_escapes_are_undone_and_no_others(text: str, plain: str) -> None:
    assert unescaped(text) == plain


def test_every_character_has_its_origin() -> None:
    text = r"a\u0062\n\ud83d\ude00/\/"

    assert unescaped(text) == r"ab\n😀//"
    assert origins(text) == [0, 1, 7, 8, 9, 21, 22, 24]


@given(st.text(r"\u0064/ab", max_size=40))
def test_what_is_not_undone_stands_at_its_origin(text: str) -> None:
    plain, places = unescaped(text), origins(text)

    assert len(places) == len(plain) + 1
    for character, start, end in zip(plain, places, places[1:], strict=False):
        assert text[start] == "\\" if end - start > 1 else text[start] == character


@given(st.recursive(st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=5), st.integers(1, 3))
def test_a_document_within_strings_stays_the_same_document(value: object, depth: int) -> None:
    plain = escaped = value
    for _ in range(depth):
        plain, escaped = json.dumps(plain, ensure_ascii=False), json.dumps(escaped)
    if "\\u" not in str(plain):
        read = json.loads(unescaped(escaped))
        for _ in range(depth - 1):
            read = json.loads(read)
        assert read == value


@pytest.mark.parametrize(
    ("text", "view"),
    [
        (r"a\nb", "a\\\x01b"),
        (r"a\\\tb", "a\\\\\\\x03b"),
        (r"\u0022x\u000a", '\\\\\\\\\\"x\\\\\\\\\\\x06'),
        (r"\"x\" \d", r"\"x\" \d"),
    ],
)
def test_an_escape_is_no_part_of_a_word(text: str, view: str) -> None:
    assert separated(text) == view


@given(st.text(r"\u002nrtbfa ", max_size=40))
def test_everything_else_stays_in_its_place(text: str) -> None:
    view = separated(text)

    assert len(view) == len(text)
    assert all(seen == kept or not (seen.isalnum() or seen.isspace()) for seen, kept in zip(view, text, strict=True))


def test_a_long_run_of_backslashes_takes_no_longer_than_its_length() -> None:
    assert unescaped("\\" * 1_000_000 + "u") == "\\" * 1_000_000 + "u"
