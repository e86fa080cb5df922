"""The months of the audit log, one partition each.

Law: partitions are made ahead of time, by the owner's function (each upgrade calls it, and the integrator while
serving), and there is no default one: an event that has no partition is refused, so nobody serves without this month's
and the next one's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import text

from gateway.db.engine import Transaction

MONTHS_AHEAD: Final = 3
MAKE: Final = text(f"SELECT cloister.make_partitions({MONTHS_AHEAD})")
_MISSING: Final = text("""
    SELECT name FROM unnest(CAST(:names AS text[])) AS name WHERE to_regclass('cloister.' || name) IS NULL""")


def needed(now: datetime) -> list[str]:
    """Return the names of this month's partition and the next one's. now: UTC."""
    following = (now.year + now.month // 12, now.month % 12 + 1)
    return [f"audit_events_{year:04}_{month:02}" for year, month in ((now.year, now.month), following)]


async def missing(transaction: Transaction, now: datetime) -> list[str]:
    """Return those of the needed partitions that do not exist."""
    return list((await transaction.execute(_MISSING, {"names": needed(now)})).scalars())
