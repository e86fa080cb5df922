from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.detect.words import (
    COMMON,
    GIVEN,
    PART_ROWS,
    SURNAME,
    TRAIT_ROWS,
    TRAITS,
    WORD_ROWS,
    features,
    plain,
    read_words,
    small,
    tokens,
)


@given(st.text(max_size=300))
def test_tokens_laid_end_to_end_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@given(st.text(min_size=1, max_size=60))
def test_every_token_has_features_in_the_tables(text: str) -> None:
    for token in tokens(text):
        found = features(plain(token), {})
        assert all(0 <= row < WORD_ROWS for row in found.word)
        assert found.parts
        assert all(0 <= row < PART_ROWS for row in found.parts)
        assert len(found.traits) == TRAITS
        assert all(0 <= row < TRAIT_ROWS for row in found.traits)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", []),
        ("Dear Maria", ["Dear", " Maria"]),
        ("O'Brien-M\u00fcller, 12", ["O", "'", "Brien", "-", "M\u00fcller", ",", " 12"]),
        ("a\n\n  b", ["a", "\n", "\n", "  ", "b"]),
        ("x_y(1)", ["x", "_", "y", "(", "1", ")"]),
        ("-----\n", ["-----", "\n"]),
        ("Jose\u0301 ok", ["Jose\u0301", " ok"]),
        ("\u738b\u5c0f\u660e", ["\u738b", "\u5c0f", "\u660e"]),
        ("end ", ["end", " "]),
    ],
)
def test_a_text_is_cut_into_words_and_marks(text: str, cut: list[str]) -> None:
    assert tokens(text) == cut


@pytest.mark.parametrize("text", ["a" * 9999, "1" * 9999, " " * 9999, "=" * 9999, "\n" * 9999, "\u0301" * 9999])
def test_no_token_is_long(text: str) -> None:
    assert max(map(len, tokens(text))) <= 41


@pytest.mark.parametrize("run", ["a", "1", " ", "=", "\n", "a\u0301", "a ", " \n", "_-", "\U0001f600"])
def test_the_number_of_tokens_grows_with_the_text_and_no_faster(run: str) -> None:
    assert len(tokens(run * 2000)) <= 2 * len(tokens(run * 1000)) + 1


@pytest.mark.parametrize(
    ("token", "looked_up"),
    [
        (" Maria", " Maria"),
        ("Maria", "Maria"),
        ("4711", "0000"),
        (" 4711", " 0000"),
        ("1984", "Y19"),
        ("123456789012", "000000000"),
        ("\n", "\n"),
        ("   ", "  "),
        (" ,", " ,"),
        ("\t,", "\t,"),
        ("\u0664\u0665", "00"),
    ],
)
def test_numbers_are_looked_up_by_their_length(token: str, looked_up: str) -> None:
    assert plain(token) == looked_up


def test_a_word_in_another_case_is_the_same_word_with_other_traits() -> None:
    one, two = features("maria", {}), features("MARIA", {})

    assert (one.word, one.parts) == (two.word, two.parts)
    assert one.traits != two.traits


def test_a_word_after_a_space_has_another_trait() -> None:
    assert features(" maria", {}).traits != features("maria", {}).traits
    assert features(" maria", {}).word == features("maria", {}).word


def test_what_the_list_knows_is_a_trait() -> None:
    assert features("Maria", {"maria": GIVEN}).traits != features("Maria", {}).traits
    assert features("Maria", {"maria": GIVEN}).traits != features("Maria", {"maria": SURNAME}).traits


def test_parts_are_written_without_accents() -> None:
    assert features("jos\u00e9", {}).parts == features("jose", {}).parts
    assert features("jos\u00e9", {}).word != features("jose", {}).word


def test_words_that_share_an_end_share_parts() -> None:
    assert len(set(features("Kowalski", {}).parts) & set(features("Nowalski", {}).parts)) >= 8


def test_a_list_of_words_says_what_is_known_of_each(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("# 1\nanna maria\n# 5\nmark\n", encoding="utf-8")

    assert read_words(tmp_path / "words.txt") == {"anna": GIVEN, "maria": GIVEN, "mark": GIVEN | COMMON}


@pytest.mark.parametrize(("written", "held"), [("\u0130ptal", "iptal"), ("\u0130PTAL", "iptal"), ("Anna", "anna")])
def test_a_capital_i_with_a_dot_is_an_i(written: str, held: str) -> None:
    assert small(written) == held
    assert features(written, {}).word == features(held, {}).word
    assert features(written, {held: COMMON}).traits != features(written, {}).traits
