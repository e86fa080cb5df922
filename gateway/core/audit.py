"""What was done, by whom, to what, and how it ended (NIST SP 800-53 AU-3).

Law: an event holds no text of an exchange and no name of a person: opaque ids, counts, types, offsets and scores.
Actions are one closed list; each has a stable code that outlives its name.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
"""A value that RFC 8259 can write."""


class Action(StrEnum):
    """``noun.verb``, sorted."""

    ACCESS_DENY = "access.deny"
    AUDIT_EXPORT = "audit.export"
    AUDIT_PROVE = "audit.prove"
    AUDIT_PRUNE = "audit.prune"
    AUDIT_QUERY = "audit.query"
    AUDIT_VERIFY = "audit.verify"
    DATABASE_UPGRADE = "database.upgrade"
    EXCHANGE_CLOSE = "exchange.close"
    EXCHANGE_OPEN = "exchange.open"
    GATEWAY_START = "gateway.start"
    GATEWAY_STOP = "gateway.stop"
    KEY_CREATE = "key.create"
    KEY_REVOKE = "key.revoke"
    POLICY_APPLY = "policy.apply"
    POLICY_APPROVE = "policy.approve"
    POLICY_BREAK_GLASS = "policy.break_glass"
    POLICY_EXPLAIN = "policy.explain"
    POLICY_FEEDBACK = "policy.feedback"
    POLICY_RETURN = "policy.return"
    POLICY_ROLLBACK = "policy.rollback"
    TENANT_CREATE = "tenant.create"


@dataclass(frozen=True, slots=True)
class ActionNote:
    """A stable code and a line of documentation."""

    code: int
    text: str


ACTIONS: Mapping[Action, ActionNote] = {
    Action.EXCHANGE_OPEN: ActionNote(100, "a request was decided, before any byte was forwarded"),
    Action.EXCHANGE_CLOSE: ActionNote(101, "the exchange ended"),
    Action.ACCESS_DENY: ActionNote(200, "a known key asked for what its role does not allow"),
    Action.TENANT_CREATE: ActionNote(210, "a tenant was created"),
    Action.KEY_CREATE: ActionNote(211, "an API key was created"),
    Action.KEY_REVOKE: ActionNote(212, "an API key was revoked"),
    Action.POLICY_APPLY: ActionNote(300, "a new version of the policies took force"),
    Action.POLICY_ROLLBACK: ActionNote(301, "the policies of an earlier version took force again, as a new one"),
    Action.POLICY_APPROVE: ActionNote(302, "a second person agreed to a plan"),
    Action.POLICY_BREAK_GLASS: ActionNote(303, "one person alone changed the policies for a few hours, with a reason"),
    Action.POLICY_RETURN: ActionNote(304, "what was changed for a few hours went, and what was in force before came"),
    Action.POLICY_FEEDBACK: ActionNote(305, "somebody said that a finding was false, or took that back"),
    Action.POLICY_EXPLAIN: ActionNote(306, "somebody asked which rule does what to a text"),
    Action.AUDIT_QUERY: ActionNote(400, "the audit log was read"),
    Action.AUDIT_VERIFY: ActionNote(401, "the audit log was verified"),
    Action.AUDIT_PRUNE: ActionNote(402, "event bodies past their period were dropped; their leaf hashes stay"),
    Action.AUDIT_EXPORT: ActionNote(403, "events of the audit log were exported, with what proves them"),
    Action.AUDIT_PROVE: ActionNote(404, "a checkpoint of the audit log was read, or a proof about it"),
    Action.DATABASE_UPGRADE: ActionNote(500, "the database schema was migrated"),
    Action.GATEWAY_START: ActionNote(501, "a gateway process began to serve"),
    Action.GATEWAY_STOP: ActionNote(502, "a gateway process stopped serving"),
}


class Outcome(StrEnum):
    """How it ended. ``unknown``: the process that knew is gone."""

    SUCCESS = "success"
    FAILURE = "failure"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One act. ``seq`` and ``leaf`` are given later, by the integrator, and are not part of this value.

    tenant: whose log it belongs to (``platform`` for the platform's own). actor: an opaque id. time: UTC, to the
    microsecond. resource: what was acted on, such as ``/v1/chat/completions`` or ``policy/3``.
    exchange: for the two events of an exchange only. policy: the digest in force, 64 hex digits, "" where none.
    instance: the gateway process that acted. action, outcome: one that was read back has the stored words, which may be
    a newer version's; whether they are right is for the leaf to say.
    """

    id: uuid.UUID
    time: datetime
    tenant: str
    actor: str
    role: str
    action: Action | str
    resource: str
    outcome: Outcome | str
    exchange: uuid.UUID | None = None
    policy: str = ""
    instance: uuid.UUID | None = None
    details: Mapping[str, Json] = field(default_factory=dict)
