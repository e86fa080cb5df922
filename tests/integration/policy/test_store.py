from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from gateway.core.bundle import HighWater
from gateway.db import Database, DbRole
from gateway.policy import store

pytestmark = pytest.mark.integration


NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
FILE = {"file": "p.yaml", "text": "kind: x\n"}


def version(tenant: str, number: int, **more: Any) -> store.Version:
    one = store.Version(
        tenant=tenant, version=number, digest="d", policies={"p": "e"}, documents=[FILE], created=NOW, created_by="x"
    )
    return replace(one, **more)


async def history(database: Database, tenant: str, *versions: store.Version) -> None:
    async with database.transaction(DbRole.CONTROL, tenant=tenant) as transaction:
        for each in versions:
            await store.add(transaction, each)


def head(whole: store.Version) -> store.Head:
    return store.Head(**{each.name: getattr(whole, each.name) for each in fields(store.Head)})


async def test_only_the_newest_of_each_scope_is_in_force(database: Database) -> None:
    for tenant, number in (("a", 1), ("a", 2), ("b", 1)):
        async with database.transaction(DbRole.CONTROL, tenant=tenant) as transaction:
            await store.add(transaction, version(tenant, number))

    async with database.transaction(DbRole.READER) as transaction:
        latest = await store.latest(transaction)

    assert sorted((found.tenant, found.version) for found in latest) == [("a", 2), ("b", 1)]


async def test_every_version_moves_the_revision(database: Database) -> None:
    async with database.transaction(DbRole.READER) as transaction:
        before = await store.revision(transaction)
    async with database.transaction(DbRole.CONTROL, tenant="a") as transaction:
        await store.add(transaction, version("a", 1))

    async with database.transaction(DbRole.READER) as transaction:
        assert await store.revision(transaction) == before + 1


async def test_a_version_is_filed_under_the_own_tenant_only(database: Database) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(DbRole.CONTROL, tenant="a") as transaction:
            await store.add(transaction, version("b", 1))


async def test_a_version_is_read_back_as_it_was_added(database: Database) -> None:
    whole = version(
        "a",
        1,
        origin="break_glass",
        restores=7,
        plan="f",
        approved_by="bob",
        reason="r",
        until=NOW,
        revision=5,
        content="c",
        in_shadow={"q": "2027-01-01T12:00:00.000000Z"},
    )
    async with database.transaction(DbRole.CONTROL, tenant="a") as transaction:
        await store.add(transaction, whole, bundle=b"signed")
        assert await store.numbered(transaction, "a", 1) == await store.newest(transaction, "a") == whole
        assert await store.heads(transaction, "a") == [head(whole)]
        assert await transaction.scalar(select(store.versions.c.bundle)) == b"signed"

    assert (whole.signed, version("a", 1).signed) == (True, False)


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({}, [5, 4, 3, 2, 1]),
        ({"most": 2}, [5, 4]),
        ({"before": 4}, [3, 2, 1]),
        ({"before": 4, "most": 2}, [3, 2]),
        ({"before": 1}, []),
        ({"before": 0}, []),
        ({"before": -(10**30)}, []),
        ({"before": 10**30, "most": 1}, [5]),
    ],
    ids=str,
)
async def test_heads_come_by_pages(database: Database, asked: dict[str, int], numbers: list[int]) -> None:
    await history(database, "a", *(version("a", number) for number in range(1, 6)))
    await history(database, "b", version("b", 3))

    async with database.transaction(DbRole.CONTROL, tenant="a") as transaction:
        assert [each.version for each in await store.heads(transaction, "a", **asked)] == numbers
        assert await store.heads(transaction, "b", **asked) == []


async def test_one_version_is_found_among_many(database: Database) -> None:
    many = [version("a", number, until=NOW if number in {4, 5} else None) for number in range(1, 6)]
    await history(database, "a", *many)

    async with database.transaction(DbRole.CONTROL, tenant="a") as transaction:
        assert await store.newest(transaction, "a") == many[4]
        assert await store.lasting(transaction, "a") == many[2]
        assert await store.numbered(transaction, "a", 2) == many[1]
        for number in (0, -1, 6, 2**31 - 1, 2**31, 10**30):
            assert await store.numbered(transaction, "a", number) is None
        for look in (store.newest, store.lasting, store.high_water):
            assert await look(transaction, "b") is None


async def test_the_high_water_mark_is_of_the_highest_revision_whatever_came_after(database: Database) -> None:
    taken = [(1, 5, "five"), (2, None, ""), (3, 2**53 - 1, "far"), (4, None, "")]
    await history(
        database, "a", *(version("a", number, revision=revision, content=text) for number, revision, text in taken)
    )

    async with database.transaction(DbRole.CONTROL, tenant="a") as transaction:
        assert await store.high_water(transaction, "a") == HighWater(revision=2**53 - 1, digest="far")


async def test_what_was_for_a_while_is_due_when_that_is_over_and_it_is_in_force(database: Database) -> None:
    while_ = NOW + timedelta(hours=1)
    await history(database, "a", version("a", 1), version("a", 2, until=while_))
    await history(database, "b", version("b", 1, until=while_), version("b", 2))
    await history(database, "c", version("c", 1))

    async with database.transaction(DbRole.READER) as transaction:
        assert await store.due(transaction, while_ - timedelta(seconds=1)) == []
        assert await store.due(transaction, while_) == ["a"]
