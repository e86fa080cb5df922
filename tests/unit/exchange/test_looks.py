"""What is scanned of a piece, and between what."""

from __future__ import annotations

import pytest

from gateway.core.content import PartKind, Segment
from gateway.core.findings import RecognizerResult
from gateway.core.sensitive import Sensitive
from gateway.exchange.looks import Look, OwnFound, pieces_of, taken_apart
from gateway.exchange.pieces import MOST, Piece


def segment(text: str, channel: str) -> Segment:
    return Segment(pointer="/x", kind=PartKind.TEXT, text=Sensitive(text), channel=channel)


def found(start: int, end: int) -> RecognizerResult:
    return RecognizerResult(entity_type="PERSON", start=start, end=end, score=1.0, recognizer="r")


def scanned(piece: Piece, kind: PartKind = PartKind.TEXT) -> tuple[list[str], int]:
    (taken,) = taken_apart([Look(kind, piece)]).values()
    return [each.text.reveal() for each in taken.segments()], taken.begin


def test_texts_stand_between_those_that_clients_join() -> None:
    segments = [segment("ab", "0/text"), segment("?", "1/thinking"), segment("", "2/text"), segment("cd", "3/text")]

    assert [(piece.lead, piece.text, piece.trail) for piece in pieces_of(segments, joined=frozenset({"text"}))] == [
        ("", "ab", "cd"),
        ("", "?", ""),
        ("ab", "", "cd"),
        ("ab", "cd", ""),
    ]
    assert {(piece.lead, piece.trail) for piece in pieces_of(segments, joined=frozenset())} == {("", "")}


def test_no_more_than_so_much_of_them_is_scanned() -> None:
    first, second = pieces_of(
        [segment("a" * MOST + "b", "0/t"), segment("c" * MOST + "d", "1/t")], joined=frozenset("t")
    )

    assert (first.trail, second.lead) == ("c" * MOST, "a" * (MOST - 1) + "b")


@pytest.mark.parametrize(
    ("piece", "kind", "texts", "begin"),
    [
        (Piece(before="so ", text="it is"), PartKind.TEXT, ["so it is"], 3),
        (Piece(before="", text="b", lead="a", trail="c"), PartKind.TEXT, ["a", "b", "c"], 0),
        (Piece(before="\\u0061", text="b"), PartKind.TEXT, ["ab"], 1),
        (Piece(before="", text='{"a": "b"}'), PartKind.ARGUMENTS, ["a", "b"], 0),
        (Piece(before="x", text='{"a": "b"}'), PartKind.ARGUMENTS, ['x{"a": "b"}'], 1),
        (Piece(before="", text="4242 ", lead='{"a": 4242'), PartKind.ARGUMENTS, ['{"a": 4242', "4242 "], 0),
    ],
)
def test_a_piece_is_scanned_behind_what_was_said_and_json_by_itself(
    piece: Piece, kind: PartKind, texts: list[str], begin: int
) -> None:
    assert scanned(piece, kind) == (texts, begin)


def test_what_no_client_reads_as_text_is_not_scanned() -> None:
    assert taken_apart([Look(PartKind.NAME, Piece(before="", text="send"), known=True)]) == {}


@pytest.mark.parametrize(
    ("each", "joined"),
    [
        ([[found(2, 4)], [found(0, 2)], [found(0, 1)]], "cdefg"),
        ([[found(2, 4)], [found(0, 1)], [found(0, 1)]], "cde"),
        ([[found(0, 3)], [found(0, 2)], []], "ef"),
        ([[], [found(1, 2)], [found(0, 2)]], "fgh"),
    ],
)
def test_a_value_that_the_ends_cut_is_known_whole(each: list[list[RecognizerResult]], joined: str) -> None:
    (taken,) = taken_apart([Look(PartKind.TEXT, Piece(before="", text="ef", lead="abcd", trail="ghi"))]).values()

    own = taken.own(iter(each))

    assert own.each == [each[1]]
    assert own.joined == {each[1][0]: joined}
    assert joined in set(own.values(taken.inner))
    assert own.foreign({joined: True}) == [[]]
    assert own.foreign({}) == [each[1]]


def test_without_anything_joined_no_value_is_cut() -> None:
    (taken,) = taken_apart([Look(PartKind.TEXT, Piece(before="", text="ef"))]).values()

    assert taken.own(iter([[found(0, 2)]])) == OwnFound([[found(0, 2)]], {})
