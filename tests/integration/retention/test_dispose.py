from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gateway.audit import Filters, Integrator, Query, Verifier, Writer
from gateway.core.actor import LOCAL_OPERATOR
from gateway.core.audit import Action, AuditEvent, Outcome
from gateway.core.errors import PolicyConflict, VerificationError
from gateway.core.retention import DataClass, Period, RetentionRule
from gateway.db import Database, DbRole
from gateway.retention import Disposer
from gateway.system import SystemClock, SystemIds

pytestmark = pytest.mark.integration

RULE = RetentionRule(data=DataClass.AUDIT, keep_at_least=Period(months=6), delete_after=Period(months=13))
OLD = datetime(2024, 3, 10, tzinfo=UTC)


@pytest.fixture
async def writer(owner: Database, database: Database) -> Any:
    async with owner.transaction(DbRole.OWNER) as transaction:
        for statement in (
            "CREATE TABLE audit_events_2024_03 PARTITION OF audit_events FOR VALUES FROM ('2024-03-01+00') TO ('2024-04-01+00')",
            "ALTER TABLE audit_events_2024_03 ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE audit_events_2024_03 FORCE ROW LEVEL SECURITY",
        ):
            await transaction.execute(text(statement))
    made = Writer(database, SystemClock(), SystemIds(), instance=SystemIds().new(), deadline=5.0)
    for tenant in ("acme", "other"):
        for number in range(3):
            await made.append(event(tenant, OLD + timedelta(days=number)))
        await made.append(event(tenant, datetime.now(UTC)))
    yield made
    await made.stop()


def event(tenant: str, time: datetime) -> AuditEvent:
    return AuditEvent(
        id=SystemIds().new(),
        time=time,
        tenant=tenant,
        actor="a",
        role="admin",
        action=Action.KEY_CREATE,
        resource="key/1",
        outcome=Outcome.SUCCESS,
    )


def disposer(owner: Database, database: Database, writer: Writer, rule: RetentionRule | None = RULE) -> Disposer:
    query = Query(database, writer)

    async def recorded(tenant: str, partition: str) -> bool:
        prunes = await query.numbered(tenant, Filters(action=Action.AUDIT_PRUNE.value))
        return any(prune["details"]["partition"] == partition for prune in prunes)

    return Disposer(owner, writer, SystemClock(), lambda _: rule, recorded)


async def number(database: Database) -> None:
    await Integrator(database, SystemClock()).run_once()


async def test_what_is_due_goes_and_the_log_still_holds(owner: Database, database: Database, writer: Writer) -> None:
    await number(database)
    made = disposer(owner, database, writer)
    plan = await made.plan()
    assert [part.name for part in plan if part.is_due] == ["audit_events_2024_03"]
    assert plan[0].tenants == {"acme": (1, 3, 3), "other": (1, 3, 3)}

    assert await made.apply(LOCAL_OPERATOR) == ["audit_events_2024_03"]
    assert await made.apply(LOCAL_OPERATOR) == []

    await number(database)
    verified = await Verifier(database).verify("acme")
    assert (verified.pruned, verified.events, verified.last_seq) == (3, 2, 5)


async def test_any_other_absence_is_still_found(owner: Database, database: Database, writer: Writer) -> None:
    await number(database)
    await disposer(owner, database, writer).apply(LOCAL_OPERATOR)
    await number(database)
    async with owner.transaction(DbRole.OWNER) as transaction:
        await transaction.execute(text("ALTER TABLE audit_events DISABLE ROW LEVEL SECURITY"))
        await transaction.execute(text("DELETE FROM audit_events WHERE tenant = 'acme' AND action = 'key.create'"))
        await transaction.execute(text("ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY"))

    with pytest.raises(VerificationError) as raised:
        await Verifier(database).verify("acme")

    assert raised.value.evidence == ("step 3: seq 4: the event is missing, and was not pruned",)


async def test_nothing_goes_before_it_is_numbered(owner: Database, database: Database, writer: Writer) -> None:
    with pytest.raises(PolicyConflict, match="without a number"):
        await disposer(owner, database, writer).apply(LOCAL_OPERATOR)


async def test_without_a_rule_nothing_is_due(owner: Database, database: Database, writer: Writer) -> None:
    await number(database)

    plan = await disposer(owner, database, writer, rule=None).plan()

    assert [part.name for part in plan if part.is_due and part.tenants] == []
