"""Taking policies into force.

Law: a version is never changed and never removed; what is applied is a new one. It and its audit event are one
commit. Applying what is in force already changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.core.actor import PLATFORM, Actor, Permission
from gateway.core.audit import Action
from gateway.core.errors import NotFound, PolicyConflict
from gateway.core.ports import Clock
from gateway.core.shipped import shipped
from gateway.db import ChangeJournal, Database, DbRole
from gateway.policy import store
from gateway.policy.compile import compile_bundle
from gateway.policy.load import Source, read_sources
from gateway.policy.store import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What is in force now. policies: the digest of each policy, by name. changed: whether it was not before."""

    scope: str
    version: int
    digest: str
    policies: Mapping[str, str]
    changed: bool


class PolicyService:
    """The versions of every scope's policies. A scope is a tenant, or ``platform``."""

    def __init__(self, database: Database, journal: ChangeJournal, clock: Clock) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock

    async def apply(
        self, scope: str, sources: Sequence[Source], actor: Actor, *, expected: int | None = None
    ) -> Applied:
        """Take files into force as the scope's next version.

        expected: the version that the caller has seen. Raise ``PolicyInvalid``, ``PolicyConflict``.
        """
        actor.require(Permission.PLATFORM_POLICY_WRITE if scope == PLATFORM else Permission.POLICY_WRITE, scope)
        bundle = compile_bundle(sources, scope=scope)
        documents = [{"file": source.file, "text": source.text} for source in sources]
        async with self._database.transaction(DbRole.CONTROL, tenant=scope) as transaction:
            await store.lock(transaction, scope)
            versions = await store.of_scope(transaction, scope)
            current = versions[0].version if versions else 0
            if expected is not None and expected != current:
                detail = f"Version {current} is in force, not {expected}."
                raise PolicyConflict(detail)
            if versions and list(versions[0].documents) == documents:
                return _applied(versions[0], changed=False)
            version = Version(
                tenant=scope,
                version=current + 1,
                digest=bundle.digest,
                policies=bundle.digests,
                documents=documents,
                created=self._clock.now(),
                created_by=actor.id,
            )
            await store.add(transaction, version)
            await self._journal.record_in(
                transaction,
                actor,
                Action.POLICY_APPLY,
                f"policy/{version.version}",
                tenant=scope,
                policy=bundle.digest,
                details={"policies": dict(bundle.digests), "documents": len(documents)},
            )
        return _applied(version, changed=True)

    async def history(self, scope: str, actor: Actor) -> list[Version]:
        """Return every version of a scope, newest first."""
        actor.require(Permission.POLICY_READ, scope)
        async with self._database.transaction(DbRole.CONTROL, tenant=scope) as transaction:
            return await store.of_scope(transaction, scope)

    async def show(self, scope: str, actor: Actor, version: int | None = None) -> Version:
        """Return one version of a scope, the newest by default. Raise ``NotFound``."""
        for found in await self.history(scope, actor):
            if version is None or found.version == version:
                return found
        detail = "'cloister policy history' lists the versions."
        raise NotFound(detail)


def _applied(version: Version, *, changed: bool) -> Applied:
    return Applied(
        scope=version.tenant,
        version=version.version,
        digest=version.digest,
        policies=version.policies,
        changed=changed,
    )


async def apply_default(service: PolicyService, actor: Actor) -> Applied | None:
    """Take the shipped default into force for the platform, where it has no policy yet."""
    if await service.history(PLATFORM, actor):
        return None
    file = shipped("policies") / "default.yaml"
    return await service.apply(PLATFORM, [Source(file.name, read_sources([file])[0].text)], actor)
