"""Instants as they are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from gateway.core.moments import rfc3339


@pytest.mark.parametrize(
    ("moment", "whole", "second"),
    [
        (
            datetime(2027, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            "2027-01-31T23:59:59.999999Z",
            "2027-01-31T23:59:59Z",
        ),
        (
            datetime(2027, 2, 1, tzinfo=timezone(timedelta(hours=1))),
            "2027-01-31T23:00:00.000000Z",
            "2027-01-31T23:00:00Z",
        ),
        (datetime(1, 2, 3, tzinfo=UTC), "0001-02-03T00:00:00.000000Z", "0001-02-03T00:00:00Z"),
    ],
)
def test_times_are_in_utc(moment: datetime, whole: str, second: str) -> None:
    assert (rfc3339(moment), rfc3339(moment, "seconds")) == (whole, second)
