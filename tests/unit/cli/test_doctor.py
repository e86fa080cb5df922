import asyncio
import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.main import main
from gateway.egress import outside


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try loopback alone; ``tests/e2e/test_alone.py`` tries all that there is."""
    monkeypatch.setattr(outside, "WAYS", (outside.Way(by="tcp", to="127.0.0.1", port=9, what="nobody"),))
    monkeypatch.setattr(outside, "routers", lambda: ())
    for name in [name for name in os.environ if name.upper().endswith("_PROXY")]:
        monkeypatch.delenv(name)


def test_every_door_is_named_and_no_other_is_open(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLOISTER_BACKENDS", '[{"name": "a", "url": "http://127.0.0.1:9"}]')
    monkeypatch.setenv("CLOISTER_DATABASE__URL", "postgresql://u@db.corp.local:5433/cloister")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")

    assert main(["doctor", "egress", "--try", "127.0.0.1:7", "--json"]) == 0

    assert json.loads(capsys.readouterr().out) == [
        {"name": name, "sound": True, "detail": detail}
        for name, detail in (
            ("egress doors", "http://127.0.0.1:9, postgresql://db.corp.local:5433; ignored: HTTPS_PROXY"),
            ("egress by tcp 127.0.0.1 port 9 (nobody)", "Connection refused"),
            ("egress by tcp 127.0.0.1 port 1 (the proxy of HTTPS_PROXY)", "Connection refused"),
            ("egress by tcp 127.0.0.1 port 7 (named by --try)", "Connection refused"),
        )
    ]


def test_a_way_out_is_found_and_mended(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as public:
        port = public.getsockname()[1]

        assert main(["doctor", "egress", "--try", f"127.0.0.1:{port}"]) == 1

    printed = capsys.readouterr().out
    assert "ok    egress by tcp 127.0.0.1 port 9 (nobody): Connection refused" in printed
    assert f"FAIL  egress by tcp 127.0.0.1 port {port} (named by --try): REACHED: let this host" in printed


def test_a_place_that_cannot_be_read_is_unusable_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "egress", "--try", "somewhere"]) == 2
    assert "--try: an address and a port" in capsys.readouterr().err


def test_a_backend_that_does_not_answer_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLOISTER_BACKENDS", '[{"name": "a", "url": "http://127.0.0.1:9"}]')

    assert main(["doctor", "backend"]) == 1
    assert "FAIL  backend a" in capsys.readouterr().out


async def test_the_answer_about_a_backend_is_json_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], recording_backend: Any
) -> None:
    monkeypatch.setenv("CLOISTER_BACKENDS", json.dumps([{"name": "a", "url": recording_backend.url}]))

    await asyncio.to_thread(main, ["doctor", "backend", "--json"])

    checks = json.loads(capfd.readouterr().out)
    assert checks[0] == {"name": "backend a", "sound": True, "detail": "serves tiny-moe"}


@pytest.mark.parametrize("words", ["a", "a=", "=7", "a=seven", "a=-1"])
def test_a_process_is_named_by_its_backend_and_id(capsys: pytest.CaptureFixture[str], words: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(["doctor", "backend", f"--process={words}"])

    assert left.value.code == 2
    assert "--process" in capsys.readouterr().err


def test_a_process_of_a_backend_that_there_is_not_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLOISTER_BACKENDS", '[{"name": "a", "url": "http://127.0.0.1:9"}]')

    assert main(["doctor", "backend", "--process", "b=7", "--json"]) == 1

    [check] = json.loads(capsys.readouterr().out)
    assert "no backend is named 'b'" in check["detail"]


def test_without_a_database_there_is_a_mend(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "db"]) == 1
    assert "database.url" in capsys.readouterr().out
