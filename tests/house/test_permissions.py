"""Every act asks the table of ``core/actor.py``, for every role."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from gateway.api.guards import Gatekeeper
from gateway.api.routes import LENSES
from gateway.audit import Filters, Query, Verifier
from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Actor, Permission, Role
from gateway.core.errors import PermissionDenied
from gateway.core.sensitive import Sensitive
from gateway.eval.explain import Question
from gateway.eval.feedback import FalseFinding, Feedback
from gateway.eval.rehearsal import Rehearsal
from gateway.identity import AccessService
from gateway.policy import PolicyService, Source
from gateway.policy.plan import Plan
from gateway.retention import Disposer
from tests.doubles.signers import SIGNERS

POLICY = [Source("p.yaml", "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: p}\nspec: {}\n")]


class ReachedError(Exception):
    """The act went on to the database, or to the log."""


class Beyond:
    """A database, journal and clock of which every use says that it was reached."""

    def __getattr__(self, name: str) -> NoReturn:
        raise ReachedError(name)

    def __call__(self) -> NoReturn:
        raise ReachedError


THERE: Any = Beyond()
ACCESS = AccessService(THERE, THERE, THERE)
POLICIES = PolicyService(THERE, THERE, THERE)
REHEARSAL = Rehearsal(THERE, POLICIES, THERE, lenses=LENSES)
ASKED = Question(content=Sensitive(b"Hello."))
FEEDBACK = Feedback(THERE, THERE, THERE, THERE)
FALSE = FalseFinding(
    exchange=uuid.uuid4(), entity="PERSON", value="hmac-sha256:2026-11:0123456789abcdef0123456789abcdef"
)
DISPOSER = Disposer(THERE, THERE, THERE, THERE, THERE)


PLAN = Plan(scope="acme", base=0, digest="", sources=tuple(POLICY))


async def admit(actor: Actor, permission: Permission) -> None:
    credentials: Any = SimpleNamespace(authenticate=lambda _: actor)
    journal: Any = SimpleNamespace(record=refused)
    await Gatekeeper(credentials, journal).admit({}, permission, "/")
    raise ReachedError


async def refused(*_: object, **__: object) -> None:
    """The refusal is on record."""


ACTS: list[tuple[Permission, str, Callable[[Actor], Awaitable[object]]]] = [
    (Permission.ACCESS_READ, "acme", lambda actor: ACCESS.keys(actor, "acme")),
    (Permission.ACCESS_WRITE, "acme", lambda actor: ACCESS.create_key(actor, "acme", Role.APP, "crm")),
    (Permission.ACCESS_WRITE, "acme", lambda actor: ACCESS.revoke_key(actor, "acme", "00000000")),
    (Permission.AUDIT_READ, "acme", lambda actor: Query(THERE, THERE).events(actor, "acme", Filters())),
    (Permission.AUDIT_VERIFY, "acme", lambda actor: Verifier(THERE, SIGNERS).verify_for(actor, "acme", THERE)),
    (Permission.INFERENCE_USE, "", lambda actor: admit(actor, Permission.INFERENCE_USE)),
    (Permission.METRICS_READ, "", lambda actor: admit(actor, Permission.METRICS_READ)),
    (Permission.PLATFORM_POLICY_WRITE, PLATFORM, lambda actor: POLICIES.apply(PLATFORM, POLICY, actor)),
    (Permission.POLICY_FEEDBACK, "", lambda actor: FEEDBACK.say(actor.tenant, FALSE, actor)),
    (Permission.POLICY_READ, "", lambda actor: FEEDBACK.proposals(actor.tenant, actor)),
    (Permission.POLICY_APPROVE, "", lambda actor: POLICIES.approve(replace(PLAN, scope=actor.tenant), actor)),
    (Permission.POLICY_READ, "acme", lambda actor: POLICIES.history("acme", actor)),
    (Permission.POLICY_READ, "acme", lambda actor: POLICIES.plan("acme", POLICY, actor)),
    (Permission.POLICY_READ, "acme", lambda actor: POLICIES.show("acme", actor)),
    (Permission.POLICY_READ, "acme", lambda actor: REHEARSAL.explain("acme", ASKED, actor)),
    (Permission.POLICY_READ, "acme", lambda actor: REHEARSAL.require_cases("acme", POLICY, POLICY, actor)),
    (Permission.POLICY_WRITE, "acme", lambda actor: POLICIES.apply("acme", POLICY, actor)),
    (Permission.POLICY_WRITE, "acme", lambda actor: POLICIES.apply_signed("acme", b"", actor)),
    (Permission.RETENTION_READ, PLATFORM, DISPOSER.plan),
    (Permission.RETENTION_WRITE, PLATFORM, DISPOSER.apply),
    (Permission.TENANT_WRITE, PLATFORM, lambda actor: ACCESS.create_tenant(actor, "globex")),
]
"""What is asked for, in whose tenant ("" where it is the actor's own), and the act."""

ACTORS = [
    LOCAL_OPERATOR,
    *(Actor(id="k", tenant=PLATFORM if role is Role.PLATFORM else "acme", role=role, owner="p-1") for role in Role),
]


def test_every_permission_stands_before_an_act() -> None:
    assert {permission for permission, _, _ in ACTS} == set(Permission)


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: f"{actor.role}-{actor.id}")
@pytest.mark.parametrize(("permission", "tenant", "act"), ACTS)
async def test_an_act_is_for_whom_the_table_says(
    actor: Actor, permission: Permission, tenant: str, act: Callable[[Actor], Awaitable[object]]
) -> None:
    allowed = actor.may(permission) and (not tenant or actor.tenant in {tenant, PLATFORM})

    with pytest.raises(ReachedError if allowed else PermissionDenied):
        await act(actor)
