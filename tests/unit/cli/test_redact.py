import io
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.cli import redact
from gateway.cli.main import main


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path))

    def put(text: str | bytes) -> None:
        raw = text.encode() if isinstance(text, str) else text
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="latin-1"))

    return put


def test_a_text_comes_back_without_its_values(typed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    typed("Mail bob@corp.local and bob@corp.local, pwd: Tr0ub4dor&3\n")

    assert main(["redact"]) == 0
    assert capsys.readouterr().out == "Mail <EMAIL_ADDRESS_1> and <EMAIL_ADDRESS_1>, pwd: [SECRET]\n"


def test_json_shows_places_and_no_values(typed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    typed("ä bob@corp.local")

    assert main(["redact", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["redacted"] == "ä <EMAIL_ADDRESS_1>"
    (found,) = shown["findings"]
    assert found.pop("score") > 0.95
    assert found == {"entity_type": "EMAIL_ADDRESS", "start": 2, "end": 16, "recognizer": "CloisterEmailRecognizer"}


def test_lines_keep_their_order(typed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    typed("".join(json.dumps({"id": number, "text": f"x{number} a{number}@b.local"}) + "\n" for number in range(50)))

    assert main(["redact", "--jsonl"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in lines] == list(range(50))
    assert all(line["redacted"] == f"x{line['id']} <EMAIL_ADDRESS_1>" for line in lines)


@pytest.mark.parametrize(
    ("text", "options", "where"),
    [
        ("{broken\n", ["--jsonl"], "stdin:1:1: not a JSON object"),
        ('{"id": 1}\n', ["--jsonl"], "stdin:1:1: not a JSON object"),
        ('{"id":1,"text":"x"}\n\n{"id":2,"text":"broken","more":1}\n', ["--jsonl"], "stdin:3:1: not a JSON object"),
        ('{"id":1,"text":"x"}\n{"id":2,"text":"x","lang":"ja"}\n', ["--jsonl"], "stdin:2:1: this version"),
        (b'{"id":1,"text":"broken \xe9"}\n', ["--jsonl"], "stdin:1:1: not a JSON object"),
        (b"fine\nbroken \xe9", [], "line 2: not UTF-8"),
        ("x", ["--lang", "ja"], "this version"),
    ],
)
def test_unusable_input_is_exit_2_names_its_place_and_is_not_repeated(
    typed: Any, capsys: pytest.CaptureFixture[str], text: str | bytes, options: list[str], where: str
) -> None:
    typed(text)

    assert main(["redact", *options]) == 2
    said = capsys.readouterr().err
    assert where in said
    assert "broken" not in said


def test_a_line_that_is_too_long_is_refused_unread(
    typed: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redact, "LINE_LIMIT", 30)
    typed('{"id":1,"text":"x"}\n{"id":2,"text":"too long for it"}\n')

    assert main(["redact", "--jsonl"]) == 2
    assert "stdin:2:1: longer than 30 bytes" in capsys.readouterr().err


def test_a_policy_may_block(typed: Any, capsys: pytest.CaptureFixture[str], root: Path) -> None:
    typed("password: Tr0ub4dor&3")

    assert main(["redact", "--policy", str(root / "policies" / "strict.yaml")]) == 1
    assert "SECRET (1)" in capsys.readouterr().err


def test_a_line_that_the_policy_blocks_is_answered_and_those_behind_it_too(
    typed: Any, capsys: pytest.CaptureFixture[str], root: Path
) -> None:
    texts = ("x", "password: Tr0ub4dor&3", "to bob@corp.local", "password: Tr0ub4dor&3")
    typed("".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts)))

    assert main(["redact", "--jsonl", "--policy", str(root / "policies" / "strict.yaml")]) == 1

    said = capsys.readouterr()
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert [line["id"] for line in lines] == [0, 1, 2, 3]
    assert lines[1] == {"id": 1, "error": {"code": "request_blocked", "entity_types": {"SECRET": 1}}}
    assert lines[2]["redacted"] == "to <EMAIL_ADDRESS_1>"
    assert said.err == "cloister: stdin: 2 blocked by the policy.\n"
    assert "Tr0ub4dor" not in said.out


def test_a_missing_file_is_named(typed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["redact", "/nowhere/text"]) == 2
    assert "/nowhere/text" in capsys.readouterr().err


def test_it_detects_as_the_configuration_says(typed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "cloister.toml"
    config.write_text('[detect]\nengine = "patterns"\n')
    typed("John Smith, bob@corp.local")

    assert main(["redact", "--config", str(config)]) == 0
    assert capsys.readouterr().out == "John Smith, <EMAIL_ADDRESS_1>"


def test_a_configuration_that_cannot_be_read_is_78(
    typed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "cloister.toml"
    config.write_text('[detekt]\nengine = "patterns"\n')
    typed("John Smith")

    assert main(["redact", "--config", str(config)]) == 78
    assert "detekt" in capsys.readouterr().err


def test_a_policy_that_is_for_nobody_in_particular_is_unusable_input(
    typed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: %s}\nspec: {match: {apps: [%s]}}\n"
    (tmp_path / "p.yaml").write_text((one % ("a", "a")) + "---\n" + (one % ("b", "b")))
    typed("x")

    assert main(["redact", "--policy", str(tmp_path / "p.yaml")]) == 2
    assert "matches every tenant and app" in capsys.readouterr().err


def test_what_is_suspicious_stays_and_is_shown(typed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    typed("see j-o-h-n, ok")

    assert main(["redact", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["redacted"] == "see j-o-h-n, ok"
    assert shown["findings"] == []
    assert [(each["entity_type"], each["start"], each["end"]) for each in shown["suspicious"]] == [
        ("SUSPICIOUS_ENCODING", 4, 11)
    ]


def test_a_policy_may_block_it(typed: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: x}\n"
        "spec: {defaults: {operator: keep}, suspicious_encoding: block}\n"
    )
    typed("".join(json.dumps({"id": text, "text": text}) + "\n" for text in ("plain", "j-o-h-n")))

    assert main(["redact", "--jsonl", "--policy", str(policy)]) == 1
    plain, blocked = map(json.loads, capsys.readouterr().out.splitlines())
    assert plain == {"id": "plain", "redacted": "plain", "findings": []}
    assert blocked["error"] == {"code": "request_blocked", "entity_types": {"SUSPICIOUS_ENCODING": 1}}
