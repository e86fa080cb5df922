"""Reading the log.

Law: reading is an act, so it is an event of the log that is read, written first. Events come newest first, by number,
so that what is added meanwhile moves no page.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from gateway.audit import store
from gateway.audit.encode import shown
from gateway.audit.store import Leaf
from gateway.core.actor import Actor, Permission
from gateway.core.audit import Action
from gateway.core.ports import Journal
from gateway.db import Database, DbRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to look for; None means any. since inclusive, until exclusive; policy: the beginning of a digest."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str | None = None
    app: str | None = None
    action: str | None = None
    outcome: str | None = None
    exchange: uuid.UUID | None = None
    entity: str | None = None
    policy: str | None = None


class Query:
    """Reads one tenant's log at a time."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    async def events(
        self, actor: Actor, tenant: str, filters: Filters, *, before: int | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        """Return numbered events, newest first, as the public contract shows them, leaf included."""
        actor.require(Permission.AUDIT_READ, tenant)
        wanted = asdict(filters)
        asked = sorted(name for name, value in wanted.items() if value is not None)
        await self._journal.record(actor, Action.AUDIT_QUERY, "audit", tenant=tenant, details={"filters": asked})
        return await self.numbered(tenant, filters, before=before, limit=limit)

    async def numbered(
        self, tenant: str, filters: Filters, *, before: int | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        """Return events without recording that they were read: for the gateway's own use."""
        where = store.conditions(tenant, before, **asdict(filters))
        async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
            return [_row(leaf) for leaf in await store.find(transaction, where, limit)]


def _row(leaf: Leaf) -> dict[str, Any]:
    if leaf.event is None:
        message = "an inner join gave a leaf without its event"
        raise AssertionError(message)
    return {**shown(leaf.event, leaf.seq), "leaf": leaf.leaf.hex()}
