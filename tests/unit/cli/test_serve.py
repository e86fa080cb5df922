import argparse
import json
import os
import re
import socket
from pathlib import Path

import pytest

from gateway import __version__, app
from gateway.cli import serve as command
from gateway.cli.main import main
from gateway.cli.serve import counting_folder, prepare, to_environment
from gateway.core.errors import Misconfigured
from gateway.db.embedded import EmbeddedPostgres
from gateway.settings import Settings, load


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    """One that is free, which the default port need not be."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found = int(free.getsockname()[1])
    monkeypatch.setenv("CLOISTER_SERVER__PORT", str(found))
    return found


@pytest.mark.usefixtures("port")
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


@pytest.mark.usefixtures("port")
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


@pytest.mark.parametrize("home", ["/proc/home", "/dev/null", "/dev/null/home"])
def test_a_home_that_cannot_be_made_is_exit_78_and_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: str
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.setenv("CLOISTER_HOME", home)
    monkeypatch.setenv("CLOISTER_DATABASE__EMBEDDED", "true")

    for words in (["serve", "--embedded"], ["audit", "query"]):
        assert main(words) == 78
        assert re.fullmatch(rf"cloister: .*{home}.* Set CLOISTER_HOME to .*\n", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("CLOISTER_DETECT__ENGINE", "spacy", "detect.model"),
        (
            "CLOISTER_BACKENDS",
            '[{"name": "a", "url": "http://127.0.0.1:9", "api_key_file": "/nowhere"}]',
            "api_key_file",
        ),
        ("CLOISTER_BACKENDS", '[{"name": "a", "url": "https://127.0.0.1:9", "ca_file": "/nowhere"}]', "ca_file"),
        (
            "CLOISTER_BACKENDS",
            '[{"name": "a", "url": "https://127.0.0.1:9", "cert_file": "/nowhere", "key_file": "/nowhere"}]',
            "cert_file and key_file",
        ),
        ("CLOISTER_BACKENDS", '[{"name": "a", "url": "http://127.0.0.1:9", "server_name": "vllm"}]', "https://"),
    ],
)
def test_what_a_worker_could_not_open_is_found_before_listening(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, mend: str
) -> None:
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path))
    monkeypatch.setenv("CLOISTER_DATABASE__URL", "postgresql://u@/db?host=/nowhere")
    monkeypatch.setattr(app, "first_run", report_nothing)
    monkeypatch.setenv(name, value)

    with pytest.raises(Misconfigured, match=mend):
        prepare(load())


async def report_nothing(settings: Settings) -> dict[str, str]:
    return {}


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_what_a_first_run_made_is_announced_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, port: int, form: list[str]
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path))
    monkeypatch.setenv("CLOISTER_BACKENDS", '[{"name": "a", "url": "http://127.0.0.1:9"}]')
    monkeypatch.setattr(command, "prepare", lambda settings: {"app": "cl_live_made"})
    monkeypatch.setattr(command, "serve", lambda settings: None)

    assert main(["serve", *form]) == 0

    said = capsys.readouterr().out
    assert said.count("cl_live_made") == 1
    if form:
        assert json.loads(said) == {
            "version": __version__,
            "address": f"http://127.0.0.1:{port}",
            "backends": ["a"],
            "keys": {"app": "cl_live_made"},
        }
    else:
        assert said.endswith(f"Cloister {__version__} on http://127.0.0.1:{port}\n")


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
