import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from gateway.audit import Integrator, Recorder, Verifier, Writer, store
from gateway.core.audit import Action
from gateway.db import Database, DbRole
from gateway.observability import metrics
from tests.doubles.signers import SIGNERS
from tests.integration.audit.ledger import ACTOR, CLOCK, IDS, PERMIT, exchange, number, writer

pytestmark = pytest.mark.integration


async def test_many_writers_leave_neither_gap_nor_repeat(place: object, database: Database) -> None:
    databases = [Database.connect(place.gateway_url) for _ in range(3)]  # type: ignore[attr-defined]
    writers = [writer(opened) for opened in databases]
    numbering = asyncio.create_task(keep_numbering(databases[0]))
    try:

        async def one(at: int) -> None:
            recorder = Recorder(writers[at % 3], CLOCK, IDS, IDS.new())
            actor = replace(ACTOR, tenant=f"t{at % 2}")
            async with recorder.follow(exchange(actor)) as entry:
                await entry.open(PERMIT, ((),))

        await asyncio.gather(*(one(at) for at in range(500)))
        for tenant in ("t0", "t1"):
            await Verifier(database, SIGNERS).verify(tenant)
    finally:
        numbering.cancel()
        await asyncio.gather(numbering, return_exceptions=True)
        for made in writers:
            await made.stop()
        for opened in databases:
            await opened.close()
    await number(database)
    for tenant in ("t0", "t1"):
        verified = await Verifier(database, SIGNERS).verify(tenant)
        assert (verified.events, verified.last_seq) == (500, 500)


async def keep_numbering(database: Database) -> None:
    while True:
        await number(database)
        await asyncio.sleep(0.01)


UNHASHABLE = """
    INSERT INTO audit_events (tenant, id, filed, time, actor, role, action, resource, outcome, policy, details)
    VALUES ('broken', gen_random_uuid(), now(), now(), 'a', 'app', 'key.create', '', 'success', '',
        jsonb_build_object('n', 10::numeric ^ 400 + 0.5))"""


async def broken(database: Database) -> None:
    """Let one event wait that has no canonical form."""
    async with database.transaction(DbRole.APPEND, tenant="broken") as transaction:
        await transaction.execute(text(UNHASHABLE))


async def test_an_event_that_cannot_be_numbered_stops_its_own_tenant_alone(database: Database, journal: Writer) -> None:
    await broken(database)
    integrator = Integrator(database, CLOCK)
    with capture_logs() as told:
        for _ in range(2):
            await journal.record(replace(ACTOR, tenant="zeta"), Action.KEY_CREATE, "key/1")
            assert await integrator.run_once() == 1

    assert (await Verifier(database, SIGNERS).verify("zeta")).events == 2
    assert metrics.audit_unsequenced._value.get() == 1
    assert [(line["event"], line["tenant"]) for line in told] == [("audit.not_numbered", "broken")]


async def test_who_does_not_lead_counts_nothing(database: Database) -> None:
    await broken(database)
    integrator = Integrator(database, CLOCK)
    await integrator.run_once()
    assert metrics.audit_unsequenced._value.get() == 1

    async with database.transaction(DbRole.INTEGRATOR) as transaction:
        assert await store.lead(transaction)
        assert await integrator.run_once() == 0

    assert metrics.audit_unsequenced._value.get() == 0


async def test_a_word_of_a_newer_version_is_numbered_and_holds(database: Database) -> None:
    async with database.transaction(DbRole.APPEND, tenant="broken") as transaction:
        await transaction.execute(text(UNHASHABLE.replace("key.create", "key.rotate").replace(" ^ 400 + 0.5", "")))

    assert await Integrator(database, CLOCK).run_once() == 1
    assert (await Verifier(database, SIGNERS).verify("broken")).events == 1
