"""The real server and the gateway, each on a network of its own: SDKs on a socket, and the gateway's calls watched."""

from __future__ import annotations

import json
import os
import shutil
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anthropic
import httpx
import httpx2
import openai
import pytest

from tests.e2e.gateways import SERVE, Gateway, alone, serving
from tests.e2e.test_network import Trace, await_end, read, traced, tracer_of
from tests.vllm.conftest import EXACT, FLAGS, KEY, MODEL, QUIET, SMALL, process
from tests.vllm.test_every_protocol import PROMPT, SCHEMA
from tests.vllm.test_real_server import ASKED, EMAIL, SAYING, TEXT

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(600)]

ANSWERED_AS_JSON: Any = {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What the SDKs were told on three protocols, whole and streamed, and what the gateway did meanwhile."""

    told: dict[str, str]
    networks: set[str]
    trace: Trace
    sockets: Path


def await_listener(path: str, log: Path) -> None:
    """Wait until somebody takes connections: the real server does so when its model is loaded."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        with socket.socket(socket.AF_UNIX) as asking:
            if asking.connect_ex(path) == 0:
                return
        time.sleep(0.25)
    pytest.fail(f"nobody listens\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}")


@pytest.fixture(scope="module")
def server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The real server, alone; its folder holds its socket and the file of its key."""
    environment, folder = root / ".venv-vllm", tmp_path_factory.mktemp("vllm-alone")
    if not (environment / "models.stamp").exists():
        pytest.skip("vLLM is not installed: make test-vllm")
    (folder / "key").write_text(KEY, encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | QUIET
    command: list[str | Path] = [*alone(), environment / "bin" / "vllm", "serve", environment / "models" / MODEL]
    command += ["--served-model-name", MODEL, "--uds", str(folder / "vllm.sock"), *SMALL, *FLAGS, *EXACT]
    with process(command, environ, folder / "log", folder):
        await_listener(str(folder / "vllm.sock"), folder / "log")
        yield folder


@pytest.fixture(scope="module")
def done(server: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Done:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: apt-get install strace")
    folder = tmp_path_factory.mktemp("gateway-alone")
    backend = {"name": "vllm", "uds": str(server / "vllm.sock"), "api_key_file": str(server / "key")}
    environ = os.environ | {
        "PYTHONPATH": str(root),
        "CLOISTER_BACKENDS": json.dumps([backend]),
        "CLOISTER_DETECT__DEADLINE": "10",  # the model may hold every processor
    }
    with serving(traced(SERVE, folder / "trace"), folder, environ, root=root, apart=True) as gateway:
        assert gateway.process
        tracer = tracer_of(gateway.process.pid)
        told = ask(gateway)
        networks = {str(Path(f"/proc/{pid}/ns/net").readlink()) for pid in ("self", gateway.process.pid)}
    await_end(tracer)
    return Done(told=told, networks=networks, trace=read((folder / "trace").read_text()), sockets=server)


def ask(gateway: Gateway) -> dict[str, str]:
    """Ask on every protocol, whole and streamed."""
    path = gateway.environ["CLOISTER_SERVER__UDS"]
    made: Any = {"api_key": gateway.keys["app"], "max_retries": 0}
    with (
        httpx.Client(transport=httpx.HTTPTransport(uds=path), trust_env=False, timeout=60) as first,
        httpx2.Client(transport=httpx2.HTTPTransport(uds=path), trust_env=False, timeout=60) as second,
    ):
        told = by_openai(openai.OpenAI(base_url="http://gateway/v1", http_client=first, **made))
        return told | by_anthropic(anthropic.Anthropic(base_url="http://gateway", http_client=second, **made))


def by_openai(app: openai.OpenAI) -> dict[str, str]:
    chat: Any = {"model": "tiny-moe", "messages": ASKED, "max_tokens": 200, "extra_body": SAYING}
    response: Any = {"model": "tiny-moe", "input": PROMPT, "max_output_tokens": 200, "extra_body": SAYING}
    chunks = [chunk for chunk in app.chat.completions.create(**chat, stream=True) if chunk.choices]
    events = app.responses.create(**response, stream=True)
    return {
        "chat": app.chat.completions.create(**chat).choices[0].message.content or "",
        "chat, streamed": "".join(chunk.choices[0].delta.content or "" for chunk in chunks),
        "responses": app.responses.create(**response).output_text,
        "responses, streamed": "".join(event.delta for event in events if event.type == "response.output_text.delta"),
    }


def by_anthropic(claude: anthropic.Anthropic) -> dict[str, str]:
    asked: Any = {"model": "tiny-moe", "messages": ASKED, "max_tokens": 200, "extra_body": ANSWERED_AS_JSON}
    whole: Any = claude.messages.create(**asked)
    with claude.messages.stream(**asked) as stream:
        return {"messages": whole.content[0].text, "messages, streamed": "".join(stream.text_stream)}


@pytest.mark.parametrize("how", ["chat", "responses"])
def test_the_sdk_of_openai_is_answered(done: Done, how: str) -> None:
    assert (done.told[how], done.told[f"{how}, streamed"]) == (TEXT, TEXT)


def test_the_sdk_of_anthropic_is_answered(done: Done) -> None:
    assert json.loads(done.told["messages"]) == json.loads(done.told["messages, streamed"]) == {"to": EMAIL}


def test_the_gateway_spoke_by_unix_sockets_alone(done: Done) -> None:
    """urllib3 binds to ``::1`` to know whether there is IPv6."""
    astray = {(call, address) for call, address, _ in done.trace.named if address[0] not in '"@'}
    print(f"\nsockets {dict(done.trace.families)}, with an address: {astray}")

    assert len(done.networks) == 2
    assert astray <= {("bind", "::1")}
    assert str(done.sockets / "vllm.sock") in done.trace.unix
