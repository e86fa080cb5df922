import json
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.main import main

POLICY = """apiVersion: cloister/v1
kind: RedactionPolicy
metadata: {name: desk}
spec:
  defaults: {operator: keep}
  entities:
    EMAIL_ADDRESS: {operator: block}
    US_SSN: {operator: redact, threshold: 1}
"""
TEXT = "Mail maria@corp.example about 219-09-9999."


@pytest.fixture
def explain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command over a text or request, with patterns alone; return its exit code and what it said."""
    monkeypatch.setenv("CLOISTER_DETECT__ENGINE", "patterns")
    (tmp_path / "p.yaml").write_text(POLICY)

    def run(content: str, *words: str) -> tuple[int, str]:
        (tmp_path / "asked").write_text(content)
        code = main(["policy", "explain", str(tmp_path / "asked"), "--policy", str(tmp_path / "p.yaml"), *words])
        told = capsys.readouterr()
        return code, told.out or told.err

    return run


def test_each_finding_is_told_with_its_rule_and_no_value(explain: Any, tmp_path: Path) -> None:
    code, said = explain(TEXT)

    assert code == 0
    assert said.startswith("deny by policy")
    assert f"desk: block ({tmp_path}/p.yaml:7 entities.EMAIL_ADDRESS)" in said
    assert "5-23 EMAIL_ADDRESS" in said
    assert "maria" not in said


def test_what_is_left_alone_is_told_too(explain: Any) -> None:
    code, said = explain(TEXT, "--json")
    (kept,) = json.loads(said)["kept"]

    assert code == 0
    assert (kept["entity_type"], kept["done"], kept["start"]) == ("US_SSN", "keep", 30)
    assert kept["reasons"][0]["said"] == "nothing below a score of 1"


def test_a_request_is_read_as_its_endpoint_reads_it(explain: Any) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": TEXT}]}
    _, said = explain(json.dumps(body), "--json")

    assert [each["pointer"] for each in json.loads(said)["findings"]] == ["/messages/0/content"]


@pytest.mark.parametrize(
    ("content", "words", "code"),
    [("{}", (), 2), ("{", (), 2), (TEXT, ("--endpoint", "/v1/nothing"), 2), (TEXT, ("--policy", "/nowhere.yaml"), 2)],
)
def test_what_cannot_be_read_is_told(explain: Any, content: str, words: tuple[str, ...], code: int) -> None:
    assert explain(content, *words)[0] == code


def test_where_no_policy_matches_the_request_would_be_refused(explain: Any, tmp_path: Path) -> None:
    narrow = tmp_path / "narrow.yaml"
    narrow.write_text(POLICY.replace("spec:", "spec:\n  match: {apps: [hr]}"))
    (tmp_path / "asked").write_text(TEXT)

    assert main(["policy", "explain", str(tmp_path / "asked"), "--policy", str(narrow)]) == 69
    assert main(["policy", "explain", str(tmp_path / "asked"), "--policy", str(narrow), "--app", "hr"]) == 0
