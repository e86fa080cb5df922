"""Feedback over versions in the real database, and a log as it is shown."""

from __future__ import annotations

import asyncio
import threading
import uuid
from dataclasses import replace
from typing import Any

import pytest

from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Actor, Role
from gateway.core.audit import Action
from gateway.core.errors import NotFound, Overloaded, PermissionDenied, PolicyUnavailable, ProtocolError
from gateway.db import Database
from gateway.eval.feedback import FalseFinding, Feedback
from gateway.policy import PolicyService, Source, compile_bundle
from gateway.system import SystemClock

pytestmark = pytest.mark.integration

HEAD = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {{name: {}}}\nspec: {}\n"
EXCHANGE = uuid.UUID("0199c0de-0000-7000-8000-000000000001")
A, B, C = (f"hmac-sha256:2026-11:{digit * 32}" for digit in "abc")
OFFICER = Actor(id="o1", tenant="acme", role=Role.PRIVACY_OFFICER)
FALSE = FalseFinding(exchange=EXCHANGE, entity="PERSON", value=A)


class Log:
    """The logs of two tenants."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    async def numbered(self, tenant: str, filters: Any, *, before: int | None = None, limit: int = 50) -> list[Any]:
        found = [each for each in reversed(self.events) if each["tenant"] == tenant]
        found = [each for each in found if each["action"] == filters.action]
        if filters.exchange:
            found = [each for each in found if each.get("exchange") == filters.exchange]
        return found[:limit]

    async def record(self, actor: Actor, action: Action, resource: str, **told: Any) -> None:
        event = {"time": f"t{len(self.events)}", "policy": "", **told}
        self.events.append({**event, "actor": actor.id, "action": str(action), "resource": resource})

    async def record_in(self, *_: Any, **__: Any) -> None:
        """Of changes nothing is looked at here."""

    def exchange(self, tenant: str, *values: str, left_out: tuple[str, ...] = ()) -> None:
        findings = [{"type": "PERSON", "value": value} for value in values]
        details = {"app": "crm", "model": "m", "findings": findings, "entities": {"PERSON": 1}}
        details |= {"values_left_out": list(left_out)} if left_out else {}
        about = {"tenant": tenant, "action": "exchange.open", "exchange": EXCHANGE, "policy": "d1"}
        self.events.append({**about, "resource": "/v1/chat/completions", "details": details})


class House:
    def __init__(self, database: Database) -> None:
        self.log = Log()
        self.service = PolicyService(database, self.log, SystemClock())
        self.feedback = Feedback(self.log, self.log, self.service, self.tenants)  # type: ignore[arg-type]

    async def tenants(self) -> list[str]:
        return ["acme", "globex"]

    async def apply(self, scope: str, text: str, file: str = "p.yaml") -> None:
        await self.service.apply(scope, [Source(file, text)], LOCAL_OPERATOR)

    async def proposed(self, scope: str = "acme") -> list[tuple[str, str, list[tuple[str, bool]]]]:
        return [
            (each.tenant, each.value, [(document["name"], document["own"]) for document in each.documents])
            for each in await self.feedback.proposals(scope, LOCAL_OPERATOR)
        ]


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


async def test_what_an_officer_says_is_an_event_with_no_more_than_the_record_had(house: House) -> None:
    house.log.exchange("acme", A)
    await house.feedback.say("acme", FALSE, OFFICER)

    event = house.log.events[-1]
    assert (event["action"], event["actor"], event["tenant"], event["policy"]) == (
        "policy.feedback",
        "o1",
        "acme",
        "d1",
    )
    assert event["details"] == {
        "app": "crm",
        "model": "m",
        "endpoint": "/v1/chat/completions",
        "exchange": str(EXCHANGE),
        "entity": "PERSON",
        "value": A,
        "withdrawn": False,
    }


@pytest.mark.parametrize(
    "said",
    [
        replace(FALSE, value=B),
        replace(FALSE, entity="AGE"),
        replace(FALSE, exchange=uuid.UUID(int=7)),
        replace(FALSE, value=C, entity="AGE"),
    ],
)
async def test_only_what_is_on_record_is_said_to_be_false(house: House, said: FalseFinding) -> None:
    house.log.exchange("acme", A, left_out=(C,))
    before = house.log.events[:]

    with pytest.raises(NotFound):
        await house.feedback.say("acme", said, OFFICER)
    assert house.log.events == before

    await house.feedback.say("acme", replace(FALSE, value=C), OFFICER)
    assert house.log.events[-1]["details"]["value"] == C


async def test_another_tenant_s_finding_is_none(house: House) -> None:
    house.log.exchange("globex", A)

    with pytest.raises(NotFound):
        await house.feedback.say("acme", FALSE, OFFICER)
    with pytest.raises(PermissionDenied):
        await house.feedback.say("globex", FALSE, OFFICER)
    with pytest.raises(PermissionDenied):
        await house.feedback.say("acme", FALSE, replace(OFFICER, role=Role.ADMIN))


@pytest.mark.parametrize("value", ["Ann Lee", "", A[:-1], f"{A}0"])
async def test_a_value_itself_is_refused_and_goes_nowhere(house: House, value: str) -> None:
    house.log.exchange("acme", A)
    before = house.log.events[:]

    with pytest.raises(ProtocolError) as raised:
        await house.feedback.say("acme", replace(FALSE, value=value), OFFICER)
    assert "Ann Lee" not in raised.value.detail
    assert house.log.events == before


async def test_it_is_proposed_until_it_is_let_through_or_taken_back(house: House) -> None:
    house.log.exchange("acme", A, B)
    await house.apply("acme", HEAD.format("own", "{}"))
    for value in (A, B, A):
        await house.feedback.say("acme", replace(FALSE, value=value), OFFICER)
    assert await house.proposed() == [("acme", A, [("own", True)]), ("acme", B, [("own", True)])]

    await house.feedback.say("acme", replace(FALSE, value=B), OFFICER, withdrawn=True)
    assert await house.proposed() == [("acme", A, [("own", True)])]

    await house.apply("acme", HEAD.format("own", f"{{allow: {{findings: {{PERSON: ['{A}']}}}}}}"))
    assert await house.proposed() == []


async def test_one_app_s_finding_is_not_another_s(house: House) -> None:
    house.log.exchange("acme", A)
    await house.apply("acme", HEAD.format("crm", "{match: {apps: [crm]}}") + "---\n" + HEAD.format("own", "{}"))
    for app in ("crm", "hr"):
        house.log.events[0]["details"]["app"] = app
        await house.feedback.say("acme", FALSE, OFFICER)
    assert await house.proposed() == [("acme", A, [("crm", True)]), ("acme", A, [("own", True)])]

    await house.feedback.say("acme", FALSE, OFFICER, withdrawn=True)
    assert await house.proposed() == [("acme", A, [("crm", True)])]


async def test_what_a_floor_does_is_the_platform_s_to_let_through(house: House) -> None:
    for tenant in ("acme", "globex"):
        house.log.exchange(tenant, A)
        await house.feedback.say(tenant, FALSE, replace(OFFICER, tenant=tenant))
    everybody = HEAD.format("all", "{}") + "---\n"
    await house.apply(PLATFORM, everybody + HEAD.format("floor", "{floor: true}"))
    await house.apply("acme", HEAD.format("own", "{}"))

    assert await house.proposed() == [("acme", A, [("own", True), ("floor", False)])]
    assert await house.proposed(PLATFORM) == [
        ("acme", A, [("own", True), ("floor", False)]),
        ("globex", A, [("all", False), ("floor", False)]),
    ]

    let = f"{{floor: true, allow: {{findings: {{PERSON: ['{A}']}}}}}}"
    await house.apply(PLATFORM, everybody + HEAD.format("floor", let))
    assert await house.proposed() == [("acme", A, [("own", True)])]
    assert await house.proposed(PLATFORM) == [("globex", A, [("all", False)])]


async def test_that_a_log_was_read_is_on_record(house: House) -> None:
    await house.feedback.proposals(PLATFORM, LOCAL_OPERATOR)

    assert [(each["action"], each["tenant"]) for each in house.log.events] == [
        ("audit.query", "acme"),
        ("audit.query", "globex"),
    ]


async def test_a_tenant_is_told_of_the_platform_s_files_their_last_names_alone(house: House) -> None:
    house.log.exchange("acme", A)
    await house.feedback.say("acme", FALSE, OFFICER)
    await house.apply(PLATFORM, HEAD.format("floor", "{floor: true}"), "/srv/ops/floor.yaml")
    await house.apply("acme", HEAD.format("own", "{}"), "work/own.yaml")

    (seen,) = await house.feedback.proposals("acme", LOCAL_OPERATOR)
    assert [each["file"] for each in seen.documents] == ["work/own.yaml", "floor.yaml"]
    (whole,) = await house.feedback.proposals(PLATFORM, LOCAL_OPERATOR)
    assert [each["file"] for each in whole.documents] == ["work/own.yaml", "/srv/ops/floor.yaml"]


async def test_nobody_waits_while_the_policies_in_force_are_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.log.exchange("acme", A)
    await house.feedback.say("acme", FALSE, OFFICER)
    await house.apply("acme", HEAD.format("own", "{}"))
    threads: list[threading.Thread] = []

    def compiling(*given: Any, **more: Any) -> Any:
        threads.append(threading.current_thread())
        return compile_bundle(*given, **more)

    monkeypatch.setattr("gateway.eval.feedback.compile_bundle", compiling)
    assert await house.proposed() == [("acme", A, [("own", True)])]
    assert threads
    assert threading.main_thread() not in threads


async def test_of_what_cannot_be_read_any_more_nobody_is_told_a_line(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.log.exchange("acme", A)
    await house.feedback.say("acme", FALSE, OFFICER)
    await house.apply(PLATFORM, HEAD.format("floor", "{floor: true}"))
    monkeypatch.setattr("gateway.eval.feedback.sources_of", lambda _: [Source("/srv/p.yaml", "secret: [")])

    with pytest.raises(PolicyUnavailable):
        await house.proposed()


async def test_a_tenant_asks_one_thing_at_a_time_and_keeps_no_other_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, began = list[str](), asyncio.Event()

    async def said(tenant: str, _actor: Actor) -> list[Any]:
        asked.append(tenant)
        if tenant == "acme":
            began.set()
            await asyncio.Event().wait()
        return []

    monkeypatch.setattr(house.feedback, "_said", said)
    busy = [asyncio.create_task(house.feedback.proposals("acme", replace(OFFICER, role=Role.ADMIN))) for _ in range(8)]
    await began.wait()
    with pytest.raises(Overloaded):
        await house.feedback.proposals("acme", OFFICER)
    assert await house.feedback.proposals("globex", replace(OFFICER, tenant="globex")) == []
    assert asked == ["acme", "globex"]
    for each in busy:
        each.cancel()
    await asyncio.gather(*busy, return_exceptions=True)
