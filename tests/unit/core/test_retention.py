from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.retention import Period

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PERIODS = st.builds(
    Period, years=st.integers(0, 9), months=st.integers(0, 40), weeks=st.integers(0, 60), days=st.integers(0, 400)
)


@pytest.mark.parametrize("text", ["P0D", "P13M", "P6M", "P1Y2M", "P1Y2M3W4D", "P2W"])
def test_a_period_is_written_as_it_is_read(text: str) -> None:
    assert str(Period.parse(text)) == text


@pytest.mark.parametrize("text", ["", "P", "13M", "PT1H", "P1.5D", "P-1D", "p1d", "P1D ", "P1M1Y", "P99999Y", "P1001Y"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ((2026, 1, 31), "P1M", (2026, 2, 28)),
        ((2028, 1, 31), "P1M", (2028, 2, 29)),
        ((2028, 2, 29), "P1Y", (2029, 2, 28)),
        ((2026, 8, 31), "P6M", (2027, 2, 28)),
        ((2026, 11, 24), "P13M", (2027, 12, 24)),
        ((2026, 12, 31), "P1D", (2027, 1, 1)),
    ],
)
def test_calendar_arithmetic(start: tuple[int, int, int], period: str, end: tuple[int, int, int]) -> None:
    assert Period.parse(period).after(datetime(*start, tzinfo=UTC)) == datetime(*end, tzinfo=UTC)


@given(MOMENTS, PERIODS)
def test_a_period_is_never_shorter_than_its_shortest_reading(moment: datetime, period: Period) -> None:
    days = period.years * 365 + period.months * 28 + period.weeks * 7 + period.days

    assert period.after(moment) - moment >= timedelta(days=days)


@given(st.dates(date(2024, 1, 1), date(2080, 1, 1)), st.integers(0, 800), PERIODS)
def test_what_came_later_is_due_later_or_together(day: date, later: int, period: Period) -> None:
    early = datetime(day.year, day.month, day.day, tzinfo=UTC)

    assert period.after(early) <= period.after(early + timedelta(days=later))


def test_the_longest_period_ends_in_the_calendar() -> None:
    assert Period.parse("P1000Y9999M9999W99999D").after(datetime(2100, 12, 31, tzinfo=UTC)).year < 9999


@given(PERIODS)
def test_reading_is_the_inverse_of_writing(period: Period) -> None:
    assert Period.parse(str(period)) == period
