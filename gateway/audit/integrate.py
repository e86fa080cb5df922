"""Numbering: the one place where events get their sequence numbers and leaf hashes.

Law: one integrator at a time over all processes, under an advisory lock that ends with its transaction. A tenant's
numbers begin at 1 and have neither gap nor repeat; number, leaf and the end of waiting are one commit.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final

from gateway.audit import store
from gateway.audit.encode import leaf
from gateway.core.ports import Clock
from gateway.db import Database, DbRole
from gateway.observability import metrics

_BATCH: Final = 1000
_UPKEEP: Final = 3600.0
_MONTHS_AHEAD: Final = 3


class Integrator:
    """Numbers what waits, when asked to."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._upkeep_due = float("-inf")

    async def run_once(self) -> int:
        """Number what waits, and return how many were; 0 also while another process is at it."""
        await self._make_partitions()
        total = 0
        while (count := await self._batch()) == _BATCH:
            total += count
        return total + count

    async def _batch(self) -> int:
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            if not await store.lead(transaction):
                return 0
            waiting = await store.unnumbered(transaction, _BATCH)
            for tenant, events in groupby(waiting, key=lambda event: event.tenant):
                first = await store.last_seq(transaction, tenant) + 1
                numbered = [(seq, event, leaf(event, seq)) for seq, event in enumerate(events, first)]
                await store.number(transaction, tenant, numbered)
            metrics.audit_unsequenced.set(len(waiting))
        return len(waiting)

    async def _make_partitions(self) -> None:
        """Make the partitions of the months to come, once an hour."""
        if self._clock.monotonic() < self._upkeep_due:
            return
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            await store.make_partitions(transaction, _MONTHS_AHEAD)
        self._upkeep_due = self._clock.monotonic() + _UPKEEP
