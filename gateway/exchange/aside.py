"""Work that would keep others waiting.

Law: what is short is done at once; what is long is done in a thread, so that the event loop goes on meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

LONG: Final = 50_000
"""Characters or bytes from which on work counts as long: some 50 ms."""


async def aside(size: int, work: Callable[[], T]) -> T:
    """Do work over ``size`` characters or bytes."""
    return await asyncio.to_thread(work) if size >= LONG else work()
