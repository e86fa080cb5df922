"""The months of the audit log, one partition each.

Law: partitions are made ahead of time, by the owner's function (each upgrade calls it, and the integrator while
serving), and there is no default one: an event that has no partition is refused, so nobody serves without this month's
and the next one's.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import text

from gateway.db.engine import Transaction

MONTHS_AHEAD: Final = 3
MAKE: Final = text(f"SELECT cloister.make_partitions({MONTHS_AHEAD})")
_NAME: Final = re.compile(r"audit_events_(\d{4})_(\d{2})")
_MISSING: Final = text("""
    SELECT name FROM unnest(CAST(:names AS text[])) AS name WHERE to_regclass('cloister.' || name) IS NULL""")


def name_of(moment: datetime) -> str:
    """Return the name of the partition in which an instant (UTC) is filed."""
    return f"audit_events_{moment.year:04}_{moment.month:02}"


def bounds(name: str) -> tuple[datetime, datetime]:
    """Return the first instant of a partition, and the first one after it."""
    match = _NAME.fullmatch(name)
    if match is None:
        message = f"a partition has a name that this version did not give: {name}"
        raise RuntimeError(message)
    year, month = int(match[1]), int(match[2])
    return datetime(year, month, 1, tzinfo=UTC), datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)


def needed(now: datetime) -> list[str]:
    """Return the names of this month's partition and the next one's. now: UTC."""
    this = name_of(now)
    return [this, name_of(bounds(this)[1])]


async def missing(transaction: Transaction, now: datetime) -> list[str]:
    """Return those of the needed partitions that do not exist."""
    return list((await transaction.execute(_MISSING, {"names": needed(now)})).scalars())
