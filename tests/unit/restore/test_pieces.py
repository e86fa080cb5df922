import random

import pytest

from gateway.core.errors import BackendProtocolError
from gateway.restore import Pieces
from gateway.restore.pieces import LONGEST

LETTER = (
    "Dear Ms. Gonzalez, thank you for your letter. Your number is 4111 1111\n1111 1111, as you said.\n\n"
    "- first item of the list\n- second: with a colon\n" + "word " * 200 + "x" * 900 + " and the rest."
)


def cut(text: str, size: int, *, whole: bool = False) -> list[str]:
    pieces = Pieces(whole=whole)
    found = [piece for at in range(0, len(text), size) for piece in pieces.feed(text[at : at + size], ends=False)]
    found += pieces.feed("", ends=True)
    assert [piece.before for piece in found[1:]] == [piece.text for piece in found[:-1]]
    return [piece.text for piece in found]


def test_a_piece_ends_with_a_sentence_or_a_line() -> None:
    assert cut("This is what I know about it. And more?\nYes, and even more than that", 1) == [
        "This is what I know about it. ",
        "And more?\nYes, and even more than that",
    ]


@pytest.mark.parametrize("size", [1, 2, 7, 400, 401, 5000])
def test_the_cuts_do_not_depend_on_the_chunks(size: int) -> None:
    assert cut(LETTER, size) == cut(LETTER, 3)


def test_any_chunks_give_the_same_cuts() -> None:
    chance = random.Random(7)
    alphabet = "ab1 .\n!+(,。é"
    for _ in range(300):
        text = "".join(chance.choices(alphabet, weights=[30, 10, 9, 9, 1, 1, 1, 1, 1, 1, 1, 1], k=900))
        assert cut(text, chance.randint(1, 50)) == cut(text, 900)


def test_nothing_is_lost_and_no_piece_is_longer_than_the_limit() -> None:
    for size in (1, 64, len(LETTER)):
        pieces = cut(LETTER, size)
        assert "".join(pieces) == LETTER
        assert max(map(len, pieces)) <= LONGEST


@pytest.mark.parametrize("gap", [" ", "\n", ". ", "\r\n", ") "])
def test_numbers_are_not_cut_apart(gap: str) -> None:
    text = "The card that you asked for is 4111 1111" + gap + "1111 1111"
    assert cut(text, 1)[-1].endswith("4111 1111" + gap + "1111 1111")


def test_json_is_kept_whole_to_its_end_and_within_a_limit() -> None:
    assert cut('{"a": "One. Two. Three. Four. Five. Six."}', 1, whole=True) == [
        '{"a": "One. Two. Three. Four. Five. Six."}'
    ]
    with pytest.raises(BackendProtocolError, match="400000 characters"):
        cut("x" * 400_001, 1000, whole=True)
