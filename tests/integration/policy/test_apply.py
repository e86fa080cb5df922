from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select
from sqlalchemy.engine import Engine

from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Actor, Role
from gateway.core.audit import Action
from gateway.core.errors import AuditUnavailable, NotFound, PermissionDenied, PolicyConflict, PolicyInvalid
from gateway.db import Database, DbRole
from gateway.policy import ActivePolicies, Plan, PolicyService, Source, apply_default, reading, store
from gateway.system import SystemClock
from tests.doubles.policies import target

pytestmark = pytest.mark.integration

ADMIN = Actor(id="a1", tenant="acme", role=Role.ADMIN)


def source(name: str) -> list[Source]:
    head = f"apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {{name: {name}}}\n"
    return [Source("p.yaml", f"{head}spec: {{}}\n")]


class Journal:
    """Keeps what it is told, or cannot."""

    def __init__(self, *, broken: bool = False) -> None:
        self.told: list[tuple[Action, str]] = []
        self.broken = broken

    async def record_in(self, _: Any, actor: Actor, action: Action, resource: str, **__: Any) -> None:
        if self.broken:
            raise AuditUnavailable
        self.told.append((action, resource))


def service(database: Database, journal: Journal | None = None) -> PolicyService:
    return PolicyService(database, journal or Journal(), SystemClock())


async def test_versions_count_up_and_stay(database: Database) -> None:
    journal = Journal()
    policies = service(database, journal)

    first = await policies.apply("acme", source("one"), ADMIN)
    second = await policies.apply("acme", source("two"), ADMIN)
    again = await policies.apply("acme", source("two"), ADMIN)

    assert (first.version, second.version, again.version) == (1, 2, 2)
    assert (second.changed, again.changed) == (True, False)
    assert [version.version for version in await policies.history("acme", ADMIN)] == [2, 1]
    assert "one" in (await policies.show("acme", ADMIN, 1)).documents[0]["text"]
    assert journal.told == [(Action.POLICY_APPLY, "policy/1"), (Action.POLICY_APPLY, "policy/2")]


LARGE = 100_000
MANY = 300
LONG = Source("long.yaml", "apiVersion: cloister/v1\nkind: RedactionPolicy\n" + "# nothing to say\n" * (LARGE // 16))
LONG = replace(LONG, text=LONG.text + "metadata: {name: long}\nspec: {match: {apps: [long]}}\n")


@contextmanager
def measured() -> Iterator[list[tuple[int, int]]]:
    """Rows and characters that each query of this process is answered with."""
    answers: list[tuple[int, int]] = []

    def heard(_connection: Any, cursor: Any, *_: Any) -> None:
        rows = list(cursor._rows)
        answers.append((len(rows), sum(len(str(value)) for row in rows for value in row)))

    event.listen(Engine, "after_cursor_execute", heard)
    try:
        yield answers
    finally:
        event.remove(Engine, "after_cursor_execute", heard)


@pytest.fixture
async def long_history(database: Database) -> Database:
    """A database with very many large versions of one scope."""
    await service(database).apply("acme", [*source("one"), LONG], ADMIN)
    async with database.transaction(DbRole.CONTROL, tenant="acme") as transaction:
        same = [
            store.versions.c[each] for each in ("tenant", "digest", "policies", "documents", "created", "created_by")
        ]
        copies = select(*same, func.generate_series(2, MANY).label("version"))
        await transaction.execute(insert(store.versions).from_select([*same, store.versions.c.version], copies))
    return database


Act = Callable[[PolicyService], Awaitable[Any]]
NEXT = [*source("two"), LONG]


async def applied(policies: PolicyService) -> None:
    assert (await policies.apply("acme", NEXT, ADMIN, expected=MANY)).version == MANY + 1


async def stale(policies: PolicyService) -> None:
    with pytest.raises(PolicyConflict, match=f"Version {MANY} is in force, not 5"):
        await policies.apply("acme", NEXT, ADMIN, expected=5)


async def planned(policies: PolicyService) -> None:
    assert (await policies.plan("acme", NEXT, ADMIN)).base == MANY


async def approved(policies: PolicyService) -> None:
    plan = Plan(scope="acme", base=MANY, digest="", sources=tuple(NEXT))
    assert await policies.approve(plan, replace(ADMIN, owner="ann"))


async def rolled_back(policies: PolicyService) -> None:
    assert (await policies.roll_back("acme", ADMIN, to=3)).version == MANY


async def listed(policies: PolicyService) -> None:
    assert len(await policies.history("acme", ADMIN)) == MANY


async def paged(policies: PolicyService) -> None:
    assert [each.version for each in await policies.history("acme", ADMIN, before=9, most=2)] == [8, 7]


async def shown(policies: PolicyService) -> None:
    assert (await policies.show("acme", ADMIN, 7)).version == 7


async def looked_for_what_is_due(policies: PolicyService) -> None:
    assert await policies.return_due() == 0


READS: dict[Act, tuple[int, int]] = {
    applied: (20, 1),
    stale: (20, 2),
    planned: (20, 1),
    approved: (20, 1),
    rolled_back: (20, 3),
    listed: (MANY + 20, 0),
    paged: (20, 0),
    shown: (20, 1),
    looked_for_what_is_due: (20, 0),
}
"""For each act how many rows it may be answered with, and how many versions' files."""


@pytest.mark.parametrize("act", READS, ids=lambda act: act.__name__)
async def test_however_long_the_history_is_few_versions_are_read(long_history: Database, act: Act) -> None:
    rows, files = READS[act]
    with measured() as answers:
        await act(service(long_history))

    characters = sum(each for _, each in answers)
    assert sum(each for each, _ in answers) <= rows
    assert files * LARGE <= characters < files * LARGE * 1.2 + MANY * 1000


async def test_a_measure_of_all_that_is_read_sees_what_is_read(long_history: Database) -> None:
    with measured() as answers:
        async with long_history.transaction(DbRole.CONTROL, tenant="acme") as transaction:
            await transaction.execute(select(store.versions))

    assert answers[-1][0] == MANY
    assert answers[-1][1] > MANY * LARGE


async def test_files_are_read_once_and_before_anything_is_waited_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies, order, lock = service(database), list[str](), store.lock
    await policies.apply("acme", source("one"), ADMIN)
    load, compiled = reading.load, reading.compile_documents

    async def locked(transaction: Any, scope: str) -> None:
        order.append("lock")
        await lock(transaction, scope)

    monkeypatch.setattr(store, "lock", locked)
    monkeypatch.setattr(reading, "load", lambda *given, **more: (order.append("load"), load(*given, **more))[1])
    monkeypatch.setattr(
        reading, "compile_documents", lambda *given, **more: (order.append("compile"), compiled(*given, **more))[1]
    )
    await policies.apply("acme", source("two"), ADMIN)
    assert order == ["load", "compile", "lock"]

    order.clear()
    await policies.roll_back("acme", ADMIN)
    assert order == ["lock", "load", "compile"]

    order.clear()
    with pytest.raises(PolicyInvalid):
        await policies.apply("acme", [Source("p.yaml", "kind: x\n")], ADMIN)
    with pytest.raises(PermissionDenied):
        await policies.apply("other", source("two"), ADMIN)
    assert order == ["load"]


SHADOW = "{mode: shadow, match: {apps: [crm]}}"
DAY = timedelta(days=1)


class Clock(SystemClock):
    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


async def test_what_has_been_in_shadow_for_long_is_told_with_every_plan_and_change(database: Database) -> None:
    clock = Clock()
    policies = PolicyService(database, Journal(), clock)

    def files(spec: str, more: str = "") -> list[Source]:
        head = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: %s}\nspec: %s\n"
        return [Source("p.yaml", head % ("p", "{}") + more), Source("next.yaml", head % ("next", spec))]

    def told(done: Any) -> list[tuple[str, str]]:
        return [(each.code, each.message) for each in done.warnings]

    long = [("CL4018", '"next" has been in shadow for 31 days')]
    assert told(await policies.apply("acme", files(SHADOW), ADMIN)) == []
    clock.ahead = 20 * DAY
    assert told(await policies.apply("acme", files(SHADOW, "# touched\n"), ADMIN)) == []
    assert told(await policies.plan("acme", files(SHADOW), ADMIN)) == []
    clock.ahead = 31 * DAY
    assert told(await policies.plan("acme", files(SHADOW), ADMIN)) == long
    assert told(await policies.plan("acme", files("{match: {apps: [crm]}}"), ADMIN)) == []
    assert told(await policies.plan("acme", files(SHADOW)[1:], ADMIN)) == long
    unchanged = await policies.apply("acme", files(SHADOW, "# touched\n"), ADMIN)
    assert (unchanged.changed, told(unchanged)) == (False, long)
    assert unchanged.as_json()["warnings"][0]["code"] == "CL4018"
    assert told(await policies.apply("acme", files(SHADOW, "# touched twice\n"), ADMIN)) == long
    assert told(await policies.roll_back("acme", ADMIN)) == long
    assert told(await policies.plan("other", files(SHADOW), LOCAL_OPERATOR)) == []

    assert told(await policies.apply("acme", files("{match: {apps: [crm]}}"), ADMIN)) == []
    assert told(await policies.apply("acme", files(SHADOW), ADMIN)) == []
    since = [each.in_shadow for each in await policies.history("acme", ADMIN)]
    assert [list(each) for each in since] == [["next"], [], ["next"], ["next"], ["next"], ["next"]]
    assert since[2] == since[3] == since[4] == since[5] != since[0]


async def test_a_version_that_has_moved_is_a_conflict(database: Database) -> None:
    policies = service(database)
    await policies.apply("acme", source("one"), ADMIN, expected=0)

    with pytest.raises(PolicyConflict):
        await policies.apply("acme", source("two"), ADMIN, expected=0)


async def test_what_cannot_be_recorded_is_not_done(database: Database) -> None:
    with pytest.raises(AuditUnavailable):
        await service(database, Journal(broken=True)).apply("acme", source("one"), ADMIN)

    assert await service(database).history("acme", ADMIN) == []


async def test_a_tenant_reaches_its_own_policies_only(database: Database) -> None:
    policies = service(database)
    await policies.apply("other", source("one"), LOCAL_OPERATOR)

    for attempt in (
        policies.history("other", ADMIN),
        policies.apply("other", source("x"), ADMIN),
        policies.apply(PLATFORM, source("x"), ADMIN),
    ):
        with pytest.raises(PermissionDenied):
            await attempt


async def test_an_unknown_version_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound, match="Nothing was ever applied"):
        await service(database).show("acme", ADMIN)
    with pytest.raises(NotFound, match="Nothing was ever applied"):
        await service(database).roll_back("acme", ADMIN)
    with pytest.raises(NotFound, match="lists the versions"):
        await service(database).show("acme", ADMIN, 1)


async def test_what_is_applied_is_in_force_after_the_next_look(database: Database) -> None:
    active = ActivePolicies(SystemClock(), max_stale=5.0)
    await active.refresh(database)
    assert not active.current

    await apply_default(service(database), LOCAL_OPERATOR)
    assert await apply_default(service(database), LOCAL_OPERATOR) is None
    await active.refresh(database)

    assert active.active(target("acme", "crm")).name == "default"
    assert str(active.audit_rule("acme").delete_after) == "P13M"  # type: ignore[union-attr]
