"""``cloister demo``: one real exchange, shown from all three sides, and its record, verified.

Law: everything shown was measured in this run: the body that the backend received, the answer that the gateway gave,
the events in the log. Nothing is staged but the prompt and the backend, which echoes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from gateway.cli.children import start
from gateway.cli.output import common, emit, paint, progress
from gateway.cli.serve import key_lines
from gateway.core.errors import BackendUnavailable, GatewayError, Misconfigured
from gateway.core.pseudonym import PLACEHOLDER
from gateway.core.sensitive import Sensitive
from gateway.egress.caller import Caller, caller

PROMPT: Final = (
    "Please draft a reply to Maria Gonzalez (maria.gonzalez@corp.local, +1 212 555 0143). "
    "Her card 4111 1111 1111 1111 was charged twice; refund DE89 3704 0044 0532 0130 00. "
    "Maria Gonzalez logged in from 192.168.14.77 with password: Tr0ub4dor&3."
)
_START_SECONDS: Final = 60.0
_REPLACED: Final = re.compile(rf"{PLACEHOLDER.pattern}|\[[A-Z0-9_]+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one exchange looked like from all sides.

    milliseconds: from the request to the answer's last byte. keys: the API keys that the first start of a home makes.
    """

    sent: str
    seen: str
    received: str
    decision: dict[str, str]
    milliseconds: float
    record: list[dict[str, Any]]
    verified: str
    keys: dict[str, str]


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("demo", help="run one real exchange and show it from all sides")
    common(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Start a gateway with the embedded defaults, use it once, stop it."""
    os.environ["CLOISTER_DATABASE__EMBEDDED"] = "true"
    if args.config:
        os.environ["CLOISTER_CONFIG"] = args.config
    with tempfile.TemporaryDirectory(prefix="cloister-demo-") as folder:
        place = Path(folder)
        with _gateway(place) as key:
            shown = asyncio.run(_exchange(place, key))
    emit(args, asdict(shown), lambda: _page(shown))
    return 0


@contextmanager
def _gateway(place: Path) -> Iterator[Sensitive[str]]:
    """Run the echo backend, which writes down what it receives, and a gateway in front of it; yield an app's key."""
    echo, door = place / "echo.sock", place / "door.sock"
    environ = os.environ | {
        "CLOISTER_BACKENDS": json.dumps([{"name": "echo", "uds": str(echo)}]),
        "CLOISTER_SERVER__UDS": str(door),
        "CLOISTER_LOG__LEVEL": "error",
    }
    progress("starting the gateway with its private Postgres, and an echo backend that writes down what it receives")
    with (place / "log").open("wb") as log:
        backend = start("gateway.bench.backend", "--uds", str(echo), "--record", str(place / "seen"))
        gateway = start("gateway", "serve", "--embedded", "--json", env=environ, stdout=log)
        try:
            _await(door, gateway)
            yield _app_key()
        finally:
            for process in (gateway, backend):
                process.terminate()
                process.wait(30)


def _await(door: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not door.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            detail = "the gateway did not start; what it said stands above."
            raise Misconfigured(detail)
        time.sleep(0.05)


def _app_key() -> Sensitive[str]:
    home = Path(os.environ.get("CLOISTER_HOME") or ".cloister")
    return Sensitive(json.loads((home / "bootstrap.json").read_text(encoding="utf-8"))["keys"]["app"])


async def _exchange(place: Path, key: Sensitive[str]) -> Shown:
    body = {"model": "echo", "messages": [{"role": "user", "content": PROMPT}]}
    async with caller("http://gateway", key, uds=str(place / "door.sock")) as gateway:
        await _ready(gateway)
        began = time.perf_counter()
        answer = await gateway.call("POST", "/v1/chat/completions", json.dumps(body).encode())
        took = (time.perf_counter() - began) * 1000
    if answer.status != 200:
        detail = f"The demo's request was answered {answer.status}; what went wrong stands above."
        raise GatewayError(detail)
    record, verified = await _record(answer.headers["x-cloister-exchange"])
    return Shown(
        sent=PROMPT,
        seen=_seen(place / "seen"),
        received=json.loads(answer.body)["choices"][0]["message"]["content"],
        decision={name: value for name, value in answer.headers.items() if name.startswith(("x-cloister", "server-t"))},
        milliseconds=round(took, 1),
        record=record,
        verified=verified,
        keys=_made(place / "log"),
    )


async def _ready(gateway: Caller) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            if (await gateway.call("GET", "/health/ready")).status == 200:
                return
        except BackendUnavailable:
            pass
        await asyncio.sleep(0.05)
    detail = "The demo's gateway did not become ready; what went wrong stands above."
    raise Misconfigured(detail)


def _seen(record: Path) -> str:
    """Return the text of the last body that the backend wrote down."""
    body = json.loads(record.read_text(encoding="utf-8").splitlines()[-1])
    return str(body["messages"][-1]["content"])


def _made(log: Path) -> dict[str, str]:
    """Return the API keys that the gateway announced in its first line."""
    announced = json.loads(log.read_text(encoding="utf-8").splitlines()[0])
    return dict(announced["keys"])


async def _record(exchange: str) -> tuple[list[dict[str, Any]], str]:
    """Return the two events of the exchange, numbered, and what the verification of their log says."""
    from gateway.app import exchange_record, local_house

    async with local_house(None) as house:
        return await exchange_record(house, exchange)


def _page(shown: Shown) -> str:
    """Lay it out for a reader: what was sent, what the model saw, what came back, and what is on record."""
    entities = shown.decision["x-cloister-entities"].replace(",", "  ")
    return "\n".join(
        [
            "",
            *_block("1  What the app sent", paint("values in clear", "dim"), _marked(shown.sent, shown.seen)),
            *_block("2  What the model saw", paint(entities, "dim"), _placeholders(shown.seen)),
            *_block("3  What the app got back", paint(_times(shown), "dim"), shown.received),
            *_block("4  What is on record", paint(shown.verified, "green"), _events(shown.record)),
            *key_lines(shown.keys),
        ]
    )


def _block(title: str, note: str, text: str) -> list[str]:
    lines = [line for part in text.splitlines() for line in textwrap.wrap(part, 96, break_on_hyphens=False) or [""]]
    return [f"{paint(title, 'bold')}   {note}", *(f"   {line}" for line in lines), ""]


def _marked(sent: str, seen: str) -> str:
    """Colour what the model did not see."""
    kept = [piece for piece in _REPLACED.split(seen) if piece]
    pattern = "(" + "|".join(re.escape(piece) for piece in kept) + ")"
    return "".join(piece if piece in kept else paint(piece, "red") for piece in re.split(pattern, sent) if piece)


def _placeholders(seen: str) -> str:
    return _REPLACED.sub(lambda match: paint(match[0], "green"), seen)


def _times(shown: Shown) -> str:
    return f"{shown.milliseconds} ms in all; {shown.decision['server-timing']}"


def _events(record: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"seq {event['seq']}  {event['time']}  {event['action']}  {event['outcome']}  leaf {str(event['leaf'])[:16]}…"
        for event in record
    )
