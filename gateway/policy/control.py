"""How the policies of a scope may be changed: by whom, on whose word, and for how long.

Law: what is in force says how it is changed, so that nobody leaves a control out by changing it. Two people are two
owners of keys, not two keys; whoever made the other's key is no second person. Without a second one a change lasts a
few hours, and goes by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from gateway.core.actor import Actor
from gateway.core.errors import ApprovalRequired, ProtocolError

LONGEST_EMERGENCY: Final = timedelta(hours=4)
APPROVAL_LASTS: Final = timedelta(days=7)
_REASON: Final = range(8, 501)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeControl:
    """What a scope asks of a change. approvals: people besides whoever applies. keys: lines of public keys."""

    approvals: int = 0
    break_glass: bool = True
    keys: tuple[str, ...] = ()


STRICTEST: Final = ChangeControl(approvals=1)
"""What holds where the version in force cannot be read, and so does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """One person's change, for a while, and why. seconds: how long it lasts."""

    reason: str
    seconds: int

    def __post_init__(self) -> None:
        """Raise ``ProtocolError`` for a reason that says nothing, or more hours than there may be."""
        if len(self.reason.strip()) not in _REASON or not self.reason.isprintable():
            detail = f"A reason is a line of {_REASON.start} to {_REASON.stop - 1} characters."
            raise ProtocolError(detail)
        if not 0 < self.seconds <= LONGEST_EMERGENCY.total_seconds():
            detail = "An emergency lasts 4 hours at most."
            raise ProtocolError(detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's word on one plan. makers: the owners of the keys by which the approver's key was made."""

    plan: str
    owner: str
    key: str
    given: datetime
    makers: frozenset[str] = field(default=frozenset())


def approved_by(actor: Actor, makers: frozenset[str], approvals: Iterable[Approval], now: datetime) -> str:
    """Return the owner on whose word the actor may apply. makers: of the actor's key. Raise ``ApprovalRequired``."""
    if not actor.owner:
        detail = "Two people are needed, and nobody is named here: use a key made with --owner, through a gateway."
        raise ApprovalRequired(detail)
    fresh = [each for each in approvals if now - each.given <= APPROVAL_LASTS]
    for each in fresh:
        if each.owner != actor.owner and actor.owner not in each.makers and each.owner not in makers:
            return each.owner
    raise ApprovalRequired(_why_not(actor, fresh))


def _why_not(actor: Actor, fresh: list[Approval]) -> str:
    if not fresh:
        return "'cloister policy approve PLAN' is for somebody else to say; an approval lasts 7 days."
    if all(each.owner == actor.owner for each in fresh):
        return "The approval is by the owner of this key: it takes a second person, not a second key."
    return "Of the two keys one was made by the owner of the other: let the platform make the approver's."
