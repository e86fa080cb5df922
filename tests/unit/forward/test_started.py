"""How a model server was started, as the kernel tells it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.forward.started import Start, flags_of, flaws, started

SAFE = ("vllm", "serve", "/srv/model", "--uds", "/run/vllm/socket")
QUIET = {"VLLM_NO_USAGE_STATS": "1", "HF_HUB_OFFLINE": "1"}


def faults(*words: str, **environ: str) -> list[str]:
    start = Start(flags=flags_of([*SAFE, *words]), environ=QUIET | environ)
    return [each.what for each in flaws(start) if not each.sound]


def test_a_safe_start_has_no_flaw() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (["--enable-log-requests"], "without --enable-log-requests"),
        (["--enable_log_requests"], "without --enable-log-requests"),
        (["--enable-log-req"], "without --enable-log-requests"),
        (["--no-enable-log-requests", "--enable-log-requests"], "without --enable-log-requests"),
        (["--enable-log-outputs"], "without --enable-log-outputs"),
        (["--enable-scale-out"], "without --enable-scale-out"),
        (["--enable-prompt-embeds"], "without --enable-prompt-embeds"),
        (["--trust-remote-code"], "without --trust-remote-code"),
        (["--trust-request-chat-template"], "without --trust-request-chat-template"),
        (["--trust-request-mm-kwargs"], "without --trust-request-mm-kwargs"),
        (["--tool-server", "demo"], "without --tool-server"),
        (["--allowed-local-media-path=/srv"], "without --allowed-local-media-path"),
        (["--config", "/etc/vllm.yaml"], "without --config"),
        (["--api-key", "planted"], "VLLM_API_KEY"),
        (["--kv-events-config", '{"enable_kv_cache_events": true}'], "without --kv-events-config"),
        (["--kv-events-config.enable_kv_cache_events", "true"], "without --kv-events-config"),
        (["--kv-transfer-config", '{"kv_connector": "LMCacheConnectorV1"}'], "without that --kv-transfer-config"),
        (["--kv-transfer-config.kv_connector", "FlexKVConnectorV1"], "without that --kv-transfer-config"),
        (["--prefix-caching-hash-algo", "xxhash_cbor"], "--prefix-caching-hash-algo sha256"),
        (["--prefix-caching-hash-algo=xxhash"], "--prefix-caching-hash-algo sha256"),
    ],
)
def test_a_flag_that_tells_or_trusts_is_named_with_its_mend(words: list[str], mend: str) -> None:
    [found] = faults(*words)

    assert mend in found
    assert "planted" not in found


@pytest.mark.parametrize(
    "words",
    [
        ["--enable-log-requests", "--no-enable-log-requests"],
        ["--no-enable-log-outputs", "--no-trust-remote-code"],
        ["--prefix-caching-hash-algo", "sha256_cbor"],
        ["--config-format", "hf"],
        ["--kv-transfer-config", '{"kv_connector": "NixlConnector"}'],
    ],
)
def test_what_is_harmless_is_no_flaw(words: list[str]) -> None:
    assert faults(*words) == []


@pytest.mark.parametrize(
    ("words", "open_"),
    [
        ([], True),
        (["--host", "0.0.0.0"], True),  # noqa: S104 - what is looked for
        (["--host=::"], True),
        (["--host", "10.0.0.5"], False),
        (["--uds", "/run/s"], False),
        (["--headless"], False),
    ],
)
def test_a_server_listens_everywhere_unless_told(words: list[str], open_: bool) -> None:
    found = flaws(Start(flags=flags_of(["vllm", "serve", *words]), environ=QUIET))

    assert any("listens at every address" in each.what for each in found) == open_


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("VLLM_LOGGING_LEVEL", "debug", "unset VLLM_LOGGING_LEVEL"),
        ("VLLM_DEBUG_LOG_API_SERVER_RESPONSE", "True", "unset VLLM_DEBUG_LOG_API_SERVER_RESPONSE"),
        ("VLLM_ENABLE_RESPONSES_API_STORE", "1", "unset VLLM_ENABLE_RESPONSES_API_STORE"),
        ("VLLM_NO_USAGE_STATS", "0", "VLLM_NO_USAGE_STATS=1"),
        ("HF_HUB_OFFLINE", "", "HF_HUB_OFFLINE=1"),
    ],
)
def test_a_variable_that_tells_is_named_with_its_mend(name: str, value: str, mend: str) -> None:
    [found] = faults(**{name: value})

    assert mend in found


def test_another_variable_silences_as_well() -> None:
    assert faults(VLLM_NO_USAGE_STATS="0", DO_NOT_TRACK="1", HF_HUB_OFFLINE="0", TRANSFORMERS_OFFLINE="1") == []


def test_an_environment_that_may_not_be_read_is_not_called_sound() -> None:
    [found] = flaws(Start(flags=flags_of(SAFE), environ=None))

    assert "may not be read: run this as root" in found.what


def test_a_process_of_this_host_is_read(tmp_path: Path) -> None:
    (tmp_path / "vllm").write_text("import time; print(flush=True); time.sleep(60)")
    command = [sys.executable, tmp_path / "vllm", "serve", "/srv/model", "--enable-log-requests"]
    process = subprocess.Popen(command, env=os.environ | QUIET, stdout=subprocess.PIPE)
    try:
        assert process.stdout
        process.stdout.readline()
        start = started(process.pid)
    finally:
        process.kill()
        process.communicate()

    assert start is not None
    assert start.flags == {"--enable-log-requests": ""}
    assert start.environ is not None
    assert start.environ.items() >= QUIET.items()


def written(proc: Path, pid: int, parent: int, *words: str, environ: str | None = "A=1\0") -> None:
    folder = proc / str(pid)
    folder.mkdir()
    (folder / "status").write_text(f"Name:\tx\nPid:\t{pid}\nPPid:\t{parent}\n")
    (folder / "cmdline").write_text("".join(word + "\0" for word in words))
    if environ is not None:
        (folder / "environ").write_text(environ)


def test_the_server_that_a_process_belongs_to_is_found(tmp_path: Path) -> None:
    written(tmp_path, 10, 1, "/opt/bin/python", "/opt/bin/vllm", "serve", "m", "--uds", "/run/s")
    written(tmp_path, 11, 10, "VLLM::APIServer_0")

    start = started(11, tmp_path)

    assert start is not None
    assert (start.flags, start.environ) == ({"--uds": "/run/s"}, {"A": "1"})


def test_a_server_that_is_started_as_a_module_is_one(tmp_path: Path) -> None:
    written(tmp_path, 10, 1, "python", "-m", "vllm.entrypoints.openai.api_server", environ=None)

    start = started(10, tmp_path)

    assert start is not None
    assert start.environ is None


def test_what_is_no_server_is_not_read(tmp_path: Path) -> None:
    written(tmp_path, 10, 1, "socat", "UNIX-LISTEN:/run/s", "TCP:10.0.0.5:8000")
    written(tmp_path, 20, 20, "loop")

    assert [started(pid, tmp_path) for pid in (10, 20, 30, 1, 0)] == [None] * 5
