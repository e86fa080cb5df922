"""The routes over a service that writes down what it is asked, and answers with what the test gave it."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import pytest
from litestar.testing import TestClient

from gateway.core.actor import PLATFORM, Actor, Permission, Role
from gateway.core.audit import Action, Outcome
from gateway.core.bundle import Refusal
from gateway.core.errors import (
    ApprovalRequired,
    BundleConflict,
    BundleRefused,
    CasesFailed,
    GatewayError,
    NotFound,
    PolicyConflict,
    PolicyInvalid,
    Problem,
)
from gateway.core.problem import Failure
from gateway.eval.explain import CHAT, Explanation, Question
from gateway.policy import Applied, Effects, Emergency, Plan, Source
from gateway.policy.store import Head, Version
from tests.doubles.edge import House, application

ROOT = "/api/policies"
FILE = {"file": "p.yaml", "text": "kind: x\n"}
SOURCE = Source("p.yaml", "kind: x\n")
PLAN = Plan(scope="acme", base=3, digest="ab", sources=(SOURCE,), changes=("a: b → c",))
NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)


def version(number: int) -> Version:
    head = heads(number)[0]
    return Version(**{each.name: getattr(head, each.name) for each in fields(head)}, documents=[FILE])


def heads(newest: int) -> list[Head]:
    """A history, newest first."""
    one = Head(
        tenant="acme",
        version=newest,
        digest="ab",
        policies={"p": "cd"},
        created=NOON,
        created_by="a1",
        revision=5,
        in_shadow={"next": "2027-01-01T12:00:00.000000Z"},
    )
    return [replace(one, version=number) for number in range(newest, 0, -1)]


EFFECTS = Effects(exchanges=3, changed=1, blocks=1, changes=Counter({("PERSON", "keep", "block"): 2}))
TOLD = Explanation(policy="ab", documents=(), decision="permit", findings=(), kept=())
APPLIED = Applied(scope="acme", version=4, digest="ab", policies={"p": "cd"}, changed=True)


@dataclass
class Desk(House):
    """The house, and its service of policies. fails: what every act raises."""

    asked: list[tuple[Any, ...]] = field(default_factory=list)
    fails: GatewayError | None = None
    fails_in: dict[str, GatewayError] = field(default_factory=dict)
    versions: list[Head] = field(default_factory=lambda: heads(1))

    def authenticate(self, header: Any) -> Actor:
        actor = super().authenticate(header)
        return Actor(id=actor.id, tenant=PLATFORM if actor.role is Role.PLATFORM else "acme", role=actor.role)

    def told(self, answer: Any, *what: Any) -> Any:
        self.asked.append(what)
        if error := self.fails_in.get(what[0], self.fails):
            raise error
        return answer

    async def history(self, scope: str, actor: Actor, *, before: int | None, most: int) -> list[Head]:
        known = [each for each in self.versions if before is None or each.version < before]
        return list(self.told(known[:most], "history", scope, actor.id, before, most))

    async def show(self, scope: str, actor: Actor, number: int | None = None) -> Any:
        return self.told(version(1), "show", scope, actor.id, number)

    async def plan(self, scope: str, sources: Any, actor: Actor) -> Any:
        return self.told(PLAN, "plan", scope, actor.id, sources)

    async def replay(self, scope: str, sources: Any, actor: Actor, since: datetime) -> Any:
        return self.told(
            EFFECTS, "replay", scope, actor.id, sources, round((datetime.now(UTC) - since).total_seconds())
        )

    async def shadow_report(self, scope: str, actor: Actor, since: datetime) -> Any:
        seconds = round((datetime.now(UTC) - since).total_seconds())
        return self.told({"cd": EFFECTS}, "shadow_report", scope, actor.id, seconds)

    async def explain(self, scope: str, question: Question, actor: Actor, sources: Any) -> Any:
        assert "maria" not in repr(question)
        content = (question.content.reveal().decode(), question.is_request)
        return self.told(
            TOLD, "explain", scope, actor.id, *content, question.app, question.model, question.endpoint, sources
        )

    async def require_cases(
        self, scope: str, sources: Any, cases: Any, actor: Actor, *, action: Action | None = None
    ) -> None:
        self.told(None, "require_cases", scope, actor.id, sources, cases, action)

    async def approve(self, plan: Plan, actor: Actor) -> Any:
        return self.told(plan, "approve", actor.id, plan)

    async def apply(self, scope: str, sources: Any, actor: Actor, *, expected: Any, emergency: Any) -> Any:
        return self.told(APPLIED, "apply", scope, actor.id, sources, expected, emergency)

    async def apply_signed(self, scope: str, raw: bytes, actor: Actor) -> Any:
        return self.told(APPLIED, "apply_signed", scope, actor.id, raw)

    async def roll_back(self, scope: str, actor: Actor, *, to: Any, emergency: Any) -> Any:
        return self.told(APPLIED, "roll_back", scope, actor.id, to, emergency)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient[Any]]:
    with TestClient(application(desk)) as client:
        client.headers["authorization"] = "Bearer admin"
        yield client


def padded(length: int) -> bytes:
    """A proposal of so many bytes."""
    empty = json.dumps({"documents": [FILE | {"text": ""}]})
    return empty.replace('""', f'"{"x" * (length - len(empty))}"').encode()


READS, APPROVES, WRITES = Permission.POLICY_READ, Permission.POLICY_APPROVE, Permission.POLICY_WRITE
MAY = {
    READS: {Role.AUDITOR, Role.PRIVACY_OFFICER, Role.ADMIN, Role.PLATFORM},
    APPROVES: {Role.PRIVACY_OFFICER, Role.ADMIN, Role.PLATFORM},
    WRITES: {Role.ADMIN, Role.PLATFORM},
}
"""Who may do what, as the contract has it."""

ROUTES: dict[tuple[str, str], tuple[Permission, Any, int]] = {
    ("GET", ""): (READS, None, 200),
    ("GET", "/versions"): (READS, None, 200),
    ("GET", "/versions/{number}"): (READS, None, 200),
    ("GET", "/shadow"): (READS, None, 200),
    ("POST", "/plans"): (READS, {"documents": [FILE]}, 200),
    ("POST", "/explain"): (READS, {"text": "Hello."}, 200),
    ("POST", "/approvals"): (APPROVES, None, 201),
    ("POST", "/versions"): (WRITES, {"documents": [FILE]}, 201),
    ("POST", "/rollback"): (WRITES, {}, 201),
}
"""Each route with what it asks for, a body that is right, and the status of its answer."""


def body_of(method: str, path: str, role: Role = Role.ADMIN) -> Any:
    """Return the body, which for an approval is a plan of the role's own scope."""
    scope = PLATFORM if role is Role.PLATFORM else "acme"
    return replace(PLAN, scope=scope).as_json() if path == "/approvals" else ROUTES[method, path][1]


every_route = pytest.mark.parametrize(("method", "path"), ROUTES, ids=" ".join)


@every_route
@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_what_the_contract_says(
    desk: Desk, client: TestClient[Any], method: str, path: str, role: Role
) -> None:
    permission, _, good = ROUTES[method, path]
    client.headers["authorization"] = f"Bearer {role.value}"
    answer = client.request(method, ROOT + path.replace("{number}", "1"), json=body_of(method, path, role))

    if role in MAY[permission]:
        assert (answer.status_code, len(desk.asked), desk.denied) == (good, 1, [])
        return
    assert (answer.status_code, answer.json()["code"], desk.asked) == (403, "permission_denied", [])
    assert desk.denied == [(role.value, Action.ACCESS_DENY, ROOT + path, Outcome.DENIED)]


@every_route
@pytest.mark.parametrize("header", ["", "Bearer nobody", "Bearer "])
def test_nobody_is_let_in_without_a_key(
    desk: Desk, client: TestClient[Any], method: str, path: str, header: str
) -> None:
    client.headers["authorization"] = header
    answer = client.request(method, ROOT + path.replace("{number}", "1"), json=body_of(method, path))

    assert (answer.status_code, answer.json()["code"], desk.asked) == (401, "invalid_api_key", [])


@pytest.mark.parametrize(("role", "scope"), [("admin", "acme"), ("platform", PLATFORM)])
def test_a_key_acts_on_the_policies_of_its_own_scope(
    desk: Desk, client: TestClient[Any], role: str, scope: str
) -> None:
    client.headers["authorization"] = f"Bearer {role}"
    for (method, path), (_, body, good) in ROUTES.items():
        if path != "/approvals":
            answer = client.request(
                method, f"{ROOT}{path.replace('{number}', '1')}?tenant=umbra&scope=umbra", json=body
            )
            assert answer.status_code == good

    assert {(each[1], each[2]) for each in desk.asked} == {(scope, role)}


def test_what_is_asked_for_reaches_the_service(desk: Desk, client: TestClient[Any]) -> None:
    alone = {"reason": "nobody can work", "seconds": 60}
    emergency = Emergency(reason="nobody can work", seconds=60)
    for path, body in (
        ("/plans", {"documents": [FILE]}),
        ("/versions", {"documents": [FILE]}),
        ("/versions", {"documents": [FILE], "expected": 0, "scope": "acme", "emergency": alone}),
        ("/versions", {"bundle": base64.b64encode(b"{}").decode()}),
        ("/rollback", {}),
        ("/rollback", {"to": 2, "emergency": alone}),
        ("/approvals", PLAN.as_json()),
    ):
        assert client.post(ROOT + path, json=body).status_code < 300

    assert desk.asked == [
        ("plan", "acme", "admin", [SOURCE]),
        ("apply", "acme", "admin", [SOURCE], None, None),
        ("apply", "acme", "admin", [SOURCE], 0, emergency),
        ("apply_signed", "acme", "admin", b"{}"),
        ("roll_back", "acme", "admin", None, None),
        ("roll_back", "acme", "admin", 2, emergency),
        ("approve", "admin", PLAN),
    ]


REQUEST = {"model": "m", "messages": [{"role": "user", "content": "maria"}]}


def test_a_text_or_a_request_is_asked_about(desk: Desk, client: TestClient[Any]) -> None:
    about = {"app": "crm", "model": "n", "endpoint": "/v1/embeddings", "documents": [FILE]}
    for body in ({"text": "maria"}, {"text": "{}", **about}, {"request": REQUEST}):
        answer = client.post(f"{ROOT}/explain", json=body)
        assert (answer.status_code, answer.json()) == (
            200,
            TOLD.as_json() | {"documents": [], "findings": [], "kept": []},
        )

    assert desk.asked == [
        ("explain", "acme", "admin", "maria", False, "", "", CHAT, []),
        ("explain", "acme", "admin", "{}", False, "crm", "n", "/v1/embeddings", [SOURCE]),
        ("explain", "acme", "admin", json.dumps(REQUEST, separators=(",", ":")), True, "", "", CHAT, []),
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": None},
        {"text": "a", "request": {}},
        {"text": 1},
        {"text": ["a"]},
        {"request": "a"},
        {"request": []},
        {"text": "maria", "tenant": "umbra"},
        {"text": "maria", "scope": "umbra"},
        {"text": "maria", "app": None},
        {"text": "maria", "model": 1},
        {"text": "maria", "documents": [FILE | {"mode": "x"}]},
        {"text": "maria", "documents": "p.yaml"},
        {"text": "maria", "cases": []},
    ],
    ids=range(14),
)
def test_a_question_is_strict(desk: Desk, client: TestClient[Any], body: Any) -> None:
    answer = client.post(f"{ROOT}/explain", json=body)

    assert (answer.status_code, answer.json()["code"], desk.asked) == (400, "invalid_request", [])
    assert "maria" not in answer.text


CASES = {"file": "cases/c.yaml", "text": "kind: y\n"}
GIVEN_CASES = Source("cases/c.yaml", "kind: y\n")


def test_cases_are_tried_before_anything_changes(desk: Desk, client: TestClient[Any]) -> None:
    alone = {"reason": "nobody can work", "seconds": 60}
    both = {"documents": [FILE], "cases": [CASES]}
    for path, body in (("/plans", both), ("/versions", both), ("/versions", both | {"emergency": alone})):
        assert client.post(ROOT + path, json=body).status_code < 300

    assert [each[0] for each in desk.asked] == ["plan", "require_cases", *["require_cases", "apply"] * 2]
    assert [each[1:] for each in desk.asked if each[0] == "require_cases"] == [
        ("acme", "admin", [SOURCE], [GIVEN_CASES], action)
        for action in (None, Action.POLICY_APPLY, Action.POLICY_BREAK_GLASS)
    ]


@pytest.mark.parametrize("path", ["/plans", "/versions"])
def test_cases_that_fail_are_told_and_nothing_is_applied(desk: Desk, client: TestClient[Any], path: str) -> None:
    failure = Failure(file="c.yaml", line=3, column=7, name="one", about=("result",), lines=("result:", "- a", "+ b"))
    desk.fails_in = {"require_cases": CasesFailed((failure,))}

    answer = client.post(ROOT + path, json={"documents": [FILE], "cases": [CASES]})

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (answer.json()["code"], answer.json()["failures"][0]["line"]) == ("cases_failed", 3)
    assert "apply" not in [each[0] for each in desk.asked]


@pytest.mark.parametrize(
    "body",
    [
        {"documents": [FILE], "cases": [FILE | {"mode": "x"}]},
        {"documents": [FILE], "cases": [{"file": "c.yaml"}]},
        {"documents": [FILE], "cases": "c.yaml"},
        {"documents": [FILE], "cases": None},
        {"bundle": "e30=", "cases": [CASES]},
        {"cases": [CASES]},
    ],
    ids=range(6),
)
def test_cases_are_sent_as_files_beside_files(desk: Desk, client: TestClient[Any], body: Any) -> None:
    answer = client.post(f"{ROOT}/versions", json=body)

    assert (answer.status_code, answer.json()["code"], desk.asked) == (400, "invalid_request", [])


def test_recent_traffic_is_asked_for_by_seconds(desk: Desk, client: TestClient[Any]) -> None:
    planned = client.post(f"{ROOT}/plans", json={"documents": [FILE], "replay": 3600}).json()
    assert planned == PLAN.as_json() | {"replay": EFFECTS.as_json()}
    assert client.get(f"{ROOT}/shadow?seconds=60").json() == {"policies": {"cd": EFFECTS.as_json()}}
    assert client.get(f"{ROOT}/shadow").status_code == 200

    assert desk.asked == [
        ("plan", "acme", "admin", [SOURCE]),
        ("replay", "acme", "admin", [SOURCE], 3600),
        ("shadow_report", "acme", "admin", 60),
        ("shadow_report", "acme", "admin", 7 * 86_400),
    ]


@pytest.mark.parametrize("seconds", ["-1", "34560001", "1" * 30, '"60"', "1.5", "true", "null"])
def test_a_time_that_is_none_is_refused(desk: Desk, client: TestClient[Any], seconds: str) -> None:
    body = f'{{"documents": [{{"file": "p", "text": ""}}], "replay": {seconds}}}'
    planned = client.post(f"{ROOT}/plans", content=body, headers=JSON)
    reported = client.get(f"{ROOT}/shadow?seconds={seconds}")

    assert [each.status_code for each in (planned, reported)] == [400, 400]
    assert not {each[0] for each in desk.asked} & {"replay", "shadow_report"}


def test_records_are_those_of_the_commands(desk: Desk, client: TestClient[Any]) -> None:
    shown = client.get(ROOT).json()

    assert shown == client.get(f"{ROOT}/versions/1").json()
    assert (shown["scope"], shown["version"], shown["documents"], shown["signed"]) == ("acme", 1, [FILE], True)
    assert "bundle" not in shown
    assert (shown["created"], shown["until"]) == ("2027-02-01T12:00:00.000000Z", None)
    assert shown["in_shadow"] == {"next": "2027-01-01T12:00:00.000000Z"}
    assert client.post(f"{ROOT}/plans", json={"documents": [FILE]}).json() == PLAN.as_json()
    assert client.post(f"{ROOT}/rollback", json={}).json() == APPLIED.as_json()
    assert desk.asked[1] == ("show", "acme", "admin", 1)


def test_versions_come_by_pages_and_without_their_files(desk: Desk, client: TestClient[Any]) -> None:
    desk.versions = heads(205)
    pages, after = [], ""
    while True:
        page = client.get(f"{ROOT}/versions{after}").json()
        pages.append([each["version"] for each in page["versions"]])
        assert all("documents" not in each for each in page["versions"])
        if not page["more"]:
            break
        after = f"?after={pages[-1][-1]}"

    assert [len(page) for page in pages] == [100, 100, 5]
    assert list(chain(*pages)) == list(range(205, 0, -1))
    assert [asked[3:] for asked in desk.asked] == [(None, 101), (106, 101), (6, 101)]


@pytest.mark.parametrize(
    ("query", "numbers", "more"),
    [
        ("limit=1", [3], True),
        ("limit=3", [3, 2, 1], False),
        ("after=3", [2, 1], False),
        ("after=2&limit=1", [1], False),
        ("after=1", [], False),
        ("after=-5", [], False),
        (f"after={10**30}&limit=2", [3, 2], True),
    ],
)
def test_a_page_is_what_comes_after_a_number(
    desk: Desk, client: TestClient[Any], query: str, numbers: list[int], more: bool
) -> None:
    desk.versions = heads(3)
    page = client.get(f"{ROOT}/versions?{query}").json()

    assert ([each["version"] for each in page["versions"]], page["more"]) == (numbers, more)


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=", "after=x", "after=1.5"])
def test_a_page_that_is_none_is_refused(desk: Desk, client: TestClient[Any], query: str) -> None:
    answer = client.get(f"{ROOT}/versions?{query}")

    assert (answer.status_code, answer.json()["code"], desk.asked) == (400, "invalid_request", [])


@pytest.mark.parametrize("number", ["x", "1.5", "1e3", "", "1/2", "0x1", "%31%2F"])
def test_a_version_is_asked_for_by_its_number(desk: Desk, client: TestClient[Any], number: str) -> None:
    answer = client.get(f"{ROOT}/versions/{number}")

    assert answer.status_code == 404
    assert (answer.json()["code"], desk.asked) == ("not_found", [])


PLANS = [b"", b"{", b"[]", b"null", b"1", b'"documents"', b"{}", b"\xff", b'{"documents": 1}', b'{"documents": [1]}']
PLANS += [
    json.dumps(each).encode()
    for each in (
        {"documents": [FILE], "tenant": "umbra"},
        {"documents": [FILE], "Documents": []},
        {"documents": [FILE | {"mode": "x"}]},
        {"documents": [{"file": "p.yaml"}]},
        {"documents": [{"file": "p.yaml", "text": None}]},
        {"documents": [{"file": 1, "text": ""}]},
        {"documents": {"0": FILE}},
        {"documents": None},
    )
]
TWICE = b'{"documents": [], "documents": [{"file": "p.yaml", "text": "kind: x"}]}'
SURROGATE = b'{"documents": [{"file": "p.yaml", "text": "\\ud800"}]}'
DEEP = b'{"documents": ' + b"[" * 450 + b"]" * 450 + b"}"


@pytest.mark.parametrize("path", ["/plans", "/versions"])
@pytest.mark.parametrize("body", [*PLANS, TWICE, SURROGATE, DEEP, b'{"documents": []} {}'], ids=range(22))
def test_files_are_sent_as_strict_json(desk: Desk, client: TestClient[Any], path: str, body: bytes) -> None:
    answer = client.post(ROOT + path, content=body, headers=JSON)

    assert (answer.status_code, answer.json()["code"], desk.asked) == (400, "invalid_request", [])


CHANGES = [
    {},
    {"documents": []},
    {"documents": [FILE], "bundle": "e30="},
    {"bundle": "e30=", "expected": 1},
    {"bundle": "e30=", "emergency": {"reason": "nobody can work", "seconds": 60}},
    {"bundle": "e30"},
    {"bundle": "e3\n0="},
    {"bundle": "é"},
    {"bundle": "_-=="},
    {"bundle": 1},
    {"documents": [FILE], "expected": "1"},
    {"documents": [FILE], "expected": 1.5},
    {"documents": [FILE], "expected": True},
    {"documents": [FILE], "base": 1},
    {"documents": [FILE], "emergency": {}},
    {"documents": [FILE], "emergency": True},
    {"documents": [FILE], "emergency": {"reason": "nobody can work"}},
    {"documents": [FILE], "emergency": {"reason": "nobody can work", "seconds": 60, "by": "ann"}},
    {"documents": [FILE], "emergency": {"reason": "nobody can work", "seconds": "60"}},
    {"documents": [FILE], "emergency": {"reason": "nobody can work", "seconds": 0.5}},
    {"documents": [FILE], "emergency": {"reason": "nobody can work", "seconds": 0}},
    {"documents": [FILE], "emergency": {"reason": "nobody can work", "seconds": -60}},
    {"documents": [FILE], "emergency": {"reason": "nobody can work", "seconds": 4 * 3600 + 1}},
    {"documents": [FILE], "emergency": {"reason": "short", "seconds": 60}},
    {"documents": [FILE], "emergency": {"reason": " " * 40, "seconds": 60}},
    {"documents": [FILE], "emergency": {"reason": "x" * 501, "seconds": 60}},
]


@pytest.mark.parametrize("body", CHANGES, ids=lambda body: json.dumps(body)[:60])
def test_a_change_that_makes_no_sense_is_refused(desk: Desk, client: TestClient[Any], body: Any) -> None:
    answer = client.post(f"{ROOT}/versions", json=body)

    assert (answer.status_code, answer.json()["code"], desk.asked) == (400, "invalid_request", [])


@pytest.mark.parametrize("body", [{"to": "1"}, {"to": 1.0}, {"to": True}, {"version": 1}, {"emergency": []}, [], None])
def test_a_rollback_is_strict_too(desk: Desk, client: TestClient[Any], body: Any) -> None:
    answer = client.post(f"{ROOT}/rollback", json=body)

    assert (answer.status_code, answer.json()["code"], desk.asked) == (400, "invalid_request", [])


@pytest.mark.parametrize(
    "changes",
    [
        {"documents": [FILE | {"text": "kind: y\n"}]},
        {"base": 4},
        {"scope": "umbra"},
        {"hash": "0" * 64},
        {"more": 1},
        {"kind": "PolicyBundle"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_plan_that_was_changed_is_not_approved(desk: Desk, client: TestClient[Any], changes: dict[str, Any]) -> None:
    answer = client.post(f"{ROOT}/approvals", json=PLAN.as_json() | changes)

    assert (answer.status_code, answer.json()["code"], desk.asked) == (400, "invalid_request", [])


@pytest.mark.parametrize("scope", ["umbra", PLATFORM, "", "acme "])
def test_what_was_meant_for_another_scope_is_refused(desk: Desk, client: TestClient[Any], scope: str) -> None:
    plan = Plan(scope=scope, base=3, digest="ab", sources=(SOURCE,))
    approved = client.post(f"{ROOT}/approvals", json=plan.as_json())
    applied = client.post(f"{ROOT}/versions", json={"documents": [FILE], "scope": scope})

    for answer in (approved, applied):
        assert (answer.status_code, answer.json()["code"], desk.asked) == (403, "permission_denied", [])
    assert [each[2] for each in desk.denied] == [f"{ROOT}/approvals", f"{ROOT}/versions"]


def test_the_platform_has_no_word_in_a_tenant_s_policies(desk: Desk, client: TestClient[Any]) -> None:
    client.headers["authorization"] = "Bearer platform"
    approved = client.post(f"{ROOT}/approvals", json=PLAN.as_json())
    applied = client.post(f"{ROOT}/versions", json={"documents": [FILE], "scope": "acme"})
    own = client.post(f"{ROOT}/versions", json={"documents": [FILE], "scope": PLATFORM})

    assert [answer.status_code for answer in (approved, applied, own)] == [403, 403, 201]
    assert [each[0] for each in desk.asked] == ["apply"]
    assert [each[:2] for each in desk.denied] == [("platform", Action.ACCESS_DENY)] * 2


JSON = {"content-type": "application/json"}


@pytest.mark.parametrize("path", ["/plans", "/explain", "/approvals", "/versions", "/rollback"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/yaml"}, 400),
        ({"content-type": "application/json", "content-encoding": "gzip"}, 400),
        ({"content-type": "application/json", "content-length": "1001"}, 413),
        ({"content-type": "application/json", "transfer-encoding": "gzip, chunked"}, 400),
        ({"content-type": "application/json", "content-length": "2", "transfer-encoding": "chunked"}, 400),
    ],
    ids=range(5),
)
def test_a_body_is_plain_json_of_a_size(
    desk: Desk, client: TestClient[Any], path: str, headers: dict[str, str], status: int
) -> None:
    answer = client.post(ROOT + path, content=b"{}", headers=headers)

    assert (answer.status_code, desk.asked) == (status, [])


@pytest.mark.parametrize("path", ["/plans", "/versions"])
def test_a_body_ends_where_the_limit_is(desk: Desk, client: TestClient[Any], path: str) -> None:
    most = client.post(ROOT + path, content=padded(1000), headers=JSON)
    more = client.post(ROOT + path, content=padded(1001), headers=JSON)
    chunked = client.post(ROOT + path, content=iter([padded(600), b" " * 401]), headers=JSON)

    assert most.status_code in {200, 201}
    assert (more.status_code, more.json()["code"]) == (413, "payload_too_large")
    assert (chunked.status_code, len(desk.asked)) == (413, 1)


PROBLEM = Problem(
    file="p.yaml",
    line=4,
    column=8,
    code="CL1003",
    message='unknown key "entites"',
    source="  entites: {}",
    length=7,
    suggestion='did you mean "entities"?',
)


def test_every_mistake_of_a_policy_is_told_with_its_place(desk: Desk, client: TestClient[Any]) -> None:
    desk.fails = PolicyInvalid((PROBLEM, PROBLEM))
    answer = client.post(f"{ROOT}/plans", json={"documents": [FILE]})

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (answer.json()["code"], answer.json()["detail"]) == ("policy_invalid", "The policy has mistakes. 2 found.")
    assert [Problem(**each) for each in answer.json()["problems"]] == [PROBLEM, PROBLEM]


@pytest.mark.parametrize(
    "error",
    [
        ApprovalRequired("It takes two."),
        BundleConflict(Refusal.EXPIRED, "It ended."),
        BundleRefused(Refusal.SIG_INVALID),
        NotFound("None."),
        PolicyConflict("Version 2 is in force, not 1."),
    ],
    ids=lambda error: type(error).__name__,
)
@every_route
def test_what_the_service_refuses_is_told(
    desk: Desk, client: TestClient[Any], method: str, path: str, error: GatewayError
) -> None:
    desk.fails = error
    answer = client.request(method, ROOT + path.replace("{number}", "1"), json=body_of(method, path))

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "code": error.code,
    }
    assert (answer.status_code, len(desk.asked)) == (error.status, 1)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [("DELETE", "", {"GET"}), ("PUT", "/versions", {"GET", "POST"}), ("GET", "/plans", {"POST"})],
)
def test_nothing_of_a_version_is_changed_or_removed(
    desk: Desk, client: TestClient[Any], method: str, path: str, allow: set[str]
) -> None:
    answer = client.request(method, ROOT + path)

    assert (answer.status_code, desk.asked) == (405, [])
    assert set(answer.headers["allow"].replace(" ", "").split(",")) - {"OPTIONS", "HEAD"} == allow


@pytest.mark.parametrize("path", ["/", "//", "/Versions", "/versions/", "/plans/", "/%76ersions"])
def test_a_path_is_taken_byte_by_byte(desk: Desk, client: TestClient[Any], path: str) -> None:
    answer = client.get(ROOT + path)

    assert (answer.status_code, desk.asked) == (404, [])
