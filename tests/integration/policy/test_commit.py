"""Changes under control: who may make them, for how long, and what is on record. Against the real database."""

from __future__ import annotations

import asyncio
from asyncio import Barrier
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gateway.core.actor import LOCAL_OPERATOR, Actor, Role
from gateway.core.audit import Action, Outcome
from gateway.core.bundle import Refusal
from gateway.core.errors import (
    ApprovalRequired,
    BundleRefused,
    Conflict,
    PermissionDenied,
    PolicyConflict,
    PolicyInvalid,
    ProtocolError,
)
from gateway.db import Database, DbRole
from gateway.keys import SigningKey
from gateway.policy import PolicyService, Source, store
from gateway.policy.control import Emergency
from gateway.policy.plan import Plan
from gateway.policy.signed import sign_bundle
from gateway.system import SystemClock

pytestmark = pytest.mark.integration

HEAD = "apiVersion: cloister/v1\nkind: {}\nmetadata: {{name: {}}}\nspec: {}\n"
REASON = "the claims desk cannot work"
UNREADABLE = {"file": "p.yaml", "text": "apiVersion: cloister/v9\nkind: RedactionPolicy\n"}


class Clock(SystemClock):
    ahead = timedelta(0)

    def now(self) -> Any:
        return super().now() + self.ahead


class Journal:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[Action, str, Outcome, dict[str, Any]]] = []

    async def record_in(
        self,
        _: Any,
        actor: Actor,
        action: Action,
        resource: str,
        *,
        details: Any = None,
        outcome: Outcome = Outcome.SUCCESS,
        **__: Any,
    ) -> None:
        self.told.append((action, resource, outcome, details or {}))


class Makers:
    """Says who made keys."""

    def __init__(self, made: dict[str, set[str]]) -> None:
        self.made = made

    async def makers(self, actor: Actor) -> frozenset[str]:
        return frozenset(self.made.get(actor.id, ()))


class House:
    """A service with everything that a test looks at."""

    def __init__(self, database: Database) -> None:
        self.clock, self.journal, self.makers = Clock(), Journal(), Makers({})
        self.service = PolicyService(database, self.journal, self.clock, self.makers)

    async def apply(self, files: list[Source], actor: Actor, **given: Any) -> int:
        return (await self.service.apply("acme", files, actor, **given)).version

    async def plan(self, files: list[Source], actor: Actor) -> Plan:
        return await self.service.plan("acme", files, actor)


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def admin(owner: str, key: str = "") -> Actor:
    return Actor(id=key or f"key-{owner}", tenant="acme", role=Role.ADMIN, owner=owner)


ANN, BOB = admin("ann"), admin("bob")


def files(operator: str, control: str = "{approvals: 1}") -> list[Source]:
    rules = HEAD.format("RedactionPolicy", "p", f"{{defaults: {{operator: {operator}}}}}")
    return [Source("p.yaml", rules), Source("control.yaml", HEAD.format("ChangeControl", "c", control))]


async def test_a_change_waits_for_a_second_person(house: House) -> None:
    await house.apply(files("redact"), ANN)
    plan = await house.plan(files("hash"), ANN)

    with pytest.raises(ApprovalRequired):
        await house.apply(files("hash"), ANN)
    agreed = await house.service.approve(plan, BOB)
    version = await house.apply(files("hash"), ANN, expected=plan.base)

    assert "redact → hash" in agreed.changes[0]
    assert version == 2
    assert (await house.service.show("acme", ANN)).approved_by == "bob"
    assert [(action, outcome) for action, _, outcome, _ in house.journal.told] == [
        (Action.POLICY_APPLY, Outcome.SUCCESS),
        (Action.POLICY_APPLY, Outcome.DENIED),
        (Action.POLICY_APPROVE, Outcome.SUCCESS),
        (Action.POLICY_APPLY, Outcome.SUCCESS),
    ]
    assert house.journal.told[1][3] == {"reason": "approval_required"}


async def test_a_second_key_of_one_person_is_nobody_else(house: House) -> None:
    await house.apply(files("redact"), ANN)
    plan = await house.plan(files("hash"), ANN)

    await house.service.approve(plan, admin("ann", "another-key"))
    with pytest.raises(ApprovalRequired, match="not a second key"):
        await house.apply(files("hash"), ANN)

    house.makers.made = {"puppet": {"ann"}}
    await house.service.approve(plan, admin("carl", "puppet"))
    with pytest.raises(ApprovalRequired, match="made by the owner of the other"):
        await house.apply(files("hash"), ANN)

    house.makers.made = {ANN.id: {"bob"}}
    await house.service.approve(plan, BOB)
    with pytest.raises(ApprovalRequired):
        await house.apply(files("hash"), ANN)


@pytest.mark.parametrize(
    "stranger",
    [
        Actor(id="b", tenant="umbra", role=Role.ADMIN, owner="bob"),
        Actor(id="b", tenant="platform", role=Role.PLATFORM, owner="bob"),
        Actor(id="b", tenant="acme", role=Role.AUDITOR, owner="bob"),
        Actor(id="b", tenant="acme", role=Role.APP, owner="bob"),
        LOCAL_OPERATOR,
    ],
    ids=lambda actor: f"{actor.tenant} {actor.role} {actor.id}",
)
async def test_nobody_from_elsewhere_is_a_second_person(house: House, stranger: Actor) -> None:
    await house.apply(files("redact"), ANN)
    plan = await house.plan(files("hash"), ANN)

    with pytest.raises(PermissionDenied):
        await house.service.approve(plan, stranger)
    with pytest.raises(ApprovalRequired):
        await house.apply(files("hash"), ANN)


async def test_a_key_without_an_owner_is_nobody(house: House) -> None:
    await house.apply(files("redact"), ANN)
    plan = await house.plan(files("hash"), ANN)

    with pytest.raises(ApprovalRequired, match="a person's own key"):
        await house.service.approve(plan, admin("", "nameless"))
    await house.service.approve(plan, BOB)
    with pytest.raises(ApprovalRequired, match="nobody is named"):
        await house.apply(files("hash"), admin("", "nameless"))
    with pytest.raises(PolicyConflict):
        await house.service.approve(replace(plan, base=9), BOB)

    refused = [
        (action, details["reason"]) for action, _, outcome, details in house.journal.told if outcome is Outcome.DENIED
    ]
    assert refused == [
        (Action.POLICY_APPROVE, "approval_required"),
        (Action.POLICY_APPLY, "approval_required"),
        (Action.POLICY_APPROVE, "policy_conflict"),
    ]


async def test_an_approval_given_again_is_one(house: House) -> None:
    await house.apply(files("redact"), ANN)
    plan = await house.plan(files("hash"), ANN)
    await house.service.approve(plan, BOB)
    await house.service.approve(plan, BOB)
    await house.apply(files("hash"), ANN)
    await house.service.approve(await house.plan(files("redact"), ANN), BOB)
    await house.service.roll_back("acme", ANN)

    assert await house.service.show("acme", ANN, 3)
    for again in (plan, replace(plan, base=2), replace(plan, base=1)):
        with pytest.raises(PolicyConflict):
            await house.service.approve(again, BOB)
    with pytest.raises(ApprovalRequired):
        await house.apply(files("hash"), ANN)


async def test_files_that_no_version_holds_are_not_taken(house: House) -> None:
    (good,) = files("redact")[:1]
    for name in ("p\x00", "\x1b[2J", "", "p\n", "p" * 256):
        bad = [Source(name, good.text)]
        plan = Plan(scope="acme", base=0, digest="", sources=tuple(bad))
        for attempt in (house.apply(bad, ANN), house.plan(bad, ANN), house.service.approve(plan, BOB)):
            with pytest.raises(ProtocolError):
                await attempt

    assert await house.apply([Source("../../p.yaml", good.text)], ANN) == 1


async def test_whoever_is_on_the_host_is_no_second_person(house: House) -> None:
    await house.apply(files("redact"), ANN)
    await house.service.approve(await house.plan(files("hash"), ANN), BOB)

    with pytest.raises(ApprovalRequired, match="nobody is named"):
        await house.apply(files("hash"), LOCAL_OPERATOR)
    assert await house.apply(files("hash"), ANN) == 2


async def test_an_approval_is_for_one_plan_and_ends(house: House) -> None:
    await house.apply(files("redact"), ANN)
    await house.service.approve(await house.plan(files("hash"), ANN), BOB)

    with pytest.raises(ApprovalRequired):
        await house.apply(files("keep"), ANN)
    house.clock.ahead = timedelta(days=8)
    with pytest.raises(ApprovalRequired):
        await house.apply(files("hash"), ANN)


async def test_an_approval_does_not_outlive_the_version_that_it_was_for(house: House) -> None:
    await house.apply(files("redact"), ANN)
    plan = await house.plan(files("hash"), ANN)
    await house.service.approve(plan, BOB)
    await house.apply(files("hash"), ANN)
    back = await house.plan(files("redact"), ANN)
    await house.service.approve(back, BOB)
    await house.apply(files("redact"), ANN)

    with pytest.raises(ApprovalRequired):
        await house.apply(files("hash"), ANN)
    with pytest.raises(PolicyConflict):
        await house.service.approve(plan, BOB)


async def test_the_control_itself_is_not_left_out_by_one_person(house: House) -> None:
    await house.apply(files("redact"), ANN)

    for control in ("{approvals: 0}", "{}"):
        with pytest.raises(ApprovalRequired):
            await house.apply(files("redact", control), ANN)
    with pytest.raises(ApprovalRequired):
        await house.apply(files("redact")[:1], ANN)
    with pytest.raises(ApprovalRequired):
        await house.apply(files("redact", "{approvals: 0}"), LOCAL_OPERATOR)


async def test_whoever_is_late_is_told_what_has_moved(house: House) -> None:
    plan = await house.plan(files("redact", "{}"), ANN)
    await house.apply(files("hash", "{}"), BOB, expected=plan.base)

    with pytest.raises(PolicyConflict, match=r'Version 1 is in force, not 0\. Since then:\n  ChangeControl "c": added'):
        await house.apply(list(plan.sources), ANN, expected=plan.base)


async def test_of_two_rollbacks_at_once_one_wins(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for operator in ("redact", "hash", "keep"):
        await house.apply(files(operator, "{}"), ANN)
    look, both = house.service.show, Barrier(2)

    async def show(scope: str, actor: Actor, version: int | None = None) -> Any:
        seen = await look(scope, actor, version)
        await both.wait()
        return seen

    monkeypatch.setattr(house.service, "show", show)
    done = await asyncio.gather(*(house.service.roll_back("acme", each) for each in (ANN, BOB)), return_exceptions=True)

    assert sorted(type(each).__name__ for each in done) == ["Applied", "PolicyConflict"]
    assert [each.restores for each in await house.service.history("acme", ANN)] == [2, None, None, None]


async def test_of_two_at_once_one_wins(house: House) -> None:
    await house.apply(files("redact", "{}"), ANN)
    asked = [house.apply(files(operator, "{}"), ANN, expected=1) for operator in ("hash", "keep")]
    done = await asyncio.gather(*asked, return_exceptions=True)

    assert sorted(type(each).__name__ for each in done) == ["PolicyConflict", "int"]


async def test_a_rollback_is_a_new_version_with_old_files(house: House) -> None:
    for operator in ("redact", "hash", "keep"):
        await house.apply(files(operator, "{}"), ANN)

    back = await house.service.roll_back("acme", ANN)
    far = await house.service.roll_back("acme", ANN, to=1)

    versions = await house.service.history("acme", ANN)
    assert (back.version, far.version) == (4, 5)
    assert [(each.origin, each.restores) for each in versions[:3]] == [
        ("rollback", 1),
        ("rollback", 2),
        ("apply", None),
    ]
    first, last = [await house.service.show("acme", ANN, number) for number in (1, 5)]
    assert first.documents == last.documents
    assert [action for action, *_ in house.journal.told[3:]] == [Action.POLICY_ROLLBACK] * 2


async def test_one_person_alone_changes_things_for_a_while(house: House) -> None:
    await house.apply(files("redact"), ANN)
    await house.apply(files("keep"), ANN, emergency=Emergency(reason=REASON, seconds=3600))

    with pytest.raises(Conflict, match="One emergency"):
        await house.apply(files("hash"), ANN, emergency=Emergency(reason=REASON, seconds=3600))
    assert house.journal.told.pop()[2:] == (Outcome.DENIED, {"reason": "conflict"})
    assert await house.service.return_due() == 0
    house.clock.ahead = timedelta(seconds=3601)
    assert await house.service.return_due() == 1
    assert await house.service.return_due() == 0

    now, emergency, _ = await house.service.history("acme", ANN)
    assert (now.origin, now.restores, now.until) == ("return", 1, None)
    assert (emergency.origin, emergency.reason) == ("break_glass", REASON)
    action, _, _, details = house.journal.told[1]
    assert (action, len(details["reason"])) == (Action.POLICY_BREAK_GLASS, 64)
    assert REASON not in str(house.journal.told)


async def test_one_scope_that_cannot_come_back_keeps_no_other_from_it(house: House, database: Database) -> None:
    scopes = ("umbra", "acme", "omega")
    for scope in scopes:
        ann = replace(ANN, tenant=scope)
        await house.service.apply(scope, files("redact"), ann)
        if scope == "acme":
            async with database.transaction(DbRole.CONTROL, tenant=scope) as transaction:
                version = await store.newest(transaction, scope)
                assert version is not None
                await store.add(
                    transaction, replace(version, version=2, documents=[UNREADABLE, *version.documents[1:]])
                )
        await house.service.apply(scope, files("keep"), ann, emergency=Emergency(reason=REASON, seconds=60))
    house.clock.ahead = timedelta(seconds=61)

    with pytest.raises(PolicyInvalid):
        await house.service.return_due()

    assert [(await house.service.history_of(scope))[0].origin for scope in scopes] == [
        "return",
        "break_glass",
        "return",
    ]


async def test_a_change_that_the_end_of_an_emergency_overtakes_is_stale(house: House) -> None:
    await house.apply(files("redact", "{}"), ANN)
    await house.apply(files("keep", "{}"), ANN, emergency=Emergency(reason=REASON, seconds=60))
    plan = await house.plan(files("hash", "{}"), ANN)
    house.clock.ahead = timedelta(seconds=61)
    await house.service.return_due()

    with pytest.raises(PolicyConflict, match=r"Version 3 is in force, not 2\."):
        await house.apply(files("hash", "{}"), ANN, expected=plan.base)


async def test_an_emergency_that_is_ended_while_it_ends_is_ended_once(house: House) -> None:
    await house.apply(files("redact", "{}"), ANN)
    await house.apply(files("keep", "{}"), ANN, emergency=Emergency(reason=REASON, seconds=60))
    house.clock.ahead = timedelta(seconds=61)

    ended = await asyncio.gather(
        house.service.return_due(), house.service.roll_back("acme", ANN), return_exceptions=True
    )

    assert all(not isinstance(each, BaseException) or isinstance(each, PolicyConflict) for each in ended)
    first, _, third = (await house.service.history("acme", ANN))[::-1]
    assert (third.version, third.digest, third.until) == (3, first.digest, None)
    assert await house.service.return_due() == 0


async def test_an_emergency_does_not_leave_the_control_out(house: House) -> None:
    await house.apply(files("redact"), ANN)
    await house.apply(files("keep", "{approvals: 0}"), ANN, emergency=Emergency(reason=REASON, seconds=60))

    with pytest.raises(ApprovalRequired):
        await house.apply(files("hash", "{approvals: 0}"), ANN)
    assert (await house.service.roll_back("acme", ANN)).version == 3
    assert await house.service.return_due() == 0


async def test_where_one_person_alone_may_not_there_is_no_emergency(house: House) -> None:
    await house.apply(files("redact", "{approvals: 1, break_glass: false}"), ANN)

    with pytest.raises(ApprovalRequired):
        await house.apply(files("keep"), ANN, emergency=Emergency(reason=REASON, seconds=60))


async def test_where_nothing_could_come_back_there_is_no_emergency(house: House) -> None:
    with pytest.raises(ProtocolError, match="could come back"):
        await house.apply(files("keep"), ANN, emergency=Emergency(reason=REASON, seconds=60))

    assert await house.service.history("acme", ANN) == []


async def test_where_bundles_are_signed_nothing_else_is_applied(house: House) -> None:
    key, stranger = SigningKey.make(), SigningKey.make()
    control = f"{{signatures: {{keys: ['{key.public('release').line}']}}}}"
    await house.apply(files("redact", control), ANN)
    now = house.clock.now()

    def bundle(operator: str, revision: int, signer: SigningKey = key) -> bytes:
        return sign_bundle(
            files(operator, control),
            scope="acme",
            revision=revision,
            not_before=now - timedelta(days=1),
            not_after=now + timedelta(days=1),
            keys=[signer],
        )

    async def refused(raw: bytes) -> str:
        with pytest.raises(BundleRefused) as raised:
            await house.service.apply_signed("acme", raw, ANN)
        return str(raised.value.reason)

    with pytest.raises(BundleRefused) as raised:
        await house.apply(files("hash", control), ANN)
    assert raised.value.reason is Refusal.SIG_MISSING
    assert (await house.service.apply_signed("acme", bundle("hash", 5), ANN)).version == 2
    assert not (await house.service.apply_signed("acme", bundle("hash", 5), ANN)).changed
    assert await refused(bundle("keep", 4)) == "revision_regression"
    assert await refused(bundle("keep", 5)) == "revision_content_mismatch"
    assert await refused(bundle("keep", 6, stranger)) == "key_unknown"
    with pytest.raises(BundleRefused):
        await house.service.roll_back("acme", ANN, to=1)

    version = await house.service.show("acme", ANN)
    assert (version.version, version.revision, version.signed) == (2, 5, True)
    assert [each[3].get("reason") for each in house.journal.told if each[2] is Outcome.DENIED] == [
        "sig_missing", "revision_regression", "revision_content_mismatch", "key_unknown", "sig_missing",
    ]  # fmt: skip


async def test_a_newer_revision_of_the_same_files_keeps_older_ones_out(house: House) -> None:
    key, now = SigningKey.make(), house.clock.now()
    control = f"{{signatures: {{keys: ['{key.public('release').line}']}}}}"
    await house.apply(files("redact", control), ANN)

    async def taken(operator: str, revision: int) -> tuple[int, bool]:
        raw = sign_bundle(files(operator, control), scope="acme", revision=revision, not_before=now,
                          not_after=now + timedelta(days=1), keys=[key])  # fmt: skip
        done = await house.service.apply_signed("acme", raw, ANN)
        return done.version, done.changed

    assert [await taken("redact", revision) for revision in (5, 7, 7)] == [(2, True), (3, True), (3, False)]
    with pytest.raises(BundleRefused) as raised:
        await taken("keep", 6)
    assert raised.value.reason is Refusal.REVISION_REGRESSION


async def test_what_cannot_be_read_any_more_keeps_its_control(house: House, database: Database) -> None:
    await house.apply(files("redact"), ANN)
    async with database.transaction(DbRole.CONTROL, tenant="acme") as transaction:
        version = await store.newest(transaction, "acme")
        assert version is not None
        broken = [UNREADABLE, version.documents[1]]
        await store.add(transaction, replace(version, version=2, documents=broken))

    with pytest.raises(ApprovalRequired):
        await house.apply(files("hash"), ANN)
    plan = await house.plan(files("hash"), ANN)
    assert plan.changes == ("what is in force cannot be read by this version of Cloister",)
    await house.service.approve(plan, BOB)
    assert await house.apply(files("hash"), ANN) == 3
