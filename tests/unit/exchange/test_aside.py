"""Work that would keep others waiting."""

from __future__ import annotations

import asyncio
import threading
import time

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


async def test_who_is_cancelled_goes_on_when_the_thread_has_ended() -> None:
    begun, ended = threading.Event(), []

    def work() -> None:
        begun.set()
        time.sleep(0.1)
        ended.append(True)

    task = asyncio.create_task(aside(LONG, work))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert ended
