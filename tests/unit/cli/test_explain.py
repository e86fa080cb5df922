import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.cli.main import main
from tests.unit.cli.desks import EXPLAINED, Gateway

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


@pytest.fixture
def asked(tmp_path: Path) -> list[str]:
    """The words of a command that asks a gateway about a text."""
    (tmp_path / "asked").write_text(TEXT)
    (tmp_path / "key").write_text("k")
    return ["policy", "explain", str(tmp_path / "asked"), "--url", "http://one", "--key-file", str(tmp_path / "key")]


def test_through_a_gateway_the_same_is_said(
    gateway: Gateway, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    gateway.says(*[EXPLAINED] * 2)

    assert main([*asked, "--app", "crm"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "permit by policy abababababab",
        "  chosen: p (p.yaml:1), the tenant's own",
        "done:",
        "  5-9 PERSON 0.90 r: redact",
        "      p: redact (p.yaml:2 defaults)",
    ]
    assert main([*asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == EXPLAINED
    assert [body["text"] for _, _, body in gateway.asked] == [TEXT] * 2
    assert gateway.asked[0][2]["app"] == "crm"


def test_a_gateway_is_sent_a_request_and_files(
    gateway: Gateway, asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": TEXT}]}
    (tmp_path / "asked").write_text(json.dumps(body))
    (tmp_path / "p.yaml").write_text(POLICY)
    gateway.says(EXPLAINED)

    assert main([*asked, "--policy", str(tmp_path / "p.yaml")]) == 0
    ((_, path, sent),) = gateway.asked
    assert (path, sent["request"]) == ("/api/policies/explain", body)
    assert sent["documents"] == [{"file": str(tmp_path / "p.yaml"), "text": POLICY}]


def test_what_a_gateway_says_moves_no_cursor(
    gateway: Gateway, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    finding = EXPLAINED["findings"][0] | {"recognizer": "\x1b[2J", "pointer": "/\x9b"}  # type: ignore[index]
    gateway.says(EXPLAINED | {"findings": [finding], "left_out": 7, "decision": "\r"})

    assert main(asked) == 0
    said = capsys.readouterr().out
    assert all(line.isprintable() for line in said.splitlines())
    assert said.splitlines()[-1] == "and 7 findings more"


@pytest.mark.parametrize("content", [b"\xff", b"{", b"{} {}"])
def test_what_cannot_be_read_is_not_sent(gateway: Gateway, asked: list[str], tmp_path: Path, content: bytes) -> None:
    (tmp_path / "asked").write_bytes(content)

    assert main(asked) == 2
    assert gateway.asked == []


def test_with_a_gateway_the_key_says_whose_request_it_is(gateway: Gateway, asked: list[str]) -> None:
    assert main([*asked, "--tenant", "acme"]) == 2
    assert gateway.asked == []


@pytest.mark.usefixtures("service")
def test_on_the_host_what_is_in_force_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded: list[Any] = []

    async def record(actor: Any, action: Any, *_: Any, tenant: str, **__: Any) -> None:
        recorded.append((actor.id, str(action), tenant))

    async def newest_of(scope: str) -> Any:
        own = POLICY.replace("desk", "own").replace("block", "hash")
        return SimpleNamespace(documents=[{"file": f"{scope}.yaml", "text": own if scope == "acme" else POLICY}])

    monkeypatch.setenv("CLOISTER_DETECT__ENGINE", "patterns")
    app = sys.modules["gateway.app"]
    house = SimpleNamespace(policy_service=SimpleNamespace(newest_of=newest_of), journal=SimpleNamespace(record=record))
    monkeypatch.setattr(app, "house", house, raising=False)
    monkeypatch.setattr(app, "fingerprints", lambda _: SimpleNamespace(recorded=lambda *_: ""), raising=False)
    monkeypatch.setitem(sys.modules, "gateway.checks", SimpleNamespace(configured_model=lambda _: ("patterns", "")))
    (tmp_path / "asked").write_text(TEXT)

    assert main(["policy", "explain", str(tmp_path / "asked")]) == 0
    assert "chosen: desk (platform.yaml:1)\n" in capsys.readouterr().out
    assert main(["policy", "explain", str(tmp_path / "asked"), "--tenant", "acme"]) == 0
    assert "chosen: own (acme.yaml:1), the tenant's own\n" in capsys.readouterr().out
    assert recorded == [("local", "policy.explain", "platform"), ("local", "policy.explain", "acme")]
    assert main(["policy", "explain", str(tmp_path / "asked"), "--tenant", "umbra"]) == 2
