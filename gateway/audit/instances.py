"""Which gateway processes live, and what those that died left open.

Law: a process holds an advisory lock for as long as it lives. What it left open is closed as ``unknown`` only when its
lock was found free twice, two seconds apart, so that a lost connection is not taken for a death; by the processes that
serve, and by a command that must know who lives. However it goes, an exchange has one close: the database refuses a
second.
"""

from __future__ import annotations

import asyncio
import uuid
from itertools import groupby
from typing import Final

from gateway.audit import store
from gateway.core.audit import Action, AuditEvent, Outcome
from gateway.core.errors import DatabaseUnavailable
from gateway.core.ports import Clock, Ids
from gateway.db import Database, DbRole, HeldLock

_SECOND_LOOK: Final = 2.0
_BATCH: Final = 1000


class Instances:
    """A process's own registration, and its eye on the others."""

    def __init__(self, database: Database, clock: Clock, ids: Ids, instance: uuid.UUID) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._instance = instance
        self._lock: HeldLock | None = None
        self._suspects: dict[uuid.UUID, float] = {}

    @property
    def registered(self) -> bool:
        """Whether this process holds its lock, as far as it knows."""
        return self._lock is not None

    async def start(self) -> None:
        """Take this process's lock and put the process on the list."""
        self._lock = await self._take()
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            await store.add_instance(transaction, self._instance, lock_key(self._instance), self._clock.now())

    async def stop(self) -> None:
        """Give the lock back. What this process may have left open is closed by another, or at the next start."""
        if self._lock is not None:
            await self._lock.release()
            self._lock = None

    async def reconcile(self) -> int:
        """Look after this process's lock and the others', and return how many exchanges were closed."""
        await self._keep_own()
        return await self._look_around()

    async def settle(self) -> int:
        """Look twice at once, for a command, which holds no lock, and return how many exchanges were closed."""
        closed = await self._look_around()
        if self._suspects:
            await asyncio.sleep(_SECOND_LOOK)
            closed += await self._look_around()
        return closed

    async def _look_around(self) -> int:
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            listed = await store.open_instances(transaction)
        closed = 0
        for identifier, lock in listed:
            if identifier != self._instance:
                closed += await self._look(identifier, lock)
        return closed

    async def _keep_own(self) -> None:
        """Take the lock again where its connection was lost."""
        if self._lock is not None and await self._lock.alive():
            return
        self._lock = None
        self._lock = await self._take()
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            await store.end_instance(transaction, self._instance, None)

    async def _take(self) -> HeldLock:
        lock = await self._database.hold_lock(lock_key(self._instance))
        if lock is None:
            raise DatabaseUnavailable
        return lock

    async def _look(self, identifier: uuid.UUID, lock: int) -> int:
        """Look at one process; close what it left open when it was found gone twice."""
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            if not await store.lock_is_free(transaction, lock):
                self._suspects.pop(identifier, None)
                return 0
            now = self._clock.monotonic()
            if now - self._suspects.setdefault(identifier, now) < _SECOND_LOOK:
                return 0
            closed = 0
            while orphans := await store.orphans(transaction, identifier, _BATCH):
                await self._close(orphans)
                closed += len(orphans)
            await store.end_instance(transaction, identifier, self._clock.now())
        del self._suspects[identifier]
        return closed

    async def _close(self, orphans: list[AuditEvent]) -> None:
        for tenant, opens in groupby(sorted(orphans, key=lambda event: event.tenant), key=lambda event: event.tenant):
            async with self._database.transaction(DbRole.APPEND, tenant=tenant) as transaction:
                await store.append(transaction, [self._unknown(opened) for opened in opens])

    def _unknown(self, opened: AuditEvent) -> AuditEvent:
        return AuditEvent(
            id=self._ids.new(),
            time=self._clock.now(),
            tenant=opened.tenant,
            actor=opened.actor,
            role=opened.role,
            action=Action.EXCHANGE_CLOSE,
            resource=opened.resource,
            outcome=Outcome.UNKNOWN,
            exchange=opened.exchange,
            policy=opened.policy,
            instance=self._instance,
            details={"reason": "gateway_gone"},
        )


def lock_key(instance: uuid.UUID) -> int:
    """Return the advisory lock of a process: 63 bits of its id, most of them random."""
    return instance.int & ((1 << 63) - 1)
