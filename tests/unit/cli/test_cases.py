"""Which cases a gateway is sent, and what is said where they fail there. Trying them here: ``tests/integration/cli``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.main import main
from gateway.core.problem import Failure
from gateway.policy import Plan, Source
from tests.unit.cli.desks import APPLIED, Gateway

POLICY = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: %s}\nspec: {match: {apps: [%s]}}\n"
CASES = "apiVersion: cloister/v1\nkind: PolicyCases\nmetadata: {name: c}\nspec:\n  policy: %s\n  cases:\n%s"
PLAN = Plan(scope="acme", base=3, digest="ab", sources=(Source("a.yaml", POLICY % ("a", "a")),))
ONE = "    - {name: one, text: t, expect: {decision: none}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(POLICY % (name, name))
    (tmp_path / "cases").mkdir()
    for name, about in {"a": "../a.yaml", "b": "../b.yaml", "both": "[../a.yaml, ../b.yaml]"}.items():
        (tmp_path / "cases" / f"{name}.yaml").write_text(CASES % (about, ONE))
    (tmp_path / "key").write_text("k")
    return tmp_path


def run(folder: Path, action: str, *words: object) -> int:
    at = ("--url", "http://one", "--key-file", folder / "key")
    return main(["policy", action, *map(str, (*words, *at))])


def sent(gateway: Gateway) -> list[str]:
    """The names of the case files that came with the last call."""
    return [Path(each["file"]).stem for each in gateway.asked[-1][2].get("cases", [])]


@pytest.mark.parametrize("action", ["plan", "apply"])
@pytest.mark.parametrize(("files", "given"), [("a", "a"), ("b", "b"), ("ab", "a b both")])
def test_a_gateway_is_sent_the_cases_that_are_about_the_files_alone(
    gateway: Gateway, folder: Path, capsys: pytest.CaptureFixture[str], action: str, files: str, given: str
) -> None:
    gateway.says(PLAN.as_json() if action == "plan" else APPLIED)

    assert run(folder, action, *(folder / f"{name}.yaml" for name in files)) == 0
    assert sent(gateway) == given.split()
    assert ("both.yaml: not tried" in capsys.readouterr().err) is (files != "ab")
    if action == "apply":
        told: dict[str, Any] = gateway.asked[0][2]
        assert told["cases"][0]["text"] == (folder / "cases" / f"{files[0]}.yaml").read_text()


def test_named_cases_are_sent_whatever_they_are_about(gateway: Gateway, folder: Path) -> None:
    gateway.says(APPLIED, APPLIED)

    assert run(folder, "apply", folder / "a.yaml", "--tests", folder / "cases" / "b.yaml") == 0
    assert sent(gateway) == ["b"]
    assert run(folder, "apply", folder / "a.yaml", "--tests", folder / "cases") == 0
    assert sent(gateway) == ["a", "b", "both"]


def test_without_cases_none_are_sent(gateway: Gateway, folder: Path) -> None:
    for file in (folder / "cases").iterdir():
        file.unlink()
    (folder / "cases").rmdir()
    gateway.says(APPLIED)

    assert run(folder, "apply", folder / "a.yaml") == 0
    assert "cases" not in gateway.asked[0][2]


def test_a_saved_plan_is_applied_as_it_is(gateway: Gateway, folder: Path) -> None:
    gateway.says(PLAN.as_json(), APPLIED)

    assert run(folder, "plan", folder / "a.yaml", "-o", folder / "a.plan") == 0
    assert run(folder, "apply", folder / "a.plan") == 0
    assert "cases" not in gateway.asked[1][2]


def test_a_saved_plan_is_held_to_the_cases_that_are_named(gateway: Gateway, folder: Path) -> None:
    gateway.says(PLAN.as_json(), APPLIED)

    assert run(folder, "plan", folder / "a.yaml", "-o", folder / "a.plan") == 0
    assert run(folder, "apply", folder / "a.plan", "--tests", folder / "cases" / "b.yaml") == 0
    assert sent(gateway) == ["b"]


def test_cases_with_mistakes_are_not_sent(gateway: Gateway, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "cases" / "a.yaml").write_text((CASES % ("../a.yaml", ONE)).replace("expect", "expcet"))

    assert run(folder, "apply", folder / "a.yaml") == 2
    assert 'did you mean "expect"?' in capsys.readouterr().err
    assert gateway.asked == []


@pytest.mark.parametrize("action", ["plan", "apply"])
def test_where_cases_fail_they_are_told_and_the_answer_is_no(
    gateway: Gateway, folder: Path, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    failure = Failure(
        file="cases/a.yaml", line=7, column=7, name="one", about=("decision",), lines=("- none", "+ permit")
    )
    gateway.says({"code": "cases_failed", "failures": [asdict(failure)], "count": 3}, status=422)

    assert run(folder, action, folder / "a.yaml") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith(
        "cases/a.yaml:7:7: one\n    - none\n    + permit\n"
        "cloister: Cases of the policy come out otherwise than they say. 3 fail: nothing was changed.\n"
    )
