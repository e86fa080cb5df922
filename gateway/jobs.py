"""What a worker does on the side: looking for changes, numbering events, closing what others left open.

Takes: services with one coroutine each.
Gives: their repeated runs, for as long as the worker serves.
Knows: nothing of what they do.
Never: lets one failure end a job, or a job outlive its worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from gateway.core.errors import DatabaseUnavailable
from gateway.observability.logs import logger


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One coroutine, run again ``every`` so many seconds after it ended, or as soon as it is woken."""

    name: str
    every: float
    run: Callable[[], Awaitable[object]]
    woken: asyncio.Event | None = None


@asynccontextmanager
async def running(jobs: tuple[Job, ...]) -> AsyncIterator[None]:
    """Run the jobs while the block runs."""
    tasks = [asyncio.create_task(repeat(job), name=job.name) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def repeat(job: Job) -> None:
    """Run a job for ever; say so when it begins to fail and when it works again."""
    failing = False
    while True:
        if job.woken:
            job.woken.clear()  # what happens from now on may be missed by this run
        try:
            await job.run()
        except DatabaseUnavailable:
            failing = _told(job, failing=failing, error=None)
        except Exception as error:  # noqa: BLE001 - a job goes on; what it serves fails closed by staleness
            failing = _told(job, failing=failing, error=error)
        else:
            if failing:
                logger("jobs").info("job.recovered", job=job.name)
            failing = False
        await _rest(job)


async def _rest(job: Job) -> None:
    if job.woken is None:
        await asyncio.sleep(job.every)
        return
    with suppress(TimeoutError):
        await asyncio.wait_for(job.woken.wait(), job.every)


def _told(job: Job, *, failing: bool, error: Exception | None) -> bool:
    if not failing:
        logger("jobs").warning("job.failing", job=job.name, exc_info=error)
    return True
