from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from gateway.db import Database, DbRole
from gateway.policy import store

pytestmark = pytest.mark.integration


def version(tenant: str, number: int) -> store.Version:
    now = datetime.now(UTC)
    return store.Version(
        tenant=tenant, version=number, digest="d", policies={}, documents=[], created=now, created_by="x"
    )


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
