"""Checking a tenant's log against itself.

Law: the steps are numbered, and every failure names the first place that it was seen at. Steps:
 1. the sequence begins at 1 and has neither gap nor repeat;
 2. every event that is there hashes to its leaf;
 3. every leaf without an event lies in a range that an ``audit.prune`` event names, by number and month;
 4. every event has a leaf, or waits for one;
 5. every exchange has its open and its close, or is still in progress in a process that lives.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.audit import store
from gateway.audit.encode import leaf
from gateway.audit.store import Leaf
from gateway.core.audit import Action
from gateway.core.errors import VerificationError
from gateway.db import Database, DbRole

_BATCH: Final = 2000
_MOST_EVIDENCE: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A log that holds. pruned: leaves whose events were dropped by rule. waiting: events without a number yet."""

    tenant: str
    events: int
    pruned: int
    last_seq: int
    waiting: int


@dataclass(slots=True)
class Walk:
    """What one pass over a log has seen."""

    last: int = 0
    events: int = 0
    missing: list[Leaf] = field(default_factory=list)
    prunes: list[Mapping[str, Any]] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)


class Verifier:
    """Verifies logs of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def verify(self, tenant: str) -> Verified:
        """Return the summary of a log that holds. Raise ``VerificationError`` with the evidence otherwise."""
        walk = Walk()
        async for row in self._leaves(tenant):
            _step(walk, row)
        pruned = [row for row in walk.missing if _covered(row, walk.prunes)]
        walk.evidence += [
            f"step 3: seq {row.seq}: the event is missing, and no audit.prune covers it"
            for row in walk.missing
            if not _covered(row, walk.prunes)
        ]
        walk.evidence += await self._unplaced(tenant)
        walk.evidence += await self._lonely(tenant)
        if walk.evidence:
            detail = f"The log of '{tenant}': {walk.evidence[0]}."
            raise VerificationError(detail, evidence=tuple(walk.evidence[:_MOST_EVIDENCE]))
        async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
            waiting = await store.count_unnumbered(transaction)
        return Verified(tenant=tenant, events=walk.events, pruned=len(pruned), last_seq=walk.last, waiting=waiting)

    async def _leaves(self, tenant: str) -> AsyncIterator[Leaf]:
        after = 0
        while True:
            async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
                rows = await store.leaf_rows(transaction, tenant, after, _BATCH)
            for row in rows:
                yield row
            if len(rows) < _BATCH:
                return
            after = rows[-1].seq

    async def _unplaced(self, tenant: str) -> list[str]:
        async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
            events = await store.unplaced(transaction, tenant)
        return [f"step 4: event {event.id} of {event.time:%Y-%m-%d} has no number" for event in events]

    async def _lonely(self, tenant: str) -> list[str]:
        """Look for exchanges with one event. Processes are listed first: one that ends meanwhile has closed its own."""
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            ended = await store.ended_instances(transaction)
        async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
            lonely = await store.lonely(transaction, tenant)
        return [
            f"step 5: exchange {exchange} has only its {action}"
            for exchange, action, instance in lonely
            if action == Action.EXCHANGE_CLOSE or instance is None or instance in ended
        ]


def _step(walk: Walk, row: Leaf) -> None:
    """Take one leaf: steps 1 and 2, and what step 3 needs."""
    if row.seq != walk.last + 1:
        walk.evidence.append(f"step 1: seq {walk.last + 1} is missing")
    walk.last = row.seq
    if row.event is None:
        walk.missing.append(row)
        return
    walk.events += 1
    if leaf(row.event, row.seq) != row.leaf:
        walk.evidence.append(f"step 2: seq {row.seq}: the event does not hash to its leaf")
    elif row.event.action is Action.AUDIT_PRUNE:
        walk.prunes.append(row.event.details)


def _covered(row: Leaf, prunes: list[Mapping[str, Any]]) -> bool:
    """Whether a prune names this number, and the month under which its event was filed."""
    month = f"{row.filed:%Y_%m}"
    return any(
        prune["from_seq"] <= row.seq <= prune["to_seq"] and re.search(rf"_{month}$", str(prune["partition"]))
        for prune in prunes
    )
