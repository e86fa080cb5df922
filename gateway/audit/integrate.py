"""Numbering: the one place where events get their sequence numbers and leaf hashes.

Law: one integrator at a time over all processes, under an advisory lock that ends with its transaction. A tenant's
numbers begin at 1 and have neither gap nor repeat; number, leaf and the end of waiting are one commit. An event that
cannot be numbered stops its own tenant's log and no other's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from gateway.audit import store
from gateway.audit.encode import leaf
from gateway.core.audit import AuditEvent
from gateway.core.errors import DatabaseUnavailable
from gateway.core.ports import Clock
from gateway.db import Database, DbRole
from gateway.db.partitions import MONTHS_AHEAD
from gateway.observability import metrics
from gateway.observability.logs import logger

_BATCH: Final = 1000
_UPKEEP: Final = 3600.0


class Integrator:
    """Numbers what waits, when asked to."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._upkeep_due = float("-inf")
        self._failing: set[str] = set()

    async def run_once(self) -> int:
        """Number what waits, and return how many were; 0 also while another process is at it."""
        await self._make_partitions()
        tenants = await self._waiting()
        numbered = sum([await self._number(tenant) for tenant in tenants])
        metrics.audit_unsequenced.set(await self._left() if tenants else 0)
        return numbered

    async def _waiting(self) -> list[str]:
        """Name the tenants whose events wait for this process."""
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            return await store.waiting(transaction) if await store.lead(transaction) else []

    async def _left(self) -> int:
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            return await store.count_unnumbered(transaction)

    async def _number(self, tenant: str) -> int:
        """Number a tenant's queue as far as it goes, and say once where it does not."""
        total, count = 0, _BATCH
        try:
            while count == _BATCH:
                count = await self._batch(tenant)
                total += count
        except DatabaseUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one log, the others go on
            if tenant not in self._failing:
                logger("audit").error("audit.not_numbered", tenant=tenant, exc_info=error)
            self._failing.add(tenant)
        else:
            self._failing.discard(tenant)
        return total

    async def _batch(self, tenant: str) -> int:
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            if not await store.lead(transaction):
                return 0
            first = await store.last_seq(transaction, tenant) + 1
            waiting = await store.unnumbered(transaction, tenant, _BATCH)
            if waiting:
                numbered = await asyncio.to_thread(_with_leaves, waiting, first)
                await store.number(transaction, tenant, numbered)
        return len(waiting)

    async def _make_partitions(self) -> None:
        """Make the partitions of the months to come, once an hour."""
        if self._clock.monotonic() < self._upkeep_due:
            return
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            await store.make_partitions(transaction, MONTHS_AHEAD)
        self._upkeep_due = self._clock.monotonic() + _UPKEEP


def _with_leaves(waiting: Sequence[AuditEvent], first: int) -> list[tuple[int, AuditEvent, bytes]]:
    """Return events with their numbers and leaves: canonical JSON takes its time, and nobody should wait for it."""
    return [(seq, event, leaf(event, seq)) for seq, event in enumerate(waiting, first)]
