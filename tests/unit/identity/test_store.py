"""The statements as Postgres gets them; what they do there is in tests/integration/test_identity_store.py."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.dialects import postgresql

from gateway.identity import store
from gateway.identity.store import KeyRow

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Transaction:
    """Writes down each statement."""

    def __init__(self, rowcount: int = 1) -> None:
        self.rowcount = rowcount
        self.said: list[str] = []
        self.values: list[Any] = []

    async def execute(self, statement: Any, values: Any = None) -> SimpleNamespace:
        compiled = statement.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
        self.said.append(" ".join(str(compiled).split()))
        self.values.append(values if values is not None else compiled.params)
        return SimpleNamespace(rowcount=self.rowcount)

    async def scalar(self, statement: Any) -> None:
        await self.execute(statement)


def test_a_row_has_the_columns_of_its_table() -> None:
    assert list(KeyRow.__slots__) == [column.name for column in store.api_keys.columns]


async def test_access_has_a_revision_of_its_own() -> None:
    transaction: Any = Transaction()

    assert await store.revision(transaction) == 0
    await store.bump(transaction)

    assert "access" in transaction.values[0].values()
    assert "access" in transaction.values[1].values()
    assert "SET value=(cloister.revisions.value +" in transaction.said[1]
    assert "WHERE cloister.revisions.topic =" in transaction.said[1]


@pytest.mark.parametrize(("rowcount", "done"), [(1, True), (0, False)])
async def test_only_a_live_key_is_revoked(rowcount: int, done: bool) -> None:
    transaction: Any = Transaction(rowcount)

    assert await store.revoke(transaction, "acme", "00000000", NOON) is done
    assert "revoked IS NULL" in transaction.said[0]
    assert {"acme", "00000000", NOON} <= set(transaction.values[0].values())


@pytest.mark.parametrize(("rowcount", "free"), [(1, True), (0, False)])
async def test_a_name_is_given_once(rowcount: int, free: bool) -> None:
    transaction: Any = Transaction(rowcount)

    assert await store.add_tenant(transaction, "acme", NOON, "local") is free
    assert "ON CONFLICT DO NOTHING" in transaction.said[0]


async def test_the_last_use_never_goes_back() -> None:
    transaction: Any = Transaction()

    await store.mark_used(transaction, [("acme", "00000000", NOON)])

    assert "greatest(cloister.api_keys.last_used," in transaction.said[0]
    assert transaction.values[0] == [{"of": "acme", "key": "00000000", "at": NOON}]
