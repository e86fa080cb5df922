from datetime import UTC

from gateway.core.exchange import time_of
from gateway.system import SystemClock, SystemIds


def test_identifiers_are_version_7_and_in_order() -> None:
    ids = SystemIds()

    made = [ids.new() for _ in range(5000)]

    assert made == sorted(set(made))
    assert {identifier.version for identifier in made} == {7}


def test_identifiers_carry_the_time() -> None:
    clock = SystemClock()

    assert abs((time_of(SystemIds().new()) - clock.now()).total_seconds()) < 2


def test_the_clock_is_in_utc_and_never_goes_back() -> None:
    clock = SystemClock()

    assert clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()
