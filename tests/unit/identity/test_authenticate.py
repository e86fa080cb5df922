from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.core.actor import Actor, Role
from gateway.core.errors import CredentialError, DatabaseUnavailable, ExpiredCredential, InvalidCredential
from gateway.core.sensitive import Sensitive
from gateway.db import DbRole
from gateway.identity import Credentials, api_keys, store
from gateway.identity.store import KeyRow

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = api_keys.make(bytes(range(40)))


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


class World:
    """Tables in memory, and the database that reaches them."""

    def __init__(self) -> None:
        self.rows = [row(KEY)]
        self.revision = 1
        self.looks = 0
        self.away = False
        self.used: list[tuple[str | None, tuple[str, str, datetime]]] = []

    @asynccontextmanager
    async def transaction(self, role: DbRole, *, tenant: str | None = None) -> AsyncIterator[tuple[DbRole, str | None]]:
        if self.away:
            raise DatabaseUnavailable
        yield role, tenant


def row(key: Sensitive[str], **fields: Any) -> KeyRow:
    parsed = api_keys.parse(key)
    made = KeyRow(
        tenant="acme", id=parsed.id, label="app", role="app", digest=parsed.digest, created=NOON, created_by="local"
    )
    return replace(made, **fields)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()

    async def revision(transaction: object) -> int:
        return world.revision

    async def all_keys(transaction: object) -> list[KeyRow]:
        world.looks += 1
        return list(world.rows)

    async def mark_used(transaction: Any, used: Iterable[tuple[str, str, datetime]]) -> None:
        assert transaction[0] is DbRole.CONTROL
        world.used += [(transaction[1], one) for one in used]

    monkeypatch.setattr(store, "revision", revision)
    monkeypatch.setattr(store, "all_keys", all_keys)
    monkeypatch.setattr(store, "mark_used", mark_used)
    return world


@pytest.fixture
async def credentials(world: World, clock: Clock) -> Credentials:
    made = Credentials(clock, max_stale=5.0)
    await made.refresh(world)  # type: ignore[arg-type]
    return made


def bearer(key: Sensitive[str]) -> Sensitive[str]:
    return Sensitive(f"Bearer {key.reveal()}")


def test_a_key_is_an_actor(credentials: Credentials) -> None:
    identifier = api_keys.parse(KEY).id

    assert credentials.authenticate(bearer(KEY)) == Actor(id=identifier, tenant="acme", role=Role.APP, app="app")


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
def test_the_scheme_has_no_case_and_may_be_followed_by_spaces(credentials: Credentials, scheme: str) -> None:
    assert credentials.authenticate(Sensitive(f"{scheme} {KEY.reveal()}")).tenant == "acme"


def test_without_a_header_a_key_is_asked_for(credentials: Credentials) -> None:
    with pytest.raises(CredentialError) as raised:
        credentials.authenticate(None)

    assert type(raised.value) is CredentialError


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", KEY.reveal(), f"Basic {KEY.reveal()}", "Bearer " + "x" * 600]
)
def test_what_holds_no_key_is_invalid(credentials: Credentials, header: str) -> None:
    with pytest.raises(InvalidCredential):
        credentials.authenticate(Sensitive(header))


async def test_unknown_wrong_and_revoked_keys_get_one_answer(
    credentials: Credentials, world: World, clock: Clock
) -> None:
    unknown, wrong, revoked = api_keys.make(b"\1" * 40), api_keys.make(bytes(range(8)) + b"\2" * 32), KEY
    assert api_keys.parse(wrong).id == api_keys.parse(KEY).id
    world.rows, world.revision = [row(KEY, revoked=NOON)], 2
    await credentials.refresh(world)  # type: ignore[arg-type]

    messages = set()
    for key in (unknown, wrong, revoked):
        with pytest.raises(InvalidCredential) as raised:
            credentials.authenticate(bearer(key))
        messages.add((type(raised.value), raised.value.message))

    assert len(messages) == 1


async def test_two_tenants_may_share_an_id(credentials: Credentials, world: World) -> None:
    other = api_keys.make(bytes(range(8)) + b"\3" * 32)
    world.rows, world.revision = [row(KEY), row(other, tenant="globex")], 2
    await credentials.refresh(world)  # type: ignore[arg-type]

    assert credentials.authenticate(bearer(KEY)).tenant == "acme"
    assert credentials.authenticate(bearer(other)).tenant == "globex"


async def test_a_key_ends_at_its_time(credentials: Credentials, world: World, clock: Clock) -> None:
    world.rows, world.revision = [row(KEY, expires=NOON + timedelta(seconds=3))], 2
    await credentials.refresh(world)  # type: ignore[arg-type]

    clock.seconds = 2.999
    credentials.authenticate(bearer(KEY))
    clock.seconds = 3.0
    with pytest.raises(ExpiredCredential):
        credentials.authenticate(bearer(KEY))


async def test_a_wrong_key_is_not_told_that_the_right_one_expired(credentials: Credentials, world: World) -> None:
    world.rows, world.revision = [row(KEY, expires=NOON)], 2
    await credentials.refresh(world)  # type: ignore[arg-type]

    with pytest.raises(InvalidCredential):
        credentials.authenticate(bearer(api_keys.make(bytes(range(8)) + b"\2" * 32)))


async def test_keys_are_read_again_only_when_access_has_changed(credentials: Credentials, world: World) -> None:
    await credentials.refresh(world)  # type: ignore[arg-type]
    assert world.looks == 1

    world.revision = 2
    await credentials.refresh(world)  # type: ignore[arg-type]
    assert world.looks == 2


async def test_a_stale_copy_is_not_used(credentials: Credentials, world: World, clock: Clock) -> None:
    clock.seconds, world.away = 5.0, True
    with pytest.raises(DatabaseUnavailable):
        await credentials.refresh(world)  # type: ignore[arg-type]
    assert credentials.current
    credentials.authenticate(bearer(KEY))

    clock.seconds = 5.1
    assert not credentials.current
    with pytest.raises(DatabaseUnavailable):
        credentials.authenticate(bearer(KEY))

    world.away = False
    await credentials.refresh(world)  # type: ignore[arg-type]
    credentials.authenticate(bearer(KEY))


def test_before_the_first_look_nobody_is_known(clock: Clock) -> None:
    with pytest.raises(DatabaseUnavailable):
        Credentials(clock, max_stale=5.0).authenticate(bearer(KEY))


async def test_the_last_use_is_written_once_by_tenant(credentials: Credentials, world: World, clock: Clock) -> None:
    credentials.authenticate(bearer(KEY))
    clock.seconds = 1.0
    credentials.authenticate(bearer(KEY))

    world.away = True
    with pytest.raises(DatabaseUnavailable):
        await credentials.flush_last_used(world)  # type: ignore[arg-type]
    world.away = False
    await credentials.flush_last_used(world)  # type: ignore[arg-type]
    await credentials.flush_last_used(world)  # type: ignore[arg-type]

    assert world.used == [("acme", ("acme", api_keys.parse(KEY).id, clock.now()))]


async def test_a_refused_key_is_not_in_use(credentials: Credentials, world: World) -> None:
    with pytest.raises(InvalidCredential):
        credentials.authenticate(bearer(api_keys.make(bytes(range(8)) + b"\2" * 32)))
    await credentials.flush_last_used(world)  # type: ignore[arg-type]

    assert world.used == []
