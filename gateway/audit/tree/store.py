"""Checkpoints and stored subtrees, in SQL: only ever inserted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    LargeBinary,
    PrimaryKeyConstraint,
    Row,
    SmallInteger,
    Table,
    Text,
    insert,
    select,
    text,
)

from gateway.audit.store import leaves
from gateway.db import Transaction
from gateway.db.base import metadata

_SEALING = 7105251940634
"""The advisory lock of whoever seals."""

checkpoints = Table(
    "audit_checkpoints",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("tenant", "size"),
)

nodes = Table(
    "audit_nodes",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("tenant", "level", "number"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A checkpoint. root: of the tree of this size. frontier: the tree's perfect subtrees. note: as it was signed."""

    size: int
    root: bytes
    frontier: bytes
    note: str
    time: datetime


async def lead_sealing(transaction: Transaction) -> bool:
    """Become the one sealer until the transaction ends, or return False."""
    return bool(await transaction.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _SEALING}))


async def unsealed(transaction: Transaction) -> list[str]:
    """Return every tenant of which a leaf is in no checkpoint."""
    rows = await transaction.execute(
        text("""
            WITH RECURSIVE log AS (
                SELECT min(tenant) AS tenant FROM audit_leaves
                UNION ALL
                SELECT (SELECT min(tenant) FROM audit_leaves WHERE tenant > log.tenant) FROM log
                WHERE log.tenant IS NOT NULL
            ) SELECT tenant FROM log WHERE tenant IS NOT NULL
              AND (SELECT max(seq) FROM audit_leaves leaf WHERE leaf.tenant = log.tenant)
                > coalesce((SELECT max(size) FROM audit_checkpoints done WHERE done.tenant = log.tenant), 0)
        """)
    )
    return list(rows.scalars())


async def newest_sealed(transaction: Transaction, tenant: str) -> Sealed | None:
    """Return the largest checkpoint of a tenant's log."""
    largest = select(checkpoints).where(checkpoints.c.tenant == tenant).order_by(checkpoints.c.size.desc()).limit(1)
    row = (await transaction.execute(largest)).one_or_none()
    return _sealed(row) if row else None


async def sealed_after(transaction: Transaction, tenant: str, size: int, limit: int) -> list[Sealed]:
    """Return the next checkpoints of a tenant's log that are larger than a size."""
    rows = await transaction.execute(
        select(checkpoints)
        .where(checkpoints.c.tenant == tenant, checkpoints.c.size > size)
        .order_by(checkpoints.c.size)
        .limit(limit)
    )
    return [_sealed(row) for row in rows]


def _sealed(row: Row[Any]) -> Sealed:
    return Sealed(size=row.size, root=row.root, frontier=row.frontier, note=row.note, time=row.time)


async def leaves_after(transaction: Transaction, tenant: str, after: int, limit: int) -> list[tuple[int, bytes]]:
    """Return the next leaf hashes of a tenant's log, with their numbers."""
    rows = await transaction.execute(
        select(leaves.c.seq, leaves.c.leaf)
        .where(leaves.c.tenant == tenant, leaves.c.seq > after)
        .order_by(leaves.c.seq)
        .limit(limit)
    )
    return [(row.seq, row.leaf) for row in rows]


async def nodes_between(transaction: Transaction, tenant: str, level: int, low: int, high: int) -> list[bytes]:
    """Return the stored subtrees of a level from one number to before another, in their order."""
    rows = await transaction.execute(
        select(nodes.c.hash)
        .where(nodes.c.tenant == tenant, nodes.c.level == level, nodes.c.number >= low, nodes.c.number < high)
        .order_by(nodes.c.number)
    )
    return list(rows.scalars())


async def seal(transaction: Transaction, tenant: str, sealed: Sealed, full: Sequence[tuple[int, int, bytes]]) -> None:
    """Add a checkpoint, and the subtrees that are full since the one before."""
    if full:
        rows = [{"tenant": tenant, "level": level, "number": number, "hash": hash_} for level, number, hash_ in full]
        await transaction.execute(insert(nodes), rows)
    await transaction.execute(insert(checkpoints).values(tenant=tenant, **asdict(sealed)))
