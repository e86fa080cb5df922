"""Logs of leaves alone, of any size, and their trees as a second reading of the RFC makes them."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy import text

from gateway.audit import Sealer
from gateway.audit.tree import store
from gateway.db import Database, DbRole
from tests.doubles.signers import SIGNERS
from tests.integration.audit.ledger import CLOCK

_PLANT = """
    INSERT INTO audit_leaves SELECT :tenant, n, gen_random_uuid(), now(), sha256(convert_to(n::text, 'UTF8'))
    FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n"""
TABLES = ("audit_events", "audit_pending", "audit_leaves", "audit_checkpoints", "audit_nodes")


def planted(size: int) -> list[bytes]:
    """The leaves that ``plant`` plants."""
    return [sha256(b"%d" % seq).digest() for seq in range(1, size + 1)]


async def plant(database: Database, first: int, last: int, tenant: str = "acme") -> None:
    """Give a log leaves from one number to another."""
    async with database.transaction(DbRole.INTEGRATOR) as transaction:
        await transaction.execute(text(_PLANT), {"tenant": tenant, "first": first, "last": last})


def sealer(database: Database, signers: Any = SIGNERS) -> Sealer:
    return Sealer(database, CLOCK, signers)


async def sealed(database: Database, tenant: str = "acme") -> list[store.Sealed]:
    """Every checkpoint of a log."""
    async with database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
        return await store.sealed_after(transaction, tenant, 0, 1_000_000)


async def nodes(database: Database, level: int, tenant: str = "acme") -> list[bytes]:
    """Every stored subtree of a level."""
    async with database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
        return await store.nodes_between(transaction, tenant, level, 0, 2**40)


async def tamper(owner: Database, *statements: str, **values: Any) -> None:
    """Do what only the owner of the tables may, past row-level security."""
    async with owner.transaction(DbRole.OWNER) as transaction:
        for table in TABLES:
            await transaction.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
        for statement in statements:
            await transaction.execute(text(statement), values if ":" in statement else {})
        for table in TABLES:
            await transaction.execute(text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))
