"""How late the event loop is: for so long nobody else is served.

Law: the loop is asked at even steps, so that each stall is counted about as often as it is long.
"""

from __future__ import annotations

import asyncio
from typing import Final

from gateway.observability import metrics

_STEP: Final = 0.02
"""Seconds between two looks."""


async def look() -> None:
    """Wait a step, and count by how much it was longer."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.sleep(_STEP)
    metrics.loop_stall_seconds.observe(max(0.0, loop.time() - began - _STEP))
