from datetime import UTC, datetime, timedelta

import pytest

from gateway.core.actor import Actor, Role
from gateway.core.errors import ApprovalRequired, ProtocolError
from gateway.policy.control import Approval, Emergency, approved_by

NOW = datetime(2026, 1, 10, tzinfo=UTC)
NOBODY: frozenset[str] = frozenset()


def actor(owner: str) -> Actor:
    return Actor(id=f"key-of-{owner}", tenant="acme", role=Role.ADMIN, owner=owner)


def approval(owner: str, *makers: str, days: float = 1) -> Approval:
    return Approval(plan="p", owner=owner, key="k", given=NOW - timedelta(days=days), makers=frozenset(makers))


def test_a_second_person_is_another_owner() -> None:
    assert approved_by(actor("ann"), NOBODY, [approval("ann"), approval("bob")], NOW) == "bob"


@pytest.mark.parametrize(
    ("who", "makers", "approvals", "why"),
    [
        ("ann", [], [], "for somebody else to say"),
        ("ann", [], [approval("ann")], "not a second key"),
        ("ann", [], [approval("bob", days=7.1)], "lasts 7 days"),
        ("ann", [], [approval("bob", "ann")], "made by the owner of the other"),
        ("ann", ["bob"], [approval("bob")], "made by the owner of the other"),
        ("", [], [approval("bob")], "nobody is named"),
    ],
)
def test_nobody_else_is_one(who: str, makers: list[str], approvals: list[Approval], why: str) -> None:
    with pytest.raises(ApprovalRequired, match=why):
        approved_by(actor(who), frozenset(makers), approvals, NOW)


@pytest.mark.parametrize(
    ("reason", "seconds"),
    [("  short ", 60), ("x" * 501, 60), ("the database is down", 0), ("the database is down", 14_401)]
    + [(f"the database is {each}down", 60) for each in ("\n", "\x1b[8m", "\x00", "\u202e")],
)
def test_an_emergency_has_a_reason_and_an_end(reason: str, seconds: int) -> None:
    with pytest.raises(ProtocolError):
        Emergency(reason=reason, seconds=seconds)
    assert Emergency(reason="the database is down", seconds=14_400)
