"""Events, the queue of those without a number, leaves and instances, in SQL.

Law: events and leaves are only ever inserted here. An insert that meets its own event, or the other close of the same
exchange, does nothing; that is what makes writing again safe.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    LargeBinary,
    PrimaryKeyConstraint,
    Row,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import ColumnElement

from gateway.audit.encode import storable
from gateway.core.audit import Action, AuditEvent
from gateway.core.exchange import time_of
from gateway.db import Transaction
from gateway.db.base import metadata
from gateway.db.partitions import bounds

_INSTANT = DateTime(timezone=True)

events = Table(
    "audit_events",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("filed", _INSTANT, nullable=False),
    Column("time", _INSTANT, nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("exchange", Uuid),
    Column("policy", Text, nullable=False),
    Column("instance", Uuid),
    Column("details", JSONB, nullable=False),
    PrimaryKeyConstraint("tenant", "id", "filed"),
    UniqueConstraint("tenant", "exchange", "action", "filed"),
)

pending = Table(
    "audit_pending",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("event", Uuid, nullable=False),
    Column("filed", _INSTANT, nullable=False),
    PrimaryKeyConstraint("tenant", "event"),
)

leaves = Table(
    "audit_leaves",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("event", Uuid, nullable=False),
    Column("filed", _INSTANT, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    PrimaryKeyConstraint("tenant", "seq"),
    UniqueConstraint("tenant", "event"),
)

instances = Table(
    "gateway_instances",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("lock", BigInteger, nullable=False),
    Column("started", _INSTANT, nullable=False),
    Column("ended", _INSTANT),
)

_LEADER = 7105251940633


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One numbered place of a tenant's log, and its event where the body is still there."""

    seq: int
    filed: datetime
    leaf: bytes
    event: AuditEvent | None


async def append(transaction: Transaction, batch: Sequence[AuditEvent]) -> None:
    """Insert events of one tenant; those that are there already are passed over."""
    await transaction.execute(postgresql.insert(events).on_conflict_do_nothing(), [_values(event) for event in batch])


def filed_of(event: AuditEvent) -> datetime:
    """Say by which time an event is filed: an exchange's events stand in one partition."""
    return time_of(event.exchange) if event.exchange else event.time


def _values(event: AuditEvent) -> dict[str, Any]:
    return {
        "tenant": event.tenant,
        "id": event.id,
        "filed": filed_of(event),
        "time": event.time,
        "actor": event.actor,
        "role": event.role,
        "action": str(event.action),
        "resource": event.resource,
        "outcome": str(event.outcome),
        "exchange": event.exchange,
        "policy": event.policy,
        "instance": event.instance,
        "details": storable(event.details),
    }


def _event(row: Row[Any]) -> AuditEvent:
    return AuditEvent(
        id=row.id,
        time=row.time,
        tenant=row.tenant,
        actor=row.actor,
        role=row.role,
        action=row.action,
        resource=row.resource,
        outcome=row.outcome,
        exchange=row.exchange,
        policy=row.policy,
        instance=row.instance,
        details=row.details,
    )


async def lead(transaction: Transaction) -> bool:
    """Become the one integrator until the transaction ends, or return False."""
    return bool(await transaction.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LEADER}))


async def waiting(transaction: Transaction) -> list[str]:
    """Return the tenants of which an event waits for a number."""
    return list((await transaction.execute(select(pending.c.tenant).distinct().order_by(pending.c.tenant))).scalars())


async def unnumbered(transaction: Transaction, tenant: str, limit: int) -> list[AuditEvent]:
    """Return a tenant's events without a number, in the order in which they get theirs."""
    oldest = select(pending).where(pending.c.tenant == tenant).order_by(pending.c.filed, pending.c.event).limit(limit)
    queued = oldest.subquery()
    of_queue = and_(events.c.tenant == queued.c.tenant, events.c.id == queued.c.event, events.c.filed == queued.c.filed)
    rows = await transaction.execute(select(events).join(queued, of_queue).order_by(events.c.time, events.c.id))
    return [_event(row) for row in rows]


async def count_unnumbered(transaction: Transaction) -> int:
    """Return how many events wait for a number."""
    return int(await transaction.scalar(select(func.count()).select_from(pending)) or 0)


async def last_seq(transaction: Transaction, tenant: str) -> int:
    """Return the highest number of a tenant's log, 0 where it is empty."""
    return int(await transaction.scalar(select(func.max(leaves.c.seq)).where(leaves.c.tenant == tenant)) or 0)


async def logs(transaction: Transaction) -> list[str]:
    """Return every tenant that has a leaf, stepping through the index from one to the next."""
    rows = await transaction.execute(
        text("""
            WITH RECURSIVE log AS (
                SELECT min(tenant) AS tenant FROM audit_leaves
                UNION ALL
                SELECT (SELECT min(tenant) FROM audit_leaves WHERE tenant > log.tenant) FROM log
                WHERE log.tenant IS NOT NULL
            ) SELECT tenant FROM log WHERE tenant IS NOT NULL
        """)
    )
    return list(rows.scalars())


async def number(transaction: Transaction, tenant: str, numbered: Sequence[tuple[int, AuditEvent, bytes]]) -> None:
    """Insert the leaves of a tenant's events and take the events off the queue."""
    await transaction.execute(
        insert(leaves),
        [
            {"tenant": tenant, "seq": seq, "event": event.id, "filed": filed_of(event), "leaf": leaf}
            for seq, event, leaf in numbered
        ],
    )
    await transaction.execute(
        delete(pending).where(pending.c.tenant == tenant, pending.c.event.in_([event.id for _, event, _ in numbered]))
    )


async def leaf_rows(transaction: Transaction, tenant: str, after: int, limit: int) -> list[Leaf]:
    """Return the next leaves of a tenant's log with their events.

    Each event is looked up by its key. A plain join is planned anew after a few pages, and where the database has no
    statistics, as after a crash or a restore, it compares each leaf with every event.
    """
    page = select(leaves).where(leaves.c.tenant == tenant, leaves.c.seq > after).order_by(leaves.c.seq).limit(limit)
    leaf = page.subquery("leaf")
    of_leaf = (events.c.tenant == leaf.c.tenant, events.c.id == leaf.c.event, events.c.filed == leaf.c.filed)
    event = select(events).where(*of_leaf).limit(1).lateral("event")
    rows = await transaction.execute(
        select(leaf.c.seq, leaf.c.filed.label("placed"), leaf.c.leaf, event)
        .select_from(leaf.outerjoin(event, true()))
        .order_by(leaf.c.seq)
    )
    return [Leaf(seq=row.seq, filed=row.placed, leaf=row.leaf, event=_event(row) if row.id else None) for row in rows]


async def is_gone(transaction: Transaction, partition: str) -> bool:
    """Tell whether a partition does not exist, and no event of its month is anywhere else."""
    lower, upper = bounds(partition)
    named = await transaction.scalar(text("SELECT to_regclass('cloister.' || :name)::text"), {"name": partition})
    kept = select(events.c.id).where(events.c.filed >= lower, events.c.filed < upper).limit(1)
    return named is None and await transaction.scalar(kept) is None


async def placements(
    transaction: Transaction, tenant: str, after: uuid.UUID, limit: int
) -> list[tuple[uuid.UUID, datetime, bool]]:
    """Return the next events of a tenant by id: id, time, and whether it has a leaf or a place in the queue."""
    numbered = select(leaves.c.seq).where(leaves.c.tenant == tenant, leaves.c.event == events.c.id).exists()
    queued = select(pending.c.event).where(pending.c.tenant == tenant, pending.c.event == events.c.id).exists()
    rows = await transaction.execute(
        select(events.c.id, events.c.time, (numbered | queued).label("placed"))
        .where(events.c.tenant == tenant, events.c.id > after)
        .order_by(events.c.id)
        .limit(limit)
    )
    return [(row.id, row.time, row.placed) for row in rows]


async def lonely(
    transaction: Transaction, tenant: str, exchanges: Sequence[uuid.UUID]
) -> list[tuple[uuid.UUID, str, uuid.UUID | None]]:
    """Return those of a tenant's exchanges that have one event: the exchange, its action and its instance."""
    other = events.alias("other")
    rows = await transaction.execute(
        select(events.c.exchange, events.c.action, events.c.instance).where(
            events.c.tenant == tenant,
            events.c.exchange.in_(exchanges),
            ~select(other.c.id)
            .where(
                other.c.tenant == tenant,
                other.c.exchange == events.c.exchange,
                other.c.filed == events.c.filed,
                other.c.action != events.c.action,
            )
            .exists(),
        )
    )
    return [(row.exchange, row.action, row.instance) for row in rows]


async def find(transaction: Transaction, where: Sequence[ColumnElement[bool]], limit: int) -> list[Leaf]:
    """Return numbered events that meet every condition, newest first."""
    rows = await transaction.execute(
        select(leaves.c.seq, leaves.c.event, leaves.c.filed.label("placed"), leaves.c.leaf, events)
        .join(
            events,
            and_(events.c.tenant == leaves.c.tenant, events.c.id == leaves.c.event, events.c.filed == leaves.c.filed),
        )
        .where(*where)
        .order_by(leaves.c.seq.desc())
        .limit(limit)
    )
    return [Leaf(seq=row.seq, filed=row.placed, leaf=row.leaf, event=_event(row)) for row in rows]


async def numbers(
    transaction: Transaction, tenant: str, since: datetime | None, until: datetime | None
) -> tuple[int, int]:
    """Return the lowest and the highest number of a tenant's events between two times; (1, 0) where there is none."""
    within = conditions(tenant, None, since=since, until=until)
    row = (
        await transaction.execute(
            select(func.min(leaves.c.seq), func.max(leaves.c.seq))
            .join(events, and_(events.c.tenant == leaves.c.tenant, events.c.id == leaves.c.event))
            .where(*within, events.c.filed == leaves.c.filed)
        )
    ).one()
    return (row[0], row[1]) if row[0] else (1, 0)


def conditions(tenant: str, before: int | None, **wanted: Any) -> list[ColumnElement[bool]]:  # noqa: ANN401 - by column
    """Return the conditions for ``find``. wanted: as ``query.Filters`` has them."""
    found: list[ColumnElement[bool]] = [leaves.c.tenant == tenant]
    if before is not None:
        found.append(leaves.c.seq < before)
    for name, value in wanted.items():
        if value is None:
            continue
        match name:
            case "since":
                found.append(events.c.time >= value)
            case "until":
                found.append(events.c.time < value)
            case "entity":
                found.append(events.c.details["entities"].has_key(value))
            case "app" | "model" | "decision":
                found.append(events.c.details[name].astext == value)
            case "value":
                told = events.c.details.contains({"findings": [{"value": value}]})
                found.append(or_(told, events.c.details.contains({"values_left_out": [value]})))
            case "policy":
                found.append(events.c.policy.startswith(value, autoescape=True))
            case _:
                found.append(events.c[name] == value)
    return found


async def add_instance(transaction: Transaction, identifier: uuid.UUID, lock: int, started: datetime) -> None:
    """Add a gateway process."""
    await transaction.execute(insert(instances).values(id=identifier, lock=lock, started=started))


async def open_instances(transaction: Transaction) -> list[tuple[uuid.UUID, int]]:
    """Return every process that has not been seen to end, with its lock."""
    rows = await transaction.execute(select(instances.c.id, instances.c.lock).where(instances.c.ended.is_(None)))
    return [(row.id, row.lock) for row in rows]


async def lock_is_free(transaction: Transaction, lock: int) -> bool:
    """Tell whether nobody holds a lock. Holds it itself until the transaction ends."""
    return bool(await transaction.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": lock}))


async def known_instances(transaction: Transaction) -> dict[uuid.UUID, bool]:
    """Return every process that was ever on the list, and whether it was seen to end."""
    rows = await transaction.execute(select(instances.c.id, instances.c.ended.is_not(None).label("ended")))
    return {row.id: row.ended for row in rows}


async def end_instance(transaction: Transaction, identifier: uuid.UUID, when: datetime | None) -> None:
    """Mark a process as ended, or, with None, as running after all."""
    await transaction.execute(update(instances).where(instances.c.id == identifier).values(ended=when))


async def orphans(transaction: Transaction, instance: uuid.UUID, limit: int) -> list[AuditEvent]:
    """Return opens of an instance that have no close."""
    other = events.alias("other")
    rows = await transaction.execute(
        select(events)
        .where(
            events.c.instance == instance,
            events.c.action == literal_column(f"'{Action.EXCHANGE_OPEN.value}'"),
            ~select(other.c.id)
            .where(
                other.c.tenant == events.c.tenant,
                other.c.exchange == events.c.exchange,
                other.c.filed == events.c.filed,
                other.c.action == Action.EXCHANGE_CLOSE.value,
            )
            .exists(),
        )
        .limit(limit)
    )
    return [_event(row) for row in rows]


async def make_partitions(transaction: Transaction, months: int) -> None:
    """Make the partitions of this month and the next ones, where they are missing."""
    await transaction.execute(text("SELECT make_partitions(:months)"), {"months": months})
