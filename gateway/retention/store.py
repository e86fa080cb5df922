"""The monthly partitions of the audit log, in SQL, as their owner sees them.

Law: nobody who serves waits long for a drop. It needs a lock on the whole log, behind which every other statement
queues, so it asks for it briefly, and again, at irregular times: an event that is late for the month is in the way each
time that its writer tries again, and the two must not keep step.
"""

from __future__ import annotations

import asyncio
import random
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gateway.db import Transaction
from gateway.db.partitions import bounds

_RUN: Final = 7105251940634
_TRIES: Final = 20
_PAUSES: Final = (0.2, 1.4)
_LOCK_NOT_AVAILABLE: Final = "55P03"


async def partitions(transaction: Transaction) -> list[str]:
    """Return every partition's name, oldest first."""
    rows = await transaction.execute(
        text("""
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'cloister.audit_events'::regclass ORDER BY c.relname
        """)
    )
    return list(rows.scalars())


async def seize(transaction: Transaction, name: str) -> bool:
    """Keep other runs and new events off a partition until the transaction ends; tell whether it is there.

    Reading goes on, and so does writing to every other month.
    """
    await transaction.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _RUN})
    if name not in await partitions(transaction):
        return False
    bounds(name)
    await transaction.execute(text(f"LOCK TABLE {name} IN EXCLUSIVE MODE"))
    return True


async def ranges(transaction: Transaction, name: str) -> dict[str, tuple[int, int, int]]:
    """Return, for each tenant with events filed in a partition's month, first and last number, and their count."""
    lower, upper = bounds(name)
    rows = await transaction.execute(
        text("""
            SELECT tenant, min(seq) AS first, max(seq) AS last, count(*) AS events FROM audit_leaves
            WHERE filed >= :lower AND filed < :upper GROUP BY tenant ORDER BY tenant
        """),
        {"lower": lower, "upper": upper},
    )
    return {row.tenant: (row.first, row.last, row.events) for row in rows}


async def unnumbered(transaction: Transaction, name: str) -> int:
    """Return how many events of a partition's month have no leaf yet. The partition itself shows its rows to nobody."""
    lower, upper = bounds(name)
    found = await transaction.scalar(
        text("""
            SELECT count(*) FROM audit_events e WHERE filed >= :lower AND filed < :upper AND NOT EXISTS
                (SELECT FROM audit_leaves l WHERE l.tenant = e.tenant AND l.event = e.id)
        """),
        {"lower": lower, "upper": upper},
    )
    return int(found or 0)


async def drop(transaction: Transaction, name: str) -> bool:
    """Drop a partition; tell whether the lock on the log was to be had."""
    bounds(name)
    for attempt in range(_TRIES):
        if attempt:
            await asyncio.sleep(random.uniform(*_PAUSES))  # noqa: S311 - no secret
        try:
            async with transaction.begin_nested():
                await transaction.execute(text("SET LOCAL lock_timeout = '500ms'"))
                await transaction.execute(text(f"DROP TABLE {name}"))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
        else:
            return True
    return False
