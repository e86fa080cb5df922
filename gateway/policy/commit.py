"""One change of a scope's policies, under its lock.

Law: what is in force says who may change it, and whoever compared with another version is told what has moved since.
The new version, the act on record and the news to every worker are one commit. However long the history is, a change
reads two versions of it: the one in force, and the one that stays when an emergency is over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

from gateway.aside import Queue
from gateway.core.actor import Actor
from gateway.core.audit import Action, Json
from gateway.core.bundle import HighWater, Refusal
from gateway.core.errors import (
    ApprovalRequired,
    Conflict,
    PolicyConflict,
    PolicyInvalid,
    Problem,
    ProtocolError,
    bundle_refused,
)
from gateway.core.moments import rfc3339
from gateway.core.ports import Clock
from gateway.db import ChangeJournal, Transaction
from gateway.keys import trusted_keys
from gateway.policy import store
from gateway.policy.compile import control_of
from gateway.policy.control import ChangeControl, Emergency, approved_by
from gateway.policy.diff import differences
from gateway.policy.load import Document, Source, load
from gateway.policy.plan import documents_of, plan_hash, require_files, sources_of
from gateway.policy.reading import Reading, read_closely
from gateway.policy.show import fields_of
from gateway.policy.signed import Opened, open_bundle
from gateway.policy.store import Origin, Version

ACTIONS: Final[dict[Origin, Action]] = {
    "apply": Action.POLICY_APPLY,
    "rollback": Action.POLICY_ROLLBACK,
    "break_glass": Action.POLICY_BREAK_GLASS,
    "return": Action.POLICY_RETURN,
}
_UNREADABLE: Final = ("what is in force cannot be read by this version of Cloister",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody asks for. expected: the version that it was compared with. restores: whose files it has again.

    opened: the signed bundle that the files come from, and raw its bytes. reading: of the files, where they were read
    before the lock was waited for.
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
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What is in force now. policies: the digest of each policy, by name. changed: whether it was not before."""

    scope: str
    version: int
    digest: str
    policies: Mapping[str, str]
    changed: bool
    warnings: tuple[Problem, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as people and tools see it."""
        return asdict(self) | {"policies": dict(self.policies), "warnings": list(map(fields_of, self.warnings))}


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What a change meets. lasting: the newest version that was not for a while."""

    newest: Version | None
    lasting: Version | None

    @property
    def number(self) -> int:
        """The newest version's number, 0 where there is none."""
        return self.newest.version if self.newest else 0

    @property
    def is_emergency(self) -> bool:
        """Whether what is in force was one person's change, and goes by itself."""
        return bool(self.newest and self.newest.until)

    def holds(self, sources: Sequence[Source]) -> bool:
        """Whether files are in force already, and to stay."""
        return not self.is_emergency and _has(self.newest, sources)

    def is_ended_by(self, sources: Sequence[Source]) -> bool:
        """Whether files are what comes by itself when the emergency is over."""
        return self.is_emergency and _has(self.lasting, sources)


async def in_force(transaction: Transaction, scope: str) -> InForce:
    """Return what a change of a scope meets."""
    newest = await store.newest(transaction, scope)
    lasting = await store.lasting(transaction, scope) if newest and newest.until else newest
    return InForce(newest=newest, lasting=lasting)


def _has(version: Version | None, sources: Sequence[Source]) -> bool:
    return bool(version and list(version.documents) == documents_of(sources))


class Committer:
    """Adds versions, where they may be added."""

    def __init__(self, journal: ChangeJournal, clock: Clock, aside: Queue) -> None:
        self._journal = journal
        self._clock = clock
        self._aside = aside

    async def change(self, transaction: Transaction, change: Change, makers: frozenset[str]) -> Applied:
        """Return what is in force now. makers: of the actor's key.

        Raise ``PolicyConflict``, ``Conflict``, ``ApprovalRequired``, ``BundleRefused``, ``ProtocolError``.
        """
        found = await in_force(transaction, change.scope)
        control = ChangeControl()
        if found.lasting:  # or one person alone would first change who has to be asked
            control = await self._aside(partial(control_of, found.lasting.documents, change.scope))
        if change.raw is not None:
            change = await self._unsealed(transaction, change, change.raw, control)
        elif control.keys and change.emergency is None and not found.is_ended_by(change.sources):
            detail = "Only signed bundles are applied here; 'cloister policy sign' makes one."
            raise bundle_refused(Refusal.SIG_MISSING, detail)
        await self.require_base(transaction, found.newest, change.expected, change.scope)
        is_release = change.opened is not None and change.opened.changed  # or older ones could be taken after it
        if found.newest and found.holds(change.sources) and not is_release:
            return self._applied(found.newest, change.reading, changed=False)
        approver = await self._approver(transaction, change, found, control, makers)
        reading = change.reading
        if reading is None:
            reading = await self._aside(partial(read_closely, change.sources, scope=change.scope))
        version = await self.add(transaction, change, found.newest, reading, approver)
        return self._applied(version, reading, changed=True)

    def _applied(self, version: Version, reading: Reading | None, *, changed: bool) -> Applied:
        return Applied(
            scope=version.tenant,
            version=version.version,
            digest=version.digest,
            policies=version.policies,
            changed=changed,
            warnings=reading.warned(version.in_shadow, self._clock.now()) if reading else (),
        )

    async def _unsealed(self, transaction: Transaction, change: Change, raw: bytes, control: ChangeControl) -> Change:
        """Return the change with the files of its signed bundle. Raise ``BundleRefused``."""
        seen = await store.high_water(transaction, change.scope)
        opened = await self._aside(partial(self._opened, change.scope, raw, seen, control))
        _require_small(opened)
        return replace(change, sources=opened.documents, opened=opened)

    def _opened(self, scope: str, raw: bytes, seen: HighWater | None, control: ChangeControl) -> Opened:
        return open_bundle(raw, scope=scope, trusted=trusted_keys(control.keys), seen=seen, now=self._clock.now())

    async def _approver(
        self,
        transaction: Transaction,
        change: Change,
        found: InForce,
        control: ChangeControl,
        makers: frozenset[str],
    ) -> str:
        """Return the owner who agreed, "" where nobody has to. Raise ``ApprovalRequired``."""
        if change.emergency is not None:
            _require_emergency(found, control)
            return ""
        if not control.approvals or found.is_ended_by(change.sources):
            return ""
        plan = plan_hash(change.scope, found.number, change.sources)
        approvals = await store.approvals_of(transaction, change.scope, plan)
        return approved_by(change.actor, makers, approvals, self._clock.now())

    async def add(
        self, transaction: Transaction, change: Change, newest: Version | None, reading: Reading, approver: str = ""
    ) -> Version:
        """Add a version and put it on record. reading: what its files say."""
        emergency, opened = change.emergency, change.opened
        base, now = newest.version if newest else 0, self._clock.now()
        version = Version(
            tenant=change.scope,
            version=base + 1,
            digest=reading.bundle.digest,
            policies=reading.bundle.digests,
            documents=documents_of(change.sources),
            created=now,
            created_by=change.actor.id,
            origin=change.origin,
            restores=change.restores,
            plan=plan_hash(change.scope, base, change.sources),
            approved_by=approver,
            reason=emergency.reason if emergency else "",
            until=now + timedelta(seconds=emergency.seconds) if emergency else None,
            revision=opened.revision if opened else None,
            content=opened.digest if opened else "",
            in_shadow=reading.shadows(newest.in_shadow if newest else {}, now),
        )
        await store.add(transaction, version, bundle=change.raw)
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

    async def require_base(
        self, transaction: Transaction, newest: Version | None, expected: int | None, scope: str
    ) -> None:
        """Refuse a change that was compared with another version than the one in force, and say what has moved."""
        current = newest.version if newest else 0
        if expected is None or expected == current:
            return
        old = await store.numbered(transaction, scope, expected)
        moved = "".join(f"\n  {line}" for line in await self._aside(partial(_moves, old, newest, scope)))
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


def _require_emergency(found: InForce, control: ChangeControl) -> None:
    if not control.break_glass:
        detail = "There is no change by one person alone here: 'break_glass' is false."
        raise ApprovalRequired(detail)
    if found.is_emergency:
        detail = "One emergency is in force already: it ends by itself, or by 'cloister policy rollback'."
        raise Conflict(detail)
    if found.lasting is None:
        detail = "Nothing is in force that could come back when the emergency is over: apply without --break-glass."
        raise ProtocolError(detail)


def changes_of(version: Version | None, after: Sequence[Document], scope: str) -> tuple[str, ...]:
    """Say what documents would change of a version; one that cannot be read any more is told as such."""
    try:
        before = load(sources_of(version.documents), scope=scope) if version else []
    except PolicyInvalid:
        return _UNREADABLE
    return differences(before, after)


def _moves(old: Version | None, new: Version | None, scope: str) -> tuple[str, ...]:
    """Say what has changed from one version to another."""
    try:
        after = load(sources_of(new.documents), scope=scope) if new else []
    except PolicyInvalid:
        return _UNREADABLE
    return changes_of(old, after, scope)
