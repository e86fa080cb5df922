"""Asking and trying, over files in force that the test names, by patterns alone."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import pytest

from gateway.api.routes import LENSES
from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Actor, Role
from gateway.core.audit import Action, Outcome
from gateway.core.errors import (
    AuditUnavailable,
    CasesFailed,
    DetectionUnavailable,
    Overloaded,
    PayloadTooLarge,
    PermissionDenied,
    PolicyInvalid,
    PolicyUnavailable,
    ProtocolError,
)
from gateway.core.sensitive import Sensitive
from gateway.detect import PresidioDetector
from gateway.eval.explain import CHAT, Question
from gateway.eval.here import detector
from gateway.eval.rehearsal import Finders, Rehearsal
from gateway.policy import Source
from gateway.policy.store import Version
from tests.doubles.bundles import NOON

HEAD = "apiVersion: cloister/v1\nkind: {}\nmetadata: {{name: {}}}\nspec: {}\n"
TEXT = "Mail maria@corp.example about 219-09-9999."
ADMIN = Actor(id="k1", tenant="acme", role=Role.ADMIN)
OPERATOR = Actor(id="k2", tenant=PLATFORM, role=Role.PLATFORM)


def policy(name: str, spec: str, file: str = "") -> Source:
    return Source(file or f"{name}.yaml", HEAD.format("RedactionPolicy", name, spec))


ALL = policy("all", "{defaults: {operator: redact}}", "/srv/ops/all.yaml")
FLOOR = policy("floor", "{floor: true, defaults: {operator: keep}, entities: {US_SSN: {operator: block}}}")
MINE = policy("mine", "{defaults: {operator: mask}}")


class House:
    """What is in force, the journal, and a detector that counts who asks."""

    def __init__(self, finder: PresidioDetector) -> None:
        self.finder = finder
        self.files = {PLATFORM: [ALL, FLOOR], "acme": [MINE], "umbra": [policy("umbras", "{}")]}
        self.asked: list[str] = []
        self.events: list[Any] = []
        self.askers: list[Any] = []
        self.fails: Exception | None = None
        self.slow = self.marks = False
        self.lives = 0
        self.began = asyncio.Event()

    async def newest_of(self, scope: str) -> Version | None:
        self.asked.append(scope)
        documents = [{"file": each.file, "text": each.text} for each in self.files.get(scope, [])]
        version = Version(
            tenant=scope, version=1, digest="ab", policies={}, documents=documents, created=NOON, created_by="a1"
        )
        return version if documents else None

    async def record(
        self, actor: Actor, action: Action, resource: str, outcome: Outcome = Outcome.SUCCESS, **more: Any
    ) -> None:
        if self.fails:
            raise self.fails
        self.events.append((actor.id, action, resource, outcome, more["tenant"], more["details"]))

    async def analyze(self, segments: Any, policy: Any, *, asker: Any) -> Any:
        self.askers.append(asker)
        self.began.set()
        if self.slow:
            await asyncio.Event().wait()
        return await self.finder.analyze(segments, policy, asker=asker)


@pytest.fixture(scope="module")
def finder() -> PresidioDetector:
    return detector("patterns", "")


@pytest.fixture
def house(finder: PresidioDetector) -> House:
    return House(finder)


class Live:
    """The house's detector, which knows what was marked as false."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def analyze(self, segments: Any, policy: Any, *, asker: Any) -> Any:
        self.house.lives += 1
        return await PresidioDetector(self.house.finder._pool, values=Hashes()).analyze(segments, policy, asker=asker)


class Hashes:
    """How events name values: by what anybody may know."""

    def recorded(self, tenant: str, epoch: str, entity_type: str, value: str) -> str:
        return f"hmac-sha256:{epoch}:{hashlib.sha256(f'{tenant} {value}'.encode()).hexdigest()[:32]}"


def rehearsal(house: Any, **limits: Any) -> Rehearsal:
    live = Live(house) if house.marks else house
    return Rehearsal(Finders(bare=house, live=live, values=Hashes()), house, house, lenses=LENSES, **limits)


def question(content: str = TEXT, **more: Any) -> Question:
    return Question(content=Sensitive(content.encode()), **more)


async def test_a_tenant_s_request_is_judged_by_its_own_and_the_platform_s_rules(house: House) -> None:
    told = await rehearsal(house).explain("acme", question(), ADMIN)

    assert [(each.name, each.own, each.floor) for each in told.documents] == [
        ("mine", True, False),
        ("floor", False, True),
    ]
    assert (told.decision, [each.done for each in told.findings]) == ("deny", ["mask", "block"])
    assert set(house.asked) == {"acme", PLATFORM}
    assert house.askers == [("acme", "k1")] * 2


async def test_the_platform_s_request_is_nobody_s_whom_a_policy_names(house: House) -> None:
    house.files[PLATFORM].append(policy("theirs", "{match: {tenants: [acme, platform]}}"))

    told = await rehearsal(house).explain(PLATFORM, question(), OPERATOR)

    assert [each.name for each in told.documents] == ["all", "floor"]
    assert set(house.asked) == {PLATFORM}


async def test_files_are_asked_in_place_of_the_tenant_s_own_and_held_to_the_platform_s_floors(house: House) -> None:
    told = await rehearsal(house).explain("acme", question(), ADMIN, [policy("next", "{defaults: {operator: hash}}")])

    assert [each.name for each in told.documents] == ["next", "floor"]
    assert [each.done for each in told.findings] == ["hash", "block"]


async def test_files_are_asked_in_place_of_the_platform_s(house: House) -> None:
    told = await rehearsal(house).explain(PLATFORM, question(), OPERATOR, [policy("next", "{}")])

    assert [each.name for each in told.documents] == ["next"]


async def test_where_the_platform_s_files_lie_is_the_platform_s_to_know(house: House) -> None:
    house.files["acme"] = []
    theirs = await rehearsal(house).explain("acme", question(), ADMIN)
    ours = await rehearsal(house).explain("acme", question(), LOCAL_OPERATOR)

    assert [each.file for each in theirs.documents] == ["all.yaml", "floor.yaml"]
    assert [each.file for each in ours.documents] == ["/srv/ops/all.yaml", "floor.yaml"]


def marking(tenant: str) -> Source:
    """A policy that lets an address through because it was marked as false in a tenant's events."""
    marked = Hashes().recorded(tenant, "2026-11", "EMAIL_ADDRESS", "maria@corp.example")
    return policy("mine", f"{{allow: {{findings: {{EMAIL_ADDRESS: ['{marked}']}}}}}}")


async def test_what_was_marked_as_false_is_let_through_as_it_is_in_force(house: House) -> None:
    house.marks, house.files["acme"] = True, [marking("acme")]
    told = await rehearsal(house).explain("acme", question(), ADMIN)

    assert "EMAIL_ADDRESS" not in {each.entity_type for each in told.findings}
    (address,) = (each for each in told.kept if each.entity_type == "EMAIL_ADDRESS")
    assert [(each.said, each.key) for each in address.reasons if each.document == "mine"] == [("let through", "allow")]
    house.files["acme"] = [marking("umbra")]
    others = await rehearsal(house).explain("acme", question(), ADMIN)
    assert "EMAIL_ADDRESS" in {each.entity_type for each in others.findings}


async def test_who_names_a_text_and_what_events_have_does_not_learn_whether_they_belong_together(house: House) -> None:
    house.marks = True
    told = await rehearsal(house).explain("acme", question(), ADMIN, [marking("acme")])
    stays = "{name: one, text: mail maria@corp.example, expect: {result: mail maria@corp.example}}"

    (address,) = (each for each in told.findings if each.entity_type == "EMAIL_ADDRESS")
    assert [each.said for each in address.reasons if each.document == "mine"] == ["pseudonymise"]
    assert (await failing(house, [marking("acme")], cases(stays))).count == 1
    assert house.lives == 0


async def test_that_somebody_asked_is_on_record_and_nothing_of_what(house: House) -> None:
    asked = question(app="maria@corp.example", model="maria@corp.example")
    await rehearsal(house).explain("acme", asked, ADMIN, [policy("maria", "{}")])

    assert house.events == [
        ("k1", Action.POLICY_EXPLAIN, "policy", Outcome.SUCCESS, "acme", {"endpoint": CHAT, "documents": 1})
    ]


async def test_what_cannot_be_recorded_is_not_told(house: House) -> None:
    house.fails = AuditUnavailable()
    with pytest.raises(AuditUnavailable):
        await rehearsal(house).explain("acme", question(), ADMIN)

    assert house.askers == []


@pytest.mark.parametrize(
    "actor",
    [
        Actor(id="k", tenant="umbra", role=Role.ADMIN),
        Actor(id="k", tenant="acme", role=Role.APP),
        Actor(id="k", tenant="", role=Role.ADMIN),
    ],
)
async def test_who_may_not_read_policies_is_told_nothing(house: House, actor: Actor) -> None:
    with pytest.raises(PermissionDenied):
        await rehearsal(house).explain("acme", question(), actor)
    with pytest.raises(PermissionDenied):
        await rehearsal(house).require_cases("acme", [MINE], [cases(GOOD)], actor)

    assert (house.asked, house.events, house.askers) == ([], [], [])


async def test_the_mistakes_of_files_are_shown_to_whoever_sent_them_and_of_no_others(house: House) -> None:
    with pytest.raises(PolicyInvalid):
        await rehearsal(house).explain("acme", question(), ADMIN, [Source("p.yaml", "kind: x")])
    house.files[PLATFORM] = [Source("secret.yaml", "kind: secret")]
    with pytest.raises(PolicyUnavailable):
        await rehearsal(house).explain("acme", question(), ADMIN)
    with pytest.raises(PolicyUnavailable):
        await rehearsal(house).require_cases("acme", [MINE], [cases(GOOD)], ADMIN)

    assert house.events == []


async def test_a_text_is_no_longer_than_an_exchange_s(house: House) -> None:
    assert await rehearsal(house, most=len(TEXT)).explain("acme", question(), ADMIN)
    with pytest.raises(PayloadTooLarge):
        await rehearsal(house, most=len(TEXT) - 1).explain("acme", question(), ADMIN)
    with pytest.raises(ProtocolError):
        await rehearsal(house).explain("acme", question(), ADMIN, [MINE, MINE])


GOOD = "{name: a number is refused, text: my number is 219-09-9999, expect: {decision: deny}}"
MASKED = "{name: an address is masked, text: mail bob@corp.example, expect: {policy: mine, result: 'mail ****'}}"
NAMELESS = "{name: an address stays, text: mail bob@corp.example, expect: {result: mail bob@corp.example}}"


def cases(*given: str, head: str = "", file: str = "cases/c.yaml") -> Source:
    return Source(file, HEAD.format("PolicyCases", "s", f"{{{head} cases: [{', '.join(given)}]}}"))


async def failing(house: House, sources: list[Source], *given: Source, scope: str = "acme") -> CasesFailed:
    with pytest.raises(CasesFailed) as raised:
        await rehearsal(house).require_cases(scope, sources, given, OPERATOR if scope == PLATFORM else ADMIN)
    return raised.value


async def test_cases_are_tried_on_what_would_be_in_force_floors_included(house: House) -> None:
    await rehearsal(house).require_cases("acme", [MINE], [cases(GOOD)], ADMIN, action=Action.POLICY_APPLY)
    house.files[PLATFORM].remove(FLOOR)

    failed = await failing(house, [MINE], cases(GOOD))

    assert house.events == []
    assert set(house.askers) == {("acme", "k1")}
    assert (failed.count, failed.exit_code, failed.status) == (1, 1, 422)
    assert [str(each) for each in failed.failures] == [
        "cases/c.yaml:4:18: a number is refused\n    decision:\n    - deny\n    + permit"
    ]


async def test_the_platform_s_cases_are_tried_on_its_own_files_alone(house: House) -> None:
    await rehearsal(house).require_cases(PLATFORM, [FLOOR], [cases(GOOD)], OPERATOR)

    assert house.asked == []
    assert (await failing(house, [ALL], cases(GOOD), scope=PLATFORM)).count == 1


async def test_cases_that_name_some_of_the_files_are_about_those(house: House) -> None:
    laxer, stricter = (
        policy("mine", "{match: {apps: ['*']}, defaults: {operator: keep}}"),
        policy("exact", "{match: {apps: [crm]}}"),
    )
    asked = "request: {app: crm},"

    await rehearsal(house).require_cases(
        "acme", [laxer, stricter], [cases(NAMELESS, head=f"policy: ../mine.yaml, {asked}")], ADMIN
    )
    for head in ("", "policy: [../mine.yaml, ../exact.yaml],", "policy: ../other.yaml,", "policy: /etc/passwd,"):
        assert (await failing(house, [laxer, stricter], cases(NAMELESS, head=head + asked))).count == 1


@pytest.mark.parametrize(
    "of", ["request: {tenant: umbra},", "tenant: umbra, request: {tenant: umbra},", "tenant: umbra,"]
)
async def test_a_tenant_does_not_learn_what_the_platform_does_to_another(house: House, of: str) -> None:
    house.files[PLATFORM].append(policy("for-umbra", "{match: {tenants: [umbra]}, defaults: {operator: block}}"))
    asking = "{name: one, text: t, request: {tenant: umbra}, expect: {policy: x}}"

    for given in (cases(asking), cases(asking, head=of), cases("{name: one, text: t, expect: {policy: x}}", head=of)):
        with pytest.raises((PolicyInvalid, CasesFailed)) as raised:
            await rehearsal(house).require_cases("acme", [MINE], [given], ADMIN)
        assert "for-umbra" not in f"{raised.value} {vars(raised.value)}"
    asked_by_the_platform = cases(asking.replace("policy: x", "policy: for-umbra"))
    await rehearsal(house).require_cases(PLATFORM, house.files[PLATFORM], [asked_by_the_platform], OPERATOR)


async def test_a_mistake_in_a_tenant_s_cases_names_no_type_of_another_s(house: House) -> None:
    ours = "{recognizers: [{name: r, supported_entity: %s, patterns: [{regex: 'x-1', score: 0.9}]}], match: {tenants: [%s]}}"
    house.files[PLATFORM] += [policy(of, ours % (f"PROJECT_{of.upper()}", of)) for of in ("acme", "umbra")]
    asking = "{name: one, text: x-1, expect: {findings: {PROJECT_%s: [x-1]}}}"

    problems = []
    for name in ("UMBRA", "UMBRAS", "ACMEE"):
        with pytest.raises(PolicyInvalid) as raised:
            await rehearsal(house).require_cases("acme", [MINE], [cases(asking % name)], ADMIN)
        problems += raised.value.problems

    assert [each.code for each in problems] == ["CL2001"] * 3
    assert ["UMBRA" in each.suggestion for each in problems] == [False] * 3
    assert problems[2].suggestion == 'did you mean "PROJECT_ACME"?'


async def test_a_refusal_is_on_record_where_something_was_to_change(house: House) -> None:
    for action in (None, Action.POLICY_APPLY, Action.POLICY_BREAK_GLASS):
        with pytest.raises(CasesFailed):
            await rehearsal(house).require_cases("acme", [MINE], [cases(NAMELESS)], ADMIN, action=action)

    assert house.events == [
        ("k1", action, "policy", Outcome.DENIED, "acme", {"reason": "cases_failed"})
        for action in (Action.POLICY_APPLY, Action.POLICY_BREAK_GLASS)
    ]


@pytest.mark.parametrize(
    "given",
    [
        [Source("c.yaml", "kind: x")],
        [cases("{name: one, text: t, expect: {reslt: t}}")],
        [cases("{name: one, text: t, expect: {findings: {PERSN: [t]}}}")],
    ],
)
async def test_cases_with_mistakes_are_told_with_their_places(house: House, given: list[Source]) -> None:
    with pytest.raises(PolicyInvalid) as raised:
        await rehearsal(house).require_cases("acme", [MINE], given, ADMIN)

    assert {each.file for each in raised.value.problems} == {given[0].file}
    assert house.askers == []


@pytest.mark.parametrize(
    "given",
    [
        [cases()],
        [cases(*(f"{{name: c{each}, text: t, expect: {{result: t}}}}" for each in range(1001)))],
        [cases(GOOD), cases(GOOD)],
        [cases(GOOD, file=f"{each}.yaml") for each in range(101)],
        [cases(GOOD, file="a\nb")],
        [Source("c.yaml", "#" * 600_000)],
    ],
    ids=range(6),
)
async def test_cases_are_few_and_small(house: House, given: list[Source]) -> None:
    with pytest.raises(ProtocolError):
        await rehearsal(house).require_cases("acme", [MINE], given, ADMIN)

    assert house.askers == []


async def test_without_cases_nothing_is_tried(house: House) -> None:
    await rehearsal(house).require_cases("acme", [Source("p.yaml", "kind: x")], [], ADMIN)

    assert (house.asked, house.askers) == ([], [])


async def test_cases_that_take_too_long_are_refused_and_leave_the_lane(house: House) -> None:
    house.slow = True
    tried = rehearsal(house, seconds=0.05)
    for _ in range(2):
        with pytest.raises(Overloaded, match=r"within 0\.05 s"):
            await tried.require_cases("acme", [MINE], [cases(GOOD)], ADMIN)

    assert len(house.askers) == 2


async def test_a_tenant_that_waits_keeps_no_other_waiting(house: House) -> None:
    house.slow = True
    tried = rehearsal(house)
    waiting = asyncio.create_task(tried.require_cases("acme", [MINE], [cases(GOOD)], ADMIN))
    await house.began.wait()
    house.slow = False
    other = Actor(id="k3", tenant="umbra", role=Role.ADMIN)

    assert (await tried.explain("umbra", question(), other)).documents
    assert not waiting.done()
    waiting.cancel()


async def test_where_detection_fails_nothing_counts_as_tried(house: House) -> None:
    class Failing:
        async def analyze(self, *_: Any, **__: Any) -> Any:
            raise DetectionUnavailable

    failing = Failing()
    finders = Finders(bare=failing, live=failing, values=Hashes())  # type: ignore[arg-type]
    broken = Rehearsal(finders, house, house, lenses=LENSES)  # type: ignore[arg-type]
    with pytest.raises(DetectionUnavailable):
        await broken.require_cases("acme", [MINE], [cases(GOOD)], ADMIN)


async def test_of_very_many_failures_the_first_are_told_and_all_counted(house: House) -> None:
    wrong = (f"{{name: 'c{each} {'x' * 300}', text: t{each}, expect: {{result: u}}}}" for each in range(150))

    failed = await failing(house, [MINE], cases(*wrong))

    assert (len(failed.failures), failed.count) == (100, 150)
    assert "150 fail" in failed.message
    assert {len(each.name) for each in failed.failures} == {200}
    assert all(each.lines for each in failed.failures)


async def test_of_much_that_differs_only_the_places_are_told(house: House) -> None:
    long = [f"{{name: c{each}, text: {'t' * 60_000}, expect: {{result: u}}}}" for each in range(2)]
    short = "{name: short, text: t, expect: {result: u}}"

    failed = await failing(house, [MINE], cases(*long, short))

    assert [bool(each.lines) for each in failed.failures] == [True, False, True]
    assert [each.about for each in failed.failures] == [("result",)] * 3
