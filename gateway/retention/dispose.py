"""Dropping what is due.

Law: the order is: look again, record for every tenant concerned, drop. A run that stops in between is repeated: a
recorded range is not recorded twice, and a dropped partition is gone. Leaves stay.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.core.actor import Actor
from gateway.core.audit import Action
from gateway.core.errors import PolicyConflict
from gateway.core.ports import Clock, Journal
from gateway.core.retention import Period, RetentionRule
from gateway.db import Database, DbRole
from gateway.retention import store
from gateway.retention.schedule import due_at

RuleOf = Callable[[str], RetentionRule | None]
"""The audit rule in force for a tenant."""

Recorded = Callable[[str, str], Awaitable[bool]]
"""Whether a tenant's log holds the prune of a partition already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """A month of events, and when it may go. due: None while a tenant in it has no rule."""

    name: str
    due: datetime | None
    is_due: bool
    tenants: dict[str, tuple[int, int, int]]


class Disposer:
    """Plans and drops, as the owner of the database."""

    def __init__(self, owner: Database, journal: Journal, clock: Clock, rule_of: RuleOf, recorded: Recorded) -> None:
        self._owner = owner
        self._journal = journal
        self._clock = clock
        self._rule_of = rule_of
        self._recorded = recorded

    async def plan(self) -> list[Partition]:
        """Return every partition with what it holds and when it is due."""
        now = self._clock.now()
        found = []
        async with self._owner.transaction(DbRole.OWNER) as transaction:
            for name, upper in await store.partitions(transaction):
                tenants = await store.ranges(transaction, name)
                due = due_at(upper, [self._period(tenant) for tenant in tenants])
                found.append(Partition(name=name, due=due, is_due=due is not None and due <= now, tenants=tenants))
        return found

    async def apply(self, actor: Actor) -> list[str]:
        """Drop every partition that is due, and return their names."""
        dropped = []
        for partition in await self.plan():
            if partition.is_due:
                await self._drop(actor, partition)
                dropped.append(partition.name)
        return dropped

    async def _drop(self, actor: Actor, partition: Partition) -> None:
        async with self._owner.transaction(DbRole.OWNER) as transaction:
            if await store.unnumbered(transaction, partition.name):
                detail = f"{partition.name} holds events without a number: let a gateway run, then apply again."
                raise PolicyConflict(detail)
        for tenant, (first, last, events) in partition.tenants.items():
            if not await self._recorded(tenant, partition.name):
                await self._journal.record(
                    actor,
                    Action.AUDIT_PRUNE,
                    f"partition/{partition.name}",
                    tenant=tenant,
                    details={
                        "partition": partition.name,
                        "from_seq": first,
                        "to_seq": last,
                        "events": events,
                        "rule": f"delete_after {self._period(tenant)}",
                    },
                )
        async with self._owner.transaction(DbRole.OWNER) as transaction:
            await store.drop(transaction, partition.name)

    def _period(self, tenant: str) -> Period | None:
        rule = self._rule_of(tenant)
        return rule.delete_after if rule else None
