from datetime import UTC, datetime

import pytest

from gateway.db import Database, DbRole
from gateway.db.partitions import name_of
from gateway.retention import store

pytestmark = pytest.mark.integration


async def test_partitions_come_in_the_order_of_their_months(owner: Database) -> None:
    async with owner.transaction(DbRole.OWNER) as transaction:
        found = await store.partitions(transaction)

    assert name_of(datetime.now(UTC)) in found
    assert found == sorted(found)


async def test_a_partition_that_is_gone_is_not_seized(owner: Database) -> None:
    async with owner.transaction(DbRole.OWNER) as transaction:
        assert await store.seize(transaction, name_of(datetime.now(UTC)))
        assert not await store.seize(transaction, "audit_events_2024_03")


async def test_only_a_partition_of_ours_is_dropped(owner: Database) -> None:
    with pytest.raises(RuntimeError):
        async with owner.transaction(DbRole.OWNER) as transaction:
            await store.drop(transaction, "api_keys")
