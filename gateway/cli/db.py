"""``cloister db``: bring the schema to what this version needs, or say where it is.

Law: the schema is changed by the owner's login alone, and each change is recorded. ``status`` exits 1 while an upgrade
is due.
"""

from __future__ import annotations

import argparse
import asyncio

from gateway.cli.output import common, emit, progress
from gateway.core.actor import LOCAL_OPERATOR
from gateway.core.audit import Action, Json
from gateway.core.errors import Misconfigured
from gateway.db import migrate


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    actions = commands.add_parser("db", help="the database's schema").add_subparsers(required=True, metavar="ACTION")
    upgrade = actions.add_parser("upgrade", help="migrate to the schema of this version, and make the coming months")
    status = actions.add_parser("status", help="compare the schema with this version's; exit 1 while they differ")
    for parser, act in ((upgrade, _upgrade), (status, _status)):
        common(parser)
        parser.set_defaults(run=run, act=act)


def run(args: argparse.Namespace) -> int:
    """Run the action that was asked for."""
    return int(asyncio.run(args.act(args)))


async def _upgrade(args: argparse.Namespace) -> int:
    from gateway.app import local_house

    async with local_house(args.config) as house:
        owner_url = _required(house.owner_url)
        before, needed = await migrate.status(owner_url)
        progress(f"migrating from {before or 'nothing'} to {needed}")
        after = await migrate.upgrade(owner_url)
        if before != after:
            details: dict[str, Json] = {"from": before, "to": after}
            await house.journal.record(LOCAL_OPERATOR, Action.DATABASE_UPGRADE, f"schema/{after}", details=details)
    emit(args, {"from": before, "to": after}, lambda: _moved(before, after))
    return 0


async def _status(args: argparse.Namespace) -> int:
    from gateway.app import local_house

    async with local_house(args.config) as house:
        current, needed = await migrate.status(_required(house.owner_url))
    emit(args, {"current": current, "needed": needed}, lambda: _standing(current, needed))
    return 0 if current == needed else 1


def _required(owner_url: str | None) -> str:
    if owner_url is None:
        detail = "database.owner_url is not set: the schema is the owner's."
        raise Misconfigured(detail)
    return owner_url


def _moved(before: str, after: str) -> str:
    return _standing(after, after) if before == after else f"schema {before or 'nothing'} -> {after}"


def _standing(current: str, needed: str) -> str:
    if current == needed:
        return f"schema {current}: as this version needs it"
    return f"schema {current or 'nothing'}, and this version needs {needed}: run 'cloister db upgrade'"
