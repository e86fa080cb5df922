"""The monthly partitions of the audit log, in SQL, as their owner sees them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import text

from gateway.db import Transaction

_NAME: Final = re.compile(r"audit_events_(\d{4})_(\d{2})")


async def partitions(transaction: Transaction) -> list[tuple[str, datetime]]:
    """Return every partition's name and the first instant after it, oldest first."""
    rows = await transaction.execute(
        text(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = 'cloister.audit_events'::regclass ORDER BY c.relname"
        )
    )
    return [(name, _upper(name)) for name in rows.scalars()]


def _upper(name: str) -> datetime:
    match = _NAME.fullmatch(name)
    if match is None:
        message = f"a partition has a name that this version did not give: {name}"
        raise RuntimeError(message)
    year, month = int(match[1]), int(match[2])
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)


async def ranges(transaction: Transaction, upper: datetime) -> dict[str, tuple[int, int, int]]:
    """Return, for each tenant with events filed in the month before ``upper``, first and last number and count."""
    rows = await transaction.execute(
        text(
            "SELECT tenant, min(seq) AS first, max(seq) AS last, count(*) AS events FROM audit_leaves"
            " WHERE filed >= :upper - interval '1 month' AND filed < :upper GROUP BY tenant ORDER BY tenant"
        ),
        {"upper": upper},
    )
    return {row.tenant: (row.first, row.last, row.events) for row in rows}


async def unnumbered(transaction: Transaction, name: str) -> int:
    """Return how many events of a partition have no leaf yet."""
    _upper(name)
    return int(
        await transaction.scalar(
            text(
                f"SELECT count(*) FROM {name} e WHERE NOT EXISTS"  # noqa: S608 - the name was checked
                " (SELECT FROM audit_leaves l WHERE l.tenant = e.tenant AND l.event = e.id)"
            )
        )
        or 0
    )


async def drop(transaction: Transaction, name: str) -> None:
    """Drop a partition."""
    _upper(name)
    await transaction.execute(text(f"DROP TABLE IF EXISTS {name}"))
