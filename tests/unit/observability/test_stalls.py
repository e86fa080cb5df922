"""A loop that is kept busy is late, and the metric says by how much."""

from __future__ import annotations

import asyncio
import time

from gateway.observability import metrics, stalls


def stalled(least: float) -> float:
    """Return how many looks were later than so many seconds."""
    samples = [each for metric in metrics.loop_stall_seconds.collect() for each in metric.samples]
    counts = {each.labels["le"]: each.value for each in samples if each.name.endswith("_bucket")}
    return counts["+Inf"] - counts[str(least)]


async def test_a_busy_loop_is_late() -> None:
    before = stalled(0.25)
    looking = asyncio.create_task(stalls.look())
    await asyncio.sleep(0)
    time.sleep(0.4)  # noqa: ASYNC251 - that is what is measured
    await looking

    assert stalled(0.25) == before + 1
