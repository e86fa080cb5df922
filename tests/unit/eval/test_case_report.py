"""Outcomes as people, programs and build systems read them."""

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from gateway.core.policy import Target
from gateway.eval.case_report import as_json, as_junit, as_text
from gateway.eval.cases import Case, Fate, Suite
from gateway.eval.trials import Failure, Outcome, Tried, failures

TARGET = Target(tenant="*", app="*", model="*", endpoint="/v1/chat/completions")


def outcome(name: str, line: int, *wrong: str, lang: str = "en") -> Outcome:
    case = Case(
        name=name,
        line=line,
        column=7,
        lang=lang,
        target=TARGET,
        shadow=False,
        text="bob@corp.local",
        answer=None,
        tool="",
        expected=Fate(result="x"),
    )
    return Outcome(case=case, wrong={"result": wrong} if wrong else {}, seconds=0.25)


def tried(file: str, *outcomes: Outcome) -> Tried:
    cases = tuple(each.case for each in outcomes)
    return Tried(
        suite=Suite(file=file, name=file.removesuffix(".yaml"), policies=(), cases=cases),
        outcomes=outcomes,
        used=frozenset(),
    )


TRIES = [
    tried("a.yaml", outcome("good", 9), outcome('b "<&>" d', 12, "- x", "+ \x00\ufffe y", lang="de")),
    tried("b.yaml", outcome("fine", 9)),
]
UNTESTED = Failure(file="p.yaml", line=3, column=1, name='policy "p" decides no case')
FAILED = [*failures(TRIES), UNTESTED]


def test_people_read_what_failed_and_how_much() -> None:
    assert as_text(TRIES, FAILED).splitlines() == [
        "- what was expected, + what came",
        'a.yaml:12:7: b "<&>" d',
        "    result:",
        "    - x",
        "    + \x00\ufffe y",
        'p.yaml:3:1: policy "p" decides no case',
        "a.yaml: 2 cases, 1 failed",
        "b.yaml: 1 case passed",
        "3 cases, 1 failed in 0.8 s; 1 without a case",
    ]


def test_people_read_little_where_nothing_failed() -> None:
    assert as_text(TRIES[1:], []) == "b.yaml: 1 case passed\n1 case passed in 0.2 s"


def test_programs_read_the_same() -> None:
    shown = json.loads(as_json(TRIES, FAILED))

    assert shown["cases"] == 3
    assert shown["files"] == {"a.yaml": 2, "b.yaml": 1}
    assert shown["languages"] == {"de": 1, "en": 2}
    assert shown["seconds"] == 0.75
    assert [(each["file"], each["line"], each["about"]) for each in shown["failures"]] == [
        ("a.yaml", 12, ["result"]),
        ("p.yaml", 3, []),
    ]


@pytest.fixture
def junit() -> ET.Element:
    return ET.fromstring(as_junit(TRIES, FAILED))  # noqa: S314 - it is ours


def test_build_systems_read_suites_that_add_up(junit: ET.Element) -> None:
    names = ("name", "tests", "failures", "errors", "skipped", "time")

    assert junit.tag == "testsuites"
    assert [[each.get(name) for name in names] for each in (junit, *junit)] == [
        ["cloister policy test", "4", "2", "0", "0", "0.750"],
        ["a", "2", "1", "0", "0", "0.500"],
        ["b", "1", "0", "0", "0", "0.250"],
        ["policies without a case", "1", "1", "0", "0", "0.000"],
    ]


def test_build_systems_read_cases_with_their_places(junit: ET.Element) -> None:
    cases = list(junit.iter("testcase"))

    assert [(each.get("classname"), each.get("name"), each.get("file"), each.get("line")) for each in cases] == [
        ("a", "good", "a.yaml", "9"),
        ("a", 'b "<&>" d', "a.yaml", "12"),
        ("b", "fine", "b.yaml", "9"),
        ("policies without a case", 'policy "p" decides no case', "p.yaml", "3"),
    ]
    assert [each.find("failure") is not None for each in cases] == [False, True, False, True]


def test_a_failure_says_what_and_how_and_is_xml_whatever_came(junit: ET.Element) -> None:
    failure, untested = junit.iter("failure")

    assert failure.get("message") == "otherwise than expected: result"
    assert (failure.text or "").splitlines()[1:] == ["    result:", "    - x", "    + \\u0000\\ufffe y"]
    assert untested.get("message") == 'policy "p" decides no case'


def test_two_cases_of_a_line_are_told_apart() -> None:
    one, other = outcome("one", 9), outcome("two", 9, "- x")
    tries = [tried("a.yaml", one, replace(other, case=replace(other.case, column=40)))]

    cases = ET.fromstring(as_junit(tries, failures(tries))).iter("testcase")  # noqa: S314 - it is ours

    assert [each.find("failure") is not None for each in cases] == [False, True]
