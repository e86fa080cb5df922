"""``cloister bench``: how much time the gateway adds, and what it costs; ``cloister bench stream``: to streams.

Law: the gateway and what stands behind it are measured by turns in one run; a failed answer makes the exit code 1, and
a stream without its end mark is one.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

import uvloop

from gateway.bench import compare
from gateway.bench.load import PROMPT, Plan, Target, Volley, volleys
from gateway.bench.report import TITLES, lines, rows
from gateway.cli.options import at_least
from gateway.cli.output import common, emit, progress, table
from gateway.core.errors import Misconfigured, ProtocolError
from gateway.core.sensitive import Sensitive

_COUNT: Final = at_least(1)
_MOST_SECONDS: Final = 3600


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("bench", help="measure a running gateway and what stands behind it, by turns")
    parser.add_argument("what", nargs="?", choices=["stream"], help="streams alone, chunk by chunk, side by side")
    common(parser)
    parser.add_argument("--url", default=os.environ.get("CLOISTER_URL", ""), help="the gateway: http://host:port")
    parser.add_argument("--key-file", default=os.environ.get("CLOISTER_KEY_FILE", ""), help="holds an app's API key")
    parser.add_argument("--direct", default="", help="what stands behind it: http://host:port or unix:PATH")
    parser.add_argument("--direct-key-file", default="", help="holds that server's key, where it needs one")
    parser.add_argument("--model", default="echo", help="the model to ask for (default echo)")
    parser.add_argument("--clients", type=_numbers, default=(1, 16, 64), metavar="N,…", help="default 1,16,64")
    parser.add_argument("--prompt-file", metavar="F", help="what to ask; without it, 1.1 kB with six things to find")
    parser.add_argument("--rounds", type=_COUNT, default=3, help="how often every target is visited (default 3)")
    parser.add_argument("--seconds", type=_seconds, default=3.0, help="length of a visit (default 3)")
    parser.add_argument("--only", choices=["whole", "stream"], help="one kind of answer alone")
    parser.add_argument(
        "--chunks", type=_COUNT, default=256, help="length of an answer of 'bench stream' (default 256)"
    )
    parser.add_argument("--pid", type=int, action="append", default=[], help="the gateway's process: shows CPU time")
    parser.add_argument("--direct-pid", type=int, action="append", default=[], help="likewise, of what stands behind")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure and report."""
    if not args.url or not args.key_file:
        detail = "bench needs --url and --key-file (or CLOISTER_URL and CLOISTER_KEY_FILE) of a running gateway."
        raise Misconfigured(detail)
    gateway = Target(name="gateway", place=args.url, model=args.model, key=_key(args.key_file), roots=tuple(args.pid))
    direct = Target(
        name="direct",
        place=args.direct,
        model=args.model,
        key=_key(args.direct_key_file),
        roots=tuple(args.direct_pid),
    )
    prompt = _read(args.prompt_file, "the prompt") if args.prompt_file else PROMPT
    plan = Plan(clients=args.clients, rounds=args.rounds, seconds=args.seconds, prompt=prompt)
    if args.what == "stream":
        return _streams(args, direct, gateway, plan)
    streamed = {"whole": (False,), "stream": (True,), None: (False, True)}[args.only]
    targets = [direct, gateway] if args.direct else [gateway]
    report = lines(_measured(targets, replace(plan, streamed=streamed)))
    emit(args, [asdict(line) for line in report], lambda: table(TITLES, rows(report)) + "\n\nTimes in milliseconds.")
    return 1 if any(line.failures or not line.answers for line in report) else 0


def _streams(args: argparse.Namespace, direct: Target, gateway: Target, plan: Plan) -> int:
    """Measure answers of so many chunks, and compare the two sides."""
    if not args.direct:
        detail = "bench stream compares with what stands behind the gateway: name it by --direct."
        raise Misconfigured(detail)
    if args.only:
        detail = "--only: 'bench stream' measures streams alone."
        raise ProtocolError(detail)
    length = {"min_tokens": args.chunks, "max_tokens": args.chunks}
    targets = [replace(target, fields=length) for target in (direct, gateway)]
    sides = compare.sides(_measured(targets, replace(plan, streamed=(True,))))
    report = compare.compared(sides, direct=direct.name, gateway=gateway.name)
    shown = {"sides": [asdict(side) for side in sides], "compared": [asdict(line) for line in report]}
    emit(args, shown, lambda: _side_by_side(sides, report))
    return 1 if any(side.failures or not side.answers for side in sides) else 0


def _side_by_side(sides: list[compare.Side], report: list[compare.Compared]) -> str:
    tables = (table(compare.TITLES, compare.rows(report)), table(compare.COUNTED, compare.counts(sides)))
    return "\n\n".join((*tables, "Times in milliseconds."))


def _measured(targets: list[Target], plan: Plan) -> list[Volley]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_measure(targets, plan))


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
    return tuple(_COUNT(number) for number in text.split(","))


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= _MOST_SECONDS:
        message = f"more than 0 and at most {_MOST_SECONDS} are needed"
        raise argparse.ArgumentTypeError(message)
    return seconds
