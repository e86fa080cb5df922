"""When something is due.

Law: never early. A month's partition is due when its last instant, and a day for exchanges that began in it and ended
later, are past the period of every tenant that has events in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from gateway.core.retention import Period

_LONGEST_EXCHANGE: Final = timedelta(days=1)


def due_at(upper: datetime, periods: Iterable[Period | None]) -> datetime | None:
    """Return when a partition that ends at ``upper`` (exclusive) is due; None where a tenant in it has no period."""
    moments = []
    for period in periods:
        if period is None:
            return None
        moments.append(period.after(upper + _LONGEST_EXCHANGE))
    return max(moments, default=upper + _LONGEST_EXCHANGE)
