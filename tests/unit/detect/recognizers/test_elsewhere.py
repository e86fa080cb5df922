import pytest

from gateway.detect.recognizers.elsewhere import ELSEWHERE
from tests.doubles.numbers import Example, changes_are_noticed, is_found, is_no_part_of_more, needs_its_word

EXAMPLES = {
    "BIC_CODE": Example("BIC: {}.", [], ["NWBKGB2L", "COBADEFF###"], weak=True),
    "DRIVER_LICENSE": Example("Führerschein Nr. {}.", [], ["B072RRE2I#5".replace("I", "1"), "########"], weak=True),
    "IMEI": Example(
        "IMEI {}.",
        ["35#############", "86-######-######-#"],
        ["86#############", "49#############", "35######### ####", "358####-####-####"],
    ),
    "PASSPORT": Example("Passeport n° {}.", [], ["##AB#####", "AB######", "########"], weak=True),
    "VEHICLE_VIN": Example("Fahrgestellnummer {}.", ["1ABCDEFG#JK######"], ["WVWZZZ1JZXW######"], weak=True),
}


def test_every_type_has_its_example() -> None:
    assert set(EXAMPLES) == {row.type for row in ELSEWHERE}
    assert all(example.alone or example.led for example in EXAMPLES.values())


@pytest.mark.parametrize("kind", EXAMPLES)
def test_it_is_found_in_a_sentence_of_its_language(kind: str) -> None:
    is_found(kind, EXAMPLES[kind])


@pytest.mark.parametrize("kind", EXAMPLES)
def test_it_counts_without_its_word_only_where_nothing_else_looks_like_it(kind: str) -> None:
    needs_its_word(kind, EXAMPLES[kind])


@pytest.mark.parametrize("kind", EXAMPLES)
def test_it_is_no_part_of_something_longer(kind: str) -> None:
    is_no_part_of_more(kind, EXAMPLES[kind])


@pytest.mark.parametrize("kind", [kind for kind, example in EXAMPLES.items() if not example.weak])
def test_a_changed_digit_is_noticed(kind: str) -> None:
    changes_are_noticed(kind, EXAMPLES[kind])
