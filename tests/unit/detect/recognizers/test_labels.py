"""Values behind and below their words."""

from __future__ import annotations

import re

import pytest

from gateway.detect.recognizers.labels import Kind, LabelledRecognizer
from tests.doubles.examples import found

LABEL = r"(?:(?:badge|ausweis)[\s_.-]{0,2}(?:no|nr|nummer|id|number)|numero de badge)(?![^\W\d_])"
VALUE = re.compile(r"[A-Z]?-?\d{3,4}")
KIND = Kind(entity_type="BADGE", label=LABEL, value=VALUE, good=lambda value: value != "2025", alone=r"\bBDG-(\d{4})")
RECOGNIZER = LabelledRecognizer([KIND], "BadgeRecognizer")


@pytest.mark.parametrize(
    "text",
    [
        "badge no. B-417",
        "BADGE_ID=B-417",
        "badgeNumber: 'B-417'",
        '"badge_id" : "B-417"',
        "<badge-no>B-417</badge-no>",
        "badge id\tB-417",
        "| badge id | B-417 |",
        "Ausweis-Nr.: B-417,",
        "numéro de badge B-417.",
        "badge number is B-417",
        "badge no\nB-417",
        "x;badge no\n1;B-417",
        "badge no . . . . . . . . . . . . . . : B-417",
        "Badge no ______________________ B-417",
        "Badge no \u2026\u2026\u2026\u2026 B-417",
        "[x] 3. badge no B-417",
        "NAME       BADGE NO\nEva 2      B-417",
    ],
)
def test_a_value_stands_behind_or_below_its_word(text: str) -> None:
    assert found([RECOGNIZER], text, "BADGE") == ["B-417"]


@pytest.mark.parametrize(
    "text",
    [
        "badge B-417",
        "badge no one",
        "badgeNo",
        "webadge no. B-417",
        "badge number of the day is B-417",
        "badge no 2025",
    ],
)
def test_what_the_word_does_not_lead_to_is_none(text: str) -> None:
    assert found([RECOGNIZER], text, "BADGE") == []


@pytest.mark.parametrize(
    "text",
    [
        "badge no B-417              C-5520",
        "badge no B-417    | C-5520",
        "badge no B-417 kl. A        C-5520  kl. B",
        "badge no B-417 not C-5520",
        "Ausweisnummer B-417 (statt C-5520)",
        "num\u00e9ro de badge B-417, et non C-5520",
        "badge nr B-417 og ikke C-5520",
        "badge nr B-417 zamiast C-5520",
    ],
)
def test_one_word_may_lead_to_two_values(text: str) -> None:
    assert found([RECOGNIZER], text, "BADGE") == ["B-417", "C-5520"]


@pytest.mark.parametrize(
    "text",
    [
        "badge no B-417              Order: C-5520",
        "badge no B-417 C-5520",
        "badge no B-417      Ford Focus 2014",
        "badge no B-417     A1",
    ],
)
def test_what_stands_beside_may_be_something_else(text: str) -> None:
    assert found([RECOGNIZER], text, "BADGE") == ["B-417"]


def test_a_form_may_stand_alone_and_its_group_is_the_value() -> None:
    assert found([RECOGNIZER], "see BDG-4410", "BADGE") == ["4410"]


def test_words_may_fold_with_the_value() -> None:
    kind = Kind(entity_type="X", label="mois", value=re.compile("fevrier"), folds=True)

    assert found([LabelledRecognizer([kind], "x")], "Mois : Février", "X") == ["Février"]


def test_each_word_and_each_form_is_a_part_of_its_own() -> None:
    word, form = RECOGNIZER.parts

    assert (word.words, form.words) == (True, False)
    assert form.needs == (r"\bBDG-(\d{4})",)
    assert RECOGNIZER.analyze_parts("badge no. B-417", ["BADGE"], [form]) == []
    assert len(RECOGNIZER.analyze_parts("badge no. B-417", ["BADGE"], [word])) == 1


def test_a_hint_is_looked_for_in_place_of_the_form() -> None:
    kind = Kind(entity_type="X", label="", value=VALUE, alone="(?:a{0,9}b){9}c", hint="bc")

    assert [part.needs for part in LabelledRecognizer([kind], "x").parts] == [("bc",)]
