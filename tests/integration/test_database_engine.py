"""Transactions against a real server: what ends them, what a frozen or killed server does, and what leaks."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from gateway.core.errors import DatabaseUnavailable, Misconfigured
from gateway.db import Database, DbRole, Transaction

pytestmark = pytest.mark.integration

COUNT = text("SELECT count(*) FROM tenants")
FOUND = text("INSERT INTO tenants VALUES (:tenant, now(), 'test')")


@contextmanager
def frozen(postmaster: int) -> Any:
    """Stop the server and everything it started, as an overloaded host or a debugger would."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, text=True, check=True)
    family = [postmaster, *map(int, listed.stdout.split())]
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in family:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture
def postmaster(postgres: Any) -> int:
    return int((postgres.postgres.data / "postmaster.pid").read_text().split()[0])


@pytest.fixture
async def narrow(gateway_url: str) -> AsyncIterator[Database]:
    """A database of one connection for each role, so that a leaked one is missed."""
    opened = Database.connect(gateway_url, pool_size=1)
    yield opened
    await opened.close()


async def count(database: Database) -> int:
    async with database.transaction(DbRole.READER) as transaction:
        return int(await transaction.scalar(COUNT))


async def found(database: Database, tenant: str, then: Exception | None = None) -> None:
    async with database.transaction(DbRole.CONTROL, tenant="platform") as transaction:
        await transaction.execute(FOUND, {"tenant": tenant})
        if then:
            raise then


def lent(database: Database) -> int:
    return sum(engine.pool.checkedout() for engine in database._engines.values())


async def test_a_block_that_ends_commits_and_one_that_raises_does_not(database: Database) -> None:
    await found(database, "kept")
    with pytest.raises(KeyError):
        await found(database, "undone", then=KeyError())

    assert await count(database) == 1
    assert lent(database) == 0


async def test_a_transaction_acts_as_its_role_in_its_tenant(database: Database) -> None:
    for role in set(DbRole) - {DbRole.OWNER}:
        async with database.transaction(role, tenant="acme") as transaction:
            row = (
                await transaction.execute(
                    text("SELECT current_user::text, session_user::text, current_setting('cloister.tenant')")
                )
            ).one()
        assert tuple(row) == (role.value, "cloister_gateway", "acme")


async def test_a_bug_is_not_mistaken_for_an_absent_database(database: Database) -> None:
    await found(database, "acme")
    with pytest.raises(IntegrityError) as clash:
        await found(database, "acme")
    with pytest.raises(DBAPIError, match="does not exist"):
        async with database.transaction(DbRole.READER) as transaction:
            await transaction.execute(text("SELECT * FROM nowhere"))
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.transaction(DbRole.READER) as transaction:
            await transaction.execute(text("DELETE FROM tenants"))
    with pytest.raises(DBAPIError, match="invalid input"):
        async with database.transaction(DbRole.READER) as transaction:
            await transaction.execute(text("SELECT :n + 1"), {"n": "no number"})

    assert "acme" not in str(clash.value).replace("cloister", "")
    assert await count(database) == 1


async def test_a_login_that_is_refused_is_named(gateway_url: str, owner_url: str) -> None:
    wrong = gateway_url.replace("@", "x@")
    absent = gateway_url.replace("/test_", "/absent_")
    for url, role, said in (
        (wrong, DbRole.READER, "28P01"),
        (absent, DbRole.READER, "3D000"),
        (owner_url.replace("cloister_owner", "nobody"), DbRole.READER, "28P01"),
    ):
        database = Database.connect(url)
        with pytest.raises(Misconfigured, match=said):
            async with database.transaction(role):
                pass
        await database.close()


async def test_a_cancelled_transaction_neither_waits_nor_leaks(narrow: Database) -> None:
    await count(narrow)
    for _ in range(3):
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), narrow.transaction(DbRole.READER) as transaction:
                await transaction.execute(text("SELECT pg_sleep(5)"))
        assert time.monotonic() - began < 1
        assert lent(narrow) == 0
        assert await count(narrow) == 0


async def test_who_gives_up_waiting_for_a_lock_is_no_longer_in_anybodys_way(owner: Database, narrow: Database) -> None:
    """The server does not see by itself that a connection was cut while its statement waits."""
    async with owner.transaction(DbRole.OWNER) as holding:
        await holding.execute(text("LOCK TABLE tenants IN EXCLUSIVE MODE"))
        waiting = asyncio.create_task(found(narrow, "acme"))
        await asyncio.sleep(0.3)
        assert await count_of(holding, "RowExclusiveLock") == 1
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await asyncio.sleep(2.5)
        assert await count_of(holding, "RowExclusiveLock") == 0


async def count_of(transaction: Transaction, mode: str) -> int:
    query = "SELECT count(*) FROM pg_locks WHERE relation = 'tenants'::regclass AND mode = :mode"
    return int(await transaction.scalar(text(query), {"mode": mode}))


async def test_a_frozen_server_holds_nobody_beyond_the_deadline(narrow: Database, postmaster: int) -> None:
    await count(narrow)
    with frozen(postmaster):
        for _ in range(2):  # a pooled connection, then a new one
            began = time.monotonic()
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(count(narrow), 0.5)
            assert time.monotonic() - began < 1
        with pytest.raises(DatabaseUnavailable):
            await count(narrow)
        assert lent(narrow) == 0
        assert time.monotonic() - began < 4
    assert await count(narrow) == 0


async def test_a_statement_that_is_not_answered_is_an_absent_database(
    narrow: Database, postmaster: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.db.engine._SERVING_SECONDS", 1.0)
    await count(narrow)
    with frozen(postmaster):
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable):
            await count(narrow)
        assert time.monotonic() - began < 1.5
        assert lent(narrow) == 0


async def test_a_block_that_is_cancelled_elsewhere_does_not_wait_for_a_frozen_server(
    narrow: Database, postmaster: int
) -> None:
    inside = asyncio.Event()

    async def slow() -> None:
        async with narrow.transaction(DbRole.READER) as transaction:
            await transaction.execute(COUNT)
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(slow())
    await inside.wait()
    with frozen(postmaster):
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - began < 0.5
    assert lent(narrow) == 0


async def test_closing_does_not_wait_for_a_frozen_server(gateway_url: str, postmaster: int) -> None:
    database = Database.connect(gateway_url)
    await asyncio.gather(*(count(database) for _ in range(4)))
    lock = await database.hold_lock(7)
    assert lock
    with frozen(postmaster):
        began = time.monotonic()
        await database.close()
        assert time.monotonic() - began < 0.5
        assert not await lock.alive()
        await lock.release()
    assert time.monotonic() - began < 6


async def test_a_full_pool_is_an_absent_database(narrow: Database) -> None:
    async with narrow.transaction(DbRole.READER):
        with pytest.raises(DatabaseUnavailable):
            await count(narrow)
    assert await count(narrow) == 0


@pytest.fixture
def cut_all(place: Any, as_superuser: Callable[..., Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """End every connection to the test's database from the server's side."""

    async def cut() -> None:
        await as_superuser(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{place.name}'")  # noqa: S608 - our name
        await asyncio.sleep(0.1)

    return cut


async def test_a_connection_that_the_server_closed_is_not_handed_out(
    database: Database, cut_all: Callable[[], Awaitable[None]]
) -> None:
    await asyncio.gather(*(count(database) for _ in range(4)))
    await cut_all()

    assert await count(database) == 0


async def test_a_connection_that_is_cut_in_a_transaction_is_an_absent_database(
    database: Database, cut_all: Callable[[], Awaitable[None]]
) -> None:
    async def interrupted() -> None:
        async with database.transaction(DbRole.READER) as transaction:
            await transaction.execute(COUNT)
            await cut_all()
            await transaction.execute(COUNT)

    with pytest.raises(DatabaseUnavailable):
        await interrupted()
    assert await count(database) == 0


async def test_one_holds_a_lock_at_a_time(gateway_url: str) -> None:
    database, other = Database.connect(gateway_url), Database.connect(gateway_url)
    held = await database.hold_lock(42)
    assert held
    assert await other.hold_lock(42) is None
    another = await other.hold_lock(43)
    assert another
    await another.release()
    assert await held.alive()

    await held.release()

    assert not await held.alive()
    again = await other.hold_lock(42)
    assert again
    await again.release()


async def test_changes_are_heard_as_they_are_committed(database: Database) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    listening = asyncio.create_task(database.changes(heard.put_nowait))
    bump = text("UPDATE revisions SET value = value + 1 WHERE topic = 'policy'")
    try:
        async with asyncio.timeout(10):
            while heard.empty():
                async with database.transaction(DbRole.CONTROL) as transaction:
                    await transaction.execute(bump)
                await asyncio.sleep(0.05)
        assert heard.get_nowait() == "policy"
        with pytest.raises(RuntimeError):
            async with database.transaction(DbRole.CONTROL) as transaction:
                await transaction.execute(bump)
                while not heard.empty():
                    heard.get_nowait()
                raise RuntimeError
        await asyncio.sleep(0.2)
        assert heard.empty()
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_hearing_ends_with_the_connection(database: Database, cut_all: Callable[[], Awaitable[None]]) -> None:
    listening = asyncio.create_task(database.changes(lambda _: None))
    async with asyncio.timeout(10):
        while not listening.done():
            await cut_all()

    assert listening.exception() is None
