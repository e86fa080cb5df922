"""``cloister eval detection`` on a small collection of the suite's own, and on the office documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.cli import eval as command
from gateway.cli.main import main

pytestmark = pytest.mark.integration

LINES = [
    {"text": "Mail bob@corp.local today", "spans": [[5, 19, "EMAIL"]], "lang": "en", "genre": "mail"},
    {"text": "Card 4111 1111 1111 1111", "spans": [[5, 24, "CREDIT_CARD"]], "lang": "en", "genre": "mail"},
    {"text": "Der Schlüssel 0815", "spans": [[14, 18, "KEY"]], "lang": "de", "genre": "note"},
    {"text": "see 10.1.2.3", "spans": [], "lang": "en", "genre": "note"},
]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path))
    monkeypatch.setenv("CLOISTER_DETECT__ENGINE", "patterns")


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    file = tmp_path / "c.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    return str(file)


def measured(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert main(["eval", "detection", *words, "--json"]) == 0
    sides: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["sides"]
    return sides


def test_figures_of_a_collection(capsys: pytest.CaptureFixture[str], corpus: str) -> None:
    (side,) = measured(capsys, corpus, "--map", "EMAIL=EMAIL_ADDRESS", "--map", "KEY=SECRET")
    leaked = {line["name"]: (line["leaked"] or {}).get("value") for line in side["tables"]["entity"]}

    assert leaked == {"CREDIT_CARD": 0.0, "EMAIL_ADDRESS": 0.0, "IP_ADDRESS": None, "SECRET": 1.0}
    assert side["total"]["recall"]["value"] == side["total"]["precision"]["value"] == round(2 / 3, 4)
    assert side["clean"]["value"] == 1.0
    assert [line["name"] for line in side["tables"]["language"]] == ["de", "en"]
    assert [line["name"] for line in side["tables"]["genre"]] == ["mail", "note"]


def test_labels_types_and_samples_narrow_it(capsys: pytest.CaptureFixture[str], corpus: str) -> None:
    (side,) = measured(capsys, corpus, "--only-labels", "CREDIT_CARD", "--types", "CREDIT_CARD")
    (few,) = measured(capsys, corpus, "--limit", "2")

    assert [line["name"] for line in side["tables"]["entity"]] == ["CREDIT_CARD"]
    assert side["over_redaction"] == 0
    assert few["documents"] == 2


def test_stock_presidio_is_measured_in_the_same_run(
    capsys: pytest.CaptureFixture[str], corpus: str, spacy_model: Path
) -> None:
    words = ["--map", "EMAIL=EMAIL_ADDRESS", "--against", "stock", "--stock-model", str(spacy_model), "--speed"]
    ours, stock = measured(capsys, corpus, *words)

    assert (ours["side"], stock["side"]) == ("gateway", "stock Presidio")
    assert ours["total"]["leaked"]["value"] < stock["total"]["leaked"]["value"]
    assert [pace["side"] for pace in ours["paces"]] == ["gateway", "stock Presidio"] * 4
    assert len({pace["kind"] for pace in ours["paces"]}) == 4
    assert {pace["ratio"] for pace in ours["paces"][1::2]} == {1}


def test_the_documents_of_our_own_are_read_where_none_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    (side,) = measured(capsys, "--types", "all")
    kinds = {line["name"] for line in side["tables"]["kind"]}

    assert kinds == {"direct", "quasi"}
    assert len(side["tables"]["direct by language"]) == 12
    assert side["harmless"]["of"] > 1000
    assert side["clean"]["of"] >= 25


def test_processes_give_the_same_figures(capsys: pytest.CaptureFixture[str], corpus: str) -> None:
    assert measured(capsys, corpus) == measured(capsys, corpus, "--workers", "2")


def test_a_report_is_written_for_people(capsys: pytest.CaptureFixture[str], corpus: str, tmp_path: Path) -> None:
    file = tmp_path / "report.md"

    assert main(["eval", "detection", corpus, "--output", str(file)]) == 0
    assert capsys.readouterr().out == ""
    assert file.read_text().startswith("|  | gateway |")
    assert "bob" not in file.read_text()


def test_examples_are_shown_to_a_terminal_alone(
    capsys: pytest.CaptureFixture[str], corpus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["eval", "detection", corpus, "--show", "1"]) == 2
    assert "to a terminal alone" in capsys.readouterr().err
    monkeypatch.setattr(command, "_terminal", lambda: True)
    assert main(["eval", "detection", corpus, "--show", "1"]) == 0
    assert "gateway: - as IP_ADDRESS: see [10.1.2.3]" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["{corpus}", "--map", "EMAIL=SHOE"], 2, "'SHOE' is no entity type"),
        (["{corpus}", "--types", "SHOE"], 2, "'SHOE' is no entity type"),
        (["{corpus}", "--against", "stock"], 2, "--stock-model"),
        (["{corpus}", "--against", "stock", "--stock-model", "/nowhere"], 78, "no spaCy model"),
        (["{corpus}", "--output", "/nowhere/r.md"], 78, "/nowhere/r.md"),
        (["/nowhere"], 2, "/nowhere: No such file"),
        (["/dev/null"], 2, "no document"),
    ],
)
def test_what_cannot_be_done_is_said(
    capsys: pytest.CaptureFixture[str], corpus: str, words: list[str], code: int, said: str
) -> None:
    assert main(["eval", "detection", *(word.format(corpus=corpus) for word in words)]) == code
    assert said in capsys.readouterr().err


def test_a_broken_line_is_named_and_not_repeated(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text('{"text": "a", "spans": []}\n{"text": "Zebulon", "spans": [[0, 9, "PERSON"]]}\n')

    assert main(["eval", "detection", str(file)]) == 2
    said = capsys.readouterr().err
    assert f"{file}:2:1:" in said
    assert "Zebulon" not in said
