import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from gateway import checks
from gateway.core.errors import Misconfigured
from gateway.detect import ner
from gateway.forward import Start
from gateway.settings import DetectSettings, Settings, load
from tests.doubles.recording_backend import RecordingBackend

SPACY = DetectSettings(engine="spacy", model="/nowhere/model")


def settings(**backend: str) -> Settings:
    given = [{"name": "a", "url": "https://127.0.0.1:9", **backend}]
    return load(None, {"CLOISTER_BACKENDS": json.dumps(given)})


def load_model(detect: DetectSettings) -> None:
    with checks.model_loads(detect):
        pass


def test_the_embedded_model_loads_beside_the_block() -> None:
    load_model(DetectSettings())


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(Misconfigured, match=r"detect\.model: no spaCy model at /nowhere/model\. Name"):
        load_model(SPACY)


def test_an_embedded_model_that_is_not_whole_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ner.EMBEDDED, tmp_path / "model")
    with (tmp_path / "model/layers.npz").open("r+b") as file:
        file.write(b"x")
    monkeypatch.setattr(ner, "EMBEDDED", tmp_path / "model")

    with pytest.raises(Misconfigured, match="missing or damaged: install the package again"):
        load_model(DetectSettings())


def test_a_model_that_spacy_cannot_read_is_named_without_its_words(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text("{")

    fault = checks.model_fault("spacy", str(tmp_path))

    assert fault.startswith(f"detect.model: the model at {tmp_path} cannot be loaded (")


def test_a_process_that_is_killed_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "TextAnalyzer", lambda **_: os.kill(os.getpid(), signal.SIGKILL))

    with pytest.raises(Misconfigured, match="was killed"):
        load_model(DetectSettings())


def test_what_the_block_raises_comes_first() -> None:
    with pytest.raises(ZeroDivisionError), checks.model_loads(SPACY):
        raise ZeroDivisionError


@pytest.mark.parametrize("fields", [["api_key_file"], ["ca_file"], ["cert_file", "key_file"]])
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
async def test_a_backends_file_that_cannot_be_used_is_named(
    tmp_path: Path, fields: list[str], content: bytes | None
) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(Misconfigured, match=rf"'a'.*{fields[0]}"):
        await checks.require_credentials(settings(**dict.fromkeys(fields, str(file))))


async def test_backends_without_such_files_are_no_fault() -> None:
    await checks.require_credentials(settings())


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, []),
        ({"CLOISTER_DATABASE__EMBEDDED": "true"}, ["{home}/postgres"]),
        ({"CLOISTER_DATABASE__URL": "postgresql://u@h:1/d"}, ["postgresql://h:1"]),
        ({"CLOISTER_DATABASE__URL": "postgresql://u@/d?host=/run/pg"}, ["postgresql:///run/pg"]),
        (
            {"CLOISTER_DATABASE__URL": "postgresql://u@h/d", "CLOISTER_DATABASE__OWNER_URL": "postgresql://o@a/d"},
            ["postgresql://a", "postgresql://h"],
        ),
        ({"CLOISTER_BACKENDS": '[{"name": "a", "uds": "/run/vllm.sock"}]'}, ["/run/vllm.sock"]),
    ],
)
def test_the_database_is_a_door_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], named: list[str]
) -> None:
    for name, value in ({"CLOISTER_HOME": str(tmp_path)} | environ).items():
        monkeypatch.setenv(name, value)

    assert checks.doors(None) == [each.format(home=tmp_path) for each in named]


def test_a_backend_with_a_password_in_its_url_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOISTER_BACKENDS", '[{"name": "a", "url": "http://u:hunter2@h"}]')

    with pytest.raises(Misconfigured, match="'a': the url holds a user or a password") as raised:
        checks.doors(None)

    assert "hunter2" not in str(raised.value)


def backend_settings(monkeypatch: pytest.MonkeyPatch, **place: str) -> None:
    monkeypatch.setenv("CLOISTER_BACKENDS", json.dumps([{"name": "a", **place}]))


async def test_a_backend_is_asked_and_the_process_behind_its_socket_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = RecordingBackend()
    await backend.listen(uds=tmp_path / "s")
    backend_settings(monkeypatch, uds=backend.uds)
    seen: list[int] = []
    monkeypatch.setattr(checks, "started", lambda pid: seen.append(pid) or Start(flags={}, environ=None))

    found = await checks.probe_backends(None, {})
    await backend.close()

    assert seen == [os.getpid()]
    assert found[0] == ("a", True, "serves tiny-moe")
    assert (
        "a",
        False,
        "listens at every address of its host: start it with --uds, or --host and a private address",
    ) in found


async def test_a_start_that_is_not_seen_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    backend_settings(monkeypatch, url="http://127.0.0.1:9")

    unseen = await checks.probe_backends(None, {})
    refused = await checks.probe_backends(None, {"a": 1})

    assert [sound for _, sound, _ in unseen] == [False, True]
    assert "--process a=PID" in unseen[-1][2]
    assert [sound for _, sound, _ in refused] == [False, False]
    assert "process 1 is no vLLM that can be seen" in refused[-1][2]
