from typing import Any

import pytest

from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Actor, Role
from gateway.core.audit import Action
from gateway.core.errors import AuditUnavailable, NotFound, PermissionDenied, PolicyConflict
from gateway.db import Database
from gateway.policy import ActivePolicies, PolicyService, Source, apply_default
from gateway.system import SystemClock
from tests.doubles.policies import target

pytestmark = pytest.mark.integration

ADMIN = Actor(id="a1", tenant="acme", role=Role.ADMIN)


def source(name: str) -> list[Source]:
    text = f"apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {{name: {name}}}\nspec: {{}}\n"
    return [Source("p.yaml", text)]


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
    with pytest.raises(NotFound):
        await service(database).show("acme", ADMIN)


async def test_what_is_applied_is_in_force_after_the_next_look(database: Database) -> None:
    active = ActivePolicies(SystemClock(), max_stale=5.0)
    await active.refresh(database)
    assert not active.current

    await apply_default(service(database), LOCAL_OPERATOR)
    assert await apply_default(service(database), LOCAL_OPERATOR) is None
    await active.refresh(database)

    assert active.active(target("acme", "crm")).name == "default"
    assert str(active.audit_rule("acme").delete_after) == "P13M"  # type: ignore[union-attr]
