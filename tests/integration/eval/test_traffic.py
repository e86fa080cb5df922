"""Replays and shadow reports over versions in the real database, and events as the log shows them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Actor, Role
from gateway.core.audit import Action
from gateway.core.errors import Overloaded, PermissionDenied, PolicyInvalid
from gateway.core.moments import rfc3339
from gateway.core.policy import Target
from gateway.db import Database
from gateway.eval import traffic
from gateway.eval.traffic import Traffic
from gateway.policy import ActivePolicies, Bundle, PolicyService, Source, Version
from gateway.system import SystemClock

pytestmark = pytest.mark.integration

HEAD = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {{name: {}}}\nspec: {}\n"
CHAT = "/v1/chat/completions"


class Clock(SystemClock):
    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


class Log:
    """The logs of two tenants, and what is written into them about being read."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
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
        both["time"] = rfc3339(self.clock.now())
        self.events.append({**both, "seq": len(self.events) + 1, "action": "exchange.open", "details": about})
        self.events.append({**both, "seq": len(self.events) + 1, "action": "exchange.close", "details": closing})


class House:
    def __init__(self, database: Database) -> None:
        self.clock = Clock()
        self.log = Log(self.clock)
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


HOUR = timedelta(hours=1)
OPERATORS = ("pseudonymise", "redact", "mask", "hash")


def counting(house: House, monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, Any]]:
    """What is read, compiled and resolved, by what it is."""
    done = Counter[tuple[str, Any]]()
    load, compile_bundle, resolve = house.service.version_of, traffic.compile_bundle, traffic.resolve

    async def version_of(scope: str, number: int) -> Version | None:
        done["read", (scope, number)] += 1
        return await load(scope, number)

    def compiled(sources: Any, *, scope: str) -> Bundle:
        done["compiled", (scope, sources[0].text)] += 1
        return compile_bundle(sources, scope=scope)

    def resolved(*given: Any, **more: Any) -> Any:
        done["resolved", ""] += 1
        return resolve(*given, **more)

    monkeypatch.setattr(house.service, "version_of", version_of)
    monkeypatch.setattr(traffic, "compile_bundle", compiled)
    monkeypatch.setattr(traffic, "resolve", resolved)
    return done


def total(done: Counter[tuple[str, Any]], what: str) -> int:
    return sum(count for (kind, _), count in done.items() if kind == what)


@pytest.mark.parametrize("changes", [3, 12])
async def test_a_replay_over_a_history_is_work_for_each_version_and_not_for_each_pair(
    house: House, monkeypatch: pytest.MonkeyPatch, changes: int
) -> None:
    for number in range(changes):
        for scope in (PLATFORM, "acme"):
            operator = OPERATORS[number % len(OPERATORS)]
            more = f"{{defaults: {{operator: {operator}, threshold: 0.{10 + number}}}, match: {{tenants: [acme]}}}}"
            digest = await house.apply(scope, HEAD.format("own", more))
            house.clock.ahead += HOUR / 2
            house.log.add("acme", digest, operator)
            house.log.add("acme", digest, operator)
            house.clock.ahead += HOUR / 2
    done = counting(house, monkeypatch)
    candidate = HEAD.format("own", "{defaults: {operator: redact, threshold: 0.99}}")
    found = await house.replay("acme", candidate)

    assert (found["exchanges"], found["open"]) == (4 * changes, {})
    assert total(done, "read") == 2 * changes
    assert total(done, "compiled") == 2 * changes + 1
    assert max(done[each] for each in done if each[0] != "resolved") == 1
    assert total(done, "resolved") == 2 * changes + 1


async def test_of_a_long_history_only_what_may_have_decided_is_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.apply(PLATFORM, HEAD.format("all", "{}"))
    for number in range(12):
        digest = await house.apply("acme", HEAD.format("own", f"{{defaults: {{threshold: 0.{10 + number}}}}}"))
        house.clock.ahead += HOUR
        if number == 7:
            house.log.add("acme", digest, "pseudonymise")
    done = counting(house, monkeypatch)
    found = await house.replay("acme", HEAD.format("own", "{defaults: {threshold: 0.9}}"))

    assert (found["exchanges"], found["open"]) == (1, {})
    assert {what for kind, what in done if kind == "read"} == {(PLATFORM, 1), ("acme", 8), ("acme", 9)}


async def test_while_versions_change_faster_than_workers_look_the_digest_tells_them_apart(house: House) -> None:
    await house.apply(PLATFORM, HEAD.format("all", "{}"))
    digests = [
        await house.apply("acme", HEAD.format("own", f"{{defaults: {{operator: {operator}}}}}"))
        for operator in OPERATORS
    ]
    for operator, digest in zip(OPERATORS, digests, strict=True):
        house.log.add("acme", digest, operator)
    found = await house.replay("acme", HEAD.format("own", "{defaults: {operator: block}}"))

    assert (found["exchanges"], found["would_block"], found["open"]) == (4, 4, {})


async def test_a_digest_of_another_time_decided_nothing(house: House) -> None:
    await house.apply(PLATFORM, HEAD.format("all", "{}"))
    first = await house.apply("acme", HEAD.format("own", "{defaults: {operator: redact}}"))
    house.clock.ahead += HOUR
    await house.apply("acme", HEAD.format("own", "{defaults: {operator: mask}}"))
    house.clock.ahead += HOUR
    house.log.add("acme", first, "redact")

    assert "among the versions" in next(iter((await house.replay("acme", HEAD.format("own", "{}")))["open"]))


async def test_where_a_version_cannot_be_read_the_last_before_it_stands(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.apply(PLATFORM, HEAD.format("all", "{}"))
    good = await house.apply("acme", HEAD.format("own", "{defaults: {operator: redact}}"))
    for threshold in ("0.77", "0.78"):
        house.clock.ahead += HOUR
        await house.apply("acme", HEAD.format("own", f"{{defaults: {{threshold: {threshold}}}}}"))
    house.clock.ahead += HOUR
    house.log.add("acme", good, "redact")
    refuse(monkeypatch, lambda text: "0.77" in text or "0.78" in text)
    done = counting(house, monkeypatch)
    own = await house.replay("acme", HEAD.format("own", "{defaults: {operator: block}}"))
    everybody = await house.replay(PLATFORM, HEAD.format("all", "{defaults: {operator: block}}"))

    assert (own["would_block"], own["open"]) == (1, {})
    assert (everybody["exchanges"], everybody["changed"], everybody["open"]) == (1, 0, {})
    assert {(what, count) for (kind, what), count in done.items() if kind == "read" and what[0] == "acme"} == {
        (("acme", 3), 2),
        (("acme", 2), 2),
        (("acme", 1), 2),
    }


def refuse(monkeypatch: pytest.MonkeyPatch, unreadable: Callable[[str], bool]) -> None:
    """Have some texts be none that this version reads."""
    compile_bundle = traffic.compile_bundle

    def compiled(sources: Any, *, scope: str) -> Bundle:
        if unreadable(sources[0].text):
            raise PolicyInvalid(())
        return compile_bundle(sources, scope=scope)

    monkeypatch.setattr(traffic, "compile_bundle", compiled)


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


async def test_that_older_exchanges_were_not_looked_at_is_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = await house.apply(PLATFORM, HEAD.format("all", "{}"))
    for _ in range(5):
        house.log.add("acme", digest, "pseudonymise", shadow={"policy": "d", "decision": "permit", "changes": []})
    since = house.clock.now() - timedelta(days=1)

    async def told() -> list[dict[str, int]]:
        report = (await house.traffic.shadow_report("acme", LOCAL_OPERATOR, since))["d"].as_json()
        return [each["open"] for each in (report, await house.replay("acme", HEAD.format("own", "{}")))]

    monkeypatch.setattr(traffic, "_PAGE", 2)
    monkeypatch.setattr(traffic, "_MOST", 6)
    assert await told() == [{}, {}]
    monkeypatch.setattr(traffic, "_MOST", 4)
    assert await told() == [{"older ones were not looked at: of a tenant the latest 4 are": 4}] * 2


async def test_who_may_not_read_policies_learns_nothing_of_traffic(house: House) -> None:
    app = Actor(id="k", tenant="acme", role=Role.APP)
    admin = Actor(id="k", tenant="globex", role=Role.ADMIN)

    for actor in (app, admin):
        with pytest.raises(PermissionDenied):
            await house.traffic.shadow_report("acme", actor, house.clock.now())


async def test_a_tenant_s_questions_come_one_after_the_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, began = list[str](), asyncio.Event()

    async def events(_actor: Actor, tenant: str, *_: Any) -> list[Any]:
        asked.append(tenant)
        if tenant == "acme":
            began.set()
            await asyncio.Event().wait()
        return []

    monkeypatch.setattr(house.traffic, "_events", events)
    since, acme, globex = (
        house.clock.now(),
        *(Actor(id="k", tenant=each, role=Role.ADMIN) for each in ("acme", "globex")),
    )
    files = [Source("p.yaml", HEAD.format("own", "{}"))]
    busy = [asyncio.create_task(house.traffic.replay("acme", files, acme, since)) for _ in range(7)]
    busy.append(asyncio.create_task(house.traffic.shadow_report("acme", acme, since)))
    await began.wait()
    with pytest.raises(Overloaded):
        await house.traffic.shadow_report("acme", acme, since)
    assert await house.traffic.shadow_report("globex", globex, since) == {}
    assert asked == ["acme", "globex"]
    for each in busy:
        each.cancel()
    await asyncio.gather(*busy, return_exceptions=True)
