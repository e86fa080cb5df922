from random import Random

import pytest

from tests.training import catalogues
from tests.training.catalogues import LANGUAGES, catalogue, said


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "messages", lambda language: [f"Save %(name)s in {language}", "Not {0} found"])


def test_what_is_filled_in_later_is_a_number() -> None:
    text = "".join(said(Random(seed), "cs").text.lower() for seed in range(20))

    assert "%" not in text
    assert "{" not in text
    assert "in cs" in text


def test_a_word_may_be_anything_but_a_person() -> None:
    document = said(Random(1), "tr")

    assert "PERSON" not in document.open
    assert {kind for _, kind in document.pieces} == {""}


def test_languages_come_by_turns() -> None:
    made = list(catalogue(Random(1), 2 * len(LANGUAGES)))

    assert [each.language for each in made] == [*LANGUAGES, *LANGUAGES]
