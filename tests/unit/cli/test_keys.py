from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from gateway.cli import keys
from gateway.core.errors import Conflict, Misconfigured
from gateway.keys import FileKeyring

Run = Callable[..., int]


@pytest.fixture
def cloister(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a house whose keys stand in a folder of the test's."""
    asked: list[str | None] = []

    def keyring(config: str | None) -> FileKeyring:
        asked.append(config)
        return FileKeyring(tmp_path / "keys")

    def run(*words: str) -> int:
        app = ModuleType("gateway.app")
        app.keyring = keyring  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "gateway.app", app)
        parser = argparse.ArgumentParser()
        keys.add(parser.add_subparsers())
        args = parser.parse_args(["keys", *words, "--config", "c.toml"])
        code = int(args.run(args))
        assert asked[-1] == "c.toml"
        return code

    return run


def test_a_key_is_made_and_found(cloister: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "keys" / "master.key"

    assert cloister("init", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"path": str(path)}
    assert cloister("status", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"path": str(path), "usable": True}


def test_people_are_told_to_back_it_up_apart(cloister: Run, capsys: pytest.CaptureFixture[str]) -> None:
    cloister("init")
    assert "back it up apart from the database" in capsys.readouterr().out

    cloister("status")
    assert "is private and whole" in capsys.readouterr().out


def test_a_key_is_not_made_twice(cloister: Run) -> None:
    cloister("init")

    with pytest.raises(Conflict):
        cloister("init")


def test_the_status_of_no_key_is_how_to_make_one(cloister: Run) -> None:
    with pytest.raises(Misconfigured, match="cloister keys init"):
        cloister("status")


def test_the_status_of_a_lax_key_is_the_mend(cloister: Run, tmp_path: Path) -> None:
    cloister("init")
    (tmp_path / "keys").chmod(0o755)

    with pytest.raises(Misconfigured, match="chmod 700"):
        cloister("status")


def test_the_key_itself_is_never_printed(cloister: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cloister("init")
    cloister("status")
    shown = capsys.readouterr().out
    key = (tmp_path / "keys" / "master.key").read_bytes()

    assert key.hex() not in shown
    assert repr(key) not in shown
