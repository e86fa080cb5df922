"""Recognizers that a policy brings find what its author said, and nothing else."""

from __future__ import annotations

import pytest

from gateway.core.policy import CustomPattern, CustomRecognizer
from gateway.detect.custom import PolicyRecognizer, decoded, encoded
from gateway.detect.scanner import Scanner

BADGES = CustomRecognizer(
    name="Badges",
    entity_type="BADGE",
    patterns=(CustomPattern(regex=r"\bB-\d{4}\b", score=0.3, flags="ims"), CustomPattern(regex="(?i)zz|", score=0.9)),
    context=("badge", "Ausweis"),
)
PROJECTS = CustomRecognizer(
    name="Projects", entity_type="PROJECT", deny_list=("Blue Whale", "\u0130ris", "\u738b\u724c"), deny_list_score=0.8
)


def found(recognizer: CustomRecognizer, text: str) -> list[tuple[str, float]]:
    results = PolicyRecognizer(recognizer).analyze(text, [])
    return [(text[each.start : each.end], each.score) for each in results]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("B-1234 and b-5678", ["B-1234", "b-5678"]),
        ("\u00e9\U0001f600 B-1234", ["B-1234"]),
        ("\ud800 B-1234", ["B-1234"]),
        ("AB-1234, B-12345", []),
        ("", []),
    ],
)
def test_patterns_are_found_where_they_stand(text: str, values: list[str]) -> None:
    assert found(BADGES, text) == [(value, 0.3) for value in values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("blue whale, BLUE  WHALE.", ["blue whale", "BLUE  WHALE"]),
        ("Blue Whales and TrueBlue Whale", []),
        ("\u0130ris", ["\u0130ris"]),
        ("\u9019\u662f\u738b\u724c\u3002", ["\u738b\u724c"]),
    ],
)
def test_listed_values_are_found_in_any_case_as_whole_words(text: str, values: list[str]) -> None:
    assert found(PROJECTS, text) == [(value, 0.8) for value in values]


def test_recognizers_come_through_the_pipe_as_they_were() -> None:
    badges, projects = decoded(encoded((BADGES, PROJECTS)))

    assert (badges.name, badges.supported_entities, badges.context) == ("Badges", ["BADGE"], ["badge", "Ausweis"])
    assert projects.supported_entities == ["PROJECT"]
    assert decoded(encoded((BADGES, PROJECTS)))[0] is badges
    assert decoded(encoded(())) == ()


def test_words_of_context_raise_a_score_as_elsewhere() -> None:
    scanner, given = Scanner("patterns", ""), encoded((BADGES, PROJECTS))

    plain, led = scanner.scan(["It is B-1234.", "Badge number B-1234, Blue Whale"], ["BADGE"], given)

    assert [each[:4] for each in plain] == [("BADGE", 6, 12, 0.3)]
    assert [(each[0], round(each[3], 2), each[4]) for each in led] == [("BADGE", 0.65, "Badges")]
    assert scanner.scan(["B-1234"], ["BADGE"]) == [[]]
