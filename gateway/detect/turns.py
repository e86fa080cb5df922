"""Whose turn it is when there are more askers than workers.

Law: nobody waits while something is free; else tenants take turns, within a tenant those who ask, and of one who asks
the longest wait comes first. What was given to somebody who has gone is given on.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

from gateway.core.ports import Asker

T = TypeVar("T")


class Turns(Generic[T]):
    """Things that are lent, one to a taker."""

    def __init__(self) -> None:
        self._free: deque[T] = deque()
        self._waiting: dict[str, dict[str, deque[asyncio.Future[T]]]] = {}

    async def take(self, asker: Asker) -> T:
        """Wait for a turn."""
        if self._free:
            return self._free.popleft()
        turn: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        tenant, who = asker
        self._waiting.setdefault(tenant, {}).setdefault(who, deque()).append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give(turn.result())
            raise

    def give(self, thing: T) -> None:
        """Give something, new or back again."""
        while self._waiting:
            turn = self._next()
            if not turn.done():
                turn.set_result(thing)
                return
        self._free.append(thing)

    def _next(self) -> asyncio.Future[T]:
        """Take the next turn off the queue; its tenant and its asker go behind the others."""
        tenant = next(iter(self._waiting))
        askers = self._waiting.pop(tenant)
        who = next(iter(askers))
        queue = askers.pop(who)
        turn = queue.popleft()
        if queue:
            askers[who] = queue
        if askers:
            self._waiting[tenant] = askers
        return turn
