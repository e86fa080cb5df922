"""Work that would keep others waiting.

Law: what is short is done at once; what is long is done in a thread, so that the event loop goes on meanwhile, one work
after the other: threads share one interpreter, so that a second would make none faster and the loop wait for both.
Whoever waits for it, even if cancelled, goes on only when it is done: nothing is read while it is being changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Final, TypeVar

T = TypeVar("T")

LONG: Final = 4_000
"""Characters or bytes from which on work counts as long: some 2 ms."""

_THREAD: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="aside")


async def aside(size: int, work: Callable[[], T]) -> T:
    """Do work over ``size`` characters or bytes."""
    if size < LONG:
        return work()
    running = asyncio.get_running_loop().run_in_executor(_THREAD, copy_context().run, work)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.gather(running, return_exceptions=True)
        raise
