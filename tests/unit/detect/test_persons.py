"""Which words of a full name are names by themselves."""

from __future__ import annotations

import pytest

from gateway.core.findings import RecognizerResult
from gateway.detect.persons import with_parts
from gateway.detect.raw import NAMES


def parts(text: str, entity_type: str = "PERSON", before: str = "Dear ") -> list[str]:
    whole = before + text
    found = RecognizerResult(entity_type=entity_type, start=len(before), end=len(whole), score=0.9, recognizer=NAMES)
    made = with_parts(whole, found)
    assert (made.start, made.end, made.score) == (found.start, found.end, found.score)
    return [whole[part.start : part.end] for part in made.members]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Maria Gonzalez", ["Maria", "Gonzalez"]),
        ("Gonzalez, Maria", ["Gonzalez", "Maria"]),
        ("Dr. Ingrid Sørensen", ["Ingrid", "Sørensen"]),
        ("Ludwig van der Meer", ["Ludwig", "Meer"]),
        ("Anne-Sophie O'Connor", ["Anne-Sophie", "O'Connor"]),
        ("GABRIEL MÜLLER", ["GABRIEL", "MÜLLER"]),
        ("Maria Gonzalez's", ["Maria", "Gonzalez"]),
        ("Rene\u0301 Mu\u0308ller", ["Rene\u0301", "Mu\u0308ller"]),
        ("Will Ferguson", ["Ferguson"]),
        ("Mark Price", []),
        ("J. R. Kowalski", ["Kowalski"]),
        ("Li Wu", []),
        ("maria gonzalez", []),
        ("Gonzalez", []),
        ("王 小明", []),
        ("One Two Three Four Five Six Seven", []),
        ("", []),
    ],
)
def test_words_of_full_names_stand_for_the_person_unless_they_are_everyday_words(
    name: str, expected: list[str]
) -> None:
    assert parts(name) == expected


def test_other_things_have_no_parts() -> None:
    assert parts("Deutsche Telekom", "ORGANIZATION") == []


def test_what_it_was_made_of_stays() -> None:
    member = RecognizerResult(entity_type="EMAIL_ADDRESS", start=0, end=3, score=1, recognizer="r")
    found = RecognizerResult(entity_type="PERSON", start=0, end=9, score=1, recognizer="r", members=(member,))

    assert with_parts("Eva Novak", found).members[0] is member
