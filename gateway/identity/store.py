"""Tenants, API keys and the revision that tells workers to look again, in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql

from gateway.db import Transaction
from gateway.db.base import metadata

_INSTANT = DateTime(timezone=True)

tenants = Table(
    "tenants",
    metadata,
    Column("tenant", Text, CheckConstraint("tenant ~ '^[a-z0-9][a-z0-9-]{0,62}$'", name="tenant"), primary_key=True),
    Column("created", _INSTANT, nullable=False),
    Column("created_by", Text, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("created", _INSTANT, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires", _INSTANT),
    Column("revoked", _INSTANT),
    Column("last_used", _INSTANT),
    Column("owner", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("tenant", "id"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """One API key as stored. digest: SHA-256 of the key, 32 bytes. owner: opaque, "" where nobody said."""

    tenant: str
    id: str
    label: str
    role: str
    digest: bytes
    created: datetime
    created_by: str
    expires: datetime | None = None
    revoked: datetime | None = None
    last_used: datetime | None = None
    owner: str = ""


async def revision(transaction: Transaction) -> int:
    """Return the number that changes with every change of access."""
    return int(await transaction.scalar(select(revisions.c.value).where(revisions.c.topic == "access")) or 0)


async def bump(transaction: Transaction) -> None:
    """Tell every worker that access has changed."""
    await transaction.execute(
        update(revisions).where(revisions.c.topic == "access").values(value=revisions.c.value + 1)
    )


async def all_keys(transaction: Transaction) -> Sequence[KeyRow]:
    """Return every key that the role may see, revoked ones included."""
    rows = await transaction.execute(select(api_keys).order_by(api_keys.c.created, api_keys.c.id))
    return [KeyRow(**row) for row in rows.mappings()]


async def tenant_names(transaction: Transaction) -> list[str]:
    """Return every tenant's name, sorted."""
    return list((await transaction.execute(select(tenants.c.tenant).order_by(tenants.c.tenant))).scalars())


async def add_tenant(transaction: Transaction, name: str, created: datetime, created_by: str) -> bool:
    """Add a tenant; tell whether the name was free, also where two ask for it at once."""
    row = postgresql.insert(tenants).values(tenant=name, created=created, created_by=created_by)
    return (await transaction.execute(row.on_conflict_do_nothing())).rowcount == 1


async def add_key(transaction: Transaction, row: KeyRow) -> None:
    """Add a key."""
    values = {name: getattr(row, name) for name in KeyRow.__slots__}
    await transaction.execute(insert(api_keys).values(**values))


async def revoke(transaction: Transaction, tenant: str, identifier: str, when: datetime) -> bool:
    """Mark a key as revoked; tell whether there was a live one."""
    done = await transaction.execute(
        update(api_keys)
        .where(api_keys.c.tenant == tenant, api_keys.c.id == identifier, api_keys.c.revoked.is_(None))
        .values(revoked=when)
    )
    return done.rowcount == 1


async def mark_used(transaction: Transaction, used: Iterable[tuple[str, str, datetime]]) -> None:
    """Write when keys (tenant, id) were last used, unless another worker has seen a later use."""
    statement = (
        update(api_keys)
        .where(api_keys.c.tenant == bindparam("of"), api_keys.c.id == bindparam("key"))
        .values(last_used=func.greatest(api_keys.c.last_used, bindparam("at", type_=_INSTANT)))
    )
    await transaction.execute(statement, [{"of": tenant, "key": key, "at": at} for tenant, key, at in used])
