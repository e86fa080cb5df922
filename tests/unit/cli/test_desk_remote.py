"""The desk before a gateway, whatever it answers."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from typing import Any

import pytest

from gateway.cli.desk import Desk
from gateway.cli.desk_remote import AnsweredError, Remote
from gateway.core import errors
from gateway.core.errors import (
    CasesFailed,
    GatewayAway,
    GatewayError,
    PolicyInvalid,
    Problem,
)
from gateway.core.problem import Failure
from gateway.core.sensitive import Sensitive
from gateway.eval.explain import CHAT, Question
from gateway.policy import Source, fields_of
from tests.unit.cli.desks import ALONE, APPLIED, EFFECTS, EMERGENCY, EXPLAINED, FILE, PLAN, SOURCE, Gateway, version


async def test_through_a_gateway_the_same_is_asked(gateway: Gateway, remote: Remote) -> None:
    opened: Desk = remote
    gateway.says(*[PLAN.as_json()] * 2, *[APPLIED] * 5)
    raw = base64.b64encode(b"{}").decode()

    assert await opened.plan([SOURCE]) == PLAN
    assert await opened.approve(PLAN) == PLAN
    assert await opened.apply([SOURCE]) == APPLIED
    assert await opened.apply([SOURCE], expected=0, scope="acme", emergency=EMERGENCY) == APPLIED
    assert await opened.apply_signed(b"{}") == APPLIED
    assert await opened.roll_back() == APPLIED
    assert await opened.roll_back(to=2, emergency=EMERGENCY) == APPLIED
    assert gateway.keys == {("https://gateway.example", "s3cr3t")}
    nothing = {"expected": None, "scope": None, "emergency": None}
    assert gateway.asked == [
        ("POST", "/api/policies/plans", {"documents": [FILE]}),
        ("POST", "/api/policies/approvals", PLAN.as_json()),
        ("POST", "/api/policies/versions", {"documents": [FILE], **nothing}),
        ("POST", "/api/policies/versions", {"documents": [FILE], "expected": 0, "scope": "acme", "emergency": ALONE}),
        ("POST", "/api/policies/versions", {"bundle": raw}),
        ("POST", "/api/policies/rollback", {"to": None, "emergency": None}),
        ("POST", "/api/policies/rollback", {"to": 2, "emergency": ALONE}),
    ]


async def test_cases_are_sent_beside_the_files(gateway: Gateway, remote: Remote) -> None:
    gateway.says(PLAN.as_json(), APPLIED)
    cases = [Source("cases/c.yaml", "kind: y\n")]

    await remote.plan([SOURCE], cases)
    await remote.apply([SOURCE], cases=cases)
    assert [body["cases"] for _, _, body in gateway.asked] == [[{"file": "cases/c.yaml", "text": "kind: y\n"}]] * 2


async def test_a_text_is_explained_by_the_gateway(gateway: Gateway, remote: Remote) -> None:
    gateway.says(*[EXPLAINED] * 2)
    asked = Question(content=Sensitive(b"Hi, Ann."), app="crm")

    told = await remote.explain(asked)
    assert json.loads(json.dumps(told.as_json())) == EXPLAINED
    assert (await remote.explain(asked, [SOURCE])).findings[0].reasons[0].key == "defaults"
    body = {"text": "Hi, Ann.", "app": "crm", "model": "", "endpoint": CHAT}
    assert gateway.asked == [
        ("POST", "/api/policies/explain", body),
        ("POST", "/api/policies/explain", {**body, "documents": [FILE]}),
    ]


async def test_cases_that_fail_are_told_with_their_places(gateway: Gateway, remote: Remote) -> None:
    failure = Failure(file="c.yaml", line=4, column=8, name="one", about=("result",), lines=("result:", "- a", "+ b"))
    gateway.says({"code": "cases_failed", "failures": [asdict(failure) | {"newer": 1}], "count": 9}, status=422)

    with pytest.raises(CasesFailed, match="9 fail") as raised:
        await remote.apply([SOURCE])
    assert (raised.value.failures, raised.value.exit_code) == ((failure,), 1)


async def test_versions_come_by_pages(gateway: Gateway, remote: Remote) -> None:
    pages = [{"versions": list(map(version, range(top, top - 2, -1))), "more": top > 2} for top in (6, 4, 2)]
    gateway.says(*pages)

    assert [each["version"] for each in await remote.history()] == [6, 5, 4, 3, 2, 1]
    assert [path for _, path, _ in gateway.asked] == [
        "/api/policies/versions?",
        "/api/policies/versions?after=5",
        "/api/policies/versions?after=3",
    ]


async def test_recent_traffic_is_asked_for_by_seconds(gateway: Gateway, remote: Remote) -> None:
    gateway.says({**PLAN.as_json(), "replay": EFFECTS}, {"policies": {"cd": EFFECTS}})

    assert await remote.replay([SOURCE], 3600) == EFFECTS
    assert await remote.shadow_report(60) == {"cd": EFFECTS}
    assert gateway.asked == [
        ("POST", "/api/policies/plans", {"documents": [FILE], "replay": 3600}),
        ("GET", "/api/policies/shadow?seconds=60", None),
    ]


@pytest.mark.parametrize(
    "page", [{"versions": [version(3)], "more": True}, {"versions": [version(2), version(4)], "more": True}]
)
async def test_pages_have_an_end(gateway: Gateway, remote: Remote, page: Any) -> None:
    gateway.says(*[page] * 5)
    with pytest.raises(AnsweredError):
        await remote.history()

    gateway.says({"versions": [], "more": True})
    assert await remote.history() == []


async def test_one_version_is_shown_by_its_number(gateway: Gateway, remote: Remote) -> None:
    gateway.says(*[{**version(3), "documents": [FILE]}] * 3)
    for number in (None, 3, 0):
        assert (await remote.show(number))["documents"] == [FILE]

    assert [path for _, path, _ in gateway.asked] == [
        "/api/policies",
        "/api/policies/versions/3",
        "/api/policies/versions/0",
    ]


def kinds(kind: type[GatewayError] = GatewayError) -> Iterator[type[GatewayError]]:
    yield kind
    for narrower in kind.__subclasses__():
        if narrower.__module__ == errors.__name__:
            yield from kinds(narrower)


@pytest.mark.parametrize("kind", set(kinds()) - {PolicyInvalid}, ids=lambda kind: kind.__name__)
async def test_an_error_exits_as_it_does_on_the_host(
    gateway: Gateway, remote: Remote, kind: type[GatewayError]
) -> None:
    detail = "Version 2 is in force, not 1. Since then:\n  PERSON: keep → block"
    gateway.says({"code": kind.code, "detail": detail, "status": kind.status}, status=kind.status)

    with pytest.raises(AnsweredError) as raised:
        await remote.plan([SOURCE])
    assert raised.value.exit_code == kind.exit_code
    assert kind is GatewayAway or raised.value.message == detail


async def test_mistakes_are_told_with_their_places(gateway: Gateway, remote: Remote) -> None:
    problem = Problem(file="p.yaml", line=4, column=8, code="CL1003", message="unknown", source="x:", length=7)
    gateway.says({"code": "policy_invalid", "problems": [asdict(problem) | {"newer": 1}]}, status=422)

    with pytest.raises(PolicyInvalid) as raised:
        await remote.plan([SOURCE])
    assert (raised.value.problems, raised.value.exit_code) == ((problem,), 2)


async def test_warnings_come_beside_what_is_done(gateway: Gateway, remote: Remote) -> None:
    warning = Problem(file="p\x1b", line=4, column=8, code="CL4018", message="m", source="x:", length=7)
    told = {"warnings": [fields_of(warning) | {"newer": 1}]}
    gateway.says(PLAN.as_json() | told, *[APPLIED | told] * 3)
    seen = replace(warning, file="p\\x1b")

    assert await remote.plan([SOURCE]) == replace(PLAN, warnings=(seen,))
    for act in (remote.apply([SOURCE]), remote.apply_signed(b"{}"), remote.roll_back()):
        assert (await act)["warnings"] == [fields_of(seen)]

    older = [{name: value for name, value in each.items() if name != "warnings"} for each in (PLAN.as_json(), APPLIED)]
    gateway.says(*older)
    assert await remote.plan([SOURCE]) == PLAN
    assert await remote.apply([SOURCE]) == APPLIED


NO_GATEWAY = [
    (200, {**PLAN.as_json(), **APPLIED, "warnings": {}}),
    (200, {**PLAN.as_json(), **APPLIED, "warnings": [{"file": 1}]}),
    (200, None),
    (200, []),
    (200, "version"),
    (200, {}),
    (200, {"version": "4", "changed": True, "policies": {"p": "cd"}}),
    (200, {"version": 4, "changed": True, "policies": []}),
    (200, {"kind": "PolicyPlan"}),
    (204, None),
    (302, None),
    (404, None),
    (404, {"detail": "Not Found"}),
    (502, "<html>"),
    (500, {"code": ["x"], "detail": {}}),
    (422, {"code": "policy_invalid", "problems": [{}]}),
    (422, {"code": "policy_invalid", "problems": {"file": 1}}),
    (422, {"code": "cases_failed", "failures": [{}], "count": 1}),
    (422, {"code": "cases_failed", "failures": "x", "count": 1}),
    (422, {"code": "cases_failed", "failures": [{"file": "c", "line": 1, "column": 1, "name": "n"}], "count": "1"}),
    (422, {"code": "policy_invalid", "problems": [dict.fromkeys((each.name for each in fields(Problem)), "x")]}),
]


@pytest.mark.parametrize(("status", "answer"), NO_GATEWAY, ids=range(len(NO_GATEWAY)))
async def test_what_is_no_gateway_is_told_as_such(gateway: Gateway, remote: Remote, status: int, answer: Any) -> None:
    acts = [
        remote.plan([SOURCE]),
        remote.approve(PLAN),
        remote.apply([SOURCE]),
        remote.apply_signed(b""),
        remote.roll_back(),
        remote.history(),
        remote.show(),
        remote.replay([SOURCE], 60),
        remote.shadow_report(60),
        remote.feedback(),
        remote.explain(Question(content=Sensitive(b"Hi, Ann."))),
    ]
    gateway.says(*[answer] * len(acts), status=status)
    for act in acts:
        with pytest.raises(AnsweredError, match="no gateway of this version") as raised:
            await act
        assert raised.value.exit_code == GatewayAway.exit_code


async def test_a_plan_that_is_not_what_it_says_is_not_believed(gateway: Gateway, remote: Remote) -> None:
    gateway.says(PLAN.as_json() | {"base": 4})

    with pytest.raises(AnsweredError):
        await remote.plan([SOURCE])


async def test_what_a_gateway_says_moves_no_cursor(gateway: Gateway, remote: Remote) -> None:
    gateway.says({"code": "policy_conflict", "detail": "a\x1b[2Jb\r\n\u202ec\x9b"}, status=409)
    with pytest.raises(AnsweredError) as raised:
        await remote.plan([SOURCE])
    assert raised.value.message == "a\\x1b[2Jb\\r\n\\u202ec\\x9b"

    hostile = Problem(file="\x1b[2J", line=1, column=1, code="\n", message="\r", source="\x00", suggestion="\x9b")
    gateway.says({"code": "policy_invalid", "problems": [asdict(hostile)]}, status=422)
    with pytest.raises(PolicyInvalid) as refused:
        await remote.plan([SOURCE])
    assert all(str(text).isprintable() for text in asdict(refused.value.problems[0]).values())

    failure = Failure(file="\x1b[2J", line=1, column=1, name="\n", about=("\r",), lines=("- \x9b\n", "+ \u202e"))
    gateway.says({"code": "cases_failed", "failures": [asdict(failure)], "count": 1}, status=422)
    with pytest.raises(CasesFailed) as failed:
        await remote.plan([SOURCE])
    (seen,) = failed.value.failures
    assert all(each.isprintable() for each in (seen.file, seen.name, *seen.about, *seen.lines))


@pytest.mark.parametrize(
    "change",
    [
        None,
        {},
        {"type": "AGE", "from": "keep", "to": "mask", "count": 1},
        {"type": "AGE", "from": "keep", "to": "mask", "count": 1, "examples": 5},
        {"type": "AGE", "from": "keep", "to": None, "count": 1, "examples": []},
    ],
)
async def test_effects_that_no_gateway_tells_are_not_believed(gateway: Gateway, remote: Remote, change: Any) -> None:
    effects = {**EFFECTS, "changes": [change]}
    gateway.says({**PLAN.as_json(), "replay": effects}, {"policies": {"cd": effects}})

    with pytest.raises(AnsweredError):
        await remote.replay([SOURCE], 60)
    with pytest.raises(AnsweredError):
        await remote.shadow_report(60)
