import pytest

from gateway.forward.health import INTERVAL, LONGEST, SHORTEST, SPREAD, STRIKES, Health


def never() -> float:
    return 0.0


def up(now: float = 0.0) -> Health:
    health = Health(never)
    health.probed(now, good=True)
    return health


def out(now: float = 0.0) -> Health:
    health = up(now)
    for _ in range(STRIKES):
        health.failed(now)
    return health


def pause(health: Health, now: float) -> float:
    """How long a backend waits for its next probe."""
    return next(step / 100 for step in range(10_000) if health.due(now + step / 100))


def test_it_begins_unknown_and_due() -> None:
    health = Health(never)

    assert not health.usable
    assert health.due(0.0)


def test_a_probe_decides() -> None:
    health = up()
    assert health.usable

    health.probed(1.0, good=False)
    assert not health.usable


def test_a_probe_in_vain_puts_it_out_where_nothing_else_is_answered() -> None:
    health = up()
    health.answered()
    health.asked()
    health.silent(5.0)
    assert not health.usable
    assert pause(health, 5.0) == SHORTEST


def test_a_probe_in_vain_while_requests_are_answered_is_one_failure() -> None:
    health = up()
    for _ in range(3 * STRIKES):
        health.asked()
        health.answered()
        health.silent(5.0)
        assert health.usable
        assert pause(health, 5.0) == INTERVAL

    for _ in range(STRIKES - 1):
        health.failed(6.0)
    assert not health.usable


def test_out_of_use_a_probe_in_vain_keeps_it_there() -> None:
    health = out(1.0)
    health.asked()
    health.answered()
    health.silent(2.0)
    assert not health.usable
    assert pause(health, 2.0) == SHORTEST * 2


def test_failures_in_a_row_put_it_out() -> None:
    health = up()
    for _ in range(STRIKES - 1):
        health.failed(1.0)
    assert health.usable

    health.failed(1.0)
    assert not health.usable


def test_an_answer_between_them_forgives_them() -> None:
    health = up()
    for _ in range(10):
        for _ in range(STRIKES - 1):
            health.failed(1.0)
        health.answered()

    assert health.usable


def test_a_good_probe_between_them_does_not() -> None:
    health = up()
    for _ in range(STRIKES):
        health.probed(1.0, good=True)
        health.failed(1.0)

    assert not health.usable


def test_out_it_is_soon_asked_and_one_good_probe_brings_it_back() -> None:
    health = out(1.0)
    assert not health.due(1.0 + SHORTEST - 0.01)
    assert health.due(1.0 + SHORTEST)

    health.probed(1.0 + SHORTEST, good=True)
    assert health.usable


def test_what_was_under_way_when_it_went_out_changes_nothing() -> None:
    health = out(1.0)
    for _ in range(10 * STRIKES):
        health.failed(1.2)
        health.answered()

    assert not health.usable
    assert health.due(1.0 + SHORTEST)
    health.probed(2.0, good=True)
    health.failed(2.0)
    assert not health.usable, "it was on probation all the same"


def test_on_probation_one_failure_is_enough_and_the_pause_grows() -> None:
    health, now, pauses = out(), 0.0, []
    for _ in range(4):
        pauses.append(pause(health, now))
        now += pauses[-1]
        health.probed(now, good=True)
        health.failed(now)
        assert not health.usable

    assert pauses == [SHORTEST, SHORTEST * 2, SHORTEST * 4, SHORTEST * 8]


@pytest.mark.parametrize("by", ["an answer", "another good probe"])
def test_probation_ends(by: str) -> None:
    health = out()
    health.probed(1.0, good=True)
    if by == "an answer":
        health.answered()
    else:
        health.probed(1.0 + INTERVAL, good=True)
    for _ in range(STRIKES - 1):
        health.failed(10.0)
    assert health.usable

    health.failed(10.0)
    assert pause(health, 10.0) == SHORTEST


def test_the_pause_doubles_up_to_a_limit_and_starts_over() -> None:
    health = Health(never)
    pauses = []
    for _ in range(10):
        health.probed(0.0, good=False)
        pauses.append(pause(health, 0.0))

    assert pauses[:4] == [SHORTEST, SHORTEST * 2, SHORTEST * 4, SHORTEST * 8]
    assert pauses[-1] == LONGEST

    health.probed(0.0, good=True)
    assert pause(health, 0.0) == INTERVAL
    health.probed(INTERVAL, good=True)
    health.probed(INTERVAL, good=False)
    assert pause(health, INTERVAL) == SHORTEST


@pytest.mark.parametrize("chance", [0.0, 0.3, 1.0])
def test_a_pause_is_shorter_by_chance_and_never_longer(chance: float) -> None:
    health = Health(lambda: chance)
    health.probed(0.0, good=True)
    assert pause(health, 0.0) == pytest.approx(INTERVAL * (1 - SPREAD * chance), abs=0.011)

    for _ in range(10):
        health.probed(0.0, good=False)
    assert pause(health, 0.0) == pytest.approx(LONGEST * (1 - SPREAD * chance), abs=0.011)


def test_a_backend_that_is_away_for_days_is_still_asked() -> None:
    health = Health(never)
    for _ in range(5000):
        health.probed(0.0, good=False)

    assert not health.due(LONGEST - 0.1)
    assert health.due(LONGEST)
