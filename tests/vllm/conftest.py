"""The real server, and the gateway in front of it, each started once for all tests marked ``vllm``."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.gateways import free_port

MODEL: Final = "tiny-moe"
KEY: Final = "for-tests-only"
QUIET: Final = {
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "TORCH_COMPILE_DISABLE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_HOST_IP": "127.0.0.1",
    "VLLM_NO_USAGE_STATS": "1",
}
"""No telemetry, no download, one GiB of cache, and no C++ compiler at the first request."""

FLAGS: Final = (
    *("--served-model-name", MODEL),
    *("--dtype", "bfloat16", "--max-model-len", "4096", "--max-num-seqs", "16", "--enforce-eager"),
    *("--enable-auto-tool-choice", "--tool-call-parser", "hermes"),
    *("--structured-outputs-config", '{"backend": "xgrammar", "disable_any_whitespace": true}'),
    # what a backend behind a gateway should run with: a key, nothing to browse, no fingerprint, no request in its logs
    *("--api-key", KEY, "--disable-fastapi-docs", "--fingerprint-mode", "none", "--disable-uvicorn-access-log"),
    *("--max-logprobs", "0"),
)
_START_SECONDS: Final = 240.0
_OPENER: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Vllm:
    """The real server. key_file: holds its key."""

    url: str
    key_file: Path
    model: str = MODEL

    def generated(self) -> float:
        """How many tokens it has made since its start, counted when it makes no more."""
        before = -1.0
        while (count := self._tokens()) != before:
            before = count
            time.sleep(1)
        return count

    def _tokens(self) -> float:
        lines = fetch(f"{self.url}/metrics").splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith("vllm:generation_tokens_total"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """``cloister serve`` in front of it. key: an app's."""

    url: str
    key: str
    home: Path


@pytest.fixture(scope="session")
def vllm(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vllm]:
    """The real server on loopback, with the tiny model."""
    environment = root / ".venv-vllm"
    if not (environment / "cloister-stamp").exists():
        pytest.skip("vLLM is not installed: make test-vllm")
    folder = tmp_path_factory.mktemp("vllm")
    key_file, port = folder / "key", free_port()
    key_file.write_text(KEY, encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | QUIET
    command = [environment / "bin" / "vllm", "serve", environment / "tiny-moe", "--host", "127.0.0.1"]
    with process([*command, "--port", str(port), *FLAGS], environ, folder / "log", folder):
        await_answer(f"http://127.0.0.1:{port}/health", folder / "log")
        yield Vllm(url=f"http://127.0.0.1:{port}", key_file=key_file)


@pytest.fixture(scope="session")
def gateway(vllm: Vllm, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The gateway, with its private Postgres and vLLM behind it."""
    folder, port = tmp_path_factory.mktemp("gateway"), free_port()
    backend = {"name": "vllm", "url": vllm.url, "api_key_file": str(vllm.key_file)}
    environ = os.environ | {
        "CLOISTER_BACKENDS": json.dumps([backend]),
        "CLOISTER_DETECT__DEADLINE": "10",  # the model may hold every processor
        "CLOISTER_HOME": str(folder / "home"),
    }
    command = [sys.executable, "-m", "gateway", "serve", "--embedded", "--port", str(port)]
    with process(command, environ, folder / "log", root):
        await_answer(f"http://127.0.0.1:{port}/health/ready", folder / "log")
        keys = json.loads((folder / "home" / "bootstrap.json").read_text(encoding="utf-8"))["keys"]
        yield Gateway(url=f"http://127.0.0.1:{port}", key=keys["app"], home=folder / "home")
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def process(command: list[str | Path], environ: dict[str, str], log: Path, folder: Path) -> Iterator[None]:
    """Run a server in a process group of its own, and end the group."""
    with log.open("wb") as out:
        started = subprocess.Popen(
            command, env=environ, cwd=folder, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield
        finally:
            started.send_signal(signal.SIGTERM)
            try:
                started.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(started.pid, signal.SIGKILL)
                started.wait(5)


def await_answer(url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            fetch(url)
        except OSError:
            time.sleep(0.25)
        else:
            return
    pytest.fail(f"nothing answered at {url}\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}")


def fetch(url: str) -> str:
    with _OPENER.open(url, timeout=5) as answer:
        return str(answer.read().decode())
