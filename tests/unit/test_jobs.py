import asyncio

from gateway.core.errors import DatabaseUnavailable
from gateway.jobs import Job, running


async def test_a_job_goes_on_after_failures_of_any_kind() -> None:
    runs: list[int] = []
    third = asyncio.Event()

    async def run() -> None:
        runs.append(1)
        if len(runs) == 1:
            raise DatabaseUnavailable
        if len(runs) == 2:
            message = "a bug"
            raise RuntimeError(message)
        third.set()

    async with running((Job(name="busy", every=0.001, run=run),)):
        await asyncio.wait_for(third.wait(), 5)

    assert len(runs) >= 3


async def test_jobs_end_with_their_block() -> None:
    runs: list[int] = []

    async def run() -> None:
        runs.append(1)

    async with running((Job(name="busy", every=0.001, run=run),)):
        await asyncio.sleep(0.01)
    before = len(runs)
    await asyncio.sleep(0.01)

    assert before > 0
    assert len(runs) == before


async def test_a_job_that_is_woken_does_not_wait() -> None:
    runs: list[int] = []
    woken, second = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        runs.append(1)
        woken.set() if len(runs) == 1 else second.set()

    async with running((Job(name="busy", every=3600, run=run, woken=woken),)):
        await asyncio.wait_for(second.wait(), 5)

    assert len(runs) == 2
