import json
from pathlib import Path

import pytest

from gateway.cli.main import main


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path / "home"))


def test_the_doors_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CLOISTER_BACKENDS", '[{"name": "a", "url": "http://127.0.0.1:9"}]')
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")

    assert main(["doctor", "egress", "--json"]) == 0
    (check,) = json.loads(capsys.readouterr().out)
    assert "http://127.0.0.1:9" in check["detail"]
    assert "HTTPS_PROXY" in check["detail"]


def test_a_backend_that_does_not_answer_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLOISTER_BACKENDS", '[{"name": "a", "url": "http://127.0.0.1:9"}]')

    assert main(["doctor", "backend"]) == 1
    assert "FAIL  backend a" in capsys.readouterr().out


def test_without_a_database_there_is_a_mend(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "db"]) == 1
    assert "database.url" in capsys.readouterr().out
