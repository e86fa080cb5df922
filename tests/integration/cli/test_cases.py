"""``cloister policy test``: the shipped cases, and what becomes of wrong ones."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from gateway.cli.main import main
from gateway.policy import read_sources
from gateway.policy.compile import compile_bundle

pytestmark = pytest.mark.integration

LANGUAGES = {"de", "en", "es", "fr", "it", "nl", "pl", "pt"}
CASE = "apiVersion: cloister/v1\nkind: PolicyCases\nmetadata: {name: own}\nspec:\n  policy: %s\n  cases:\n"
POLICY = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: %s}\nspec: %s\n"
GOOD = "    - {name: an address goes, text: mail bob@corp.local, expect: {result: mail <EMAIL_ADDRESS_1>}}\n"
WRONG = "    - {name: a wrong one, text: mail bob@corp.local, expect: {result: mail bob}}\n"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path / "home"))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Detection without names."""
    monkeypatch.setenv("CLOISTER_DETECT__ENGINE", "patterns")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "p.yaml").write_text(POLICY % ("p", "{}"))
    found = tmp_path / "c.yaml"
    found.write_text(CASE % "p.yaml" + GOOD)
    return found


def told(capsys: pytest.CaptureFixture[str], *words: str | Path, code: int = 0) -> str:
    assert main(["policy", "test", *map(str, words)]) == code
    return capsys.readouterr().out


def test_every_shipped_case_comes_out_as_expected_and_every_shipped_policy_has_one(
    capsys: pytest.CaptureFixture[str], root: Path
) -> None:
    shown: dict[str, Any] = json.loads(told(capsys, "--require-tests", "--json"))

    assert shown["failures"] == []
    assert shown["cases"] >= 200
    assert shown["languages"].keys() >= LANGUAGES
    assert min(shown["languages"][name] for name in LANGUAGES) >= 15
    assert len(shown["files"]) == len(list((root / "policies/cases").glob("*.yaml")))


@pytest.mark.parametrize("folder", ["policies", "policies/examples"])
def test_every_shipped_policy_is_named_by_cases_and_says_whom_it_is_for(root: Path, folder: str) -> None:
    cases = "".join(file.read_text(encoding="utf-8") for file in (root / "policies/cases").glob("*.yaml"))

    for policy in (root / folder).glob("*.yaml"):
        text = policy.read_text(encoding="utf-8")
        assert policy.name in cases
        assert text.startswith("# For ")
        assert ("What it does not:" in text) == (folder != "policies")
        assert compile_bundle(read_sources([policy]), scope="platform").policies


def test_shipped_cases_are_no_copies(root: Path) -> None:
    texts = Counter(
        line
        for file in (root / "policies/cases").glob("*.yaml")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("      text: ")
    )

    assert [text for text, count in texts.items() if count > 1 and len(text) > 40] == []


def test_examples_stand_beside_the_default(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    files = [root / "policies" / name for name in ("default.yaml", *(f"examples/{n}.yaml" for n in ("hr", "pci")))]

    assert main(["policy", "validate", *map(str, files)]) == 0


def test_the_file_of_the_guide_comes_out_as_expected(
    capsys: pytest.CaptureFixture[str], root: Path, tmp_path: Path
) -> None:
    guide = (root / "docs/policy-tests.md").read_text(encoding="utf-8")
    (tmp_path / "shop.yaml").write_text(guide.split("```yaml\n")[1].split("```")[0])
    for policy in ("default.yaml", "examples/pci.yaml"):
        shutil.copy(root / "policies" / policy, tmp_path)

    assert told(capsys, tmp_path / "shop.yaml").splitlines()[-1].startswith("2 cases passed in ")


@pytest.mark.usefixtures("quick")
def test_a_wrong_case_is_told_and_exits_1(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_text(CASE % "p.yaml" + GOOD + WRONG)

    said = told(capsys, file, code=1)

    assert f"{file}:8:8: a wrong one\n    result:\n    - mail bob\n    + mail <EMAIL_ADDRESS_1>\n" in said
    assert f"{file}: 2 cases, 1 failed\n2 cases, 1 failed in " in said


@pytest.mark.usefixtures("quick")
def test_build_systems_read_the_outcome(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_text(CASE % "p.yaml" + GOOD + WRONG)

    root = ET.fromstring(told(capsys, file.parent / "c.yaml", "--format", "junit", code=1))  # noqa: S314 - it is ours

    assert (root.tag, root.get("tests"), root.get("failures")) == ("testsuites", "2", "1")
    assert [case.get("name") for case in root.iter("testcase")] == ["an address goes", "a wrong one"]
    assert [failure.get("message") for failure in root.iter("failure")] == ["otherwise than expected: result"]


@pytest.mark.usefixtures("quick")
def test_cases_are_chosen_by_name(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_text(CASE % "p.yaml" + GOOD + WRONG)

    assert told(capsys, file, "--only", "An Address").splitlines()[-1].startswith("1 case passed in ")


@pytest.mark.usefixtures("quick")
def test_another_policy_is_held_against_the_same_cases(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    laxer = file.parent / "laxer.yaml"
    laxer.write_text(POLICY % ("laxer", "{defaults: {operator: keep}}"))
    narrow = file.parent / "narrow.yaml"
    narrow.write_text((POLICY % ("p", "{}")) + "---\n" + POLICY % ("narrow", "{match: {apps: [crm]}}"))

    assert "+ mail bob@corp.local" in told(capsys, file, "--policy", laxer, code=1)
    assert told(capsys, file, "--policy", narrow)
    said = told(capsys, file, "--policy", narrow, "--require-tests", code=1)
    assert f'{narrow}:6:1: policy "narrow" decides no case\n' in said
    assert said.splitlines()[-1].endswith(" s; 1 without a case")


@pytest.mark.usefixtures("quick")
def test_a_tenants_policy_is_asked_as_its_own(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    own = file.parent / "own.yaml"
    own.write_text(POLICY % ("own", "{match: {tenants: [acme]}}"))

    assert told(capsys, file, "--policy", own, "--tenant", "acme")


def test_a_file_that_cannot_be_used_exits_2(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_text(CASE % "p.yaml" + GOOD.replace("expect", "expcet"))

    assert main(["policy", "test", str(file)]) == 2
    assert 'did you mean "expect"?' in capsys.readouterr().err
    problems = json.loads(told(capsys, file, "--format", "json", code=2))["problems"]
    assert [each["code"] for each in problems] == ["CL1003"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["/nowhere"], "/nowhere"),
        (["{file}", "--policy", "/nowhere"], "/nowhere"),
        (["{file}", "--only", "nothing of the kind"], "--only: no case"),
    ],
)
@pytest.mark.usefixtures("quick")
def test_what_is_not_there_is_named(
    capsys: pytest.CaptureFixture[str], file: Path, words: list[str], said: str
) -> None:
    assert main(["policy", "test", *(word.format(file=file) for word in words)]) == 2
    assert said in capsys.readouterr().err
