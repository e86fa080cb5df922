"""The end of what still runs when the gateway stops.

Law: once the gateway has been told to stop, whatever runs ends by itself within the drain or is ended with
``GatewayStopping``, early enough to be put on record and told to its client.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.core.errors import GatewayStopping


class Drain:
    """Gives blocks all the time they need until the gateway stops, and then so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end: float | None = None
        self._running: set[asyncio.Timeout] = set()

    @property
    def begun(self) -> bool:
        """Whether the gateway is stopping."""
        return self._end is not None

    def begin(self) -> None:
        """Let the time of every block, running or to come, run out together."""
        self._end = asyncio.get_running_loop().time() + self._seconds
        for timeout in self._running:
            timeout.reschedule(self._end)

    @asynccontextmanager
    async def within(self) -> AsyncIterator[None]:
        """Run a block. Raise ``GatewayStopping`` where it is when the time is up."""
        timeout = asyncio.timeout_at(self._end)
        try:
            async with timeout:
                self._running.add(timeout)
                try:
                    yield
                finally:
                    self._running.discard(timeout)
        except TimeoutError:
            if timeout.expired():
                raise GatewayStopping from None
            raise
