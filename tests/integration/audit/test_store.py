from dataclasses import replace

import pytest
from sqlalchemy import text

from gateway.audit import store
from gateway.core.exchange import time_of
from gateway.db import Database, DbRole
from tests.integration.audit.ledger import opened

pytestmark = pytest.mark.integration


async def test_what_is_stored_is_what_is_read(database: Database) -> None:
    details = {"score": 0.123456789, "n": 7, "text": "x", "list": [1.0, None, True], "deep": {"a": {}}}
    told = replace(opened(None), details=details)
    async with database.transaction(DbRole.APPEND, tenant="acme") as transaction:
        await store.append(transaction, [told])
    async with database.transaction(DbRole.INTEGRATOR) as transaction:
        (read,) = await store.unnumbered(transaction, "acme", 10)

    assert read.details == {**details, "score": 0.1235}
    assert (read.id, read.time, read.exchange, read.action) == (told.id, told.time, told.exchange, told.action)


async def test_the_events_of_an_exchange_are_filed_under_its_beginning(database: Database) -> None:
    begun = opened(None)
    async with database.transaction(DbRole.APPEND, tenant="acme") as transaction:
        await store.append(transaction, [begun])
    async with database.transaction(DbRole.INTEGRATOR) as transaction:
        filed = await transaction.scalar(text("SELECT filed FROM audit_pending"))

    assert begun.exchange
    assert filed == time_of(begun.exchange)


async def test_one_integrator_at_a_time(database: Database) -> None:
    async with database.transaction(DbRole.INTEGRATOR) as first:
        assert await store.lead(first)
        async with database.transaction(DbRole.INTEGRATOR) as second:
            assert not await store.lead(second)
