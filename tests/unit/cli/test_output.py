from __future__ import annotations

import argparse
import io
import json
import sys
from datetime import UTC, datetime

import pytest

from gateway.cli.output import common, emit, paint, progress, require_tenant, shown, table
from gateway.core.errors import ProtocolError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def args(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    common(parser)
    return parser.parse_args(words)


def test_every_command_has_the_common_options() -> None:
    assert vars(args()) == {"config": None, "json": False}
    assert vars(args("--config", "c.toml", "--json")) == {"config": "c.toml", "json": True}


def test_people_get_text(capsys: pytest.CaptureFixture[str]) -> None:
    emit(args(), {"a": 1}, lambda: "one a")

    assert capsys.readouterr().out == "one a\n"


def test_machines_get_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    when = datetime(2026, 11, 24, 10, 0, 0, 250, tzinfo=UTC)

    emit(args("--json"), {"name": "Zoë", "when": when, "none": None}, pytest.fail)

    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert "Zoë" in out
    assert json.loads(out) == {"name": "Zoë", "when": "2026-11-24T10:00:00.000250+00:00", "none": None}


def test_progress_is_for_a_person_who_watches(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    progress("working")
    assert capsys.readouterr() == ("", "")

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    progress("working")
    assert "working" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def test_colours_are_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert paint("x", "red", stream=io.StringIO()) == "x"
    assert paint("x", "red", stream=Terminal()) == "\x1b[31mx\x1b[0m"

    monkeypatch.setenv("NO_COLOR", "")
    assert paint("x", "red", stream=Terminal()) == "x"


def test_columns_are_as_wide_as_they_need_to_be() -> None:
    assert table(("id", "label"), [["abcdef", "x"], ["b", None], [3, "longer"]]).splitlines() == [
        "id      label ",
        "abcdef  x",
        "b",
        "3       longer",
    ]


def test_what_others_said_stays_on_its_line() -> None:
    hostile = "a\x1b[2J\r\n\x9b\u202e\u2028\U000e0041\\é"

    assert shown(hostile) == r"a\x1b[2J\r\n\x9b\u202e\u2028\U000e0041\é"
    assert table(("x",), [[hostile]]).splitlines() == ["x" + " " * (len(shown(hostile)) - 1), shown(hostile)]


def test_a_table_may_be_empty() -> None:
    assert table(("id", "label"), []) == "id  label"


def test_a_tenant_that_is_not_there_is_unusable_input() -> None:
    require_tenant("acme", ["acme"])

    with pytest.raises(ProtocolError, match="--tenant"):
        require_tenant("acm", ["acme"])
