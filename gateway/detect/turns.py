"""Whose turn it is when there are more askers than workers.

Law: nobody waits while something is free; else one asker after the other gets a turn, and within an asker the one who
waited longest. What was given to somebody who has gone is given on.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """Things that are lent, one to a taker."""

    def __init__(self) -> None:
        self._free: deque[T] = deque()
        self._waiting: dict[str, deque[asyncio.Future[T]]] = {}

    async def take(self, asker: str) -> T:
        """Wait for a turn. asker: who shares turns evenly with others of another name."""
        if self._free:
            return self._free.popleft()
        turn: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(asker, deque()).append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give(turn.result())
            raise

    def give(self, thing: T) -> None:
        """Give something, new or back again."""
        while self._waiting:
            asker = next(iter(self._waiting))
            queue = self._waiting.pop(asker)
            turn = queue.popleft()
            if queue:
                self._waiting[asker] = queue
            if not turn.done():
                turn.set_result(thing)
                return
        self._free.append(thing)
