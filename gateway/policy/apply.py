"""Taking policies into force.

Law: a version is never changed and never removed; what is applied is a new one, also where it has the files of an old
one. Whoever asks is asked for the right first, and what is refused is on record too. Applying what is in force already
changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from gateway.aside import Queue
from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Actor, Permission
from gateway.core.audit import Action, Outcome
from gateway.core.errors import (
    ApprovalRequired,
    BundleRefused,
    NotFound,
    PermissionDenied,
    PolicyConflict,
    PolicyError,
)
from gateway.core.moments import rfc3339
from gateway.core.ports import Clock, KeyMakers
from gateway.core.shipped import shipped
from gateway.db import ChangeJournal, Database, DbRole, Transaction
from gateway.policy import store
from gateway.policy.commit import ACTIONS, Change, Committer, changes_of, lasting_of
from gateway.policy.compile import compile_bundle
from gateway.policy.control import Approval, Emergency
from gateway.policy.load import Source, read_sources
from gateway.policy.plan import Plan, require_files, sources_of
from gateway.policy.store import Origin, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What is in force now. policies: the digest of each policy, by name. changed: whether it was not before."""

    scope: str
    version: int
    digest: str
    policies: Mapping[str, str]
    changed: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as people and tools see it."""
        return asdict(self) | {"policies": dict(self.policies)}


class PolicyService:
    """The versions of every scope's policies. A scope is a tenant, or ``platform``. makers: who made a key."""

    def __init__(
        self, database: Database, journal: ChangeJournal, clock: Clock, makers: KeyMakers | None = None
    ) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock
        self._makers = makers
        self._aside = Queue()
        self._committer = Committer(journal, clock, self._aside)

    async def history(self, scope: str, actor: Actor) -> list[Version]:
        """Return every version of a scope, newest first."""
        actor.require(Permission.POLICY_READ, scope)
        return await self.history_of(scope)

    async def history_of(self, scope: str) -> list[Version]:
        """Return every version of a scope, newest first, for whoever has asked for the right before."""
        async with self._database.transaction(DbRole.CONTROL, tenant=scope) as transaction:
            return await store.of_scope(transaction, scope)

    async def show(self, scope: str, actor: Actor, version: int | None = None) -> Version:
        """Return one version of a scope, the newest by default. Raise ``NotFound``."""
        return _found(await self.history(scope, actor), version)

    async def plan(self, scope: str, sources: Sequence[Source], actor: Actor) -> Plan:
        """Say what applying files would change. Raise ``PolicyInvalid``, ``ProtocolError``."""
        require_files(sources)
        bundle = await self._aside(partial(compile_bundle, sources, scope=scope))
        versions = await self.history(scope, actor)
        return Plan(
            scope=scope,
            base=versions[0].version if versions else 0,
            digest=bundle.digest,
            sources=tuple(sources),
            changes=await self._aside(partial(changes_of, versions[0] if versions else None, sources, scope)),
        )

    async def approve(self, plan: Plan, actor: Actor) -> Plan:
        """Agree to a plan, and return it with the changes that it really makes.

        Raise ``PolicyConflict``, ``ApprovalRequired``, ``PolicyInvalid``, ``ProtocolError``.
        """
        actor.require(Permission.POLICY_APPROVE, plan.scope)
        if actor.tenant != plan.scope:  # the platform's people have no say in what a tenant does to its texts
            raise PermissionDenied
        try:
            return await self._approve(plan, actor)
        except (ApprovalRequired, PolicyConflict) as error:
            await self._record_refusal(actor, plan.scope, Action.POLICY_APPROVE, error)
            raise

    async def _approve(self, plan: Plan, actor: Actor) -> Plan:
        if not actor.owner:
            detail = "Plans are approved with a person's own key, one made with --owner."
            raise ApprovalRequired(detail)
        require_files(plan.sources)
        await self._aside(partial(compile_bundle, plan.sources, scope=plan.scope))
        makers = await self._made_by(actor)
        async with self._database.transaction(DbRole.CONTROL, tenant=plan.scope) as transaction:
            await store.lock(transaction, plan.scope)
            versions = await store.of_scope(transaction, plan.scope)
            await self._committer.require_base(versions, plan.base, plan.scope)
            given = Approval(plan=plan.hash, owner=actor.owner, key=actor.id, given=self._clock.now(), makers=makers)
            await store.approve(transaction, plan.scope, given)
            await self._journal.record_in(
                transaction,
                actor,
                Action.POLICY_APPROVE,
                f"plan/{plan.hash[:12]}",
                tenant=plan.scope,
                details={"plan": plan.hash, "base": plan.base, "owner": actor.owner},
            )
        before = versions[0] if versions else None
        return replace(plan, changes=await self._aside(partial(changes_of, before, plan.sources, plan.scope)))

    async def apply(
        self,
        scope: str,
        sources: Sequence[Source],
        actor: Actor,
        *,
        expected: int | None = None,
        emergency: Emergency | None = None,
    ) -> Applied:
        """Take files into force as the scope's next version.

        expected: the version that the caller has seen. emergency: by one person alone, for a while.
        Raise ``PolicyInvalid``, ``PolicyConflict``, ``ApprovalRequired``, ``BundleRefused``, ``ProtocolError``.
        """
        require_files(sources)
        # what is wrong with files is said before anything is waited for
        await self._aside(partial(compile_bundle, sources, scope=scope))
        origin: Origin = "break_glass" if emergency else "apply"
        return await self._change(
            Change(scope=scope, actor=actor, sources=sources, origin=origin, expected=expected, emergency=emergency)
        )

    async def apply_signed(self, scope: str, raw: bytes, actor: Actor) -> Applied:
        """Take a signed bundle into force. Raise as ``apply`` does."""
        return await self._change(Change(scope=scope, actor=actor, raw=raw))

    async def roll_back(
        self, scope: str, actor: Actor, *, to: int | None = None, emergency: Emergency | None = None
    ) -> Applied:
        """Take the files of an earlier version into force again, by default of the one before. Raise ``NotFound``."""
        versions = await self.history(scope, actor)
        if to is None and len(versions) < 2:
            detail = "There is no version before the one in force."
            raise NotFound(detail)
        old = versions[1] if to is None else _found(versions, to)
        return await self._change(
            Change(
                scope=scope,
                actor=actor,
                sources=sources_of(old.documents),
                origin="break_glass" if emergency else "rollback",
                expected=versions[0].version,
                restores=old.version,
                emergency=emergency,
            )
        )

    async def return_due(self) -> int:
        """Take back into force what was before each emergency that is over; return how many there were."""
        async with self._database.transaction(DbRole.READER) as transaction:
            scopes = await store.due(transaction, self._clock.now())
        for scope in scopes:
            async with self._database.transaction(DbRole.CONTROL, tenant=scope) as transaction:
                await store.lock(transaction, scope)
                await self._return(transaction, scope)
        return len(scopes)

    async def _return(self, transaction: Transaction, scope: str) -> None:
        versions = await store.of_scope(transaction, scope)
        lasting = lasting_of(versions)
        if lasting is not None and versions[0].until and versions[0].until <= self._clock.now():
            change = Change(
                scope=scope,
                actor=LOCAL_OPERATOR,
                sources=sources_of(lasting.documents),
                origin="return",
                restores=lasting.version,
            )
            bundle = await self._aside(partial(compile_bundle, change.sources, scope=scope))
            await self._committer.add(transaction, change, versions, bundle)

    async def _change(self, change: Change) -> Applied:
        scope, actor = change.scope, change.actor
        actor.require(Permission.PLATFORM_POLICY_WRITE if scope == PLATFORM else Permission.POLICY_WRITE, scope)
        makers = await self._made_by(actor)
        try:
            async with self._database.transaction(DbRole.CONTROL, tenant=scope) as transaction:
                await store.lock(transaction, scope)
                version, changed = await self._committer.change(transaction, change, makers)
        except (ApprovalRequired, BundleRefused, PolicyConflict) as error:
            await self._record_refusal(actor, scope, ACTIONS[change.origin], error)
            raise
        return _applied(version, changed=changed)

    async def _record_refusal(self, actor: Actor, scope: str, action: Action, error: PolicyError) -> None:
        """Put on record that somebody tried."""
        reason = str(error.reason) if isinstance(error, BundleRefused) else error.code
        async with self._database.transaction(DbRole.CONTROL, tenant=scope) as transaction:
            await self._journal.record_in(
                transaction,
                actor,
                action,
                "policy",
                tenant=scope,
                details={"reason": reason},
                outcome=Outcome.DENIED,
            )

    async def _made_by(self, actor: Actor) -> frozenset[str]:
        """Return the owners of the keys by which the actor's key was made, but for the platform's operator."""
        return await self._makers.makers(actor) if self._makers and not actor.host else frozenset()


def _found(versions: Sequence[Version], number: int | None) -> Version:
    for version in versions:
        if number is None or version.version == number:
            return version
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


def version_record(version: Version, *, files: bool = False) -> dict[str, Any]:
    """Return a version as people and tools see it, with its files where they are asked for."""
    told = [name for name in Version.__slots__ if name not in {"bundle", "documents", "tenant"}]
    record = {name: getattr(version, name) for name in told}
    record |= {name: rfc3339(moment) if (moment := record[name]) else None for name in ("created", "until")}
    record |= {"scope": version.tenant, "policies": dict(version.policies), "signed": version.bundle is not None}
    return record | ({"documents": list(version.documents)} if files else {})
