"""Versions of policies and approvals of plans, in SQL: inserted and read, never changed.

Law: history costs whoever asks for it. A version's files are read one version at a time, what lists versions reads none
of them, and the bytes of a bundle, which are evidence, are read by nothing that serves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
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
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB

from gateway.core.bundle import HighWater
from gateway.db import Transaction
from gateway.db.base import metadata
from gateway.policy.control import Approval

Origin = Literal["apply", "rollback", "break_glass", "return"]

_LAST: Final = 2**31 - 1
"""The last number that a version can have; people ask for others, too."""

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
    Column("in_shadow", JSONB, nullable=False, server_default="{}"),
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
class Head:
    """What there is to know of one version of a scope's policies, but for its files.

    digest: of all that the version holds, 64 hex digits. policies: the digest of each policy by its name, which is what
    answers and events name.
    origin, restores: how it came about, and the version whose files it has again. plan: the hash of what was applied.
    approved_by: the owner who agreed. reason, until: of one person's change, why, and when it goes.
    revision, content: of a signed one, its number, and the SHA-256 of what was signed.
    in_shadow: since when each document in shadow has been so without a break, by name (RFC 3339).
    """

    tenant: str
    version: int
    digest: str
    policies: Mapping[str, str]
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
    in_shadow: Mapping[str, str] = field(default_factory=dict)

    @property
    def signed(self) -> bool:
        """Whether it came as a signed bundle."""
        return self.revision is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(Head):
    """One version, with its files. documents: ``{"file", "text"}`` each."""

    documents: Sequence[dict[str, Any]]


_HEAD: Final = [versions.c[each.name] for each in fields(Head)]
_WHOLE: Final = [versions.c[each.name] for each in fields(Version)]


async def revision(transaction: Transaction) -> int:
    """Return the number that changes with every new version."""
    return int(await transaction.scalar(text("SELECT value FROM revisions WHERE topic = 'policy'")) or 0)


async def latest(transaction: Transaction) -> list[Version]:
    """Return the newest version of every scope that the role may see."""
    rows = await transaction.execute(select(*_WHOLE).where(_of_newest()))
    return [Version(**row) for row in rows.mappings()]


async def due(transaction: Transaction, now: datetime) -> list[str]:
    """Return the scopes whose newest version was to last for a while that is over."""
    return list(await transaction.scalars(select(versions.c.tenant).where(versions.c.until <= now, _of_newest())))


def _of_newest() -> ColumnElement[bool]:
    newest = select(versions.c.tenant, func.max(versions.c.version)).group_by(versions.c.tenant)
    return tuple_(versions.c.tenant, versions.c.version).in_(newest)


async def heads(
    transaction: Transaction, scope: str, *, before: int | None = None, most: int | None = None
) -> list[Head]:
    """Return the versions of a scope, newest first. before: only those of lower numbers. most: how many, at most."""
    asked = select(*_HEAD).where(versions.c.tenant == scope).order_by(versions.c.version.desc()).limit(most)
    if before is not None:
        asked = asked.where(versions.c.version < min(max(before, 0), _LAST))
    return [Head(**row) for row in (await transaction.execute(asked)).mappings()]


async def newest(transaction: Transaction, scope: str) -> Version | None:
    """Return the version of a scope that is in force."""
    return await _first(transaction, scope)


async def lasting(transaction: Transaction, scope: str) -> Version | None:
    """Return the newest version of a scope that was not for a while."""
    return await _first(transaction, scope, versions.c.until.is_(None))


async def numbered(transaction: Transaction, scope: str, number: int) -> Version | None:
    """Return one version of a scope, whatever number is asked for."""
    return await _first(transaction, scope, versions.c.version == number) if 0 < number <= _LAST else None


async def _first(transaction: Transaction, scope: str, *only: ColumnElement[bool]) -> Version | None:
    asked = select(*_WHOLE).where(versions.c.tenant == scope, *only).order_by(versions.c.version.desc()).limit(1)
    row = (await transaction.execute(asked)).mappings().first()
    return Version(**row) if row else None


async def high_water(transaction: Transaction, scope: str) -> HighWater | None:
    """Return the newest bundle that a scope has taken, whatever is in force now."""
    asked = select(versions.c.revision, versions.c.content).where(
        versions.c.tenant == scope, versions.c.revision.is_not(None)
    )
    row = (await transaction.execute(asked.order_by(versions.c.revision.desc()).limit(1))).first()
    return HighWater(revision=row.revision, digest=row.content) if row else None


async def lock(transaction: Transaction, scope: str) -> None:
    """Make appliers of one scope come one after the other."""
    await transaction.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('policy'), hashtext(:scope))"), {"scope": scope}
    )


async def add(transaction: Transaction, version: Version, *, bundle: bytes | None = None) -> None:
    """Add a version, and tell every worker. bundle: as it was signed."""
    await transaction.execute(insert(versions).values(**asdict(version), bundle=bundle))
    await transaction.execute(text("UPDATE revisions SET value = value + 1 WHERE topic = 'policy'"))


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
