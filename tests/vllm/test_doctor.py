"""``cloister doctor backend`` before real servers: what is open is named with its mend, what is shut is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.e2e.gateways import ALL_ALONE

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(300)]

LOOSE = (
    *(() if ALL_ALONE else ("VLLM_API_KEY",)),  # at a Unix socket, the rights of its file say who may ask
    "--disable-fastapi-docs",
    "--enable-log-requests",
    "VLLM_ALLOW_RUNTIME_LORA_UPDATING",
    "VLLM_LOGGING_LEVEL",
    "VLLM_SERVER_DEV_MODE",
)


def doctor(*servers: Any, processes: tuple[str, ...]) -> tuple[int, dict[str, list[tuple[bool, str]]]]:
    """Return how it ended, and what it says of each."""
    environ = os.environ | {"CLOISTER_BACKENDS": json.dumps([server.backend for server in servers])}
    command = [sys.executable, "-m", "gateway", "doctor", "backend", "--json", *processes]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    checks: dict[str, list[tuple[bool, str]]] = {}
    for check in json.loads(done.stdout):
        checks.setdefault(check["name"].removeprefix("backend "), []).append((check["sound"], check["detail"]))
    return done.returncode, checks


@pytest.fixture(scope="module")
def sound(qwen: Any, vllm: Any) -> tuple[int, dict[str, list[tuple[bool, str]]]]:
    """Two that are shut: one listens at a socket, by which its process is found."""
    return doctor(qwen, vllm, processes=(f"--process={vllm.model}={vllm.pid}",))


@pytest.fixture(scope="module")
def loose(embed: Any) -> tuple[int, list[str]]:
    """One that is open: how it ended, and the faults."""
    code, checks = doctor(embed, processes=(f"--process={embed.model}={embed.pid}",))
    return code, faults(checks[embed.model])


def faults(checks: list[tuple[bool, str]]) -> list[str]:
    return [what for sound, what in checks if not sound]


def test_the_server_of_our_start_commands_has_no_fault(sound: Any) -> None:
    code, checks = sound
    said = "\n".join(what for _, what in checks["tiny-qwen"])
    print(f"\n{said}")

    assert (code, faults(checks["tiny-qwen"])) == (0, [])
    assert "keeps cached prompts apart by their salts" in said
    assert "is version 0.32.0" in said
    assert "was started with none of the flags" in said, "found by its socket"


def test_a_server_that_is_shut_by_hand_has_no_fault(sound: Any) -> None:
    _, checks = sound
    said = "\n".join(what for _, what in checks["tiny-moe"])

    assert faults(checks["tiny-moe"]) == []
    by_itself = "caches no prompt" in said  # DeepSeek's attention does not, on some processors
    assert by_itself or "keeps cached prompts apart by their salts" in said, said
    assert "asks for a key" in said


def test_every_fault_of_an_open_server_is_named_with_its_mend(loose: Any) -> None:
    code, said = loose
    print("\n" + "\n".join(said))

    assert code == 1
    assert [mend for mend in LOOSE if not any(mend in what for what in said)] == []
    assert len(said) == len(LOOSE)
    [development] = [what for what in said if "VLLM_SERVER_DEV_MODE" in what]
    for path in ("/collective_rpc", "/reset_prefix_cache", "/server_info", "/sleep", "/update_weights"):
        assert path in development


def test_nothing_happened_to_the_open_server(loose: Any, embed: Any) -> None:
    assert json.loads(embed.fetch("/is_sleeping")) == {"is_sleeping": False}
    assert "prefix cache reset" not in embed.log.read_text(encoding="utf-8", errors="replace").lower()


def test_a_process_that_is_another_is_refused(qwen: Any) -> None:
    code, checks = doctor(qwen, processes=("--process=tiny-qwen=1",))

    assert code == 1
    assert "is no vLLM that can be seen" in faults(checks["tiny-qwen"])[0]
