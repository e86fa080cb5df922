"""Measure Cloister and LiteLLM with Presidio in one run, by turns, in front of the same echo backend.

    python tests/peers/run_litellm.py [--environment .venv-litellm] [--rounds 3] [--seconds 4] [--clients 1,16,64]

Installs the rival (litellm[proxy] and Presidio's two services) into environments of its own at the first run. The two
services are the kit's in ``../shared/peers/litellm``, with the same Flask and gunicorn as the official images; without
that folder there is nothing to run. Everything listens on loopback and ends with this script.

Law: all targets get the same prompt with the same six kinds of values, one worker process each; before anything is
timed, one request through each shows which values the backend saw in clear and which came back.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvloop

from gateway.bench.load import PROMPT, Plan, Target, Volley, volleys
from gateway.bench.report import TITLES, lines, rows
from gateway.cli.output import table
from gateway.core.findings import ENTITY_TYPES
from gateway.core.sensitive import Sensitive

ROOT: Final = Path(__file__).parents[2]
KIT: Final = ROOT.parent / "shared" / "peers" / "litellm"
RIVAL: Final = (
    "litellm[proxy]==1.109.1",
    *("opentelemetry-api==1.45.1", "opentelemetry-sdk==1.45.1", "opentelemetry-exporter-otlp==1.45.1"),
)
OVERRIDES: Final = "certifi>=2026.10.18\nlitellm-proxy-extras>=0.4.110\n"
"""As published, 1.109.1 asks for versions that the index does not hold."""

SERVICES: Final = ("flask", "gunicorn", "presidio-analyzer==2.2.366", "presidio-anonymizer==2.2.366")
SIX: Final = ("CREDIT_CARD", "EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "PHONE_NUMBER", "US_SSN")
VALUES: Final = (
    *("4111 1111 1111 1111", "maria.gonzalez@example.com", "DE89 3704 0044 0532 0130 00"),
    *("192.168.14.77", "(212) 555-0143", "536-22-8147"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run shares. record: where the backend writes down what it receives."""

    environment: Path
    folder: Path
    stack: ExitStack
    upstream: str
    record: Path

    def start(self, name: str, command: list[str | Path], environ: dict[str, str], health: str) -> int:
        """Start a server in a process group of its own, wait until it answers, and return its id."""
        process = self.stack.enter_context(_group(command, environ, self.folder / f"{name}.log"))
        deadline = time.monotonic() + 180
        while not answers(health):
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{name} did not start:\n{(self.folder / f'{name}.log').read_text()[-3000:]}")
            time.sleep(0.3)
        say(f"{name} is up")
        return process.pid


def main() -> int:
    """Install, start, look, measure, report."""
    args = options()
    if not KIT.is_dir():
        sys.exit("The rival's kit (../shared/peers/litellm) is not beside this checkout.")
    environment = args.environment.absolute()
    install(environment)
    with tempfile.TemporaryDirectory(prefix="peers-") as name, ExitStack() as stack:
        folder, port = Path(name), free_port()
        run = Run(
            environment=environment,
            folder=folder,
            stack=stack,
            upstream=f"http://127.0.0.1:{port}",
            record=folder / "seen",
        )
        backend: list[str | Path] = [sys.executable, "-m", "gateway.bench.backend", "--port", str(port)]
        run.start("echo", [*backend, "--record", run.record], dict(os.environ), f"{run.upstream}/health")
        targets = [Target(name="direct", place=run.upstream, model="echo"), *rivals(run), *ours(run)]
        for target in targets:
            print(look(run, target), flush=True)
        plan = Plan(clients=args.clients, streamed=args.streamed, rounds=args.rounds, seconds=args.seconds)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            measured = runner.run(measure(targets, plan))
    print(
        table(TITLES, rows(lines(measured))) + "\n\nTimes in milliseconds; CPU: per answer, of all processes of a side."
    )
    return 0


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--environment", type=Path, default=ROOT / ".venv-litellm")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--clients", type=lambda text: tuple(map(int, text.split(","))), default=(1, 16, 64))
    parser.add_argument("--stream", dest="streamed", action="store_const", const=(False, True), default=(False,))
    return parser.parse_args()


async def measure(targets: list[Target], plan: Plan) -> list[Volley]:
    """Run the volleys, saying how it goes."""
    measured = []
    async for volley in volleys(targets, plan):
        say(f"{volley.target}, {volley.clients} clients: {len(volley.answers) / volley.seconds:.1f}/s")
        measured.append(volley)
    return measured


def install(environment: Path) -> None:
    """Make the two environments, unless they are there."""
    stamp, wanted = environment / "stamp", "\n".join((*RIVAL, OVERRIDES, *SERVICES))
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say("installing LiteLLM and Presidio's services (once)")
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for name in ("services", "litellm"):
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment / name], check=True)
    services = environment / "services" / "bin"
    subprocess.run([services / "python", "-m", "pip", "install", "-qq", "uv"], check=True, env=environ)
    overrides = environment / "overrides.txt"
    overrides.write_text(OVERRIDES, encoding="utf-8")
    for name, wants in (("litellm", ["--override", str(overrides), *RIVAL]), ("services", list(SERVICES))):
        python = environment / name / "bin" / "python"
        command = [services / "uv", "pip", "install", "-q", "--compile-bytecode", "-p", python, *wants]
        subprocess.run(command, check=True, env=environ)
    stamp.write_text(wanted, encoding="utf-8")


def rivals(run: Run) -> list[Target]:
    """Start LiteLLM without a guardrail, masking, and masking and restoring."""
    environ = os.environ | {"PYTHONPATH": str(KIT), "TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS": ""}
    gunicorn = run.environment / "services" / "bin" / "gunicorn"
    bases, pids = [], []
    for name in ("analyzer", "anonymizer"):
        base = f"127.0.0.1:{free_port()}"
        command = [gunicorn, "-w", "1", "-b", base, "--timeout", "120", f"presidio_svc:{name}"]
        pids.append(run.start(name, command, environ, f"http://{base}/health"))
        bases.append(f"http://{base}")
    mask = {"presidio_analyzer_api_base": bases[0], "presidio_anonymizer_api_base": bases[1]}
    variants: dict[str, dict[str, Any] | None] = {
        "litellm, no guardrail": None,
        "litellm, mask": mask,
        "litellm, mask + restore": mask | {"output_parse_pii": True},
    }
    return [litellm(run, name, guard, pids if guard else []) for name, guard in variants.items()]


def litellm(run: Run, name: str, guard: dict[str, Any] | None, services: list[int]) -> Target:
    """Start one LiteLLM."""
    key, port = f"sk-{secrets.token_hex(20)}", free_port()
    model = {"model": "openai/echo", "api_base": f"{run.upstream}/v1", "api_key": "none"}
    config: dict[str, Any] = {
        "model_list": [{"model_name": "echo", "litellm_params": model}],
        "litellm_settings": {"telemetry": False, "num_retries": 0},
        "general_settings": {"master_key": key},
    }
    if guard is not None:
        fixed = {"guardrail": "presidio", "mode": "pre_call", "default_on": True, "presidio_language": "en"}
        found = {"pii_entities_config": dict.fromkeys(SIX, "MASK"), "presidio_filter_scope": "input"}
        config["guardrails"] = [{"guardrail_name": "presidio", "litellm_params": fixed | found | guard}]
    file = run.folder / f"{port}.yaml"
    file.write_text(json.dumps(config), encoding="utf-8")  # JSON is YAML
    environ = os.environ | {
        "DISABLE_ADMIN_UI": "True",
        "HF_HUB_OFFLINE": "1",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_MODE": "PRODUCTION",
        "NO_PROXY": "127.0.0.1",
    }
    command = [run.environment / "litellm" / "bin" / "litellm", "--config", file, "--host", "127.0.0.1"]
    command += ["--port", str(port), "--num_workers", "1"]
    place = f"http://127.0.0.1:{port}"
    pid = run.start(name, command, environ, f"{place}/health/liveliness")
    return Target(name=name, place=place, model="echo", key=Sensitive(key), roots=(pid, *services))


def ours(run: Run) -> list[Target]:
    """Start Cloister with the six kinds of values and patterns alone, and as it comes."""
    return [cloister(run, "cloister, six kinds", "patterns", six=True), cloister(run, "cloister, default", "embedded")]


def cloister(run: Run, name: str, engine: str, *, six: bool = False) -> Target:
    """Start one gateway with its private Postgres. Its processor time counts the Postgres too."""
    home, port = run.folder / f"home-{engine}", free_port()
    environ = os.environ | {
        "CLOISTER_BACKENDS": json.dumps([{"name": "echo", "url": run.upstream}]),
        "CLOISTER_DETECT__DEADLINE": "30",
        "CLOISTER_DETECT__ENGINE": engine,
        "CLOISTER_HOME": str(home),
    }
    place = f"http://127.0.0.1:{port}"
    command: list[str | Path] = [sys.executable, "-m", "gateway"]
    serve = [*command, "serve", "--embedded", "--port", str(port)]
    pid = run.start(name, serve, environ, f"{place}/health/ready")
    if six:
        file = run.folder / "six.yaml"
        file.write_text(json.dumps(policy_of_six()), encoding="utf-8")
        subprocess.run([*command, "policy", "apply", file], check=True, env=environ, stdout=subprocess.DEVNULL)
        time.sleep(2)  # the workers poll
    keys = json.loads((home / "bootstrap.json").read_text(encoding="utf-8"))["keys"]
    roots = (pid, *processes_about(home))
    return Target(name=name, place=place, model="echo", key=Sensitive(keys["app"]), roots=roots)


def policy_of_six() -> dict[str, Any]:
    """Return a policy that replaces the six kinds and keeps the rest."""
    return {
        "apiVersion": "cloister/v1",
        "kind": "RedactionPolicy",
        "metadata": {"name": "six"},
        "spec": {
            "match": {"tenants": ["*"], "apps": ["*"]},
            "mode": "enforce",
            "languages": ["en"],
            "defaults": {"operator": "pseudonymise", "threshold": 0.4},
            "entities": {kind: {"operator": "keep"} for kind in ENTITY_TYPES if kind not in SIX},
        },
    }


def look(run: Run, target: Target) -> str:
    """Send one request, and say what the backend saw and what came back."""
    body = {"model": "echo", "messages": [{"role": "user", "content": PROMPT}]}
    headers = {"content-type": "application/json", "authorization": f"Bearer {target.key.reveal()}"}
    url = f"{target.place}/v1/chat/completions"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - loopback, over HTTP
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        received = json.load(answer)["choices"][0]["message"]["content"]
    seen = json.loads(run.record.read_text(encoding="utf-8").splitlines()[-1])["messages"][-1]["content"]
    clear, back = (sum(value in text for value in VALUES) for text in (seen, received))
    return f"{target.name:24} the backend saw {clear} of 6 values in clear; {back} of 6 came back"


def processes_about(home: Path) -> list[int]:
    """Return the processes whose command line names the folder: the keeper of its Postgres, who is nobody's child."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(home).encode() in file.read_bytes():
                found.append(int(file.parent.name))
        except OSError:
            continue
    return found


@contextmanager
def _group(command: list[str | Path], environ: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=environ, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def answers(url: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=3):
            return True
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])


def say(text: str) -> None:
    print(f"==> {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
