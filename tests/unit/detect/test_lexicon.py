"""What is known of words, and that the list is held once."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.detect import lexicon
from gateway.detect.folding import words_of
from gateway.detect.lexicon import SHIPPED, is_everyday, is_given, is_name, is_place, known, traits
from gateway.detect.ner import EMBEDDED
from gateway.detect.tagger import Tagger
from gateway.detect.words import COMMON, GIVEN, PLACE, SURNAME


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "words.txt"
    words = {GIVEN: "anna marie ilkay", SURNAME: "berg", COMMON: "table", PLACE: "wien", GIVEN | COMMON: "mark"}
    file.write_text("".join(f"# {mask}\n{each}\n" for mask, each in words.items()), encoding="utf-8")
    monkeypatch.setattr(lexicon, "SHIPPED", file)
    return file


def test_the_list_is_read_once_for_the_model_and_the_rules() -> None:
    assert known(SHIPPED) is known(SHIPPED)
    assert Tagger(EMBEDDED)._known is known(SHIPPED)


@pytest.mark.parametrize(
    "word", ["Wietske", "BO\u017bENA", "ejnar", "Olufemi", "\u00dcmm\u00fcg\u00fcls\u00fcm", "Ademir"]
)
def test_given_names_that_the_model_has_not_learnt_are_known(word: str) -> None:
    assert traits(word) == GIVEN


def test_a_name_that_is_added_to_the_list_is_no_everyday_word_and_no_place(
    listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = tmp_path / "given.txt"
    added.write_text("# names\nberg table\nwien ottka\n", encoding="utf-8")
    monkeypatch.setattr(lexicon, "_GIVEN", added)
    known.cache_clear()
    try:
        found = [known(listed)[word] for word in ("berg", "table", "wien", "ottka", "anna")]
    finally:
        known.cache_clear()
    assert found == [GIVEN | SURNAME, GIVEN, GIVEN, GIVEN, GIVEN]


@pytest.mark.parametrize(
    "word", ["Wypowiedzenie", "LOCATARIO", "huurdersnummer", "klatka", "karta", "ruhsat", "Hypertonie"]
)
def test_words_of_offices_that_the_list_lacks_are_everyday_ones(word: str) -> None:
    assert is_everyday(word)


def test_a_word_that_is_added_is_nobodys_name(listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added = tmp_path / "common.txt"
    added.write_text("# words\nberg mark\nquonk\n", encoding="utf-8")
    monkeypatch.setattr(lexicon, "_COMMON", added)
    known.cache_clear()
    try:
        found = [known(listed)[word] for word in ("berg", "mark", "quonk", "anna")]
    finally:
        known.cache_clear()
    assert found == [COMMON, COMMON, COMMON, GIVEN]


def test_no_word_is_added_as_a_name_and_as_none() -> None:
    assert not words_of(lexicon._GIVEN) & words_of(lexicon._COMMON)


@pytest.mark.parametrize("word", ["Anna", "ANNA", "anna"])
def test_letters_of_either_case_are_one(listed: Path, word: str) -> None:
    assert traits(word) == known(listed)["anna"] == GIVEN


def test_a_dotted_capital_is_the_letter_i(listed: Path) -> None:
    assert listed
    assert traits("\u0130LKAY") == GIVEN


@pytest.mark.parametrize(("word", "expected"), [("Table", True), ("Mark", False), ("Berg", False), ("Xyz", False)])
def test_a_word_that_is_also_a_name_is_not_everyday(listed: Path, word: str, expected: bool) -> None:
    assert listed
    assert is_everyday(word) is expected


@pytest.mark.parametrize(
    ("word", "given", "name"),
    [("Anna-Marie", True, True), ("Anna-Berg", False, True), ("Anna-Table", False, False), ("Wien", False, False)],
)
def test_each_part_of_a_hyphened_name_must_be_one(listed: Path, word: str, given: bool, name: bool) -> None:
    assert listed
    assert (is_given(word), is_name(word)) == (given, name)


def test_a_place_is_one_unless_it_is_a_name(listed: Path) -> None:
    assert listed
    assert [is_place(word) for word in ("Wien", "Berg", "Xyz")] == [True, False, False]
