"""The real servers, and the gateway in front of them, each started once for all tests marked ``vllm``.

Three servers load at the same time, which takes little longer than one: DeepSeek as it is usually hardened, Qwen as
``deploy/vllm`` starts it, and one for embeddings that is open in every way, and so writes down what reaches it.

With ``E2E_ALONE=1`` each of them and the gateway is on a network of its own, and they meet at Unix sockets.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

import openai
import pytest

from tests.e2e.gateways import ALL_ALONE, alone, free_port, relay

MODEL, QWEN, EMBED = "tiny-moe", "tiny-qwen", "tiny-embed"
KEY: Final = "for-tests-only"
QUIET: Final = {
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",
    "TORCH_COMPILE_DISABLE": "1",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    "TRANSFORMERS_OFFLINE": "1",
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_HOST_IP": "127.0.0.1",
    "VLLM_NO_USAGE_STATS": "1",
}
"""No telemetry, no download, one GiB of cache, no C++ compiler at the first request, and one thread: with as many as
there are processors, a model's text is passed on when it is all said, because nobody else gets a turn before."""

BEHIND: Final = ("nice", "-n", "10")
"""A model waits for work by spinning: on processors of its own, as a deployed one has, it is in nobody's way."""

SMALL: Final = ("--dtype", "bfloat16", "--max-model-len", "4096", "--max-num-seqs", "16", "--enforce-eager")
EXACT: Final = ("--structured-outputs-config", '{"backend": "xgrammar", "disable_any_whitespace": true}')
FLAGS: Final = (
    *("--enable-auto-tool-choice", "--tool-call-parser", "hermes"),
    # what a backend behind a gateway should run with: nothing to browse, no fingerprint, no request in its logs
    *("--disable-fastapi-docs", "--fingerprint-mode", "none", "--disable-uvicorn-access-log"),
    *("--max-logprobs", "0"),
)
LOOSE: Final = {"VLLM_ALLOW_RUNTIME_LORA_UPDATING": "1", "VLLM_LOGGING_LEVEL": "DEBUG", "VLLM_SERVER_DEV_MODE": "1"}
_START_SECONDS: Final = 240.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Vllm:
    """A real server. place: ``http://host:port`` or ``unix:PATH``. key_file: holds its key, "" where it has none."""

    model: str
    pid: int
    log: Path
    place: str
    key_file: str | Path = ""

    @property
    def backend(self) -> dict[str, str]:
        """How the gateway's settings name it."""
        uds = self.place.removeprefix("unix:")
        place = {"url": self.place} if uds == self.place else {"uds": uds}
        return {"name": self.model, **place, "api_key_file": str(self.key_file)}

    def fetch(self, path: str) -> str:
        """Return the body of a page. Raise ``OSError`` where there is none yet."""
        return fetch(self.place, path)

    def counted(self, name: str) -> float:
        """Return the sum of a metric's series."""
        lines = self.fetch("/metrics").splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith((name + "{", name + " ")))

    def generated(self) -> float:
        """How many tokens it has made since its start, counted when it makes no more."""
        before = -1.0
        while (count := self.counted("vllm:generation_tokens_total")) != before:
            before = count
            time.sleep(1)
        return count


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """``cloister serve`` in front of them. key: an app's. environ: what its commands act with."""

    url: str
    key: str
    home: Path
    environ: dict[str, str]

    def command(self, *words: str) -> Any:
        """Run a command on its host and return what it prints as JSON."""
        command = [sys.executable, "-m", "gateway", *words, "--json"]
        return json.loads(subprocess.run(command, env=self.environ, capture_output=True, check=True).stdout)

    def told(self) -> str:
        """Return the end of its log and how often it refused what, for a test that fails."""
        keys = json.loads((self.home / "bootstrap.json").read_text(encoding="utf-8"))["keys"]
        lines = fetch(self.url, "/metrics", {"authorization": f"Bearer {keys['platform']}"}).splitlines()
        refused = [line for line in lines if line.startswith("cloister_refusals_total")]
        log = (self.home.parent / "log").read_text(encoding="utf-8", errors="replace")
        return "\n".join([log[-4000:], *refused])


@pytest.fixture(scope="session")
def environment(root: Path) -> Path:
    """Where vLLM is installed."""
    folder = root / ".venv-vllm"
    if not all((folder / stamp).exists() for stamp in ("packages.stamp", "models.stamp")):
        pytest.skip("vLLM is not installed: make test-vllm")
    return folder


@pytest.fixture(scope="session")
def servers(environment: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Vllm]]:
    """The three of them, by their models."""
    folder = tmp_path_factory.mktemp("vllm")
    key, uds = folder / "key", folder / "qwen.sock"
    key.write_text(KEY, encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | QUIET

    begin = alone() if ALL_ALONE else []

    def somewhere(model: str) -> str:
        return f"unix:{folder / model}.sock" if ALL_ALONE else f"http://127.0.0.1:{free_port()}"

    def command(model: str, place: str) -> list[str | Path]:
        parts = urlsplit(place)
        at = ("--uds", parts.path) if parts.scheme == "unix" else ("--host", "127.0.0.1", "--port", str(parts.port))
        program = (*begin, environment / "bin" / "vllm", "serve", environment / "models" / model)
        return [*program, "--served-model-name", model, *at, *SMALL]

    moe, embed = somewhere(MODEL), somewhere(EMBED)
    as_deployed = {
        "PATH": f"{environment / 'bin'}:{os.environ['PATH']}",
        "SERVE_GPUS": "1",
        "SERVE_KEY_FILE": str(key),
        "SERVE_MODEL": str(environment / "models" / QWEN),
        "SERVE_NAME": QWEN,
        "SERVE_REASONING_PARSER": "",
        "SERVE_SOCKET": str(uds),
    }
    with ExitStack() as stack:

        def start(model: str, words: list[str | Path], more: dict[str, str], place: str, **fields: Any) -> Vllm:
            log = folder / f"{model}.log"
            pid = stack.enter_context(process([*BEHIND, *words], inherited | more, log, folder))
            return Vllm(model=model, pid=pid, log=log, place=place, **fields)

        script: list[str | Path] = [*begin, "sh", root / "deploy/vllm/qwen3-moe.sh", "expert", *SMALL, *EXACT]
        loose = [*command(EMBED, embed), "--runner", "pooling", "--enable-log-requests"]
        started = (
            start(MODEL, [*command(MODEL, moe), *FLAGS, *EXACT], {"VLLM_API_KEY": KEY}, moe, key_file=key),
            start(QWEN, script, as_deployed, f"unix:{uds}", key_file=key),
            start(EMBED, loose, LOOSE, embed),
        )
        for server in started:
            await_answer(server.place, "/health", server.log)
        yield {server.model: server for server in started}
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def vllm(servers: dict[str, Vllm]) -> Vllm:
    """The one with the tiny DeepSeek."""
    return servers[MODEL]


@pytest.fixture(scope="session")
def qwen(servers: dict[str, Vllm]) -> Vllm:
    """The one that ``deploy/vllm`` starts."""
    return servers[QWEN]


@pytest.fixture(scope="session")
def embed(servers: dict[str, Vllm]) -> Vllm:
    """The open one, which makes vectors."""
    return servers[EMBED]


@pytest.fixture(scope="session")
def gateway(servers: dict[str, Vllm], root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The gateway, with its private Postgres and the servers behind it."""
    folder, port = tmp_path_factory.mktemp("gateway"), free_port()
    environ = os.environ | {
        "CLOISTER_BACKENDS": json.dumps([server.backend for server in servers.values()]),
        "CLOISTER_DETECT__DEADLINE": "10",  # the models may hold every processor
        "CLOISTER_HOME": str(folder / "home"),
    }
    command = [sys.executable, "-m", "gateway", "serve", "--embedded", "--port", str(port)]
    reached = nullcontext()
    if ALL_ALONE:
        command = [*alone(), *command]
        environ |= {"CLOISTER_SERVER__UDS": str(folder / "gateway.sock")}
        reached = relay(port, folder / "gateway.sock")
    with reached, process(command, environ, folder / "log", root):
        await_answer(f"http://127.0.0.1:{port}", "/health/ready", folder / "log")
        keys = json.loads((folder / "home" / "bootstrap.json").read_text(encoding="utf-8"))["keys"]
        url = f"http://127.0.0.1:{port}"
        yield Gateway(url=url, key=keys["app"], home=folder / "home", environ=environ)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def app(gateway: Gateway) -> AsyncIterator[openai.AsyncOpenAI]:
    """The official SDK, as an app uses it."""
    async with openai.AsyncOpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.key, max_retries=0) as client:
        yield client


@pytest.fixture(scope="session")
def other_key(gateway: Gateway) -> str:
    """An app's key of another tenant."""
    gateway.command("access", "tenant", "create", "other")
    made = gateway.command("access", "key", "create", "--tenant", "other", "--role", "app", "--label", "crm")
    return str(made["key"])


async def in_pieces(ask: Callable[[], AsyncIterator[str]], least: int, parted: Collection[str] = ()) -> list[str]:
    """Ask until an answer comes in so many pieces, five times at most: a server without its turn says all at once.

    parted: what no piece may hold whole.
    """
    for _ in range(5):
        pieces = [piece async for piece in ask() if piece]
        if len(pieces) >= least and not any(value in piece for piece in pieces for value in parted):
            return pieces
    pytest.fail(f"an answer never came in {least} pieces; the last one in {len(pieces)}")


@contextmanager
def process(command: list[str | Path], environ: dict[str, str], log: Path, folder: Path) -> Iterator[int]:
    """Run a server in a process group of its own, and end the group. Gives its id."""
    with log.open("wb") as out:
        started = subprocess.Popen(
            command, env=environ, cwd=folder, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield started.pid
        finally:
            started.send_signal(signal.SIGTERM)
            try:
                started.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(started.pid, signal.SIGKILL)
                started.wait(5)


def await_answer(place: str, path: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            fetch(place, path)
        except (OSError, http.client.HTTPException):
            time.sleep(0.25)
        else:
            return
    pytest.fail(f"nothing answered at {place}{path}\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}")


def fetch(place: str, path: str, headers: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the body of a page."""
    parts = urlsplit(place)
    connection = http.client.HTTPConnection(parts.netloc or "localhost", timeout=5)
    try:
        if parts.scheme == "unix":
            connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.sock.connect(parts.path)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise ConnectionError(answer.status)
        return answer.read().decode()
    finally:
        connection.close()
