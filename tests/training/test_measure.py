import pytest

from gateway.detect.raw import Name
from tests.training.measure import Tally, gold_of
from tests.training.sources import Document


def tally(text: str, gold: list[tuple[int, int, str]], *found: Name) -> Tally:
    made = Tally("PERSON")
    made.add(text, gold, found)
    return made


TEXT = "Dear Ina Zell, hello"


def test_places_agree_once_their_ends_are_trimmed() -> None:
    made = tally(TEXT, [(5, 13, "PERSON")], Name(4, 14, "PERSON", 0.9))

    assert (made.gold, made.given, made.right, made.touching, made.masked) == (1, 1, 1, 1, 1)


def test_a_part_of_a_name_is_touching_and_not_masked() -> None:
    made = tally(TEXT, [(5, 13, "PERSON")], Name(5, 8, "PERSON", 0.9))

    assert (made.right, made.touching, made.masked) == (0, 1, 0)


def test_another_type_masks() -> None:
    made = tally(TEXT, [(5, 13, "PERSON")], Name(5, 13, "LOCATION", 0.9))

    assert (made.given, made.right, made.masked) == (0, 0, 1)


@pytest.mark.parametrize("place", [(13, 14), (4, 5)])
def test_what_holds_no_letter_counts_for_nothing(place: tuple[int, int]) -> None:
    made = tally(TEXT, [], Name(*place, "PERSON", 0.9))

    assert made.given == 0


def test_what_is_left_open_counts_for_nothing() -> None:
    made = tally(TEXT, [(5, 13, "?")], Name(5, 13, "PERSON", 0.9))

    assert (made.gold, made.given) == (0, 0)


def test_gold_is_what_has_a_type_or_may_have_one() -> None:
    document = Document(pieces=(("a ", ""), ("Ina", "PERSON"), (" ", ""), ("x", "?")))

    assert gold_of(document) == [(2, 5, "PERSON"), (6, 7, "?")]


def test_a_line_says_precision_recall_and_what_is_masked() -> None:
    made = tally(TEXT, [(5, 13, "PERSON")], Name(5, 13, "PERSON", 0.9), Name(15, 20, "PERSON", 0.9))

    assert made.line().split() == ["50.0", "100.0", "66.7", "50.0", "100.0", "n=1"]
