"""The policies in force, in memory.

Law: one snapshot at a time, swapped whole, so that a request is decided by exactly one policy. A stored version that
does not load leaves the last good one in force, and where there is none, nothing passes. A snapshot older than
``max_stale`` is not used.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.core.actor import PLATFORM
from gateway.core.errors import PolicyInvalid, PolicyUnavailable
from gateway.core.policy import Policy
from gateway.core.ports import Clock
from gateway.core.retention import RetentionRule
from gateway.db import Database, DbRole
from gateway.observability import metrics
from gateway.observability.logs import logger
from gateway.policy import store
from gateway.policy.compile import Bundle, compile_bundle
from gateway.policy.load import Source
from gateway.policy.store import Version


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every scope's bundle at one moment, and what was chosen from them so far."""

    bundles: dict[str, Bundle]
    broken: frozenset[str] = frozenset()
    chosen: dict[tuple[str, str], Policy | None] = field(default_factory=dict)

    def policy(self, tenant: str, app: str) -> Policy | None:
        """Return the tenant's own best match, else the platform's; None while one of them cannot be read."""
        if self.broken & {tenant, PLATFORM}:
            return None
        if (tenant, app) not in self.chosen:
            own, platform = self.bundles.get(tenant), self.bundles.get(PLATFORM)
            self.chosen[tenant, app] = (own.policy(tenant, app) if own else None) or (
                platform.policy(tenant, app) if platform else None
            )
        return self.chosen[tenant, app]


class ActivePolicies:
    """What every request of this process is decided by (``core.ports.Policies``)."""

    def __init__(self, clock: Clock, *, max_stale: float) -> None:
        self._clock = clock
        self._max_stale = max_stale
        self._revision = -1
        self._refreshed = float("-inf")
        self._snapshot = Snapshot({})

    @property
    def current(self) -> bool:
        """Whether there is a snapshot, young enough to be used."""
        return bool(self._snapshot.bundles) and self._clock.monotonic() - self._refreshed <= self._max_stale

    def active(self, tenant: str, app: str) -> Policy:
        """Return the policy for a tenant and app. Raise ``PolicyUnavailable``."""
        policy = self._snapshot.policy(tenant, app) if self.current else None
        if policy is None:
            raise PolicyUnavailable
        return policy

    def audit_rule(self, tenant: str) -> RetentionRule | None:
        """Return how long a tenant's audit events stay, None where no policy says."""
        for scope in (tenant, PLATFORM):
            bundle = self._snapshot.bundles.get(scope)
            rule = bundle.audit_rule(tenant) if bundle else None
            if rule is not None:
                return rule
        return None

    async def refresh(self, database: Database) -> None:
        """Look whether a version was added, and take the newest of every scope if so."""
        began = self._clock.monotonic()
        async with database.transaction(DbRole.READER) as transaction:
            revision = await store.revision(transaction)
            newest = await store.latest(transaction) if revision != self._revision else None
        if newest is not None:
            self._take(newest)
            self._revision = revision
        self._refreshed = began

    def _take(self, newest: list[Version]) -> None:
        bundles: dict[str, Bundle] = {}
        broken: set[str] = set()
        unreadable = 0
        for version in newest:
            try:
                sources = [Source(document["file"], document["text"]) for document in version.documents]
                bundles[version.tenant] = compile_bundle(sources, scope=version.tenant)
            except PolicyInvalid:
                unreadable += 1
                logger("policy").error("policy.unreadable", version=version.version)
                last_good = self._snapshot.bundles.get(version.tenant)
                if last_good is None:
                    broken.add(version.tenant)
                else:
                    bundles[version.tenant] = last_good
        metrics.policy_problem.set(unreadable)
        self._snapshot = Snapshot(bundles, frozenset(broken))
