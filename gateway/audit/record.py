"""The record of one exchange: opened before a byte is forwarded, closed whatever happens.

Law: an exchange has exactly two events. One that ends before it was decided gets both at once. Closing is queued before
anything is waited for, so that no cancellation can lose it.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from gateway.audit.log import QueueFullError, Writer
from gateway.core.audit import Action, AuditEvent, Json, Outcome
from gateway.core.decision import Decision, Effect
from gateway.core.errors import AuditUnavailable, GatewayError, PermissionDenied, RequestBlocked
from gateway.core.exchange import ClientGone, Exchange
from gateway.core.findings import RecognizerResult
from gateway.core.ports import Clock, Ids
from gateway.core.residue import guarded

_MOST_FINDINGS: Final = 200
_MOST_VALUES: Final = 5000
_WORDS: Final = frozenset(
    {"app", "backend", "decision", "error", "findings", "model", "reason", "shadow", "values_left_out"}
)
"""Details that hold words and names of ours alone; all else is held against the values of the exchange."""


class Recorder:
    """Follows exchanges."""

    def __init__(self, journal: Writer, clock: Clock, ids: Ids, instance: uuid.UUID) -> None:
        self._journal = journal
        self._clock = clock
        self._ids = ids
        self._instance = instance

    @asynccontextmanager
    async def follow(self, exchange: Exchange) -> AsyncIterator[Entry]:
        """Follow an exchange to its end, however the block ends. Raise ``AuditUnavailable`` if it is not recorded."""
        entry = Entry(exchange, self._journal, self._clock, self._ids, self._instance)
        try:
            yield entry
        except (asyncio.CancelledError, GeneratorExit, ClientGone):
            with suppress(QueueFullError):  # nothing has happened yet that would have to be on record
                entry.close(Outcome.FAILURE, {"reason": "client_gone"})
            raise
        except Exception as error:
            await entry.fail(error)
            raise
        else:
            await entry.succeed()


class Entry:
    """The two events of one exchange."""

    def __init__(self, exchange: Exchange, journal: Writer, clock: Clock, ids: Ids, instance: uuid.UUID) -> None:
        self._exchange = exchange
        self._journal = journal
        self._clock = clock
        self._ids = ids
        self._instance = instance
        self._decision: Decision | None = None
        self._opened = False
        self._refused = False
        self._notes: dict[str, Json] = {}
        self._model = ""

    def note(self, **details: Json) -> None:
        """Add to the details of the closing event: counts, codes and names of ours."""
        self._notes.update(details)

    def serves(self, model: str) -> None:
        """Name the model, once it is known to be one that is served: until then its name is a client's text."""
        self._model = model

    async def open(self, decision: Decision, values: Sequence[Sequence[str]]) -> None:
        """Record the intent durably. Raise ``AuditUnavailable``: then nothing may be forwarded.

        values: the keyed hashes of what was found, parallel to the decision's findings.
        """
        self._decision = decision
        outcome = Outcome.SUCCESS if decision.effect is Effect.PERMIT else Outcome.DENIED
        try:
            done = self._journal.offer((self._event(Action.EXCHANGE_OPEN, outcome, self._opening(decision, values)),))
        except QueueFullError:
            self._refused = True
            raise
        self._opened = True
        await self._journal.confirmed(done)

    async def succeed(self) -> None:
        """Close as a success, durably."""
        await self._journal.confirmed(self.close(Outcome.SUCCESS, {}))

    async def fail(self, error: Exception) -> None:
        """Close with the error's code, durably, unless the record itself is what failed."""
        if self._refused:
            return
        denied = isinstance(error, RequestBlocked | PermissionDenied)
        code = error.code if isinstance(error, GatewayError) else GatewayError.code
        done = self.close(Outcome.DENIED if denied else Outcome.FAILURE, {"error": code})
        if not isinstance(error, AuditUnavailable):
            await self._journal.confirmed(done)

    def close(self, outcome: Outcome, details: dict[str, Json]) -> asyncio.Future[None]:
        """Queue the closing event, and the opening one where there was none yet."""
        events = [] if self._opened else [self._event(Action.EXCHANGE_OPEN, outcome, {**self._about(), **details})]
        took = round((self._clock.now() - self._exchange.began).total_seconds() * 1000, 1)
        closing = {"duration_ms": took, **self._notes, **details}
        events.append(self._event(Action.EXCHANGE_CLOSE, outcome, closing))
        return self._journal.offer(events, must=self._opened)

    def _event(self, action: Action, outcome: Outcome, details: dict[str, Json]) -> AuditEvent:
        exchange = self._exchange
        return AuditEvent(
            id=self._ids.new(),
            time=self._clock.now(),
            tenant=exchange.actor.tenant,
            actor=exchange.actor.id,
            role=exchange.actor.role.value,
            action=action,
            resource=exchange.endpoint,
            outcome=outcome,
            exchange=exchange.id,
            policy=self._decision.policy.digest if self._decision else "",
            instance=self._instance,
            details=guarded(details, _WORDS),
        )

    def _about(self) -> dict[str, Json]:
        exchange = self._exchange
        return {"app": exchange.actor.app, "model": self._model, "stream": exchange.streamed}

    def _opening(self, decision: Decision, values: Sequence[Sequence[str]]) -> dict[str, Json]:
        """What was decided: counts, and for each finding its type, place, score, recognizer, operator and hash."""
        found = [
            {**_told(index, finding, operator.operator.value), "value": value}
            for index, each in enumerate(zip(decision.findings, decision.operators, values, strict=True))
            for finding, operator, value in zip(*each, strict=True)
        ]
        found += [
            _told(index, finding, decision.policy.suspicious_encoding)
            for index, findings in enumerate(decision.suspicious)
            for finding in findings
        ]
        return {
            **self._about(),
            "decision": decision.effect.value,
            "segments": len(decision.findings),
            "entities": dict(decision.counts),
            "blocked": dict(decision.blocked),
            "findings": found[:_MOST_FINDINGS],
            "findings_left_out": max(0, len(found) - _MOST_FINDINGS),
            **_values_of(found[_MOST_FINDINGS:]),
        }


def _values_of(left_out: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
    """Name the values that no finding told names, so that whoever looks for one finds it; of very many say how many."""
    values = list(dict.fromkeys(str(each["value"]) for each in left_out if "value" in each))
    untold = {"values_untold": len(values) - _MOST_VALUES} if len(values) > _MOST_VALUES else {}
    return {"values_left_out": values[:_MOST_VALUES], **untold} if values else {}


def _told(segment: int, finding: RecognizerResult, operator: str) -> dict[str, Json]:
    """Say what a finding is, and never what it holds."""
    return {
        "segment": segment,
        "type": finding.entity_type,
        "start": finding.start,
        "end": finding.end,
        "score": finding.score,
        "recognizer": finding.recognizer,
        "operator": operator,
    }
