from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from gateway.audit.tree import store
from gateway.db import Database, DbRole
from tests.integration.audit.ledger import CLOCK
from tests.integration.audit.tree.grove import nodes, plant, sealed

pytestmark = pytest.mark.integration

SEALED = store.Sealed(size=3, root=bytes(32), frontier=bytes(64), note="a\n\n— b c\n", time=CLOCK.now())


async def seal(database: Database, *, size: int = 3, tenant: str = "acme", full: int = 0) -> None:
    async with database.transaction(DbRole.INTEGRATOR) as transaction:
        rows = [(8, number, bytes([number]) * 32) for number in range(full)]
        await store.seal(transaction, tenant, replace(SEALED, size=size), rows)


async def test_what_is_sealed_is_what_is_read(database: Database) -> None:
    await seal(database, full=3)

    assert await sealed(database) == [SEALED]
    assert await nodes(database, 8) == [bytes([number]) * 32 for number in range(3)]


async def test_a_size_is_sealed_once_and_a_subtree_stored_once(database: Database) -> None:
    await seal(database, full=1)
    for size, full in ((3, 0), (4, 1)):
        with pytest.raises(IntegrityError):
            await seal(database, size=size, full=full)

    assert [each.size for each in await sealed(database)] == [3]


async def test_the_newest_is_the_largest_of_one_s_own(database: Database) -> None:
    for size in (9, 200, 30):
        await seal(database, size=size)
    await seal(database, size=500, tenant="other")

    async with database.transaction(DbRole.AUDITOR, tenant="acme") as transaction:
        newest = await store.newest_sealed(transaction, "acme")
        assert newest
        assert newest.size == 200
        assert await store.newest_sealed(transaction, "other") is None
        assert [each.size for each in await store.sealed_after(transaction, "acme", 9, 1)] == [30]


async def test_what_is_in_no_checkpoint_is_named(database: Database) -> None:
    for tenant, size in (("behind", 5), ("even", 3), ("none", 1)):
        await plant(database, 1, size, tenant)
    for tenant in ("behind", "even"):
        await seal(database, tenant=tenant)

    async with database.transaction(DbRole.INTEGRATOR) as transaction:
        assert await store.unsealed(transaction) == ["behind", "none"]
        assert [seq for seq, _ in await store.leaves_after(transaction, "behind", 3, 10)] == [4, 5]


async def test_one_sealer_at_a_time(database: Database) -> None:
    async with database.transaction(DbRole.INTEGRATOR) as first:
        assert await store.lead_sealing(first)
        async with database.transaction(DbRole.INTEGRATOR) as second:
            assert not await store.lead_sealing(second)
