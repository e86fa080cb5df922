"""The policies in force, in memory.

Law: one snapshot at a time, swapped whole, so that a request is decided by exactly one policy. A stored version that
does not load leaves the last good one in force, and where there is none, nothing passes; how long something stays it
never decides, because the version may say that it stays longer. A snapshot older than ``max_stale`` is not used. Files
are read aside: one tenant's keep no other's requests waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gateway.aside import Queue
from gateway.core.actor import PLATFORM
from gateway.core.errors import Misconfigured, PolicyInvalid, PolicyUnavailable
from gateway.core.policy import Policy, Target
from gateway.core.ports import Clock
from gateway.core.retention import RetentionRule
from gateway.db import Database, DbRole
from gateway.observability import metrics
from gateway.observability.logs import logger
from gateway.policy import store
from gateway.policy.compile import Bundle, compile_bundle
from gateway.policy.plan import sources_of
from gateway.policy.resolve import Resolution, resolve
from gateway.policy.store import Version


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every scope's bundle at one moment, and what was chosen from them so far.

    unreadable: the newest version of each scope whose newest one does not load; its last good one may be in force.
    """

    bundles: dict[str, Bundle]
    unreadable: dict[str, int] = field(default_factory=dict)
    chosen: dict[tuple[Target, bool], Resolution | None] = field(default_factory=dict)

    def resolution(self, target: Target, *, shadow: bool = False) -> Resolution | None:
        """Return what holds for a target; None while a scope that could say cannot be read."""
        scopes = (target.tenant, PLATFORM)
        if set(scopes) & (self.unreadable.keys() - self.bundles.keys()):
            return None
        if (target, shadow) not in self.chosen:
            filed = [each for scope in scopes if scope in self.bundles for each in self.bundles[scope].policies]
            self.chosen[target, shadow] = resolve(filed, target, shadow=shadow)
        return self.chosen[target, shadow]


class ActivePolicies:
    """What every request of this process is decided by (``core.ports.Policies``)."""

    def __init__(self, clock: Clock, *, max_stale: float) -> None:
        self._clock = clock
        self._max_stale = max_stale
        self._revision = -1
        self._refreshed = float("-inf")
        self._snapshot = Snapshot({})
        self._aside = Queue()
        self._made: dict[str, tuple[Sequence[dict[str, Any]], Bundle]] = {}

    @property
    def current(self) -> bool:
        """Whether there is a snapshot, young enough to be used."""
        return bool(self._snapshot.bundles) and self._clock.monotonic() - self._refreshed <= self._max_stale

    def active(self, target: Target) -> Policy:
        """Return the policy for a request. Raise ``PolicyUnavailable``."""
        found = self._snapshot.resolution(target) if self.current else None
        if found is None:
            raise PolicyUnavailable
        return found.policy

    def shadow(self, target: Target) -> Policy | None:
        """Return the policy that is to be judged beside the one in force, None where none is."""
        live, found = self._snapshot.resolution(target), self._snapshot.resolution(target, shadow=True)
        return found.policy if live and found and found.policy.digest != live.policy.digest else None

    def audit_rule(self, tenant: str) -> RetentionRule | None:
        """Return how long a tenant's audit events stay, None where no policy says.

        Raise ``Misconfigured`` where the version that says so does not load.
        """
        for scope in (tenant, PLATFORM):
            if scope in self._snapshot.unreadable:
                detail = (
                    f"version {self._snapshot.unreadable[scope]} of the policies of '{scope}' cannot be read by this"
                    " version of Cloister: use one that can, or apply policies that this one can read."
                )
                raise Misconfigured(detail)
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
            await self._aside(partial(self._take, newest))
            self._revision = revision
        self._refreshed = began

    def _take(self, newest: list[Version]) -> None:
        bundles: dict[str, Bundle] = {}
        unreadable: dict[str, int] = {}
        for version in newest:
            try:
                bundles[version.tenant] = self._compiled(version)
            except PolicyInvalid:
                unreadable[version.tenant] = version.version
                logger("policy").error("policy.unreadable", version=version.version)
                if version.tenant in self._snapshot.bundles:
                    bundles[version.tenant] = self._snapshot.bundles[version.tenant]
        metrics.policy_problem.set(len(unreadable))
        metrics.policy_emergencies.set(sum(version.until is not None for version in newest))
        self._snapshot = Snapshot(bundles, unreadable)

    def _compiled(self, version: Version) -> Bundle:
        """Return what a version is made into, once: one scope's change is no work for all others."""
        known = self._made.get(version.tenant)
        if known is None or known[0] != version.documents:
            bundle = compile_bundle(sources_of(version.documents), scope=version.tenant)
            known = self._made[version.tenant] = (version.documents, bundle)
        return known[1]
