import argparse
import os
from pathlib import Path

import pytest

from gateway.cli.main import main
from gateway.cli.serve import counting_folder, to_environment
from gateway.db.embedded import EmbeddedPostgres


@pytest.mark.parametrize(
    ("environ", "mend"),
    [
        ({}, "--embedded"),
        ({"CLOISTER_BACKENDS": '[{"name": "a", "url": "http://127.0.0.1:9"}]'}, "database.url"),
    ],
)
def test_what_is_missing_is_exit_78_with_its_mend(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    environ: dict[str, str],
    mend: str,
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path / "home"))
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    assert main(["serve"]) == 78
    assert mend in capsys.readouterr().err


def test_an_embedded_home_is_not_served_without_being_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "postgres").mkdir()
    monkeypatch.setattr(EmbeddedPostgres, "start", lambda self: pytest.fail("it was joined"))
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path))
    monkeypatch.setenv("CLOISTER_BACKENDS", '[{"name": "a", "url": "http://127.0.0.1:9"}]')

    assert main(["serve"]) == 78
    assert "database.url" in capsys.readouterr().err


def test_options_reach_the_workers_through_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    names = (
        "CLOISTER_SERVER__HOST",
        "CLOISTER_SERVER__PORT",
        "CLOISTER_SERVER__WORKERS",
        "CLOISTER_DATABASE__EMBEDDED",
    )
    for name in names:
        monkeypatch.setenv(name, "")

    to_environment(argparse.Namespace(config=None, host="127.0.0.2", port=9000, workers=2, embedded=True))

    assert [os.environ[name] for name in names] == ["127.0.0.2", "9000", "2", "true"]


def test_a_folder_to_count_in_is_new_and_those_of_dead_gateways_go(tmp_path: Path) -> None:
    own, dead, alive = (tmp_path / str(pid) for pid in (os.getpid(), 2**22 + 1, os.getppid()))
    for folder in (own, dead, alive):
        folder.mkdir()
        (folder / "counter_1.db").write_bytes(b"old")

    assert counting_folder(tmp_path) == own
    assert list(own.iterdir()) == []
    assert not dead.exists()
    assert alive.exists()
