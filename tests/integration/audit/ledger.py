"""What every test of the log writes and reads: an application's exchanges, and the events that they left."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from gateway.audit import Filters, Integrator, Query, Writer
from gateway.core.actor import Actor, Role
from gateway.core.audit import Action, AuditEvent, Outcome
from gateway.core.decision import Decision, Effect
from gateway.core.exchange import Exchange
from gateway.core.policy import Policy
from gateway.db import Database
from gateway.system import SystemClock, SystemIds

CLOCK, IDS = SystemClock(), SystemIds()
ACTOR = Actor(id="k1", tenant="acme", role=Role.APP, app="crm")
PERMIT = Decision(
    effect=Effect.PERMIT,
    policy=Policy(name="p", digest="ab" * 32, entities={}),
    findings=((),),
    operators=((),),
    counts={"PERSON": 2},
    blocked={},
)


def exchange(actor: Actor = ACTOR) -> Exchange:
    return Exchange(id=IDS.new(), actor=actor, endpoint="/v1/chat/completions", streamed=False, began=CLOCK.now())


def writer(database: Database, instance: uuid.UUID | None = None) -> Writer:
    return Writer(database, CLOCK, IDS, instance=instance or IDS.new(), deadline=5.0)


async def number(database: Database) -> None:
    await Integrator(database, CLOCK).run_once()


async def events(database: Database, journal: Writer, tenant: str = "acme") -> list[dict[str, object]]:
    await number(database)
    return await Query(database, journal).numbered(tenant, Filters(), limit=1000)


def opened(instance: uuid.UUID | None) -> AuditEvent:
    """The event that opens an exchange of a gateway's process."""
    return AuditEvent(
        id=IDS.new(),
        time=datetime.now(UTC),
        tenant=ACTOR.tenant,
        actor=ACTOR.id,
        role=ACTOR.role.value,
        action=Action.EXCHANGE_OPEN,
        resource="/v1/chat/completions",
        outcome=Outcome.SUCCESS,
        exchange=IDS.new(),
        instance=instance,
    )
