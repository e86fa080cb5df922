"""``cloister eval leaks``: what would leave of made-up values, in every place and disguise.

Law: nothing is sent and nothing is recorded; the values that it prints are those that it made up. The same options and
seed give the same figures.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from gateway.cli.options import at_least, deliver, measurement
from gateway.cli.output import progress, say
from gateway.core.errors import ProtocolError
from gateway.eval.placements import LENSES

if TYPE_CHECKING:  # detection takes a second to import: that is done where it is needed
    from gateway.eval.gate import Gate
    from gateway.eval.leaks import Outcome

_SAMPLE: Final = 5_000
_NO: Final = 1
_WHOLE: Final = at_least(0)


def add(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    part = parts.add_parser("leaks", help="what leaves of made-up values in every place and disguise")
    measurement(part, seeded="the combinations and the values")
    part.add_argument("--endpoints", default="", metavar="NAME,…", help=f"of {', '.join(LENSES)} (default: all)")
    part.add_argument(
        "--limit", type=_WHOLE, default=_SAMPLE, metavar="N", help="combinations that are drawn (default 5000; 0: all)"
    )
    part.add_argument("--max-leaked", type=float, metavar="PERCENT", help="exit 1 where more has leaked")
    part.add_argument("--show", type=_WHOLE, default=0, metavar="N", help="print the first leaks of each disguise")
    part.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Try and report; exit 1 only where more has leaked than ``--max-leaked`` allows."""
    from gateway.eval.leak_report import as_json, as_markdown, exceeds, leak_report

    endpoints = _endpoints(args.endpoints)
    outcomes = asyncio.run(_all(_gate(args), endpoints, args))
    report = leak_report(outcomes)
    _show(outcomes, args.show)
    deliver(args, partial(as_markdown, report), partial(as_json, report))
    return _NO if args.max_leaked is not None and exceeds(report, args.max_leaked) else 0


def _endpoints(listed: str) -> list[str]:
    names = [name for name in listed.split(",") if name] or list(LENSES)
    if unknown := sorted(set(names) - LENSES.keys()):
        detail = f"--endpoints: '{unknown[0]}' is none of {', '.join(LENSES)}."
        raise ProtocolError(detail)
    return names


def _gate(args: argparse.Namespace) -> Gate:
    from gateway.checks import configured_model
    from gateway.eval.gate import Gate
    from gateway.eval.sides import Plan, policy_of

    policy = policy_of(Plan(policy=args.policy))
    engine, model = configured_model(args.config)
    return Gate(engine=engine, model=model, policy=policy)


async def _all(gate: Gate, endpoints: Sequence[str], args: argparse.Namespace) -> list[Outcome]:
    return [outcome async for outcome in _each(gate, endpoints, args)]


async def _each(gate: Gate, endpoints: Sequence[str], args: argparse.Namespace) -> AsyncIterator[Outcome]:
    from gateway.eval.leaks import trials, tried

    for number, trial in enumerate(trials(endpoints, seed=args.seed, limit=args.limit), 1):
        yield await tried(gate, trial)
        if number % 500 == 0:
            progress(f"{number} requests")


def _show(outcomes: Sequence[Outcome], count: int) -> None:
    """Print the first leaks of each disguise that the gateway undertakes to undo."""
    from gateway.eval.disguises import Group

    seen: dict[str, int] = {}
    for outcome in outcomes if count else ():
        trial = outcome.trial
        if outcome.leaked and trial.group is not Group.BEYOND:
            name = trial.disguise.name
            seen[name] = seen.get(name, 0) + 1
            if seen[name] <= count:
                place = f"{trial.placement.endpoint}, {trial.placement.name}"
                say(f"{name}: {trial.value.kind} in {place}: {trial.text!a}")
