"""``cloister eval leaks``: what leaves by the shipped policy, and by one that keeps addresses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.main import main

pytestmark = pytest.mark.integration

KEEPING = """apiVersion: cloister/v1
kind: RedactionPolicy
metadata: {name: p}
spec: {match: {tenants: ['*'], apps: ['*']}, mode: enforce, defaults: {operator: keep}, entities: {SECRET: {operator: block}}}
"""


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path))
    monkeypatch.setenv("CLOISTER_DETECT__ENGINE", "patterns")


@pytest.fixture
def keeping(tmp_path: Path) -> str:
    file = tmp_path / "p.yaml"
    file.write_text(KEEPING)
    return str(file)


def measured(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["eval", "leaks", *words, "--json"]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def figures(report: dict[str, Any], by: str) -> dict[str, dict[str, Any]]:
    return {line["name"]: line for line in report["tables"][by]}


def test_hardly_anything_leaves_by_the_shipped_policy(capsys: pytest.CaptureFixture[str]) -> None:
    report = measured(capsys, "--limit", "900")

    assert set(figures(report, "endpoint")) == {"chat", "completions", "embeddings", "messages", "responses"}
    assert report["total"]["tried"] > 300
    assert report["total"]["leaked"]["value"] < 0.05  # names, which patterns alone do not know, are some of it
    assert report["total"]["beyond"]["value"] > 0.3


def test_what_a_policy_keeps_leaks_and_what_it_blocks_does_not(
    capsys: pytest.CaptureFixture[str], keeping: str
) -> None:
    report = measured(capsys, "--policy", keeping, "--limit", "600", "--endpoints", "chat,embeddings")
    types = figures(report, "type")

    assert set(figures(report, "endpoint")) == {"chat", "embeddings"}
    assert all(
        line["leaked"] is None or line["leaked"]["value"] == 1 for name, line in types.items() if name != "SECRET"
    )
    assert types["SECRET"]["refused"] == types["SECRET"]["tried"] > 0
    assert types["SECRET"]["leaked"]["value"] == 0


def test_too_much_is_the_answer_no(capsys: pytest.CaptureFixture[str], keeping: str) -> None:
    words = ["eval", "leaks", "--limit", "60", "--policy", keeping, "--max-leaked"]

    assert main([*words, "50"]) == 1
    assert main([*words, "100"]) == 0
    assert "| Group |" in capsys.readouterr().out


def test_leaks_are_shown_on_request(capsys: pytest.CaptureFixture[str], keeping: str, tmp_path: Path) -> None:
    file = tmp_path / "r.md"

    assert main(["eval", "leaks", "--limit", "60", "--policy", keeping, "--show", "1", "--output", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all(": " in line and " in " in line for line in lines)
    assert file.read_text().startswith("| Group |")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--endpoints", "shoes"], 2, "'shoes' is none of chat"),
        (["--policy", "/nowhere.yaml"], 2, "/nowhere.yaml"),
        (["--limit", "5", "--output", "/nowhere/r.md"], 78, "/nowhere/r.md"),
    ],
)
def test_what_cannot_be_done_is_said(
    capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    assert main(["eval", "leaks", *words]) == code
    assert said in capsys.readouterr().err
