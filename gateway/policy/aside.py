"""Work on policy files that would keep requests waiting.

Law: it is done in a thread, so that the event loop goes on meanwhile, and one work after the other, so that no number
of them leaves the loop without its turn. Whoever must not wait for others' files has an ``Aside`` of the own. Nothing
is shared by processes: a thread does not go with a fork.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from gateway.core.errors import Overloaded

T = TypeVar("T")

_MOST: Final = 8
"""Works that wait for each other; more are refused."""


class Aside:
    """Does one work after the other."""

    def __init__(self) -> None:
        self._one = asyncio.Lock()
        self._waiting = 0

    async def __call__(self, work: Callable[[], T]) -> T:
        """Do work, and return what it returns. Raise ``Overloaded`` where too much waits already."""
        if self._waiting >= _MOST:
            detail = f"{_MOST} others ask about policies."
            raise Overloaded(detail)
        self._waiting += 1
        try:
            async with self._one:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1
