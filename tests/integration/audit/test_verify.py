import uuid
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from gateway.audit import Filters, Integrator, Query, Recorder, Verifier, Writer
from gateway.core.actor import Actor, Role
from gateway.core.decision import Decision, Effect
from gateway.core.errors import VerificationError
from gateway.core.exchange import Exchange
from gateway.core.policy import Policy
from gateway.db import Database, DbRole
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
