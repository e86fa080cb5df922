"""The end of what still runs when the gateway stops."""

from __future__ import annotations

import asyncio

import pytest

from gateway.core.errors import GatewayStopping
from gateway.exchange import Drain


async def held(drain: Drain, seconds: float) -> str:
    async with drain.within():
        await asyncio.sleep(seconds)
    return "ended"


async def test_what_runs_has_all_the_time_it_needs_until_the_drain_begins() -> None:
    drain = Drain(0.01)

    assert await held(drain, 0.05) == "ended"
    assert not drain.begun


async def test_what_runs_and_what_comes_later_ends_with_the_drain() -> None:
    drain = Drain(0.05)
    running = asyncio.create_task(held(drain, 60))
    await asyncio.sleep(0)
    drain.begin()

    assert await held(drain, 0.001) == "ended"
    for task in (running, asyncio.create_task(held(drain, 60))):
        with pytest.raises(GatewayStopping):
            await task


async def test_another_time_limit_stays_what_it_is() -> None:
    drain = Drain(1)

    with pytest.raises(TimeoutError):
        async with drain.within():
            await asyncio.wait_for(asyncio.sleep(60), 0.001)


async def test_a_client_that_left_first_stays_one_that_left() -> None:
    drain = Drain(0.001)

    async def slow_to_leave() -> None:
        async with drain.within():
            drain.begin()
            try:
                await asyncio.sleep(60)
            finally:
                await asyncio.sleep(0.01)

    task = asyncio.create_task(slow_to_leave())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
