"""Reading the log.

Law: reading is an act, so it is an event of the log that is read, written first. Events come newest first, by number,
so that what is added meanwhile moves no page.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from gateway.audit import store
from gateway.audit.encode import shown
from gateway.audit.store import Leaf
from gateway.core.actor import Actor, Permission
from gateway.core.audit import Action, Json
from gateway.core.errors import VerificationError
from gateway.core.ports import Journal
from gateway.db import Database, DbRole
from gateway.db.partitions import name_of

_PAGE: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to look for; None means any. since inclusive, until exclusive; policy: the beginning of a digest.

    app, model, decision: of an exchange, in whose opening event they stand. value: as events name it (``core.values``).
    """

    since: datetime | None = None
    until: datetime | None = None
    actor: str | None = None
    app: str | None = None
    model: str | None = None
    decision: str | None = None
    action: str | None = None
    outcome: str | None = None
    exchange: uuid.UUID | None = None
    entity: str | None = None
    value: str | None = None
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

    async def stretch(self, actor: Actor, tenant: str, first: int, last: int) -> AsyncIterator[dict[str, Any]]:
        """Yield the events from one number to another, oldest first; of one that was pruned its number and leaf.

        Raise ``VerificationError`` for one that is missing and was not pruned.
        """
        actor.require(Permission.AUDIT_READ, tenant)
        details: dict[str, Json] = {"from_seq": first, "to_seq": last}
        await self._journal.record(actor, Action.AUDIT_EXPORT, "audit", tenant=tenant, details=details)
        gone = set[str]()
        while first <= last:
            async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
                page = await store.leaf_rows(transaction, tenant, first - 1, min(_PAGE, last - first + 1))
            for leaf in page:
                if leaf.event is None and (month := name_of(leaf.filed)) not in gone:
                    await self._require_gone(tenant, leaf.seq, month)
                    gone.add(month)
                yield _row(leaf) if leaf.event else {"seq": leaf.seq, "leaf": leaf.leaf.hex(), "pruned": True}
            if not page:
                return
            first = page[-1].seq + 1

    async def _require_gone(self, tenant: str, seq: int, month: str) -> None:
        async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
            if await store.is_gone(transaction, month):
                return
        what = f"seq {seq}: the event is missing, and was not pruned"
        detail = f"The log of '{tenant}': {what}."
        raise VerificationError(detail, evidence=(what,))

    async def numbers(self, tenant: str, since: datetime | None, until: datetime | None) -> tuple[int, int]:
        """Return the numbers of the first and the last event between two times; (1, 0) where there is none."""
        async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
            return await store.numbers(transaction, tenant, since, until)

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
