"""Versions of policies and approvals of plans, in SQL: inserted and read, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gateway.db import Transaction
from gateway.db.base import metadata
from gateway.policy.control import Approval

Origin = Literal["apply", "rollback", "break_glass", "return"]

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
    Column("origin", Text, nullable=False, server_default="apply"),
    Column("restores", Integer),
    Column("plan", Text, nullable=False, server_default=""),
    Column("approved_by", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("until", DateTime(timezone=True)),
    Column("revision", BigInteger),
    Column("content", Text, nullable=False, server_default=""),
    Column("bundle", LargeBinary),
    PrimaryKeyConstraint("tenant", "version"),
)

approvals = Table(
    "policy_approvals",
    metadata,
    Column("tenant", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("makers", JSONB, nullable=False),
    Column("given", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("tenant", "plan", "owner", "given"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a scope's policies.

    digest: of all that the version holds, 64 hex digits. policies: the digest of each policy by its name, which is what
    answers and events name. documents: ``{"file", "text"}`` each.
    origin, restores: how it came about, and the version whose files it has again. plan: the hash of what was applied.
    approved_by: the owner who agreed. reason, until: of one person's change, why, and when it goes.
    revision, content, bundle: of a signed one, its number, the SHA-256 of what was signed, and the bundle.
    """

    tenant: str
    version: int
    digest: str
    policies: Mapping[str, str]
    documents: Sequence[dict[str, Any]]
    created: datetime
    created_by: str
    origin: Origin = "apply"
    restores: int | None = None
    plan: str = ""
    approved_by: str = ""
    reason: str = ""
    until: datetime | None = None
    revision: int | None = None
    content: str = ""
    bundle: bytes | None = None


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
            **{name: getattr(version, name) for name in Version.__slots__}
            | {"policies": dict(version.policies), "documents": list(version.documents)}
        )
    )
    await transaction.execute(text("UPDATE revisions SET value = value + 1 WHERE topic = 'policy'"))


async def due(transaction: Transaction, now: datetime) -> list[str]:
    """Return the scopes whose newest version was to last for a while that is over."""
    return [version.tenant for version in await latest(transaction) if version.until and version.until <= now]


async def approve(transaction: Transaction, tenant: str, approval: Approval) -> None:
    """Add an approval."""
    await transaction.execute(
        insert(approvals).values(
            tenant=tenant,
            plan=approval.plan,
            owner=approval.owner,
            key=approval.key,
            makers=sorted(approval.makers),
            given=approval.given,
        )
    )


async def approvals_of(transaction: Transaction, tenant: str, plan: str) -> list[Approval]:
    """Return the approvals of a plan, the newest first."""
    rows = await transaction.execute(
        select(approvals)
        .where(approvals.c.tenant == tenant, approvals.c.plan == plan)
        .order_by(approvals.c.given.desc())
    )
    return [
        Approval(plan=row.plan, owner=row.owner, key=row.key, given=row.given, makers=frozenset(row.makers))
        for row in rows
    ]
