"""One change of a scope's policies, under its lock.

Law: what is in force says who may change it, and whoever compared with another version is told what has moved since.
The new version, the act on record and the news to every worker are one commit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final

from gateway.aside import Queue
from gateway.core.actor import Actor
from gateway.core.audit import Action, Json
from gateway.core.bundle import HighWater, Refusal
from gateway.core.errors import ApprovalRequired, PolicyConflict, PolicyInvalid, ProtocolError, bundle_refused
from gateway.core.moments import rfc3339
from gateway.core.ports import Clock
from gateway.db import ChangeJournal, Transaction
from gateway.keys import trusted_keys
from gateway.policy import store
from gateway.policy.compile import Bundle, compile_bundle, control_of
from gateway.policy.control import ChangeControl, Emergency, approved_by
from gateway.policy.diff import differences
from gateway.policy.load import Source, load
from gateway.policy.plan import documents_of, plan_hash, require_files, sources_of
from gateway.policy.signed import Opened, open_bundle
from gateway.policy.store import Origin, Version

ACTIONS: Final[dict[Origin, Action]] = {
    "apply": Action.POLICY_APPLY,
    "rollback": Action.POLICY_ROLLBACK,
    "break_glass": Action.POLICY_BREAK_GLASS,
    "return": Action.POLICY_RETURN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody asks for. expected: the version that it was compared with. restores: whose files it has again.

    opened: the signed bundle that the files come from, and raw its bytes.
    """

    scope: str
    actor: Actor
    sources: Sequence[Source] = ()
    origin: Origin = "apply"
    expected: int | None = None
    restores: int | None = None
    emergency: Emergency | None = None
    raw: bytes | None = None
    opened: Opened | None = None


class Committer:
    """Adds versions, where they may be added."""

    def __init__(self, journal: ChangeJournal, clock: Clock, aside: Queue) -> None:
        self._journal = journal
        self._clock = clock
        self._aside = aside

    async def change(self, transaction: Transaction, change: Change, makers: frozenset[str]) -> tuple[Version, bool]:
        """Return the version that is in force now, and whether it was not before. makers: of the actor's key.

        Raise ``PolicyConflict``, ``ApprovalRequired``, ``BundleRefused``.
        """
        versions = await store.of_scope(transaction, change.scope)
        lasting = lasting_of(versions)  # or one person alone would first change who has to be asked
        control = ChangeControl()
        if lasting:
            control = await self._aside(partial(control_of, lasting.documents, change.scope))
        if change.raw is not None:
            opened = await self._aside(partial(self._opened, change.scope, change.raw, versions, control))
            _require_small(opened)
            change = replace(change, sources=opened.documents, opened=opened)
        elif control.keys and change.emergency is None and not _ends_emergency(versions, change.sources):
            detail = "Only signed bundles are applied here; 'cloister policy sign' makes one."
            raise bundle_refused(Refusal.SIG_MISSING, detail)
        await self.require_base(versions, change.expected, change.scope)
        if versions and list(versions[0].documents) == documents_of(change.sources) and not versions[0].until:
            return versions[0], False
        approver = await self._approver(transaction, change, versions, control, makers)
        bundle = await self._aside(partial(compile_bundle, change.sources, scope=change.scope))
        return await self.add(transaction, change, versions, bundle, approver), True

    def _opened(self, scope: str, raw: bytes, versions: Sequence[Version], control: ChangeControl) -> Opened:
        taken = [HighWater(revision=each.revision, digest=each.content) for each in versions if each.revision]
        seen = max(taken, key=lambda each: each.revision, default=None)
        return open_bundle(raw, scope=scope, trusted=trusted_keys(control.keys), seen=seen, now=self._clock.now())

    async def _approver(
        self,
        transaction: Transaction,
        change: Change,
        versions: Sequence[Version],
        control: ChangeControl,
        makers: frozenset[str],
    ) -> str:
        """Return the owner who agreed, "" where nobody has to. Raise ``ApprovalRequired``."""
        if change.emergency is not None:
            _require_emergency(versions, control)
            return ""
        if not control.approvals or _ends_emergency(versions, change.sources):
            return ""
        approvals = await store.approvals_of(transaction, change.scope, _plan_of(change, versions))
        return approved_by(change.actor, makers, approvals, self._clock.now())

    async def add(
        self, transaction: Transaction, change: Change, versions: Sequence[Version], bundle: Bundle, approver: str = ""
    ) -> Version:
        """Add a version and put it on record. bundle: what its files say."""
        emergency, opened = change.emergency, change.opened
        version = Version(
            tenant=change.scope,
            version=versions[0].version + 1 if versions else 1,
            digest=bundle.digest,
            policies=bundle.digests,
            documents=documents_of(change.sources),
            created=self._clock.now(),
            created_by=change.actor.id,
            origin=change.origin,
            restores=change.restores,
            plan=_plan_of(change, versions),
            approved_by=approver,
            reason=emergency.reason if emergency else "",
            until=self._clock.now() + timedelta(seconds=emergency.seconds) if emergency else None,
            revision=opened.revision if opened else None,
            content=opened.digest if opened else "",
            bundle=change.raw,
        )
        await store.add(transaction, version)
        await self._journal.record_in(
            transaction,
            change.actor,
            ACTIONS[version.origin],
            f"policy/{version.version}",
            tenant=change.scope,
            policy=version.digest,
            details=_told(version),
        )
        return version

    async def require_base(self, versions: Sequence[Version], expected: int | None, scope: str) -> None:
        """Refuse a change that was compared with another version than the one in force, and say what has moved."""
        current = versions[0].version if versions else 0
        if expected is None or expected == current:
            return
        old = next((each for each in versions if each.version == expected), None)
        now = sources_of(versions[0].documents) if versions else ()
        moved = "".join(f"\n  {line}" for line in await self._aside(partial(changes_of, old, now, scope)))
        detail = f"Version {current} is in force, not {expected}."
        raise PolicyConflict(f"{detail} Since then:{moved}" if moved else detail)


def _require_small(opened: Opened) -> None:
    """Refuse a bundle of files that no version holds."""
    try:
        require_files(opened.documents)
    except ProtocolError as error:
        raise bundle_refused(Refusal.TOO_LARGE, error.detail) from None


def _told(version: Version) -> dict[str, Json]:
    """Say what an event says of a version; a reason is text of people, of which only the hash goes into the log."""
    told: dict[str, Json] = {
        "policies": dict(version.policies),
        "documents": len(version.documents),
        "plan": version.plan,
    }
    if version.restores:
        told["restores"] = version.restores
    if version.approved_by:
        told["approved_by"] = version.approved_by
    if version.until:
        told["until"] = rfc3339(version.until, "seconds")
        told["reason"] = hashlib.sha256(version.reason.encode()).hexdigest()
    if version.revision:
        told["revision"] = version.revision
    return told


def _require_emergency(versions: Sequence[Version], control: ChangeControl) -> None:
    if not control.break_glass:
        detail = "There is no change by one person alone here: 'break_glass' is false."
        raise ApprovalRequired(detail)
    if versions and versions[0].until:
        detail = "One emergency is in force already: it ends by itself, or by 'cloister policy rollback'."
        raise PolicyConflict(detail)


def _ends_emergency(versions: Sequence[Version], sources: Sequence[Source]) -> bool:
    """Whether the change is what would come by itself when the emergency is over."""
    lasting = lasting_of(versions)
    return bool(lasting and versions[0].until and list(lasting.documents) == documents_of(sources))


def lasting_of(versions: Sequence[Version]) -> Version | None:
    """Return the newest version that was not for a while."""
    return next((each for each in versions if each.until is None), None)


def _plan_of(change: Change, versions: Sequence[Version]) -> str:
    return plan_hash(change.scope, versions[0].version if versions else 0, change.sources)


def changes_of(version: Version | None, sources: Sequence[Source], scope: str) -> tuple[str, ...]:
    """Say what files would change of a version; a version that cannot be read any more is told as such."""
    after = load(sources, scope=scope)
    try:
        before = load(sources_of(version.documents), scope=scope) if version else []
    except PolicyInvalid:
        return ("what is in force cannot be read by this version of Cloister",)
    return differences(before, after)
