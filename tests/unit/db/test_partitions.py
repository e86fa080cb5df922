from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.db.partitions import bounds, name_of, needed


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


@pytest.mark.parametrize("month", [1, 9, 12])
def test_a_partition_holds_the_instants_of_its_name(month: int) -> None:
    first, after = bounds(f"audit_events_2026_{month:02}")

    assert name_of(first) == f"audit_events_2026_{month:02}"
    assert (after - first).days in {30, 31}


def test_a_name_that_nobody_gave_is_a_bug() -> None:
    with pytest.raises(RuntimeError):
        bounds("audit_events_archive")
