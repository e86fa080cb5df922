from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from gateway.eval.past import Past, State
from gateway.policy import Head

NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LONG = timedelta(minutes=1)
"""How far around a moment is looked."""


def heads(scope: str, created: Sequence[datetime]) -> list[Head]:
    """A history, newest first."""
    made = [
        Head(tenant=scope, version=number, digest="", policies={}, created=moment, created_by="")
        for number, moment in enumerate(created, 1)
    ]
    return made[::-1]


def past(acme: Sequence[datetime], platform: Sequence[datetime]) -> Past:
    return Past({"acme": heads("acme", acme), "platform": heads("platform", platform)})


def state(acme: int, platform: int) -> State:
    return (("acme", acme), ("platform", platform))


def test_a_state_lasts_until_the_next_change_of_either() -> None:
    known = past([NOON + HOUR, NOON + 3 * HOUR], [NOON, NOON + 2 * HOUR])
    between = [NOON + timedelta(minutes=30) + hours * HOUR for hours in range(-1, 4)]

    assert [known.around(moment) for moment in between] == [
        [state(0, 0)],
        [state(0, 1)],
        [state(1, 1)],
        [state(1, 2)],
        [state(2, 2)],
    ]


def test_around_a_change_what_was_and_what_came_are_tried_and_first_the_likelier() -> None:
    known = past([NOON, NOON + HOUR], [NOON - HOUR])

    assert known.around(NOON + timedelta(seconds=5)) == [state(1, 1), state(0, 1)]
    assert known.around(NOON - timedelta(seconds=5)) == [state(0, 1), state(1, 1)]
    assert known.around(NOON) == [state(1, 1), state(0, 1)]
    assert known.around(NOON + 2 * LONG) == [state(1, 1)]
    assert known.around(NOON - 2 * LONG) == [state(0, 1)]


def test_where_nothing_ever_was_there_is_one_state() -> None:
    assert past([], []).around(NOON) == [state(0, 0)]
    assert past([], []).touched([NOON, NOON + HOUR]) == {("acme", 0), ("platform", 0)}


def test_only_what_may_have_decided_is_touched() -> None:
    known = past([NOON + hours * HOUR for hours in range(100)], [NOON])
    half = timedelta(minutes=30)

    assert known.touched([]) == set()
    assert known.touched([NOON + 50 * HOUR + half, NOON + 70 * HOUR]) == {
        ("acme", 51),
        ("acme", 70),
        ("acme", 71),
        ("platform", 1),
    }


def test_there_are_as_many_states_as_changes_and_not_as_pairs() -> None:
    seconds = [NOON + timedelta(milliseconds=100 * each) for each in range(300)]
    known = past(seconds[::2], seconds[1::2])

    tried = known.around(seconds[150])
    assert len(tried) == len(set(tried)) == 301
    assert tried[0] == state(76, 75)
    assert len(known.touched(seconds)) == 302


def test_of_two_versions_the_higher_came_later_whatever_the_clocks_said() -> None:
    known = past([NOON, NOON + timedelta(seconds=30), NOON + timedelta(seconds=10)], [NOON - HOUR])

    assert known.around(NOON + HOUR) == [state(3, 1)]
    assert known.around(NOON + timedelta(seconds=20)) == [state(number, 1) for number in (1, 0, 2, 3)]


MOMENTS = st.lists(st.integers(0, 600).map(lambda second: NOON + timedelta(seconds=second)), max_size=8).map(sorted)


@given(MOMENTS, MOMENTS, st.integers(-100, 700))
def test_what_was_in_force_at_some_time_around_is_tried(
    acme: list[datetime], platform: list[datetime], second: int
) -> None:
    moment = NOON + timedelta(seconds=second)
    tried = past(acme, platform).around(moment)

    def numbers(created: list[datetime], at: datetime) -> int:
        return sum(each <= at for each in created)

    around = [moment + timedelta(seconds=each) for each in range(-60, 61)]
    were = {state(numbers(acme, at), numbers(platform, at)) for at in around}
    assert were <= set(tried)
    assert tried[0] == state(numbers(acme, moment), numbers(platform, moment))
    assert set(tried) <= {state(*each) for each in product(range(len(acme) + 1), range(len(platform) + 1))}
