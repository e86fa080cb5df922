"""What a stage needs and must not build, as protocols; ``gateway/app.py`` hands over the adapters.

Law: time, ids and chance come through ports, so that retention and expiry can be tested.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from gateway.core.actor import Actor
from gateway.core.audit import Action, AuditEvent, Json, Outcome
from gateway.core.content import Segment
from gateway.core.findings import Findings
from gateway.core.policy import Policy, Target

T = TypeVar("T")

Asker = tuple[str, str]
"""Whose turn it is when work waits: the tenant, and who asks in it."""


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back, from an arbitrary origin."""
        ...


class Ids(Protocol):
    """Identifiers."""

    def new(self) -> uuid.UUID:
        """Return a new UUIDv7; later ones of one process sort after earlier ones."""
        ...


class Journal(Protocol):
    """Where a stage records what it did. The append is durable when the call returns."""

    async def append(self, event: AuditEvent) -> None:
        """Record the event, or raise ``AuditUnavailable`` within the deadline."""
        ...

    async def record(  # noqa: PLR0913 - the fields of an event, AU-3
        self,
        actor: Actor,
        action: Action,
        resource: str,
        outcome: Outcome = Outcome.SUCCESS,
        *,
        tenant: str = "",
        policy: str = "",
        details: dict[str, Json] | None = None,
    ) -> None:
        """Make an event of these fields, with a fresh id and the present time, and append it.

        tenant: whose log it belongs to; the actor's own where it is empty.
        """
        ...


class Aside(Protocol):
    """Does work without keeping others waiting."""

    async def __call__(self, size: int, work: Callable[[], T], /) -> T:
        """Do work over ``size`` characters and return what it returns."""
        ...


class Detector(Protocol):
    """Finds entities."""

    async def analyze(self, segments: Sequence[Segment], policy: Policy, *, asker: Asker) -> Findings:
        """Return the findings of each segment, or raise ``DetectionUnavailable``."""
        ...


class Policies(Protocol):
    """The policies in force."""

    def active(self, target: Target) -> Policy:
        """Return the one policy for a request; raise ``PolicyUnavailable`` where none is current."""
        ...

    def shadow(self, target: Target) -> Policy | None:
        """Return what would be the policy if those in shadow were in force, None where that is the same."""
        ...


class Fingerprints(Protocol):
    """Keyed hashes of values."""

    def fingerprint(self, tenant: str, entity_type: str, value: str) -> str:
        """Return 64 hex digits of HMAC-SHA256 under the tenant's key."""
        ...


class ValueHashes(Protocol):
    """How events name values."""

    def recorded(self, tenant: str, epoch: str, entity_type: str, value: str) -> str:
        """Return how a tenant's events of an epoch name a value (``core.values``)."""
        ...


class Signer(Protocol):
    """Signs the checkpoints of one log."""

    @property
    def name(self) -> str:
        """The log's origin."""
        ...

    @property
    def verifier(self) -> str:
        """The line by which others verify (C2SP signed-note)."""
        ...

    def signed(self, text: str) -> str:
        """Return a text as a signed note."""
        ...


class Signers(Protocol):
    """The signer of every log."""

    def of(self, tenant: str) -> Signer:
        """Return the signer of a tenant's log. Raise ``KeyUnavailable``."""
        ...


class KeyMakers(Protocol):
    """Who made API keys."""

    async def makers(self, actor: Actor) -> frozenset[str]:
        """Return the owners of the keys by which the actor's key was made, and those by which these were."""
        ...
