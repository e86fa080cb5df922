"""Whose work it is when people ask for much: a tenant's works come one after the other, and wait for no other tenant's.

Law: what one tenant asks for keeps at most one place of what all share; of very many that wait the last are refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from gateway.core.errors import Overloaded

_MOST: Final = 8
"""Works of one tenant, with the one that goes on."""


@dataclass(slots=True)
class _Lane:
    """inside: those that wait, and the one that goes on."""

    inside: int = 0
    one: asyncio.Lock = field(default_factory=asyncio.Lock)


class Lanes:
    """A lane for each tenant that has work in it."""

    def __init__(self) -> None:
        self._lanes: dict[str, _Lane] = {}

    @property
    def used(self) -> int:
        """How many tenants have work."""
        return len(self._lanes)

    @asynccontextmanager
    async def turn(self, tenant: str) -> AsyncIterator[None]:
        """Wait for the tenant's turn, which is over with the block. Raise ``Overloaded`` where too much waits."""
        lane = self._lanes.setdefault(tenant, _Lane())
        if lane.inside >= _MOST:
            detail = f"{_MOST} others of this tenant wait for their turn."
            raise Overloaded(detail)
        lane.inside += 1
        try:
            async with lane.one:
                yield
        finally:
            lane.inside -= 1
            if not lane.inside:
                del self._lanes[tenant]
