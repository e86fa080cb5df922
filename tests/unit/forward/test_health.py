from gateway.forward.health import INTERVAL, LONGEST, SHORTEST, STRIKES, Health


def up(now: float = 0.0) -> Health:
    health = Health()
    health.probed(now, good=True)
    return health


def test_it_begins_unknown_and_due() -> None:
    health = Health()

    assert not health.usable
    assert health.due(0.0)


def test_a_probe_decides() -> None:
    health = up()
    assert health.usable

    health.probed(1.0, good=False)
    assert not health.usable


def test_one_missed_request_is_no_verdict() -> None:
    health = up()
    for _ in range(10):
        for _ in range(STRIKES - 1):
            health.missed(1.0)
        health.answered()

    assert health.usable


def test_misses_in_a_row_put_it_out_and_soon_ask_again() -> None:
    health = up()
    for _ in range(STRIKES):
        health.missed(1.0)

    assert not health.usable
    assert not health.due(1.0)
    assert health.due(1.0 + SHORTEST)


def test_misses_do_not_bring_it_back_or_push_the_probe_away() -> None:
    health = up()
    for _ in range(10 * STRIKES):
        health.missed(1.0)

    assert health.due(1.0 + SHORTEST)


def test_the_pause_doubles_up_to_a_limit_and_starts_over() -> None:
    health = Health()
    pauses = []
    for _ in range(10):
        health.probed(0.0, good=False)
        pauses.append(next(t / 4 for t in range(1000) if health.due(t / 4)))

    assert pauses[:4] == [SHORTEST, SHORTEST * 2, SHORTEST * 4, SHORTEST * 8]
    assert pauses[-1] == LONGEST

    health.probed(0.0, good=True)
    assert not health.due(INTERVAL - 0.1)
    assert health.due(INTERVAL)
    health.probed(INTERVAL, good=False)
    assert health.due(INTERVAL + SHORTEST)


def test_a_backend_that_is_away_for_days_is_still_asked() -> None:
    health = Health()
    for _ in range(5000):
        health.probed(0.0, good=False)

    assert not health.due(LONGEST - 0.1)
    assert health.due(LONGEST)
