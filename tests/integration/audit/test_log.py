import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from gateway.audit import Writer
from gateway.core.audit import Action
from gateway.core.errors import AuditUnavailable
from gateway.db import Database, DbRole
from gateway.observability import metrics
from tests.integration.audit.ledger import ACTOR, CLOCK, IDS, events, opened

pytestmark = pytest.mark.integration


async def test_a_second_close_is_refused_by_the_database(database: Database, journal: Writer) -> None:
    begun = opened(IDS.new())
    closes = [replace(begun, id=IDS.new(), action=Action.EXCHANGE_CLOSE) for _ in range(2)]

    for event in (begun, *closes, begun):
        await journal.append(event)

    assert [event["action"] for event in await events(database, journal)] == ["exchange.close", "exchange.open"]


async def test_a_database_that_hangs_is_told_once_and_so_is_its_recovery(database: Database, owner: Database) -> None:
    journal = Writer(database, CLOCK, IDS, instance=IDS.new(), deadline=0.2)
    with capture_logs() as told:
        async with owner.transaction(DbRole.OWNER) as transaction:
            await transaction.execute(text("LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE"))
            for _ in range(2):
                with pytest.raises(AuditUnavailable):
                    await journal.append(opened(IDS.new()))
            assert not journal.healthy
        await asyncio.sleep(0.2)
        await journal.append(opened(IDS.new()))
    assert [line["event"] for line in told] == ["audit.failing", "audit.recovered"]
    await journal.stop()


async def test_without_a_database_nothing_is_confirmed(postgres: object) -> None:
    nowhere = Database.connect("postgresql://cloister_gateway:x@/cloister?host=/nonexistent")
    journal = Writer(nowhere, CLOCK, IDS, instance=IDS.new(), deadline=0.5)
    with pytest.raises(AuditUnavailable):
        await journal.append(opened(IDS.new()))
    assert not journal.healthy
    await journal.stop()
    await nowhere.close()


MARCH = "CREATE TABLE audit_events_2024_03 PARTITION OF audit_events FOR VALUES FROM ('2024-03-01') TO ('2024-04-01')"


async def test_what_the_database_refuses_keeps_nobody_else_waiting(database: Database, owner: Database) -> None:
    """An event whose month has no partition is refused, until there is one."""
    journal = Writer(database, CLOCK, IDS, instance=IDS.new(), deadline=2.0)
    strange = replace(opened(IDS.new()), exchange=None, time=datetime(2024, 3, 1, tzinfo=UTC))
    with capture_logs() as told:
        refused = journal.offer([strange])
        await asyncio.gather(*(journal.append(opened(IDS.new())) for _ in range(5)))
        await journal.append(opened(IDS.new()))

        with pytest.raises(AuditUnavailable):
            await journal.confirmed(refused)
        assert metrics.audit_retrying._value.get() == 1
        await journal.append(opened(IDS.new()))
        assert journal.healthy
    assert len(await events(database, journal)) == 7
    assert [line["event"] for line in told] == ["audit.failing"]

    async with owner.transaction(DbRole.OWNER) as transaction:
        await transaction.execute(text(MARCH))
    with capture_logs() as told:
        await journal.confirmed(refused)
    assert [line["event"] for line in told] == ["audit.recovered"]

    assert len(await events(database, journal)) == 8
    assert metrics.audit_retrying._value.get() == 0
    await journal.stop()


async def record_in(journal: Writer, database: Database, tenant: str, *, fail: bool = False) -> str:
    """Record a change of acme's, and return who the transaction is afterwards."""
    async with database.transaction(DbRole.CONTROL, tenant="acme") as transaction:
        await journal.record_in(transaction, ACTOR, Action.KEY_CREATE, "key/1", tenant=tenant)
        if fail:
            raise AuditUnavailable
        return str(await transaction.scalar(text("SELECT current_user")))


async def test_a_change_and_its_event_are_one_commit(database: Database, journal: Writer) -> None:
    with pytest.raises(AuditUnavailable):
        await record_in(journal, database, "acme", fail=True)
    assert await events(database, journal) == []

    assert await record_in(journal, database, "acme") == "cloister_control"
    assert [event["action"] for event in await events(database, journal)] == ["key.create"]


async def test_a_change_is_recorded_in_its_own_tenants_log_alone(database: Database, journal: Writer) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        await record_in(journal, database, "globex")
