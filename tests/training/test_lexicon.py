from pathlib import Path

import pytest

from gateway.detect.words import COMMON, GIVEN, PLACE, SURNAME
from tests.training import lexicon
from tests.training.lexicon import joined, kept, listed, read_lexicon, without_names, write_lexicon


def test_a_word_is_kept_as_a_dictionary_writes_it() -> None:
    accepted = dict.fromkeys(["tisch", "Haus"], True)

    assert list(kept(["haus", "tisch", "qwrt"], accepted)) == ["Haus", "tisch"]


@pytest.mark.parametrize("mask", [GIVEN, SURNAME, GIVEN | SURNAME])
def test_a_name_is_an_everyday_word_only_if_it_is_among_the_most_frequent(mask: int) -> None:
    words = [f"w{number}" for number in range(2000)]
    known = {"w3": mask, "w1999": mask}

    held = set(listed({"xx": words}, known, ()))

    assert "w3" in held
    assert "w1999" not in held
    assert "w1998" in held


def test_a_word_with_a_capital_is_one_if_nothing_is_called_so() -> None:
    words = ["Haus", "Roth", "Bremen", "Zell"]

    assert list(listed({"de": words}, {"roth": SURNAME, "bremen": PLACE}, {"zell"})) == ["haus"]


def test_a_dotless_i_is_listed_as_capitals_read() -> None:
    assert set(listed({"tr": ["\u0131\u015f\u0131k"]}, {}, ())) == {
        "\u0131\u015f\u0131k",
        "i\u015f\u0131k",
        "i\u015fik",
    }


def test_only_the_first_words_of_a_language_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "LISTED", 2)

    assert list(listed({"xx": ["a", "b", "c"], "yy": ["d"]}, {}, ())) == ["a", "b", "d"]


def test_a_list_gains_everyday_words_and_loses_nothing() -> None:
    known = {"anna": GIVEN, "paris": PLACE}

    assert joined(known, {"xx": ["house", "paris"]}) == {"anna": GIVEN, "paris": PLACE | COMMON, "house": COMMON}


def test_words_to_write_with_are_nobody_s_name_and_no_place() -> None:
    words = {"xx": ["house", "mark", "Paris", "Tisch"]}

    assert without_names(words, {"mark": GIVEN | COMMON, "paris": PLACE}) == {"xx": ["house", "Tisch"]}


def test_a_lexicon_is_read_as_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "DICTIONARIES", {"de": ("de_DE",), "tr": ("tr_TR",)})
    monkeypatch.setattr(lexicon, "frequent", lambda _: ["haus", "ve"])
    monkeypatch.setattr(
        lexicon, "accepted_words", lambda language, _: {"Haus": True} if language == "de" else {"ve": True}
    )
    write_lexicon(tmp_path / "lexicon.txt")

    assert read_lexicon(tmp_path / "lexicon.txt") == {"de": ["Haus"], "tr": ["ve"]}
