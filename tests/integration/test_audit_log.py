import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from gateway.system import SystemClock, SystemIds
from gateway.audit import Filters, Instances, Integrator, Query, Recorder, Verifier, Writer
from gateway.core.actor import Actor, Role
from gateway.core.audit import Action, AuditEvent, Outcome
from gateway.core.decision import Decision, Effect
from gateway.core.errors import AuditUnavailable, ProtocolError, RequestBlocked, VerificationError
from gateway.core.exchange import Exchange
from gateway.core.policy import Policy
from gateway.db import Database, DbRole

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
    return Exchange(
        id=IDS.new(), actor=actor, endpoint="/v1/chat/completions", model="m", streamed=False, began=CLOCK.now()
    )


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


async def test_an_exchange_makes_two_events(database: Database, journal: Writer, recorder: Recorder) -> None:
    async with recorder.follow(exchange()) as entry:
        await entry.open(PERMIT)
        entry.note(backend="vllm-1", restored=2)

    closing, opening = await events(database, journal)
    assert (opening["action"], opening["outcome"], opening["seq"]) == ("exchange.open", "success", 1)
    assert (closing["action"], closing["outcome"], closing["seq"]) == ("exchange.close", "success", 2)
    assert opening["details"]["entities"] == {"PERSON": 2}  # type: ignore[index]
    assert closing["details"]["backend"] == "vllm-1"  # type: ignore[index]
    assert opening["policy"] == "ab" * 32
    await Verifier(database).verify("acme")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(RequestBlocked({"US_SSN": 1}), "denied"), (ProtocolError(), "failure"), (KeyError(), "failure")],
)
@pytest.mark.parametrize("opened", [True, False])
async def test_a_failure_is_recorded_like_a_success(
    database: Database, journal: Writer, recorder: Recorder, error: Exception, outcome: str, opened: bool
) -> None:
    with pytest.raises(type(error)):
        async with recorder.follow(exchange()) as entry:
            if opened:
                await entry.open(PERMIT)
            raise error

    closing, opening = await events(database, journal)
    assert (opening["action"], closing["action"]) == ("exchange.open", "exchange.close")
    assert closing["outcome"] == outcome
    await Verifier(database).verify("acme")


async def test_a_client_that_goes_away_is_recorded(database: Database, journal: Writer, recorder: Recorder) -> None:
    async def serve() -> None:
        async with recorder.follow(exchange()) as entry:
            await entry.open(PERMIT)
            await asyncio.sleep(60)

    task = asyncio.create_task(serve())
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await journal.stop()

    closing, _ = await events(database, journal)
    assert (closing["outcome"], closing["details"]["reason"]) == ("failure", "client_gone")  # type: ignore[index]


async def test_many_writers_leave_neither_gap_nor_repeat(place: object, database: Database) -> None:
    databases = [Database.connect(place.gateway_url) for _ in range(3)]  # type: ignore[attr-defined]
    writers = [writer(opened) for opened in databases]
    numbering = asyncio.create_task(keep_numbering(databases[0]))
    try:

        async def one(at: int) -> None:
            recorder = Recorder(writers[at % 3], CLOCK, IDS, IDS.new())
            actor = replace(ACTOR, tenant=f"t{at % 2}")
            async with recorder.follow(exchange(actor)) as entry:
                await entry.open(PERMIT)

        await asyncio.gather(*(one(at) for at in range(500)))
        for tenant in ("t0", "t1"):
            await Verifier(database).verify(tenant)
    finally:
        numbering.cancel()
        await asyncio.gather(numbering, return_exceptions=True)
        for made in writers:
            await made.stop()
        for opened in databases:
            await opened.close()
    await number(database)
    for tenant in ("t0", "t1"):
        verified = await Verifier(database).verify(tenant)
        assert (verified.events, verified.last_seq) == (500, 500)


async def keep_numbering(database: Database) -> None:
    while True:
        await number(database)
        await asyncio.sleep(0.01)


TAMPERING = {
    "edit": "UPDATE audit_events SET actor = 'x' WHERE id = (SELECT event FROM audit_leaves WHERE seq = 5)",
    "edit details": "UPDATE audit_events SET details = '{}' WHERE id = (SELECT event FROM audit_leaves WHERE seq = 5)",
    "edit leaf": "UPDATE audit_leaves SET leaf = decode(repeat('00', 32), 'hex') WHERE seq = 5",
    "delete event": "DELETE FROM audit_events WHERE id = (SELECT event FROM audit_leaves WHERE seq = 5)",
    "delete leaf": "DELETE FROM audit_leaves WHERE seq = 5",
    "delete both": (
        "DELETE FROM audit_events WHERE id = (SELECT event FROM audit_leaves WHERE seq = 5);"
        "DELETE FROM audit_leaves WHERE seq = 5"
    ),
    "swap": "UPDATE audit_leaves SET seq = CASE seq WHEN 5 THEN -6 ELSE -5 END WHERE seq IN (5, 6);"
    "UPDATE audit_leaves SET seq = -seq WHERE seq < 0",
    "hide from numbering": "DELETE FROM audit_pending",
}


@pytest.mark.parametrize("how", TAMPERING)
async def test_tampering_is_found(
    place: object, owner: Database, database: Database, journal: Writer, recorder: Recorder, how: str
) -> None:
    for _ in range(5):
        async with recorder.follow(exchange()) as entry:
            await entry.open(PERMIT)
    await number(database)
    await Verifier(database).verify("acme")
    async with recorder.follow(exchange()) as entry:
        await entry.open(PERMIT)

    async with owner.transaction(DbRole.OWNER) as transaction:
        for table in ("audit_events", "audit_leaves", "audit_pending"):
            await transaction.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
        await transaction.execute(text("ALTER TABLE audit_leaves DROP CONSTRAINT audit_leaves_seq_check"))
        for statement in TAMPERING[how].split(";"):
            await transaction.execute(text(statement))
        for table in ("audit_events", "audit_leaves", "audit_pending"):
            await transaction.execute(text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))

    with pytest.raises(VerificationError) as raised:
        await Verifier(database).verify("acme")

    assert raised.value.evidence


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


async def test_a_second_close_is_refused_by_the_database(database: Database, journal: Writer) -> None:
    opened = open_event(exchange(), IDS.new())
    closes = [replace(opened, id=IDS.new(), action=Action.EXCHANGE_CLOSE) for _ in range(2)]

    for event in (opened, *closes, opened):
        await journal.append(event)

    assert [event["action"] for event in await events(database, journal)] == ["exchange.close", "exchange.open"]


async def test_without_a_database_nothing_is_confirmed(postgres: object) -> None:
    nowhere = Database.connect("postgresql://cloister_gateway:x@/cloister?host=/nonexistent")
    journal = Writer(nowhere, CLOCK, IDS, instance=IDS.new(), deadline=0.5)
    with pytest.raises(AuditUnavailable):
        await journal.append(open_event(exchange(), IDS.new()))
    assert not journal.healthy
    await journal.stop()
    await nowhere.close()
