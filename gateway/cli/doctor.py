"""``cloister doctor``: whether this installation is sound.

Law: every check says what it looked at and, where it failed, the one-line mend; it changes nothing. ``egress`` tries to
reach public addresses and sends them no byte. Exit 0 when all is sound, 1 when something is not.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final

from gateway.cli.output import common, emit
from gateway.core.errors import GatewayError


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one check found."""

    name: str
    sound: bool
    detail: str


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("doctor", help="check the database's walls, the backends, the ways out")
    common(parser)
    parser.add_argument("what", nargs="?", default="all", choices=["db", "egress", "backend", "all"])
    parser.add_argument(
        "--process",
        metavar="NAME=PID",
        action="append",
        default=[],
        type=_process,
        help="the process on this host that a backend runs in, to see how it was started (behind a socket it is found)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the checks."""
    checks: dict[str, _Look] = {**_CHECKS, "backend": partial(_backends, dict(args.process))}
    wanted = checks if args.what == "all" else {args.what: checks[args.what]}
    found = [check for look in wanted.values() for check in asyncio.run(look(args.config))]
    emit(args, [asdict(check) for check in found], lambda: "\n".join(_line(check) for check in found))
    return 0 if all(check.sound for check in found) else 1


def _process(text: str) -> tuple[str, int]:
    """Read NAME=PID. argparse tells the user what a ``ValueError`` is."""
    name, _, pid = text.rpartition("=")
    if not name or not pid.isdecimal():
        raise ValueError(text)
    return name, int(pid)


def _line(check: Check) -> str:
    return f"{'ok  ' if check.sound else 'FAIL'}  {check.name}: {check.detail}"


async def _database(config: str | None) -> list[Check]:
    from gateway.app import local_house
    from gateway.checks import check_database

    try:
        async with local_house(config) as house:
            await check_database(house)
    except GatewayError as error:
        return [Check(name="db", sound=False, detail=error.message)]
    return [Check(name="db", sound=True, detail="schema at head, row-level security forced, roles apart")]


async def _backends(processes: Mapping[str, int], config: str | None) -> list[Check]:
    """Look at what each backend serves, shows to others, and was started with."""
    from gateway.checks import probe_backends

    try:
        return [
            Check(name=f"backend {name}", sound=sound, detail=what)
            for name, sound, what in await probe_backends(config, processes)
        ]
    except GatewayError as error:
        return [Check(name="backend", sound=False, detail=error.message)]


async def _egress(config: str | None) -> list[Check]:
    """Say which doors are open, and try to get out by others."""
    from gateway.checks import doors, ways_out

    try:
        listed = ", ".join(doors(config)) or "nowhere"
    except GatewayError as error:
        return [Check(name="egress", sound=False, detail=error.message)]
    ignored = sorted(name for name in os.environ if name.upper().endswith("_PROXY"))
    notes = f"; ignored: {', '.join(ignored)}" if ignored else ""
    tried, reached = await ways_out()
    mend = "let this host reach the doors above and nothing else (deploy/README.md)"
    out = f"reached {', '.join(reached)}: {mend}" if reached else f"none by {', '.join(tried)}"
    return [
        Check(name="egress doors", sound=True, detail=f"{listed}{notes}"),
        Check(name="egress elsewhere", sound=not reached, detail=out),
    ]


_Look = Callable[[str | None], Coroutine[Any, Any, list[Check]]]
_CHECKS: Final[dict[str, _Look]] = {
    "db": _database,
    "backend": partial(_backends, {}),
    "egress": _egress,
}
