"""Copies of texts in which a word has one spelling."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.detect.folding import folded, need, spelled, words_of
from gateway.detect.patterns import views, widened


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        ("Plain TEXT", "plain text"),
        ("N\u00c9E \u00e0 G\u00f6teborg", "nee a goteborg"),
        ("\u0141\u00f3d\u017a \u0131\u011fd\u0131r \u0130zmir \u00d8st", "lodz igdir izmir ost"),
        ("Stra\u00dfe \u00c6r\u00f8", "stra\u00dfe \u00e6ro"),
        ("\u738b\u5c0f\u660e \u0391\u0392", "\u738b\u5c0f\u660e \u03b1\u03b2"),
        ("", ""),
    ],
)
def test_letters_lose_case_and_accents(text: str, copy: str) -> None:
    assert folded(text) == copy


def test_a_copy_is_as_long_as_its_text() -> None:
    text = "".join(map(chr, range(0x20, 0x2500)))

    assert len(folded(text)) == len(text)


@pytest.mark.parametrize("text", ["Num\u00e9ro", "NUMERO", "n\u00famero", "numero", "Num\u0117ro"])
def test_a_need_matches_every_spelling_of_a_word(text: str) -> None:
    pattern = widened(need(r"num[ei]ro(?!x)"))

    assert re.search(r"num[ei]ro(?!x)", folded(text))
    assert all(re.search(pattern.encode(), view) for view in views(text))


def test_characters_may_be_named_by_their_numbers() -> None:
    assert spelled(r"n\u00b0\d") == "n\u00b0\\d"


def test_words_are_read_from_lines(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("# a remark\none two\n\nthree\n", encoding="utf-8")

    assert words_of(file) == {"one", "two", "three"}
