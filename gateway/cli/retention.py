"""``cloister retention``: what is due, and dropping it. A dry run unless ``--yes``."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any, Final

from gateway.audit import Filters, Integrator, Query
from gateway.cli.output import common, emit, table
from gateway.core.actor import LOCAL_OPERATOR
from gateway.core.audit import Action
from gateway.core.errors import Misconfigured
from gateway.db import Database
from gateway.db.rls import verify_walls
from gateway.retention import Disposer, Partition, RuleOf

_MOST_PRUNES: Final = 10_000
"""Far beyond one a month, and each of them recorded again once in a period."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    actions = commands.add_parser("retention", help="what is kept, and until when").add_subparsers(
        required=True, metavar="ACTION"
    )
    due = actions.add_parser("due", help="list the months of the audit log, and when each is due")
    common(due)
    due.set_defaults(run=lambda args: asyncio.run(_due(args)))
    apply = actions.add_parser("apply", help="drop what is due; without --yes, say what would be dropped")
    common(apply)
    apply.add_argument("--yes", action="store_true", help="really drop")
    apply.set_defaults(run=lambda args: asyncio.run(_apply(args)))


async def _due(args: argparse.Namespace) -> int:
    async with _disposer(args.config) as disposer:
        _show(args, await disposer.plan(LOCAL_OPERATOR))
    return 0


async def _apply(args: argparse.Namespace) -> int:
    async with _disposer(args.config) as disposer:
        if not args.yes:
            _show(args, [partition for partition in await disposer.plan(LOCAL_OPERATOR) if partition.is_due])
            return 0
        dropped = await disposer.apply(LOCAL_OPERATOR)
    emit(args, dropped, lambda: "\n".join(f"dropped {name}" for name in dropped) or "nothing was due")
    return 0


@asynccontextmanager
async def _disposer(config: str | None) -> AsyncIterator[Disposer]:
    from gateway.app import local_house

    async with local_house(config) as house:
        if house.owner_url is None:
            detail = "database.owner_url is not set: pruning is the owner's act."
            raise Misconfigured(detail)
        await verify_walls(house.database)
        await Integrator(house.database, house.clock).run_once()
        query = Query(house.database, house.journal)

        async def rules() -> RuleOf:
            await house.policies.refresh(house.database)
            return house.policies.audit_rule

        async def prunes(tenant: str) -> list[dict[str, Any]]:
            return await query.numbered(tenant, Filters(action=Action.AUDIT_PRUNE.value), limit=_MOST_PRUNES)

        owner = Database.connect_owner(house.owner_url)
        try:
            yield Disposer(owner, house.journal, house.clock, rules, prunes)
        finally:
            await owner.close()


def _show(args: argparse.Namespace, partitions: list[Partition]) -> None:
    rows = [
        (part.name, part.due.date() if part.due else "never", "yes" if part.is_due else "no", _events(part))
        for part in partitions
    ]
    emit(args, [asdict(part) for part in partitions], lambda: table(("partition", "due", "is due", "events"), rows))


def _events(partition: Partition) -> str:
    return " ".join(f"{tenant}={count}" for tenant, (_, _, count) in partition.tenants.items())
