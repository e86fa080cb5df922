"""The monthly partitions of the audit log, in SQL, as their owner sees them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from gateway.db import Transaction
from gateway.db.partitions import bounds


async def partitions(transaction: Transaction) -> list[tuple[str, datetime]]:
    """Return every partition's name and the first instant after it, oldest first."""
    rows = await transaction.execute(
        text("""
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'cloister.audit_events'::regclass ORDER BY c.relname
        """)
    )
    return [(name, bounds(name)[1]) for name in rows.scalars()]


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


async def drop(transaction: Transaction, name: str) -> None:
    """Drop a partition."""
    bounds(name)
    await transaction.execute(text(f"DROP TABLE IF EXISTS {name}"))
