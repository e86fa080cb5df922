from datetime import UTC, datetime

import pytest

from gateway.db import Database, DbRole
from gateway.retention import store

pytestmark = pytest.mark.integration


async def test_partitions_come_with_the_instant_after_them(owner: Database) -> None:
    async with owner.transaction(DbRole.OWNER) as transaction:
        found = await store.partitions(transaction)

    now = datetime.now(UTC)
    assert f"audit_events_{now.year}_{now.month:02}" in dict(found)
    assert all(upper.day == 1 and upper > now.replace(day=1, hour=0, minute=0, second=0) for _, upper in found)


async def test_only_a_partition_of_ours_is_dropped(owner: Database) -> None:
    with pytest.raises(RuntimeError):
        async with owner.transaction(DbRole.OWNER) as transaction:
            await store.drop(transaction, "api_keys")
