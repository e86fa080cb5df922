import random

import pytest

from gateway.core.errors import BackendProtocolError
from gateway.exchange.pieces import LONGEST, MOST, Pieces

LETTER = (
    "Dear Ms. Gonzalez, thank you for your letter. Your number is 4111 1111\n1111 1111, as you said.\n\n"
    "- first item of the list\n- second: with a colon\n"
    + "word " * 200
    + "x" * 900
    + " and the rest. "
    + "\u4f60\u597d" * 300
    + "\n-----BEGIN X-----\n"
    + "Ab. Cd\n" * 90
    + "-----END X-----\nThen the end. Of it all, and that is it."
)


def cut(text: str, size: int, *, whole: bool = False) -> list[str]:
    pieces = Pieces(whole=whole)
    found = [piece for at in range(0, len(text), size) for piece in pieces.feed(text[at : at + size], ends=False)]
    found += pieces.feed("", ends=True)
    texts = [piece.text for piece in found]
    assert all(
        "".join(texts[:at]).endswith(piece.before) and piece.before.endswith(texts[at - 1])
        for at, piece in enumerate(found[1:], 1)
    )
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
    alphabet = "ab1 .\n!+(-\u4f60é"
    for _ in range(300):
        text = "".join(chance.choices(alphabet, weights=[30, 10, 9, 9, 1, 1, 1, 1, 1, 1, 1, 1], k=900))
        text = text.replace("-", chance.choice(["-", "-----BEGIN ", "-----END X-----"]))
        assert cut(text, chance.randint(1, 50)) == cut(text, len(text))


def test_nothing_is_lost_and_only_words_and_blocks_are_longer_than_the_limit() -> None:
    for size in (1, 64, len(LETTER)):
        pieces = cut(LETTER, size)
        assert "".join(pieces) == LETTER
        assert sorted(map(len, pieces))[-3] <= LONGEST
        assert any(piece.startswith("x" * 900) for piece in pieces)
        assert any("BEGIN" in piece and "END" in piece for piece in pieces)


def test_what_has_no_end_is_cut_at_last() -> None:
    assert list(map(len, cut("x" * 40_000, 1000))) == [MOST, MOST, 40_000 - 2 * MOST]
    assert len(cut("-----BEGIN X-----\n" + "line\n" * 8000, 1000)[0]) == MOST


@pytest.mark.parametrize("size", [1, 11, 50])
def test_a_word_is_not_cut(size: int) -> None:
    for place in range(370, 410):
        text = "y," * (place // 2) + "<PERSON_1>4111111111111111" + "z" * 30
        assert cut(text, size) == [text]


@pytest.mark.parametrize("gap", [" ", "\n", ". ", "\r\n", ") "])
def test_numbers_are_not_cut_apart(gap: str) -> None:
    text = "The card that you asked for is 4111 1111" + gap + "1111 1111"
    assert cut(text, 1)[-1].endswith("4111 1111" + gap + "1111 1111")


@pytest.mark.parametrize(
    "value", ["QQ 12 34 56 C", "MT84 MALT 0110 0001 2345 MTLC AST0 01S", "BR18 0036 0305 0000 1000 9795 493C 1"]
)
def test_a_number_is_not_cut_from_the_letters_that_belong_to_it(value: str) -> None:
    for place in range(340, 410):
        text = ("word " * 90)[: place - 1] + " " + value + " and so it goes on " + "word " * 100
        assert any(value in piece for piece in cut(text, 50))


def test_a_block_is_not_cut_wherever_it_begins() -> None:
    block = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA\n" * 30 + "-----END RSA PRIVATE KEY-----"
    for before in (*range(380, 410), 5000):
        assert cut("x" * before + block + "\nThat is all.", 50)[0].endswith(block + "\n")


def test_what_was_said_before_a_piece_reaches_back_to_words_that_lead_to_it() -> None:
    lines = [f"This is line number {number} of many.\n" for number in range(10)]
    pieces = Pieces()
    found = [piece for line in lines for piece in pieces.feed(line, ends=False)] + pieces.feed("", ends=True)

    assert [piece.text for piece in found] == lines
    assert [piece.before for piece in found] == ["".join(lines[max(0, at - 6) : at]) for at in range(10)]


def test_writing_without_spaces_is_cut_at_its_own_full_stops() -> None:
    for letter, stop in (("\u1780", "\u17d4"), ("\u1000", "\u104b"), ("\u738b", "\u3002")):
        sentence = letter * 40 + stop
        assert cut(sentence * 5, 7) == [sentence] * 5
        assert max(map(len, cut(letter * 4000, 50))) <= LONGEST


@pytest.mark.parametrize("cut_at", [5, 11, 30])
def test_a_block_whose_mark_is_cut_is_not_cut(cut_at: int) -> None:
    key = "-----BEGIN PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA\n" * 600 + "-----END PRIVATE KEY-----\n"
    pieces = Pieces(lead="Here: " + key[:cut_at])
    found = pieces.feed(key[cut_at:] + "That is all.", ends=True)

    assert [len(piece.text) for piece in found] == [len(key) - cut_at, 12]


@pytest.mark.parametrize("size", [1, 50, 5000])
def test_a_block_that_an_earlier_text_began_is_not_cut(size: int) -> None:
    lead, rest = "-----BEGIN PRIVATE KEY-----\nMIIE", "pAIBAAKCAQEA\n" * 30 + "-----END PRIVATE KEY-----\nThat is all."
    pieces = Pieces(lead="It is -----BEGIN X----- a -----END X----- " + lead)
    texts = [rest[at : at + size] for at in range(0, len(rest), size)]

    (first, last) = [piece for text in texts for piece in pieces.feed(text, ends=False)] + pieces.feed("", ends=True)

    assert first.text.endswith("KEY-----\n")
    assert last.text == "That is all."
    assert Pieces(lead=lead).feed("x" * (MOST + 1), ends=False)[0].text == "x" * MOST


def test_json_is_kept_whole_to_its_end_and_within_a_limit() -> None:
    assert cut('{"a": "One. Two. Three. Four. Five. Six."}', 1, whole=True) == [
        '{"a": "One. Two. Three. Four. Five. Six."}'
    ]
    with pytest.raises(BackendProtocolError, match="400000 characters"):
        cut("x" * 400_001, 1000, whole=True)
