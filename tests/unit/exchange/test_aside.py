"""Work that would keep others waiting."""

from __future__ import annotations

import threading

import pytest

from gateway.exchange.aside import LONG, aside


@pytest.mark.parametrize(("size", "elsewhere"), [(0, False), (LONG - 1, False), (LONG, True)])
async def test_long_work_is_done_in_a_thread(size: int, elsewhere: bool) -> None:
    where = await aside(size, threading.current_thread)

    assert (where is not threading.current_thread()) is elsewhere


@pytest.mark.parametrize("size", [0, LONG])
async def test_an_error_is_the_callers(size: int) -> None:
    def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await aside(size, fail)
