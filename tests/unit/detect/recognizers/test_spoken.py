"""Numbers in words, of a dozen languages."""

from __future__ import annotations

import re

import pytest

from gateway.detect.recognizers.spoken import NUMBER_WORDS


@pytest.mark.parametrize(
    "words",
    [
        "nineteen forty seven",
        "nineteen eighty-one",
        "two thousand and three",
        "neunzehnhundertsiebenundvierzig",
        "zwölf",
        "mille neuf cent quarante-sept",
        "mil novecientos cuarenta y siete",
        "millenovecentoquarantasette",
        "mil novecentos e quarenta e sete",
        "negentienhonderd zevenenveertig",
        "tysiąc dziewięćset czterdziestego siódmego",
        "nitton hundra fyrtiosju",
        "nitten hundrede og syvogfyrre",
        "devatenáct set čtyřicet sedm",
        "bin dokuz yüz kırk yedi",
    ],
)
def test_a_number_is_one_match(words: str) -> None:
    assert re.fullmatch(NUMBER_WORDS, words)


@pytest.mark.parametrize("words", ["street", "Mustermann", "forty and", "april", "and", ""])
def test_other_words_are_none(words: str) -> None:
    assert re.fullmatch(NUMBER_WORDS, words) is None


def test_a_long_row_of_words_is_read_to_a_bound() -> None:
    match = re.match(NUMBER_WORDS, "one " * 50_000)

    assert match
    assert match.end() < 100
