from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.db.partitions import needed


@pytest.mark.parametrize(
    ("now", "names"),
    [
        (datetime(2026, 1, 31, 23, 59, tzinfo=UTC), ["audit_events_2026_01", "audit_events_2026_02"]),
        (datetime(2026, 11, 1, tzinfo=UTC), ["audit_events_2026_11", "audit_events_2026_12"]),
        (datetime(2026, 12, 31, tzinfo=UTC), ["audit_events_2026_12", "audit_events_2027_01"]),
    ],
)
def test_this_month_and_the_next_are_needed(now: datetime, names: list[str]) -> None:
    assert needed(now) == names
