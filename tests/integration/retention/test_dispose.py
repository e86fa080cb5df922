import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gateway.audit import Filters, Integrator, Query, Verifier, Writer
from gateway.core.actor import LOCAL_OPERATOR
from gateway.core.audit import Action, AuditEvent, Outcome
from gateway.core.errors import AuditUnavailable, Conflict, Misconfigured, VerificationError
from gateway.core.retention import DataClass, Period, RetentionRule
from gateway.db import Database, DbRole, Transaction
from gateway.retention import Disposer, RuleOf, store
from gateway.system import SystemClock, SystemIds
from tests.doubles.signers import SIGNERS

pytestmark = pytest.mark.integration

RULE = RetentionRule(data=DataClass.AUDIT, keep_at_least=Period(months=6), delete_after=Period(months=13))
OLD = datetime(2024, 3, 10, tzinfo=UTC)


async def month(owner: Database, year: int, number: int) -> None:
    """Make the partition of a month that is long over."""
    name = f"audit_events_{year}_{number:02}"
    bounds = f"FROM ('{year}-{number:02}-01+00') TO ('{year}-{number + 1:02}-01+00')"
    async with owner.transaction(DbRole.OWNER) as transaction:
        for statement in (
            f"CREATE TABLE {name} PARTITION OF audit_events FOR VALUES {bounds}",
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        ):
            await transaction.execute(text(statement))


@pytest.fixture
async def writer(owner: Database, database: Database) -> Any:
    await month(owner, 2024, 3)
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


class At(SystemClock):
    """A clock that stands still."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def disposer(
    owner: Database,
    database: Database,
    writer: Writer,
    rule: RetentionRule | None = RULE,
    clock: SystemClock = SystemClock(),  # noqa: B008 - it has no state
) -> Disposer:
    query = Query(database, writer)

    async def prunes(tenant: str) -> list[dict[str, Any]]:
        return await query.numbered(tenant, Filters(action=Action.AUDIT_PRUNE.value))

    async def rules() -> RuleOf:
        return lambda _: rule

    return Disposer(owner, writer, clock, rules, prunes)


async def number(database: Database) -> None:
    await Integrator(database, SystemClock()).run_once()


async def test_what_is_due_goes_and_the_log_still_holds(owner: Database, database: Database, writer: Writer) -> None:
    await number(database)
    made = disposer(owner, database, writer)
    plan = await made.plan(LOCAL_OPERATOR)
    assert [part.name for part in plan if part.is_due] == ["audit_events_2024_03"]
    assert plan[0].tenants == {"acme": (1, 3, 3), "other": (1, 3, 3)}

    assert await made.apply(LOCAL_OPERATOR) == ["audit_events_2024_03"]
    assert await made.apply(LOCAL_OPERATOR) == []

    await number(database)
    verified = await Verifier(database, SIGNERS).verify("acme")
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
        await Verifier(database, SIGNERS).verify("acme")

    assert raised.value.evidence == ("step 3: seq 4: the event is missing, and was not pruned",)


async def test_nothing_goes_before_it_is_numbered(owner: Database, database: Database, writer: Writer) -> None:
    with pytest.raises(Conflict, match="without a number"):
        await disposer(owner, database, writer).apply(LOCAL_OPERATOR)


async def test_without_a_rule_nothing_is_due(owner: Database, database: Database, writer: Writer) -> None:
    await number(database)

    plan = await disposer(owner, database, writer, rule=None).plan(LOCAL_OPERATOR)

    assert [part.name for part in plan if part.is_due and part.tenants] == []


@pytest.mark.parametrize(
    "hiding",
    [
        "ALTER POLICY pruning ON audit_leaves TO cloister_control",
        "ALTER POLICY pruning ON audit_leaves USING (tenant = 'acme')",
        "DROP POLICY pruning ON audit_events",
        "CREATE POLICY none ON audit_leaves AS RESTRICTIVE FOR SELECT USING (false)",
    ],
)
async def test_what_the_owner_cannot_see_is_never_dropped(
    owner: Database, database: Database, writer: Writer, hiding: str
) -> None:
    await number(database)
    async with owner.transaction(DbRole.OWNER) as transaction:
        await transaction.execute(text(hiding))
    made = disposer(owner, database, writer)

    for act in (made.plan, made.apply):
        with pytest.raises(Misconfigured, match="db upgrade"):
            await act(LOCAL_OPERATOR)

    async with owner.transaction(DbRole.OWNER) as transaction:
        assert "audit_events_2024_03" in await store.partitions(transaction)


async def test_rows_that_are_hidden_after_the_plan_are_not_dropped(
    owner: Database, database: Database, writer: Writer
) -> None:
    await number(database)
    made = disposer(owner, database, writer)
    await made.plan(LOCAL_OPERATOR)
    async with owner.transaction(DbRole.OWNER) as transaction:
        for table in ("audit_events", "audit_leaves"):
            await transaction.execute(text(f"DROP POLICY pruning ON {table}"))

    with pytest.raises(Misconfigured):
        await made._drop(LOCAL_OPERATOR, "audit_events_2024_03")


async def test_a_rule_that_came_after_the_plan_counts(
    owner: Database, database: Database, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await number(database)
    made = disposer(owner, database, writer)
    longer = disposer(owner, database, writer, replace(RULE, delete_after=Period(years=90)))
    seize = store.seize

    async def seize_late(transaction: Transaction, name: str) -> bool:
        monkeypatch.setattr(made, "_rules", longer._rules)
        return await seize(transaction, name)

    monkeypatch.setattr(store, "seize", seize_late)

    assert await made.apply(LOCAL_OPERATOR) == []
    assert await pruned(database, writer) == []


async def pruned(database: Database, writer: Writer) -> list[Any]:
    """The partitions that the log of acme says were pruned, newest first."""
    await number(database)
    found = await Query(database, writer).numbered("acme", Filters(action=Action.AUDIT_PRUNE.value))
    return [event["details"]["partition"] for event in found]


async def test_the_record_of_a_month_outlives_its_own_month(
    owner: Database, database: Database, writer: Writer
) -> None:
    """The event that says what became of March was filed in the next year's May, and May goes too."""
    clock = At(datetime(2025, 5, 10, tzinfo=UTC))
    may = Writer(database, clock, SystemIds(), instance=SystemIds().new(), deadline=5.0)
    await month(owner, 2025, 5)
    await number(database)
    await disposer(owner, database, may, clock=clock).apply(LOCAL_OPERATOR)
    await may.stop()
    assert await pruned(database, writer) == ["audit_events_2024_03"]

    assert await disposer(owner, database, writer).apply(LOCAL_OPERATOR) == ["audit_events_2025_05"]

    assert sorted(await pruned(database, writer)) == ["audit_events_2024_03", "audit_events_2025_05"]
    verified = await Verifier(database, SIGNERS).verify("acme")
    assert (verified.pruned, verified.events, verified.last_seq) == (4, 3, 7)


@asynccontextmanager
async def reading(database: Database) -> AsyncIterator[None]:
    """Somebody reads the log for long."""
    async with database.transaction(DbRole.AUDITOR, tenant="acme") as transaction:
        await transaction.execute(text("SELECT count(*) FROM audit_events"))
        yield


async def test_a_month_is_dropped_while_others_write(owner: Database, database: Database, writer: Writer) -> None:
    await number(database)
    late = Writer(database, SystemClock(), SystemIds(), instance=SystemIds().new(), deadline=3.0)
    async with reading(database):
        dropping = asyncio.create_task(disposer(owner, database, writer).apply(LOCAL_OPERATOR))
        await asyncio.sleep(0.3)
        assert await pruned(database, writer) == ["audit_events_2024_03"]
        too_late = late.offer([event("acme", OLD)])
        await asyncio.wait_for(writer.append(event("zeta", datetime.now(UTC))), 2)
        assert not dropping.done()

    with pytest.raises(AuditUnavailable):
        await late.confirmed(too_late)
    await late.stop()
    assert await dropping == ["audit_events_2024_03"]
    assert (await Verifier(database, SIGNERS).verify("acme")).pruned == 3


async def test_a_log_that_is_read_for_ever_is_left_as_it_is(
    owner: Database, database: Database, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_TRIES", 2)
    await number(database)
    async with reading(database):
        with pytest.raises(Conflict, match="is being read"):
            await disposer(owner, database, writer).apply(LOCAL_OPERATOR)
    assert (await Verifier(database, SIGNERS).verify("acme")).pruned == 0

    await pruned(database, writer)
    assert await disposer(owner, database, writer).apply(LOCAL_OPERATOR) == ["audit_events_2024_03"]
    assert await pruned(database, writer) == ["audit_events_2024_03"]


async def test_two_runs_at_once_drop_a_month_once(owner: Database, database: Database, writer: Writer) -> None:
    await number(database)
    runs = [disposer(owner, database, writer).apply(LOCAL_OPERATOR) for _ in range(2)]

    assert sorted(await asyncio.gather(*runs)) == [[], ["audit_events_2024_03"]]
    assert await pruned(database, writer) == ["audit_events_2024_03"]


async def test_the_coming_months_are_made_while_the_log_is_read(owner: Database, database: Database) -> None:
    async with reading(database), owner.transaction(DbRole.OWNER) as transaction:
        await asyncio.wait_for(transaction.execute(text("SELECT make_partitions(6)")), 2)
