"""Tenants and keys in a real Postgres: what cannot be recorded is not done, and nobody sees another's."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Actor, Role
from gateway.core.audit import Action
from gateway.core.errors import (
    AuditUnavailable,
    Conflict,
    DatabaseUnavailable,
    ExpiredCredential,
    InvalidCredential,
    NotFound,
    ProtocolError,
)
from gateway.core.sensitive import Sensitive
from gateway.db import Database, DbRole, Transaction
from gateway.identity import AccessService, Credentials, NewKey, bootstrap, store

pytestmark = pytest.mark.integration

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


@dataclass(frozen=True)
class Line:
    actor: str
    action: Action
    resource: str
    tenant: str
    details: dict[str, Any]


class Journal:
    """Keeps what it is told, or refuses to."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.away = False

    async def record_in(
        self,
        transaction: Transaction,
        actor: Actor,
        action: Action,
        resource: str,
        *,
        tenant: str,
        policy: str = "",
        details: dict[str, Any] | None = None,
    ) -> None:
        if self.away:
            raise AuditUnavailable
        assert transaction.in_transaction()
        self.lines.append(Line(actor.id, action, resource, tenant, details or {}))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
async def access(database: Database, journal: Journal, clock: Clock) -> AccessService:
    """Two tenants, each with nobody in it."""
    service = AccessService(database, journal, clock)
    await service.create_tenant(LOCAL_OPERATOR, "acme")
    await service.create_tenant(LOCAL_OPERATOR, "globex")
    journal.lines.clear()
    return service


def admin(tenant: str) -> Actor:
    return Actor(id="admin000", tenant=tenant, role=Role.ADMIN)


def bearer(made: NewKey) -> Sensitive[str]:
    return Sensitive(f"Bearer {made.key.reveal()}")


async def revision(database: Database) -> int:
    async with database.transaction(DbRole.READER) as transaction:
        return await store.revision(transaction)


async def test_tenants_are_sorted_and_recorded_in_the_platforms_log(access: AccessService, journal: Journal) -> None:
    await access.create_tenant(LOCAL_OPERATOR, "abc")

    assert await access.tenants() == ["abc", "acme", "globex"]
    assert journal.lines == [Line("local", Action.TENANT_CREATE, "tenant/abc", PLATFORM, {})]


async def test_a_name_is_given_once(access: AccessService, journal: Journal) -> None:
    with pytest.raises(Conflict):
        await access.create_tenant(LOCAL_OPERATOR, "acme")

    assert journal.lines == []


async def test_of_two_who_ask_at_once_one_gets_the_name(access: AccessService, journal: Journal) -> None:
    asked = [access.create_tenant(LOCAL_OPERATOR, "initech") for _ in range(4)]

    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(answer) for answer in answers if answer] == [Conflict] * 3
    assert len(journal.lines) == 1


async def test_a_key_works_once_the_workers_have_looked(
    access: AccessService, journal: Journal, database: Database, clock: Clock
) -> None:
    credentials = Credentials(clock, max_stale=5.0)
    await credentials.refresh(database)

    made = await access.create_key(admin("acme"), "acme", Role.AUDITOR, "audit")

    with pytest.raises(InvalidCredential):
        credentials.authenticate(bearer(made))
    await credentials.refresh(database)
    assert credentials.authenticate(bearer(made)) == Actor(id=made.id, tenant="acme", role=Role.AUDITOR, app="audit")
    assert journal.lines == [
        Line("admin000", Action.KEY_CREATE, f"key/{made.id}", "acme", {"role": "auditor", "label": "audit"})
    ]


async def test_no_usable_key_is_stored(access: AccessService, database: Database) -> None:
    made = await access.create_key(LOCAL_OPERATOR, "acme", Role.APP, "hr")

    [row] = await access.keys(LOCAL_OPERATOR, "acme")

    secret = made.key.reveal().split("_", 3)[3]
    assert secret.encode() not in row.digest
    assert secret not in repr(row)
    assert (row.id, row.label, row.role, row.created, row.created_by) == (made.id, "hr", "app", NOON, "local")
    assert (row.expires, row.revoked, row.last_used) == (None, None, None)


async def test_a_revocation_is_seen_after_a_look(
    access: AccessService, journal: Journal, database: Database, clock: Clock
) -> None:
    made = await access.create_key(LOCAL_OPERATOR, "acme", Role.APP, "hr")
    kept = await access.create_key(LOCAL_OPERATOR, "acme", Role.APP, "crm")
    credentials = Credentials(clock, max_stale=5.0)
    await credentials.refresh(database)
    credentials.authenticate(bearer(made))
    clock.seconds = 1.0

    await access.revoke_key(admin("acme"), "acme", made.id)
    await credentials.refresh(database)

    with pytest.raises(InvalidCredential):
        credentials.authenticate(bearer(made))
    credentials.authenticate(bearer(kept))
    assert journal.lines[-1] == Line("admin000", Action.KEY_REVOKE, f"key/{made.id}", "acme", {})
    revoked = {row.id: row.revoked for row in await access.keys(LOCAL_OPERATOR, "acme")}
    assert revoked == {made.id: clock.now(), kept.id: None}


async def test_what_cannot_be_recorded_is_not_done(access: AccessService, journal: Journal, database: Database) -> None:
    made = await access.create_key(LOCAL_OPERATOR, "acme", Role.APP, "hr")
    before = await revision(database)
    journal.away = True

    with pytest.raises(AuditUnavailable):
        await access.create_tenant(LOCAL_OPERATOR, "initech")
    with pytest.raises(AuditUnavailable):
        await access.create_key(LOCAL_OPERATOR, "acme", Role.APP, "crm")
    with pytest.raises(AuditUnavailable):
        await access.revoke_key(LOCAL_OPERATOR, "acme", made.id)

    assert await access.tenants() == ["acme", "globex"]
    assert [(row.id, row.revoked) for row in await access.keys(LOCAL_OPERATOR, "acme")] == [(made.id, None)]
    assert await revision(database) == before


async def test_another_tenants_key_is_as_unknown_as_one_that_never_was(
    access: AccessService, journal: Journal, database: Database
) -> None:
    made = await access.create_key(LOCAL_OPERATOR, "globex", Role.APP, "hr")
    await access.revoke_key(LOCAL_OPERATOR, "globex", made.id)
    live = await access.create_key(LOCAL_OPERATOR, "globex", Role.APP, "hr")
    journal.lines.clear()
    before = await revision(database)

    messages = set()
    for actor, tenant, identifier in (
        (admin("acme"), "acme", live.id),
        (admin("acme"), "globex", live.id),
        (admin("acme"), "nobody", live.id),
        (admin("acme"), "acme", "zzzzzzzz"),
        (admin("acme"), PLATFORM, live.id),
        (LOCAL_OPERATOR, "acme", live.id),
        (LOCAL_OPERATOR, "nobody", live.id),
        (LOCAL_OPERATOR, "globex", made.id),
    ):
        with pytest.raises(NotFound) as raised:
            await access.revoke_key(actor, tenant, identifier)
        messages.add((raised.value.message, raised.value.pointer))

    assert len(messages) == 1
    assert journal.lines == []
    assert await revision(database) == before
    assert [row.revoked for row in await access.keys(LOCAL_OPERATOR, "globex") if row.id == live.id] == [None]


async def test_an_admin_lists_the_own_keys_alone(access: AccessService) -> None:
    await access.create_key(LOCAL_OPERATOR, "globex", Role.APP, "hr")
    await access.create_key(LOCAL_OPERATOR, PLATFORM, Role.PLATFORM, "root")

    assert await access.keys(admin("acme"), "acme") == []
    with pytest.raises(NotFound):
        await access.keys(admin("acme"), "globex")
    with pytest.raises(NotFound):
        await access.create_key(admin("acme"), "globex", Role.APP, "hr")


async def test_nobody_is_made_in_a_tenant_that_is_not(access: AccessService) -> None:
    with pytest.raises(NotFound):
        await access.create_key(LOCAL_OPERATOR, "nobody", Role.APP, "hr")


async def test_the_platform_and_the_tenants_keep_to_their_roles(access: AccessService) -> None:
    made = await access.create_key(LOCAL_OPERATOR, PLATFORM, Role.PLATFORM, "root")

    assert (made.tenant, made.role) == (PLATFORM, Role.PLATFORM)
    for tenant, role in ((PLATFORM, Role.APP), ("acme", Role.PLATFORM)):
        with pytest.raises(ProtocolError):
            await access.create_key(LOCAL_OPERATOR, tenant, role, "wrong")


async def test_a_key_ends_at_its_time(access: AccessService, database: Database, clock: Clock) -> None:
    made = await access.create_key(LOCAL_OPERATOR, "acme", Role.APP, "hr", NOON + timedelta(seconds=10))
    credentials = Credentials(clock, max_stale=60.0)
    await credentials.refresh(database)

    credentials.authenticate(bearer(made))
    clock.seconds = 10.0
    with pytest.raises(ExpiredCredential):
        credentials.authenticate(bearer(made))


async def test_without_the_database_a_copy_lasts_as_long_as_it_may(
    access: AccessService, database: Database, clock: Clock, gateway_url: str
) -> None:
    made = await access.create_key(LOCAL_OPERATOR, "acme", Role.APP, "hr")
    credentials = Credentials(clock, max_stale=5.0)
    await credentials.refresh(database)
    gone = Database.connect("postgresql://cloister_gateway@/cloister?host=/nowhere")

    clock.seconds = 4.0
    with pytest.raises(DatabaseUnavailable):
        await credentials.refresh(gone)
    credentials.authenticate(bearer(made))

    clock.seconds = 5.5
    with pytest.raises(DatabaseUnavailable):
        credentials.authenticate(bearer(made))
    await gone.close()


async def test_the_last_use_is_kept_and_never_goes_back(
    access: AccessService, database: Database, clock: Clock
) -> None:
    made = await access.create_key(LOCAL_OPERATOR, "acme", Role.APP, "hr")
    root = await access.create_key(LOCAL_OPERATOR, PLATFORM, Role.PLATFORM, "root")
    early, late = Credentials(clock, max_stale=60.0), Credentials(clock, max_stale=60.0)
    for worker in (early, late):
        await worker.refresh(database)
    early.authenticate(bearer(made))
    clock.seconds = 7.0
    late.authenticate(bearer(made))
    late.authenticate(bearer(root))

    await late.flush_last_used(database)
    await early.flush_last_used(database)

    [row] = await access.keys(LOCAL_OPERATOR, "acme")
    assert row.last_used == clock.now()
    [row] = await access.keys(LOCAL_OPERATOR, PLATFORM)
    assert row.last_used == clock.now()


async def start(access: AccessService, file: Path) -> object:
    return await bootstrap(access, file, base_url="http://127.0.0.1:8080")


async def test_a_home_is_furnished_once(database: Database, journal: Journal, clock: Clock, tmp_path: Path) -> None:
    access, file = AccessService(database, journal, clock), tmp_path / "bootstrap.json"

    await start(access, file)
    assert await start(access, file) is None

    credentials = Credentials(clock, max_stale=5.0)
    await credentials.refresh(database)
    for role, key in json.loads(file.read_text())["keys"].items():
        actor = credentials.authenticate(Sensitive(f"Bearer {key}"))
        assert (actor.role, actor.tenant) == (Role(role), PLATFORM if role == "platform" else "default")
    assert [line.action for line in journal.lines] == [Action.TENANT_CREATE] + [Action.KEY_CREATE] * 5


async def test_keys_of_a_crash_before_the_file_are_revoked(
    database: Database, journal: Journal, clock: Clock, tmp_path: Path
) -> None:
    access, file = AccessService(database, journal, clock), tmp_path / "bootstrap.json"
    await start(access, file)
    lost = json.loads(file.read_text())["keys"]
    file.unlink()

    await start(access, file)

    credentials = Credentials(clock, max_stale=5.0)
    await credentials.refresh(database)
    for key in lost.values():
        with pytest.raises(InvalidCredential):
            credentials.authenticate(Sensitive(f"Bearer {key}"))
    for key in json.loads(file.read_text())["keys"].values():
        credentials.authenticate(Sensitive(f"Bearer {key}"))


async def heir(access: AccessService, maker: Actor, owner: str, role: Role = Role.ADMIN) -> Actor:
    """Make a key, and return who acts with it."""
    made = await access.create_key(maker, "acme", role, "app", owner=owner)
    return Actor(id=made.id, tenant="acme", role=role, owner=owner)


async def test_a_key_has_the_owner_that_was_said_and_its_event_too(
    access: AccessService, journal: Journal, database: Database, clock: Clock
) -> None:
    for owner in ("p-1", ""):
        made = await access.create_key(LOCAL_OPERATOR, "acme", Role.ADMIN, "app", owner=owner)
        credentials = Credentials(clock, max_stale=5.0)
        await credentials.refresh(database)
        assert credentials.authenticate(bearer(made)).owner == owner
        assert journal.lines[-1].details.get("owner", "") == owner

    assert [row.owner for row in await access.keys(LOCAL_OPERATOR, "acme")].count("p-1") == 1


async def test_whoever_made_a_key_stays_behind_it(access: AccessService) -> None:
    ann = await heir(access, LOCAL_OPERATOR, "ann")
    carl = await heir(access, ann, "carl")
    nameless = await heir(access, carl, "")
    dora = await heir(access, nameless, "dora", Role.PRIVACY_OFFICER)
    bob = await heir(access, LOCAL_OPERATOR, "bob")

    assert [await access.makers(each) for each in (ann, carl, nameless, dora, bob)] == [
        frozenset(),
        {"ann"},
        {"ann", "carl"},
        {"ann", "carl"},
        frozenset(),
    ]


async def test_a_key_that_was_revoked_has_still_made_what_it_made(access: AccessService) -> None:
    ann = await heir(access, LOCAL_OPERATOR, "ann")
    carl = await heir(access, ann, "carl")
    await access.revoke_key(LOCAL_OPERATOR, "acme", ann.id)

    assert await access.makers(carl) == {"ann"}


async def test_what_is_no_key_was_made_by_nobody(access: AccessService) -> None:
    assert await access.makers(LOCAL_OPERATOR) == frozenset()
    assert await access.makers(admin("acme")) == frozenset()


@pytest.mark.parametrize("owner", ["Ann Lee", "ann@corp.example", "p/1", "p" * 65, "p\n", "é"])
async def test_an_owner_is_an_opaque_id(access: AccessService, owner: str) -> None:
    with pytest.raises(ProtocolError, match="opaque id"):
        await access.create_key(LOCAL_OPERATOR, "acme", Role.ADMIN, "app", owner=owner)

    assert await access.keys(LOCAL_OPERATOR, "acme") == []
