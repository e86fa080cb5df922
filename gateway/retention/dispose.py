"""Dropping what is due.

Law: the order is: keep everybody off the month, look again, at the rules as well, record for every tenant concerned,
drop. A run that stops in between is repeated: a recorded range is not recorded twice, and a dropped partition is gone.
Leaves stay, and so does the record of each month that was dropped: the event goes with its own month, and is then
recorded again. What a month holds counts only where nothing of it can be hidden.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.core.actor import PLATFORM, Actor, Permission
from gateway.core.audit import Action, Json
from gateway.core.errors import Conflict
from gateway.core.ports import Clock, Journal
from gateway.core.retention import Period, RetentionRule
from gateway.db import Database, DbRole, Transaction
from gateway.db.partitions import bounds, name_of
from gateway.db.pruning import require_sight
from gateway.retention import store
from gateway.retention.schedule import due_at

RuleOf = Callable[[str], RetentionRule | None]
"""The audit rule in force for a tenant."""

Rules = Callable[[], Awaitable[RuleOf]]
"""Reads the rules as they are now."""

Prunes = Callable[[str], Awaitable[Sequence[dict[str, Any]]]]
"""The ``audit.prune`` events of a tenant's log, as the public contract shows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """A month of events, and when it may go. due: None while a tenant in it has no rule."""

    name: str
    due: datetime | None
    is_due: bool
    tenants: dict[str, tuple[int, int, int]]


class Disposer:
    """Plans and drops, as the owner of the database."""

    def __init__(self, owner: Database, journal: Journal, clock: Clock, rules: Rules, prunes: Prunes) -> None:
        self._owner = owner
        self._journal = journal
        self._clock = clock
        self._rules = rules
        self._prunes = prunes

    async def plan(self, actor: Actor) -> list[Partition]:
        """Return every partition with what it holds and when it is due, of all tenants."""
        actor.require(Permission.RETENTION_READ, PLATFORM)
        async with self._owner.transaction(DbRole.OWNER) as transaction:
            rule_of = await self._rules()
            return [await self._look(transaction, name, rule_of) for name in await store.partitions(transaction)]

    async def apply(self, actor: Actor) -> list[str]:
        """Drop every partition that is due, and return their names. Raise ``Conflict`` for one that is in use."""
        actor.require(Permission.RETENTION_WRITE, PLATFORM)
        planned = await self.plan(actor)
        return [part.name for part in planned if part.is_due and await self._drop(actor, part.name)]

    async def _look(self, transaction: Transaction, name: str, rule_of: RuleOf) -> Partition:
        tenants = await store.ranges(transaction, name)
        await require_sight(transaction)
        due = due_at(bounds(name)[1], [_period(rule_of, tenant) for tenant in tenants])
        is_due = due is not None and due <= self._clock.now()
        return Partition(name=name, due=due, is_due=is_due, tenants=tenants)

    async def _drop(self, actor: Actor, name: str) -> bool:
        """Drop a partition, unless another run has, or it is not due any more."""
        async with self._owner.transaction(DbRole.OWNER) as transaction:
            if not await store.seize(transaction, name):
                return False
            if await store.unnumbered(transaction, name):
                detail = f"{name} holds events without a number: let a gateway run, then apply again."
                raise Conflict(detail)
            rule_of = await self._rules()
            partition = await self._look(transaction, name, rule_of)
            if not partition.is_due:
                return False
            for tenant in partition.tenants:
                await self._record(actor, partition, tenant, _period(rule_of, tenant))
            if not await store.drop(transaction, name):
                detail = f"{name} was not dropped, because the log is being read: apply again later."
                raise Conflict(detail)
        return True

    async def _record(self, actor: Actor, partition: Partition, tenant: str, period: Period | None) -> None:
        """Record a tenant's prune, and again every earlier one whose own event goes with this partition."""
        first, last, events = partition.tenants[tenant]
        own: dict[str, Json] = {
            "partition": partition.name,
            "from_seq": first,
            "to_seq": last,
            "events": events,
            "rule": f"delete_after {period}",
        }
        told = await self._prunes(tenant)
        going = [prune["details"] for prune in told if _filed(prune) == partition.name]
        staying = [prune["details"] for prune in told if _filed(prune) != partition.name]
        for details in (own, *going):
            if details not in staying:
                resource = f"partition/{details['partition']}"
                await self._journal.record(actor, Action.AUDIT_PRUNE, resource, tenant=tenant, details=details)
                staying.append(details)


def _period(rule_of: RuleOf, tenant: str) -> Period | None:
    rule = rule_of(tenant)
    return rule.delete_after if rule else None


def _filed(event: dict[str, Any]) -> str:
    """The partition in which an event of no exchange is."""
    return name_of(datetime.fromisoformat(event["time"]))
