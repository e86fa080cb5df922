import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("faker", reason="the kit's own tool")

from tests.training.sources import Document
from tests.training.synthetic import Maker, cased
from tests.training.tables import LANGUAGES

TEMPLATES = Path(__file__).parent / "templates"
WORDS = {language: ["haus", "tisch", "stuhl", "lampe", "buch"] for language in set(LANGUAGES)}


def maker(seed: int = 1) -> Maker:
    return Maker(Random(seed), WORDS)


def filled(line: str, language: str = "en", seed: int = 1) -> list[tuple[str, str]]:
    return [piece for piece in maker(seed)._filled(line, language) if piece[0]]


@pytest.mark.parametrize("language", sorted(set(LANGUAGES)))
def test_each_language_has_lines_with_names_and_without(language: str) -> None:
    for name in (language, f"none.{language}"):
        lines = (TEMPLATES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        assert len(lines) >= 30
        assert all(line.strip() for line in lines)
        assert not [line for line in lines if line.count("{") != line.count("}")]


@pytest.mark.parametrize("language", sorted(set(LANGUAGES)))
def test_every_line_can_be_filled_and_keeps_what_it_says(language: str) -> None:
    made = maker()
    for name in (language, f"none.{language}"):
        for line in (TEMPLATES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            pieces = made._filled(line, language)
            assert "{" not in "".join(text for text, _ in pieces)
            if name != language:
                assert "PERSON" not in {kind for _, kind in pieces}


def test_every_line_with_names_has_one() -> None:
    for language in set(LANGUAGES):
        for line in (TEMPLATES / f"{language}.txt").read_text(encoding="utf-8").splitlines():
            assert re.search(r"\{(?:P|p|G|g|S|s|F|INI)(?:\.\w+)?\}", line), line


def test_what_may_be_anything_but_a_person_is_marked() -> None:
    ((street, kind), (rest, none)) = filled("{!Main Street} is closed")

    assert (street, kind, rest, none) == ("Main Street", "!", " is closed", "")
    assert {kind for _, kind in filled("{!{Z} Way}")} == {"!"}


def test_czech_bends_a_name_and_the_name_stays_one_piece() -> None:
    made = maker()
    forms = {text for _ in range(60) for text, _ in made._changed(("Zell", "PERSON"), "C", "cs")}

    assert {"Zella", "Zellovi"} <= forms


@pytest.mark.parametrize(
    ("name", "suffixes"),
    [("Ay\u015fe", {"'nin", "'ye", "'den"}), ("Murat", {"'\u0131n", "'a", "'dan"})],
)
def test_turkish_puts_a_suffix_behind_a_mark(name: str, suffixes: set[str]) -> None:
    made = maker()
    bent = [made._changed((name, "PERSON"), "C", "tr") for _ in range(90)]

    assert {pieces[0] for pieces in bent} == {(name, "PERSON")}
    assert suffixes <= {pieces[1][0] for pieces in bent}
    assert {pieces[1][1] for pieces in bent} == {""}


def test_nameless_documents_hold_nobody() -> None:
    made = maker()
    documents: list[Document] = [made.nameless() for _ in range(300)]

    assert {document.language for document in documents} == set(LANGUAGES)
    assert not any(kind == "PERSON" for document in documents for _, kind in document.pieces)


def test_named_documents_hold_people_for_the_most_part() -> None:
    made = maker()
    documents = [made.named() for _ in range(300)]

    assert sum(any(kind == "PERSON" for _, kind in document.pieces) for document in documents) > 240


@pytest.mark.parametrize(
    ("language", "change", "written"),
    [
        ("tr", str.capitalize, "\u0130zin"),
        ("tr", str.upper, "\u0130Z\u0130N"),
        ("tr", str, "izin"),
        ("it", str.upper, "IZIN"),
    ],
)
def test_an_i_of_turkish_keeps_its_dot(language: str, change: Callable[[str], str], written: str) -> None:
    assert cased("izin", change, language) == written
