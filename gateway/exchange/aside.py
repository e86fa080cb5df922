"""Work that would keep others waiting.

Law: what is short is done at once; what is long is done in a thread, so that the event loop goes on meanwhile. Whoever
waits for it, even if cancelled, goes on only when the thread has ended: nothing is read while it is being changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

LONG: Final = 4_000
"""Characters or bytes from which on work counts as long: some 4 ms."""


async def aside(size: int, work: Callable[[], T]) -> T:
    """Do work over ``size`` characters or bytes."""
    if size < LONG:
        return work()
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.gather(running, return_exceptions=True)
        raise
