"""``cloister bench``: how much time the gateway adds, and what it costs.

Law: the gateway and what stands behind it are measured by turns in one run; a failed answer makes the exit code 1.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from dataclasses import asdict
from pathlib import Path
from typing import Final

import uvloop

from gateway.bench.load import PROMPT, Plan, Target, Volley, volleys
from gateway.bench.report import TITLES, lines, rows
from gateway.cli.output import common, emit, progress, table
from gateway.core.errors import Misconfigured
from gateway.core.sensitive import Sensitive

_MOST_SECONDS: Final = 3600


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("bench", help="measure a running gateway and what stands behind it, by turns")
    common(parser)
    parser.add_argument("--url", default=os.environ.get("CLOISTER_URL", ""), help="the gateway: http://host:port")
    parser.add_argument("--key-file", default=os.environ.get("CLOISTER_KEY_FILE", ""), help="holds an app's API key")
    parser.add_argument("--direct", default="", help="what stands behind it: http://host:port or unix:PATH")
    parser.add_argument("--direct-key-file", default="", help="holds that server's key, where it needs one")
    parser.add_argument("--model", default="echo", help="the model to ask for (default echo)")
    parser.add_argument("--clients", type=_numbers, default=(1, 16, 64), metavar="N,…", help="default 1,16,64")
    parser.add_argument("--prompt-file", metavar="F", help="what to ask; without it, 1.1 kB with six things to find")
    parser.add_argument("--rounds", type=_count, default=3, help="how often every target is visited (default 3)")
    parser.add_argument("--seconds", type=_seconds, default=3.0, help="length of a visit (default 3)")
    parser.add_argument("--only", choices=["whole", "stream"], help="one kind of answer alone")
    parser.add_argument("--pid", type=int, action="append", default=[], help="the gateway's process: shows CPU time")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure and report."""
    if not args.url or not args.key_file:
        detail = "bench needs --url and --key-file (or CLOISTER_URL and CLOISTER_KEY_FILE) of a running gateway."
        raise Misconfigured(detail)
    gateway = Target(name="gateway", place=args.url, model=args.model, key=_key(args.key_file), roots=tuple(args.pid))
    direct = Target(name="direct", place=args.direct, model=args.model, key=_key(args.direct_key_file))
    streamed = {"whole": (False,), "stream": (True,), None: (False, True)}[args.only]
    prompt = _read(args.prompt_file, "the prompt") if args.prompt_file else PROMPT
    plan = Plan(clients=args.clients, streamed=streamed, rounds=args.rounds, seconds=args.seconds, prompt=prompt)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        measured = runner.run(_measure([direct, gateway] if args.direct else [gateway], plan))
    report = lines(measured)
    emit(args, [asdict(line) for line in report], lambda: table(TITLES, rows(report)) + "\n\nTimes in milliseconds.")
    return 1 if any(line.failures or not line.answers for line in report) else 0


async def _measure(targets: list[Target], plan: Plan) -> list[Volley]:
    measured = []
    async for volley in volleys(targets, plan):
        kind = "streams" if volley.streamed else "whole answers"
        progress(f"{volley.target}: {len(volley.answers)} {kind} with {volley.clients} clients")
        measured.append(volley)
    return measured


def _key(file: str) -> Sensitive[str]:
    return Sensitive(_read(file, "the key") if file else "")


def _read(file: str, what: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        detail = f"{file}: {what} cannot be read."
        raise Misconfigured(detail) from None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(_count(number) for number in text.split(","))


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        message = "at least 1 is needed"
        raise argparse.ArgumentTypeError(message)
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= _MOST_SECONDS:
        message = f"more than 0 and at most {_MOST_SECONDS} are needed"
        raise argparse.ArgumentTypeError(message)
    return seconds
