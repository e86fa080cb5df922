from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.core.retention import Period
from gateway.retention.schedule import due_at

UPPER = datetime(2026, 2, 1, tzinfo=UTC)


def test_a_month_is_due_a_day_after_its_last_period() -> None:
    assert due_at(UPPER, [Period(months=13)]) == datetime(2027, 3, 2, tzinfo=UTC)


def test_the_longest_period_of_all_tenants_counts() -> None:
    assert due_at(UPPER, [Period(months=1), Period(years=2)]) == datetime(2028, 2, 2, tzinfo=UTC)


def test_a_tenant_without_a_rule_keeps_it() -> None:
    assert due_at(UPPER, [Period(months=1), None]) is None


def test_an_empty_month_is_due_when_it_is_over() -> None:
    assert due_at(UPPER, []) == UPPER + timedelta(days=1)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(0, 40),
    st.integers(0, 400),
)
def test_never_early(upper: datetime, months: int, days: int) -> None:
    period = Period(months=months, days=days)

    due = due_at(upper, [period])

    assert due is not None
    assert due >= period.after(upper)
