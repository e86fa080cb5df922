from pathlib import Path
from random import Random

from gateway.detect.words import read_words
from tests.training.names import Inventor, common_words, write_words


def test_a_list_is_read_as_it_was_written(tmp_path: Path) -> None:
    known = {"anna": 1, "zell": 2, "mark": 5, "b\u00e4cker": 6}
    write_words(known, tmp_path / "words.txt")

    assert read_words(tmp_path / "words.txt") == known


def test_everyday_words_stand_in_lower_case_often() -> None:
    assert common_words(["the house. The House", *["a house or two"] * 6, "zell"]) == {"house": 7, "or": 6, "two": 6}


def test_names_are_made_up_of_the_letters_of_others() -> None:
    made = Inventor(["Karla", "Karola", "Marla", "Carlotta"])
    names = {made.name(Random(number)) for number in range(50)}

    assert len(names) > 3
    assert all(name[0].isupper() and set(name.lower()) <= set("karlomct") for name in names)
    assert made.name(Random(1)) == made.name(Random(1))
