"""Writing events: many at once, durable when the call returns, nothing dropped.

Law: what is queued together is committed together, one transaction a tenant at a time. An event that was not confirmed
within the deadline stays queued and is written as soon as the database lets it; writing again is safe. What the
database refuses is tried again by itself, behind the others, so that one event keeps no other waiting. Only an act that
has not happened yet may be turned away, when the queue is full.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

from gateway.audit import store
from gateway.core.actor import Actor
from gateway.core.audit import Action, AuditEvent, Json, Outcome
from gateway.core.errors import AuditUnavailable, DatabaseUnavailable
from gateway.core.ports import Clock, Ids
from gateway.db import Database, DbRole, Transaction, acting
from gateway.observability import metrics
from gateway.observability.logs import logger

_FULL: Final = 10_000
_BATCH: Final = 500
_PAUSE: Final = 0.2


class QueueFullError(AuditUnavailable):
    """The exchange could not be recorded, so nothing was forwarded."""


@dataclass(slots=True)
class Queued:
    """Events that are committed together, and the future that tells when. alone: their batch was refused before."""

    events: tuple[AuditEvent, ...]
    done: asyncio.Future[None]
    alone: bool = False


class Writer:
    """The journal of one process (``core.ports.Journal``, ``db.ChangeJournal``)."""

    def __init__(self, database: Database, clock: Clock, ids: Ids, *, instance: uuid.UUID, deadline: float) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._instance = instance
        self._deadline = deadline
        self._queues: defaultdict[str, deque[Queued]] = defaultdict(deque)
        self._flushers: dict[str, asyncio.Task[None]] = {}
        self._waiting = 0
        self._refused = 0
        self._failing = False
        self._told = False

    @property
    def healthy(self) -> bool:
        """Whether the last write succeeded."""
        return not self._failing

    async def start(self) -> None:
        """Begin. Nothing is opened before the first event."""

    async def stop(self) -> None:
        """Write what is queued, for as long as the deadline allows."""
        flushers = list(self._flushers.values())
        if flushers:
            await asyncio.wait(flushers, timeout=self._deadline)
        for flusher in self._flushers.values():
            flusher.cancel()
        await asyncio.gather(*flushers, return_exceptions=True)

    async def append(self, event: AuditEvent) -> None:
        """Record an event durably, or raise ``AuditUnavailable`` within the deadline."""
        await self.confirmed(self.offer((event,)))

    async def record(  # noqa: PLR0913 - the fields of an event, AU-3
        self,
        actor: Actor,
        action: Action,
        resource: str,
        outcome: Outcome = Outcome.SUCCESS,
        *,
        tenant: str = "",
        policy: str = "",
        details: dict[str, Json] | None = None,
    ) -> None:
        """Record an act of these fields, now."""
        tenant = tenant or actor.tenant
        await self.append(
            self._event(actor, action, resource, outcome, tenant=tenant, policy=policy, details=details or {})
        )

    async def record_in(  # noqa: PLR0913 - the fields of an event, AU-3
        self,
        transaction: Transaction,
        actor: Actor,
        action: Action,
        resource: str,
        *,
        tenant: str,
        policy: str = "",
        details: dict[str, Json] | None = None,
        outcome: Outcome = Outcome.SUCCESS,
    ) -> None:
        """Record a change in its own transaction, which is the tenant's (``db.ChangeJournal``)."""
        event = self._event(actor, action, resource, outcome, tenant=tenant, policy=policy, details=details or {})
        async with acting(transaction, DbRole.APPEND):
            await store.append(transaction, [event])

    def _event(
        self,
        actor: Actor,
        action: Action,
        resource: str,
        outcome: Outcome,
        **fields: Any,  # noqa: ANN401 - the event's own
    ) -> AuditEvent:
        return AuditEvent(
            id=self._ids.new(),
            time=self._clock.now(),
            actor=actor.id,
            role=actor.role.value,
            action=action,
            resource=resource,
            outcome=outcome,
            instance=self._instance,
            **fields,
        )

    def offer(self, events: Sequence[AuditEvent], *, must: bool = False) -> asyncio.Future[None]:
        """Queue events of one tenant, to be committed together, and return what tells when they are.

        must: the act has happened, so that its event is queued even beyond the limit. Raise ``QueueFullError``.
        """
        if self._waiting >= _FULL and not must:
            raise QueueFullError
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        tenant = events[0].tenant
        self._queues[tenant].append(Queued(tuple(events), done))
        self._waiting += len(events)
        flusher = self._flushers.get(tenant)
        if flusher is None or flusher.done():
            self._flushers[tenant] = asyncio.create_task(self._flush(tenant))
        return done

    async def confirmed(self, done: asyncio.Future[None]) -> None:
        """Wait until queued events are durable. Raise ``AuditUnavailable`` at the deadline; they stay queued."""
        finished, _ = await asyncio.wait({done}, timeout=self._deadline)
        if not finished:
            self._failed(None)
            raise AuditUnavailable

    async def _flush(self, tenant: str) -> None:
        """Commit a tenant's queue, batch by batch, until it is empty."""
        queue = self._queues[tenant]
        while queue:
            batch = list(self._next(queue))
            try:
                async with self._database.transaction(DbRole.APPEND, tenant=tenant) as transaction:
                    await store.append(transaction, [event for queued in batch for event in queued.events])
            except DatabaseUnavailable:
                self._failed(None)
                await asyncio.sleep(_PAUSE)
            except Exception as error:  # noqa: BLE001 - whatever it is, the events are kept and tried again
                self._set_behind(queue, batch, error)
                await asyncio.sleep(_PAUSE)
            else:
                self._written(queue, batch)

    def _written(self, queue: deque[Queued], batch: Sequence[Queued]) -> None:
        self._failing = False
        for queued in batch:
            queue.popleft()
            self._waiting -= len(queued.events)
            self._refused -= len(queued.events) if queued.alone else 0
            if not queued.done.done():
                queued.done.set_result(None)
        metrics.audit_retrying.set(self._refused)
        if self._told and not self._refused:
            logger("audit").info("audit.recovered")
            self._told = False

    def _set_behind(self, queue: deque[Queued], batch: Sequence[Queued], error: Exception) -> None:
        """Move the first entries to the end; what is refused by itself says so no second time."""
        queue.rotate(-len(batch))
        fresh = [queued for queued in batch if not queued.alone]
        if fresh:
            self._failed(error)
        for queued in fresh:
            queued.alone = True
            self._refused += len(queued.events)

    @staticmethod
    def _next(queue: deque[Queued]) -> Sequence[Queued]:
        """Return the first entries, about a batch's worth of events, or the first one where it goes alone."""
        if queue[0].alone:
            return [queue[0]]
        taken, count = [], 0
        for queued in takewhile(lambda queued: not queued.alone, queue):
            taken.append(queued)
            count += len(queued.events)
            if count >= _BATCH:
                break
        return taken

    def _failed(self, error: Exception | None) -> None:
        """Say that writing began to fail. error: None for a database that is away."""
        if not self._told:
            logger("audit").error("audit.failing", exc_info=error)
        self._failing = self._told = True
        metrics.audit_retrying.set(self._waiting)
