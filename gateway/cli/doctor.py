"""``cloister doctor``: whether this installation is sound.

Law: every check says what it looked at and, where it failed, the one-line mend; it changes nothing. ``egress`` tries
every way out for itself, and sends nothing of anybody's. Exit 0 when all is sound, 1 when something is not.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass
from typing import Any, Final

from gateway.cli.output import common, emit, progress
from gateway.core.errors import GatewayError

_MEND: Final = "let this host reach the doors above and nothing else (docs/network.md)"


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
    parser.add_argument(
        "--try",
        dest="places",
        action="append",
        default=[],
        metavar="ADDRESS:PORT",
        help="egress: a place of your own that must not be reached, such as another machine's; may be repeated",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the checks."""
    wanted = _CHECKS if args.what == "all" else {args.what: _CHECKS[args.what]}
    found = [check for look in wanted.values() for check in asyncio.run(look(args))]
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


async def _database(args: argparse.Namespace) -> list[Check]:
    from gateway.app import local_house
    from gateway.checks import check_database

    try:
        async with local_house(args.config) as house:
            await check_database(house)
    except GatewayError as error:
        return [Check(name="db", sound=False, detail=error.message)]
    return [Check(name="db", sound=True, detail="schema at head, row-level security forced, roles apart")]


async def _backends(args: argparse.Namespace) -> list[Check]:
    """Look at what each backend serves, shows to others, and was started with."""
    from gateway.checks import probe_backends

    try:
        return [
            Check(name=f"backend {name}", sound=sound, detail=what)
            for name, sound, what in await probe_backends(args.config, dict(args.process))
        ]
    except GatewayError as error:
        return [Check(name="backend", sound=False, detail=error.message)]


async def _egress(args: argparse.Namespace) -> list[Check]:
    """Say which doors are open, and try to get out by others."""
    from gateway.checks import doors, ways_out

    progress("trying to get out")
    try:
        listed = ", ".join(doors(args.config)) or "nowhere"
    except GatewayError as error:
        return [Check(name="egress", sound=False, detail=error.message)]
    ignored = sorted(name for name in os.environ if name.upper().endswith("_PROXY"))
    notes = f"; ignored: {', '.join(ignored)}" if ignored else ""
    return [
        Check(name="egress doors", sound=True, detail=f"{listed}{notes}"),
        *(
            Check(name=f"egress by {way}", sound=bool(why), detail=why or f"REACHED: {_MEND}")
            for way, why in await ways_out(args.places)
        ),
    ]


_CHECKS: Final[dict[str, Callable[[argparse.Namespace], Coroutine[Any, Any, list[Check]]]]] = {
    "db": _database,
    "backend": _backends,
    "egress": _egress,
}
