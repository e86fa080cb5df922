"""Replays and shadow reports over versions in the real database, and events as the log shows them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Actor, Role
from gateway.core.audit import Action
from gateway.core.errors import PermissionDenied
from gateway.core.policy import Target
from gateway.db import Database
from gateway.eval.traffic import Traffic
from gateway.policy import ActivePolicies, PolicyService, Source
from gateway.system import SystemClock

pytestmark = pytest.mark.integration

HEAD = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {{name: {}}}\nspec: {}\n"
CHAT = "/v1/chat/completions"


class Log:
    """The logs of two tenants, and what is written into them about being read."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.told: list[tuple[Action, str]] = []

    async def numbered(self, tenant: str, filters: Any, *, before: int | None = None, limit: int = 50) -> list[Any]:
        found = [
            each
            for each in reversed(self.events)
            if each["tenant"] == tenant
            and each["action"] == filters.action
            and (before is None or each["seq"] < before)
        ]
        return found[:limit]

    async def record(self, actor: Any, action: Action, resource: str, *, tenant: str, details: Any) -> None:
        self.told.append((action, tenant))

    async def record_in(self, *_: Any, **__: Any) -> None:
        """Of changes nothing is looked at here."""

    def add(self, tenant: str, policy: str, operator: str, **closing: Any) -> None:
        finding = {"type": "PERSON", "score": 0.9, "operator": operator}
        about = {"app": "crm", "model": "m", "decision": "permit", "findings": [finding], "findings_left_out": 0}
        both = {"tenant": tenant, "resource": CHAT, "policy": policy, "outcome": "success"}
        self.events.append({**both, "seq": len(self.events) + 1, "action": "exchange.open", "details": about})
        self.events.append({**both, "seq": len(self.events) + 1, "action": "exchange.close", "details": closing})


class House:
    def __init__(self, database: Database) -> None:
        self.log, self.clock = Log(), SystemClock()
        self.service = PolicyService(database, self.log, self.clock)
        self.traffic = Traffic(self.log, self.log, self.service, self.tenants)  # type: ignore[arg-type]
        self.active = ActivePolicies(self.clock, max_stale=60)
        self.database = database

    async def tenants(self) -> list[str]:
        return ["acme", "globex"]

    async def apply(self, scope: str, text: str) -> str:
        """Return the digest that is in effect for acme."""
        await self.service.apply(scope, [Source("p.yaml", text)], LOCAL_OPERATOR)
        await self.active.refresh(self.database)
        return self.active.active(Target(tenant="acme", app="crm", model="m", endpoint=CHAT)).digest

    async def replay(self, scope: str, text: str) -> dict[str, Any]:
        since = self.clock.now() - timedelta(days=1)
        return (await self.traffic.replay(scope, [Source("p.yaml", text)], LOCAL_OPERATOR, since)).as_json()


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


async def test_a_candidate_is_held_to_what_was_recorded_under_any_version(house: House) -> None:
    first = await house.apply(PLATFORM, HEAD.format("all", "{}"))
    house.log.add("acme", first, "pseudonymise")
    second = await house.apply("acme", HEAD.format("own", "{defaults: {operator: redact}}"))
    house.log.add("acme", second, "redact")
    house.log.add("globex", first, "pseudonymise")

    found = await house.replay("acme", HEAD.format("own", "{defaults: {operator: block}}"))
    everybody = await house.replay(PLATFORM, HEAD.format("all", "{defaults: {operator: block}}"))

    assert (found["exchanges"], found["would_block"], found["open"]) == (2, 2, {})
    assert [each["from"] for each in found["changes"]] == ["pseudonymise", "redact"]
    assert (everybody["exchanges"], everybody["would_block"]) == (3, 1)
    assert [action for action, _ in house.log.told] == [Action.AUDIT_QUERY] * 3
    assert [tenant for _, tenant in house.log.told] == ["acme", "acme", "globex"]


async def test_a_floor_counts_in_a_replay(house: House) -> None:
    floor = HEAD.format("all", "{}") + "---\n" + HEAD.format("floor", "{floor: true, defaults: {operator: redact}}")
    digest = await house.apply(PLATFORM, floor)
    house.log.add("acme", digest, "redact")

    found = await house.replay("acme", HEAD.format("own", "{defaults: {operator: keep}}"))

    assert (found["changed"], found["open"]) == (0, {})


async def test_a_digest_that_no_version_makes_is_an_open_question(house: House) -> None:
    await house.apply(PLATFORM, HEAD.format("all", "{}"))
    house.log.add("acme", "0" * 64, "pseudonymise")

    assert "among the versions" in next(iter((await house.replay(PLATFORM, HEAD.format("all", "{}")))["open"]))


async def test_a_shadow_report_equals_a_replay(house: House) -> None:
    digest = await house.apply(PLATFORM, HEAD.format("all", "{}"))
    candidate = HEAD.format("next", "{mode: shadow, defaults: {operator: block}}")
    change = {"type": "PERSON", "from": "pseudonymise", "to": "block", "count": 1}
    shadow = {"policy": "d", "decision": "deny", "changes": [change]}
    for tenant in ("acme", "acme", "globex"):
        house.log.add(tenant, digest, "pseudonymise", shadow=shadow)

    since = house.clock.now() - timedelta(days=1)
    report = await house.traffic.shadow_report(PLATFORM, LOCAL_OPERATOR, since)
    own = await house.traffic.shadow_report("acme", LOCAL_OPERATOR, since)

    assert report["d"].as_json() == await house.replay(PLATFORM, HEAD.format("all", "{}") + "---\n" + candidate)
    assert own["d"].exchanges == 2


async def test_who_may_not_read_policies_learns_nothing_of_traffic(house: House) -> None:
    app = Actor(id="k", tenant="acme", role=Role.APP)
    admin = Actor(id="k", tenant="globex", role=Role.ADMIN)

    for actor in (app, admin):
        with pytest.raises(PermissionDenied):
            await house.traffic.shadow_report("acme", actor, house.clock.now())
