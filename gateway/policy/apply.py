"""Taking policies into force.

Law: a version is never changed and never removed; what is applied is a new one, also where it has the files of an old
one. Whoever asks is asked for the right first, and what is refused is on record too. Applying what is in force already
changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import fields, replace
from functools import partial
from typing import Any

from gateway.aside import Queue
from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Actor, Permission
from gateway.core.audit import Action, Outcome
from gateway.core.errors import (
    ApprovalRequired,
    BundleRefused,
    Conflict,
    GatewayError,
    NotFound,
    PermissionDenied,
    PolicyConflict,
    PolicyInvalid,
)
from gateway.core.moments import rfc3339
from gateway.core.ports import Clock, KeyMakers
from gateway.core.shipped import shipped
from gateway.db import ChangeJournal, Database, DbRole, Transaction
from gateway.policy import store
from gateway.policy.commit import ACTIONS, Applied, Change, Committer, changes_of, in_force
from gateway.policy.control import Approval, Emergency
from gateway.policy.load import Source, read_sources
from gateway.policy.plan import Plan, require_files, sources_of
from gateway.policy.reading import read, read_closely
from gateway.policy.store import Head, Origin, Version


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

    async def history(
        self, scope: str, actor: Actor, *, before: int | None = None, most: int | None = None
    ) -> list[Head]:
        """Return the versions of a scope without their files, newest first.

        before: only those of lower numbers. most: how many, at most.
        """
        actor.require(Permission.POLICY_READ, scope)
        async with self._looking(scope) as transaction:
            return await store.heads(transaction, scope, before=before, most=most)

    async def history_of(self, scope: str) -> list[Head]:
        """Return every version of a scope, for whoever has asked for the right before."""
        async with self._looking(scope) as transaction:
            return await store.heads(transaction, scope)

    async def newest_of(self, scope: str) -> Version | None:
        """Return the version of a scope that is in force, for whoever has asked for the right before."""
        async with self._looking(scope) as transaction:
            return await store.newest(transaction, scope)

    async def version_of(self, scope: str, number: int) -> Version | None:
        """Return one version of a scope, for whoever has asked for the right before."""
        async with self._looking(scope) as transaction:
            return await store.numbered(transaction, scope, number)

    def _looking(self, scope: str) -> AbstractAsyncContextManager[Transaction]:
        return self._database.transaction(DbRole.CONTROL, tenant=scope)

    async def show(self, scope: str, actor: Actor, version: int | None = None) -> Version:
        """Return one version of a scope, the newest by default. Raise ``NotFound``."""
        actor.require(Permission.POLICY_READ, scope)
        found = await (self.newest_of(scope) if version is None else self.version_of(scope, version))
        if found is None:
            ever = version is not None
            detail = "'cloister policy history' lists the versions." if ever else "Nothing was ever applied here."
            raise NotFound(detail)
        return found

    async def plan(self, scope: str, sources: Sequence[Source], actor: Actor) -> Plan:
        """Say what applying files would change. Raise ``PolicyInvalid``, ``ProtocolError``."""
        actor.require(Permission.POLICY_READ, scope)
        require_files(sources)
        reading = await self._aside(partial(read_closely, sources, scope=scope))
        newest = await self.newest_of(scope)
        return Plan(
            scope=scope,
            base=newest.version if newest else 0,
            digest=reading.bundle.digest,
            sources=tuple(sources),
            changes=await self._aside(partial(changes_of, newest, reading.documents, scope)),
            warnings=reading.warned(newest.in_shadow if newest else {}, self._clock.now()),
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
        reading = await self._aside(partial(read, plan.sources, scope=plan.scope))
        makers = await self._made_by(actor)
        async with self._database.transaction(DbRole.CONTROL, tenant=plan.scope) as transaction:
            await store.lock(transaction, plan.scope)
            newest = await store.newest(transaction, plan.scope)
            await self._committer.require_base(transaction, newest, plan.base, plan.scope)
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
        return replace(plan, changes=await self._aside(partial(changes_of, newest, reading.documents, plan.scope)))

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
        Raise ``PolicyInvalid``, ``PolicyConflict``, ``Conflict``, ``ApprovalRequired``, ``BundleRefused`` or
        ``ProtocolError``.
        """
        _require_writer(actor, scope)
        require_files(sources)
        origin: Origin = "break_glass" if emergency else "apply"
        return await self._change(
            Change(
                scope=scope,
                actor=actor,
                sources=sources,
                origin=origin,
                expected=expected,
                emergency=emergency,
                # what is wrong with files is said before anything is waited for
                reading=await self._aside(partial(read_closely, sources, scope=scope)),
            )
        )

    async def apply_signed(self, scope: str, raw: bytes, actor: Actor) -> Applied:
        """Take a signed bundle into force. Raise as ``apply`` does."""
        return await self._change(Change(scope=scope, actor=actor, raw=raw))

    async def roll_back(
        self, scope: str, actor: Actor, *, to: int | None = None, emergency: Emergency | None = None
    ) -> Applied:
        """Take the files of an earlier version into force again, by default of the one before. Raise ``NotFound``."""
        newest = await self.show(scope, actor)
        if to is None and newest.version == 1:
            detail = "There is no version before the one in force."
            raise NotFound(detail)
        old = await self.show(scope, actor, newest.version - 1 if to is None else to)
        return await self._change(
            Change(
                scope=scope,
                actor=actor,
                sources=sources_of(old.documents),
                origin="break_glass" if emergency else "rollback",
                expected=newest.version,
                restores=old.version,
                emergency=emergency,
            )
        )

    async def return_due(self) -> int:
        """Take back into force what was before each emergency that is over; return how many there were.

        Raise ``PolicyInvalid`` where what was before cannot be read any more, after all others have come back.
        """
        async with self._database.transaction(DbRole.READER) as transaction:
            scopes = await store.due(transaction, self._clock.now())
        unreadable: PolicyInvalid | None = None
        for scope in scopes:
            try:
                async with self._database.transaction(DbRole.CONTROL, tenant=scope) as transaction:
                    await store.lock(transaction, scope)
                    await self._return(transaction, scope)
            except PolicyInvalid as error:
                unreadable = error
        if unreadable is not None:
            raise unreadable
        return len(scopes)

    async def _return(self, transaction: Transaction, scope: str) -> None:
        found = await in_force(transaction, scope)
        until = found.newest.until if found.newest else None
        if found.lasting is not None and until and until <= self._clock.now():
            change = Change(
                scope=scope,
                actor=LOCAL_OPERATOR,
                sources=sources_of(found.lasting.documents),
                origin="return",
                restores=found.lasting.version,
            )
            reading = await self._aside(partial(read, change.sources, scope=scope))
            await self._committer.add(transaction, change, found.newest, reading)

    async def _change(self, change: Change) -> Applied:
        scope, actor = change.scope, change.actor
        _require_writer(actor, scope)
        makers = await self._made_by(actor)
        try:
            async with self._database.transaction(DbRole.CONTROL, tenant=scope) as transaction:
                await store.lock(transaction, scope)
                return await self._committer.change(transaction, change, makers)
        except (ApprovalRequired, BundleRefused, Conflict, PolicyConflict) as error:
            await self._record_refusal(actor, scope, ACTIONS[change.origin], error)
            raise

    async def _record_refusal(self, actor: Actor, scope: str, action: Action, error: GatewayError) -> None:
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


def _require_writer(actor: Actor, scope: str) -> None:
    actor.require(Permission.PLATFORM_POLICY_WRITE if scope == PLATFORM else Permission.POLICY_WRITE, scope)


async def apply_default(service: PolicyService, actor: Actor) -> Applied | None:
    """Take the shipped default into force for the platform, where it has no policy yet."""
    if await service.history(PLATFORM, actor, most=1):
        return None
    file = shipped("policies") / "default.yaml"
    return await service.apply(PLATFORM, [Source(file.name, read_sources([file])[0].text)], actor)


def version_record(version: Head) -> dict[str, Any]:
    """Return a version as people and tools see it, with its files where it has them."""
    record = {each.name: getattr(version, each.name) for each in fields(version) if each.name != "tenant"}
    record |= {name: rfc3339(moment) if (moment := record[name]) else None for name in ("created", "until")}
    return record | {"scope": version.tenant, "policies": dict(version.policies), "signed": version.signed}
