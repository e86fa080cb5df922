import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from gateway.audit import Filters, Instances, Integrator, Query, Recorder, Verifier, Writer
from gateway.core.actor import Actor, Role
from gateway.core.audit import Action, AuditEvent, Outcome
from gateway.core.decision import Decision, Effect
from gateway.core.exchange import Exchange
from gateway.core.policy import Policy
from gateway.db import Database
from gateway.system import SystemClock, SystemIds

pytestmark = pytest.mark.integration

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


@pytest.fixture
async def journal(database: Database) -> AsyncIterator[Writer]:
    made = writer(database)
    yield made
    await made.stop()


@pytest.fixture
def recorder(journal: Writer) -> Recorder:
    return Recorder(journal, CLOCK, IDS, IDS.new())


async def number(database: Database) -> None:
    await Integrator(database, CLOCK).run_once()


async def events(database: Database, journal: Writer, tenant: str = "acme") -> list[dict[str, object]]:
    await number(database)
    return await Query(database, journal).numbered(tenant, Filters(), limit=1000)


async def test_what_a_dead_process_left_open_is_closed_once(database: Database, journal: Writer) -> None:
    dead = IDS.new()
    gone = Instances(database, CLOCK, IDS, dead)
    await gone.start()
    for _ in range(3):
        entry = Recorder(journal, CLOCK, IDS, dead)
        opened = exchange()
        await journal.append(open_event(opened, dead))
        del entry
    living = Instances(database, CLOCK, IDS, IDS.new())
    await living.start()

    assert await living.reconcile() == 0
    await gone.stop()
    assert await living.reconcile() == 0
    await asyncio.sleep(2.1)
    assert await living.reconcile() == 3
    assert await living.reconcile() == 0
    await living.stop()

    found = await events(database, journal)
    assert [event["outcome"] for event in found].count("unknown") == 3
    await Verifier(database).verify("acme")


async def test_a_command_closes_what_the_dead_left_open_and_nothing_of_the_living(
    database: Database, journal: Writer
) -> None:
    dead, alive = IDS.new(), IDS.new()
    gone, living = (Instances(database, CLOCK, IDS, instance) for instance in (dead, alive))
    for process, instance in ((gone, dead), (living, alive)):
        await process.start()
        await journal.append(open_event(exchange(), instance))
    await gone.stop()

    assert await Instances(database, CLOCK, IDS, IDS.new()).settle() == 1

    assert [event["outcome"] for event in await events(database, journal)].count("unknown") == 1
    await Verifier(database).verify("acme")
    await living.stop()


def open_event(opened: Exchange, instance: uuid.UUID) -> AuditEvent:
    return AuditEvent(
        id=IDS.new(),
        time=datetime.now(UTC),
        tenant="acme",
        actor="k1",
        role="app",
        action=Action.EXCHANGE_OPEN,
        resource="/v1/chat/completions",
        outcome=Outcome.SUCCESS,
        exchange=opened.id,
        instance=instance,
    )
