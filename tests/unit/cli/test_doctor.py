import json
import socket
from pathlib import Path

import pytest

from gateway.cli.main import main
from gateway.egress import outside


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path / "home"))


def test_every_door_is_named_and_no_other_is_open(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLOISTER_BACKENDS", '[{"name": "a", "url": "http://127.0.0.1:9"}]')
    monkeypatch.setenv("CLOISTER_DATABASE__URL", "postgresql://u@db.corp.local:5433/cloister")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setattr(outside, "OUTSIDE", (("127.0.0.1", 9),))

    assert main(["doctor", "egress", "--json"]) == 0

    doors, elsewhere = json.loads(capsys.readouterr().out)
    assert doors["detail"] == "http://127.0.0.1:9, postgresql://db.corp.local:5433; ignored: HTTPS_PROXY"
    assert elsewhere["detail"] == "none by 127.0.0.1 port 9"


def test_a_way_out_is_found_and_mended(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as public:
        port = public.getsockname()[1]
        monkeypatch.setattr(outside, "OUTSIDE", (("127.0.0.1", 9), ("127.0.0.1", port)))

        assert main(["doctor", "egress"]) == 1

    assert f"FAIL  egress elsewhere: reached 127.0.0.1 port {port}: let this host" in capsys.readouterr().out


def test_a_backend_that_does_not_answer_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLOISTER_BACKENDS", '[{"name": "a", "url": "http://127.0.0.1:9"}]')

    assert main(["doctor", "backend"]) == 1
    assert "FAIL  backend a" in capsys.readouterr().out


def test_without_a_database_there_is_a_mend(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "db"]) == 1
    assert "database.url" in capsys.readouterr().out
