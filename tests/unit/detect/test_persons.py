"""Which words of a full name are names by themselves."""

from __future__ import annotations

import pytest

from gateway.core.findings import RecognizerResult
from gateway.detect.persons import Spellings, with_parts
from gateway.detect.raw import NAMES


def parts(text: str, entity_type: str = "PERSON", before: str = "Dear ") -> list[str]:
    whole = before + text
    found = RecognizerResult(entity_type=entity_type, start=len(before), end=len(whole), score=0.9, recognizer=NAMES)
    made = with_parts(whole, found, Spellings(whole))
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

    assert with_parts("Eva Novak", found, Spellings("Eva Novak")).members[0] is member


def respelled(name: str, rest: str) -> set[str]:
    text = f"{name}\n{rest}"
    found = RecognizerResult(entity_type="PERSON", start=0, end=len(name), score=0.9, recognizer=NAMES)
    return {
        text[each.start : each.end]
        for each in with_parts(text, found, Spellings(text)).members
        if each.start > len(name)
    }


@pytest.mark.parametrize(
    ("name", "rest", "expected"),
    [
        ("VOLKOV REYNA DMITRI", "Volkov paga mañana, y Reyna no", {"Volkov", "Reyna"}),
        ("Dmitri Volkov", "VOLKOV pays, volkov not", {"VOLKOV"}),
        ("ZEKİ YILDIRAN", "Yıldıran geldi", {"Yıldıran"}),
        ("Ana Garcia", "García y Garcia", {"García"}),
        ("Marek Wysocki", "dla Wysockiego i Wysockiemu", {"Wysockiego", "Wysockiemu"}),
        ("Jana Hladíková", "s Hladíkovou".replace("ovou", "ové"), {"Hladíkové"}),
        ("Kwame Adeyemi", "Adeyemis Anwalt", {"Adeyemis"}),
        ("Volkov", "VOLKOV", {"VOLKOV"}),
        ("Will Ferguson", "WILL pays", set()),
        ("Kim Bo", "Bos and BO", set()),
        ("Eva Invoice", "Invoices here", set()),
    ],
)
def test_other_spellings_of_a_name_are_names_too(name: str, rest: str, expected: set[str]) -> None:
    assert respelled(name, rest) == expected


def test_a_text_is_read_for_spellings_once_and_only_if_asked() -> None:
    text = "Dmitri Volkov and Ana Garcia"
    spellings = Spellings(text)
    other = RecognizerResult(entity_type="LOCATION", start=0, end=13, score=1, recognizer=NAMES)
    with_parts(text, other, spellings)
    assert vars(spellings)["_places"] is None

    with_parts(text, RecognizerResult(entity_type="PERSON", start=0, end=13, score=1, recognizer=NAMES), spellings)
    places = vars(spellings)["_places"]
    with_parts(text, RecognizerResult(entity_type="PERSON", start=18, end=28, score=1, recognizer=NAMES), spellings)

    assert places
    assert vars(spellings)["_places"] is places
    assert places["volkov"] == {"Volkov": (7, 13)}
