"""Work that would keep others waiting.

Law: what is short is done at once; what is long is done in a thread, so that the event loop goes on meanwhile, one work
after the other: threads share one interpreter, so that a second would make none faster and the loop wait for both.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Final, TypeVar

from gateway.core.errors import Overloaded

T = TypeVar("T")

LONG: Final = 4_000
"""Characters or bytes from which on work counts as long: some 2 ms."""

_THREAD: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="aside")
_MOST: Final = 8
"""Works of one kind that wait for each other; more are refused."""

_SWITCH: Final = 0.0005
"""Seconds after which the thread with long work gives way to the event loop (Python's own: 0.005)."""

_COLLECT: Final = 50_000
"""Objects that live longer than they should before cycles among them are looked for (Python's own: 700)."""


async def aside(size: int, work: Callable[[], T]) -> T:
    """Do an exchange's work over ``size`` characters or bytes.

    Whoever waits for it, even if cancelled, goes on only when it is done: nothing is read while it is being changed.
    """
    if size < LONG:
        return work()
    running = asyncio.get_running_loop().run_in_executor(_THREAD, copy_context().run, work)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.gather(running, return_exceptions=True)
        raise


class Queue:
    """Does one work after the other, beside those of exchanges: no number of them leaves the loop without its turn.

    Whoever must not wait for others' works has a queue of the own. No two processes share one.
    """

    def __init__(self) -> None:
        self._one = asyncio.Lock()
        self._waiting = 0

    async def __call__(self, work: Callable[[], T]) -> T:
        """Do work, and return what it returns. Raise ``Overloaded`` where too much waits already."""
        if self._waiting >= _MOST:
            detail = f"{_MOST} others ask about this."
            raise Overloaded(detail)
        self._waiting += 1
        try:
            async with self._one:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1


def favour_loop() -> None:
    """Keep the event loop waiting for less than a few milliseconds, whatever threads do and however much is in memory.

    Looking for cycles among all that the program is made of takes 50 to 250 ms, and nothing runs meanwhile.
    """
    sys.setswitchinterval(_SWITCH)
    gc.freeze()
    gc.set_threshold(_COLLECT)
