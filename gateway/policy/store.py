"""Versions of policies, in SQL: inserted and read, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, DateTime, Integer, PrimaryKeyConstraint, Table, Text, func, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB

from gateway.db import Transaction
from gateway.db.base import metadata

versions = Table(
    "policy_versions",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("policies", JSONB, nullable=False),
    Column("documents", JSONB, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "version"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a scope's policies.

    digest: of all that the version holds, 64 hex digits. policies: the digest of each policy by its name, which is what
    answers and events name. documents: ``{"file", "text"}`` each.
    """

    tenant: str
    version: int
    digest: str
    policies: Mapping[str, str]
    documents: Sequence[dict[str, Any]]
    created: datetime
    created_by: str


async def revision(transaction: Transaction) -> int:
    """Return the number that changes with every new version."""
    return int(await transaction.scalar(text("SELECT value FROM revisions WHERE topic = 'policy'")) or 0)


async def latest(transaction: Transaction) -> list[Version]:
    """Return the newest version of every scope that the role may see."""
    newest = (
        select(versions.c.tenant, func.max(versions.c.version).label("version")).group_by(versions.c.tenant).subquery()
    )
    rows = await transaction.execute(
        select(versions).join(newest, (versions.c.tenant == newest.c.tenant) & (versions.c.version == newest.c.version))
    )
    return [Version(**row) for row in rows.mappings()]


async def of_scope(transaction: Transaction, scope: str) -> list[Version]:
    """Return every version of a scope, newest first."""
    rows = await transaction.execute(
        select(versions).where(versions.c.tenant == scope).order_by(versions.c.version.desc())
    )
    return [Version(**row) for row in rows.mappings()]


async def lock(transaction: Transaction, scope: str) -> None:
    """Make appliers of one scope come one after the other."""
    await transaction.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('policy'), hashtext(:scope))"), {"scope": scope}
    )


async def add(transaction: Transaction, version: Version) -> None:
    """Add a version, and tell every worker."""
    await transaction.execute(
        insert(versions).values(
            tenant=version.tenant,
            version=version.version,
            digest=version.digest,
            policies=dict(version.policies),
            documents=list(version.documents),
            created=version.created,
            created_by=version.created_by,
        )
    )
    await transaction.execute(text("UPDATE revisions SET value = value + 1 WHERE topic = 'policy'"))
