"""Checking a tenant's log against itself.

Law: the steps are numbered, and every failure names the first place that it was seen at. Steps:
 1. the sequence begins at 1 and has neither gap nor repeat;
 2. every event that is there hashes to its leaf, and is filed as its kind is;
 3. every leaf without an event was filed in a month whose partition is gone, and an ``audit.prune`` event names that
    month, all of its numbers, and a period that had passed since;
 4. every event has a leaf, or waits for one;
 5. every exchange of which an event is numbered has its open and its close, or is still in progress in a process that
    is known and was not seen to end; whoever wants to know looks for the dead first (``Instances.settle``);
 6. the leaves make the root of every checkpoint, each of which the log's own key signed;
 7. a checkpoint that was kept elsewhere is signed by that key too, and the leaves make its root.

The log is read by pages. No statement grows with it, so that none takes long, whatever the database knows of its
tables.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from gateway.audit import store
from gateway.audit.encode import leaf
from gateway.audit.store import Leaf
from gateway.audit.tree.check import Tree
from gateway.core.actor import Actor, Permission
from gateway.core.audit import Action, AuditEvent, Outcome
from gateway.core.errors import VerificationError
from gateway.core.ports import Journal, Signers
from gateway.core.retention import Period
from gateway.db import Database, DbRole
from gateway.db.partitions import bounds, name_of

_BATCH: Final = 2000
_MOST_EVIDENCE: Final = 20
_BEFORE_ALL: Final = -(2**63)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A log that holds. pruned: leaves whose events were dropped by rule. waiting: events without a number yet.

    sealed: leaves that the largest checkpoint is of. checkpoints: how many there are.
    """

    tenant: str
    events: int
    pruned: int
    last_seq: int
    waiting: int
    sealed: int
    checkpoints: int


@dataclass(slots=True)
class Month:
    """The leaves filed in one month: the first, the last, how many, how many without their event, and some of those."""

    first: int
    last: int = 0
    leaves: int = 0
    missing: int = 0
    examples: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Walk:
    """What one pass over a log has seen.

    months: by the name of their partition. single: exchanges with one event so far, and where they are filed.
    """

    last: int = 0
    events: int = 0
    months: dict[str, Month] = field(default_factory=dict)
    prunes: list[AuditEvent] = field(default_factory=list)
    single: set[tuple[uuid.UUID, datetime]] = field(default_factory=set)
    evidence: list[str] = field(default_factory=list)


class Verifier:
    """Verifies logs of a database."""

    def __init__(self, database: Database, signers: Signers) -> None:
        self._database = database
        self._signers = signers

    async def logs(self) -> list[str]:
        """Name every tenant whose log has a leaf."""
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            return await store.logs(transaction)

    async def verify_for(self, actor: Actor, tenant: str, journal: Journal, pin: str | None = None) -> Verified:
        """Verify a log because somebody asked to, and record that it was done and how it came out."""
        actor.require(Permission.AUDIT_VERIFY, tenant)
        try:
            verified = await self.verify(tenant, pin)
        except VerificationError:
            await journal.record(actor, Action.AUDIT_VERIFY, "audit", Outcome.FAILURE, tenant=tenant)
            raise
        await journal.record(actor, Action.AUDIT_VERIFY, "audit", tenant=tenant)
        return verified

    async def verify(self, tenant: str, pin: str | None = None) -> Verified:
        """Return the summary of a log that holds. Raise ``VerificationError`` with the evidence otherwise.

        pin: a checkpoint of the log that was kept elsewhere, as a signed note.
        """
        walk = Walk()
        tree = await Tree.begun(self._database, tenant, self._signers.of(tenant), pin)
        async for row in self._leaves(tenant):
            _step(walk, row)
            await tree.step(row.leaf)
        walk.evidence += await tree.ended()
        pruned = await self._pruned(tenant, walk)
        walk.evidence += await self._unplaced(tenant)
        walk.evidence += await self._lonely(tenant, sorted({exchange for exchange, _ in walk.single}))
        if walk.evidence:
            detail = f"The log of '{tenant}': {walk.evidence[0]}."
            raise VerificationError(detail, evidence=tuple(walk.evidence[:_MOST_EVIDENCE]))
        async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
            waiting = await store.count_unnumbered(transaction)
        return Verified(
            tenant=tenant,
            events=walk.events,
            pruned=pruned,
            last_seq=walk.last,
            waiting=waiting,
            sealed=tree.sealed,
            checkpoints=tree.checkpoints,
        )

    async def _leaves(self, tenant: str) -> AsyncIterator[Leaf]:
        after = _BEFORE_ALL
        while True:
            async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
                rows = await store.leaf_rows(transaction, tenant, after, _BATCH + 1)
            for row in rows[:_BATCH]:
                yield row
            if len(rows) <= _BATCH:
                return
            after = rows[-2].seq
            if rows[-1].seq == after:  # a number twice, which the next page would pass over
                yield rows[-1]

    async def _pruned(self, tenant: str, walk: Walk) -> int:
        """Take step 3: return how many events were dropped by rule, and give evidence of those that were not."""
        pruned = 0
        for name, month in walk.months.items():
            if month.missing and await self._is_gone(tenant, name) and _covered(name, month, walk.prunes):
                pruned += month.missing
                continue
            walk.evidence += [f"step 3: seq {seq}: the event is missing, and was not pruned" for seq in month.examples]
        return pruned

    async def _is_gone(self, tenant: str, name: str) -> bool:
        async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
            return await store.is_gone(transaction, name)

    async def _unplaced(self, tenant: str) -> list[str]:
        evidence: list[str] = []
        after = uuid.UUID(int=0)
        while True:
            async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
                page = await store.placements(transaction, tenant, after, _BATCH)
            evidence += [
                f"step 4: event {id_} of {time:%Y-%m-%d} has no number" for id_, time, placed in page if not placed
            ]
            if len(page) < _BATCH:
                return evidence
            after = page[-1][0]

    async def _lonely(self, tenant: str, exchanges: list[uuid.UUID]) -> list[str]:
        """Look again at exchanges of which one event has a number, between two looks at the processes.

        One that ended before has closed its own; one that began meanwhile is known afterwards.
        """
        before = await self._processes()
        lonely: list[tuple[uuid.UUID, str, uuid.UUID | None]] = []
        for first in range(0, len(exchanges), _BATCH):
            async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
                lonely += await store.lonely(transaction, tenant, exchanges[first : first + _BATCH])
        after = await self._processes()
        return [
            f"step 5: exchange {exchange} has only its {action}"
            for exchange, action, instance in lonely
            if action == Action.EXCHANGE_CLOSE or instance not in after or before.get(instance, False)
        ]

    async def _processes(self) -> dict[uuid.UUID, bool]:
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            return await store.known_instances(transaction)


def _step(walk: Walk, row: Leaf) -> None:
    """Take one leaf: steps 1 and 2, and what step 3 needs."""
    if row.seq <= walk.last:
        walk.evidence.append(f"step 1: seq {row.seq} is one too many")
    elif row.seq != walk.last + 1:
        walk.evidence.append(f"step 1: seq {walk.last + 1} is missing")
    walk.last = max(walk.last, row.seq)
    month = walk.months.setdefault(name_of(row.filed), Month(row.seq))
    month.last = row.seq
    month.leaves += 1
    if row.event is None:
        month.missing += 1
        if len(month.examples) < _MOST_EVIDENCE:
            month.examples.append(row.seq)
        return
    walk.events += 1
    if row.event.exchange is not None:
        walk.single ^= {(row.event.exchange, row.filed)}
    if not _hashes(row.event, row):
        walk.evidence.append(f"step 2: seq {row.seq}: the event does not hash to its leaf")
    elif row.filed != store.filed_of(row.event):
        walk.evidence.append(f"step 2: seq {row.seq}: the event is filed under another time")
    elif row.event.action == Action.AUDIT_PRUNE:
        walk.prunes.append(row.event)


def _hashes(event: AuditEvent, row: Leaf) -> bool:
    """Whether an event hashes to its leaf; one that RFC 8785 has no form for was never hashed."""
    try:
        return leaf(event, row.seq) == row.leaf
    except ValueError:
        return False


def _covered(name: str, month: Month, prunes: list[AuditEvent]) -> bool:
    """Whether a prune names this month and all of its leaves, and was not early."""
    named = {"partition": name, "from_seq": month.first, "to_seq": month.last, "events": month.leaves}
    return any(named.items() <= prune.details.items() and _was_due(prune, name) for prune in prunes)


def _was_due(prune: AuditEvent, name: str) -> bool:
    """Whether the period that a prune names had passed since the month's end."""
    try:
        period = Period.parse(str(prune.details.get("rule")).removeprefix("delete_after "))
    except ValueError:
        return False
    return period.after(bounds(name)[1]) <= prune.time
