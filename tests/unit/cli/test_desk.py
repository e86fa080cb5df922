"""Both desks: the one on the host over a service that writes down what it is asked, the other before any answer."""

from __future__ import annotations

import argparse
import base64
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from gateway import egress
from gateway.cli.desk import AnsweredError, Desk, Remote, desk, options
from gateway.core import errors
from gateway.core.actor import LOCAL_OPERATOR, PLATFORM
from gateway.core.errors import (
    ApprovalRequired,
    GatewayAway,
    GatewayError,
    Misconfigured,
    PolicyInvalid,
    Problem,
    ProtocolError,
)
from gateway.core.sensitive import Sensitive
from gateway.policy import Applied, Emergency, Plan, Source
from gateway.policy.store import Version

NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)
FILE = {"file": "p.yaml", "text": "kind: x\n"}
SOURCE = Source("p.yaml", "kind: x\n")
PLAN = Plan(scope="acme", base=3, digest="ab", sources=(SOURCE,), changes=("a: b → c",))
EMERGENCY = Emergency(reason="nobody can work", seconds=60)
ALONE = {"reason": "nobody can work", "seconds": 60}
EFFECTS = {"exchanges": 3, "changed": 1, "would_block": 1, "would_permit": 0, "changes": [], "open": {}}
APPLIED = {"scope": "acme", "version": 4, "digest": "ab", "policies": {"p": "cd"}, "changed": True}


def version(number: int) -> dict[str, Any]:
    return {
        "version": number,
        "created": "2027-02-01T12:00:00Z",
        "created_by": "a1",
        "origin": "apply",
        "policies": {"p": "cd"},
    }


class Service:
    """The service of policies, on the host."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        stored = Version(
            tenant="acme",
            version=1,
            digest="ab",
            policies={"p": "cd"},
            documents=[FILE],
            created=NOON,
            created_by="a1",
        )
        answers = {"plan": PLAN, "history": [stored], "show": stored}

        async def act(*given: Any, **more: Any) -> Any:
            self.asked.append((name, *given, *more.values()))
            return answers.get(name, Applied(**APPLIED))  # type: ignore[arg-type]

        return act


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service()

    async def tenants() -> list[str]:
        return ["acme"]

    @asynccontextmanager
    async def local_house(config: str | None) -> AsyncIterator[Any]:
        yield SimpleNamespace(
            policy_service=made, access=SimpleNamespace(tenants=tenants), traffic=None, clock=None, config=config
        )

    app = ModuleType("gateway.app")
    app.local_house = local_house  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gateway.app", app)
    return made


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    options(parser)
    return argparse.Namespace(**vars(parser.parse_args(words)), config=None)


@pytest.fixture(autouse=True)
def _no_gateway_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOISTER_URL", raising=False)
    monkeypatch.delenv("CLOISTER_KEY_FILE", raising=False)


class Gateway:
    """What answers at the other end."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.answers: Iterator[tuple[int, Any]] = iter(())
        self.keys: set[tuple[str, str]] = set()

    def says(self, *answers: Any, status: int = 200) -> None:
        self.answers = iter([(status, answer) for answer in answers])

    async def call(self, url: str, key: Sensitive[str], *asked: Any) -> tuple[int, Any]:
        self.keys.add((url, key.reveal()))
        self.asked.append(asked)
        return next(self.answers)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    made = Gateway()
    monkeypatch.setattr(egress, "call_gateway", made.call)
    return made


@pytest.fixture
def remote() -> Remote:
    return Remote("https://gateway.example", Sensitive("s3cr3t"))


async def test_on_the_host_the_operator_acts_on_the_platform_s_policies(service: Service) -> None:
    async with desk(arguments()) as opened:
        assert await opened.plan([SOURCE]) == PLAN
        assert await opened.apply([SOURCE]) == APPLIED
        assert await opened.apply([SOURCE], expected=3, scope=PLATFORM, emergency=EMERGENCY) == APPLIED
        assert await opened.apply_signed(b"{}") == APPLIED
        assert await opened.roll_back(to=2) == APPLIED
        assert [each["version"] for each in await opened.history()] == [1]
        assert (await opened.show(1))["documents"] == [FILE]

    assert service.asked == [
        ("plan", PLATFORM, [SOURCE], LOCAL_OPERATOR),
        ("apply", PLATFORM, [SOURCE], LOCAL_OPERATOR, None, None),
        ("apply", PLATFORM, [SOURCE], LOCAL_OPERATOR, 3, EMERGENCY),
        ("apply_signed", PLATFORM, b"{}", LOCAL_OPERATOR),
        ("roll_back", PLATFORM, LOCAL_OPERATOR, 2, None),
        ("history", PLATFORM, LOCAL_OPERATOR),
        ("show", PLATFORM, LOCAL_OPERATOR, 1),
    ]


async def test_on_the_host_a_tenant_is_named(service: Service) -> None:
    async with desk(arguments("--tenant", "acme")) as opened:
        await opened.apply(PLAN.sources, scope=PLAN.scope)
        with pytest.raises(ProtocolError, match="--tenant names it"):
            await opened.apply([SOURCE], scope=PLATFORM)
    for unknown in ("umbra", ""):
        with pytest.raises(ProtocolError, match="no such tenant"):
            async with desk(arguments("--tenant", unknown)):
                pytest.fail("a tenant that is not there has a desk")

    assert [each[1] for each in service.asked] == ["acme"]


async def test_a_plan_for_a_tenant_is_not_applied_to_the_platform(service: Service) -> None:
    async with desk(arguments()) as opened:
        with pytest.raises(ProtocolError):
            await opened.apply(PLAN.sources, expected=PLAN.base, scope=PLAN.scope)

    assert service.asked == []


async def test_on_the_host_nobody_approves(service: Service) -> None:
    async with desk(arguments()) as opened:
        with pytest.raises(ApprovalRequired, match="--key-file"):
            await opened.approve(PLAN)

    assert service.asked == []


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


NO_GATEWAY = [
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


async def test_a_gateway_is_named_by_options_or_by_the_environment(
    gateway: Gateway, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, key in (("one", "  k-1\n"), ("other", "k-2")):
        (tmp_path / name).write_text(key)
    gateway.says(*[APPLIED] * 3)

    async def ask(*words: str) -> None:
        async with desk(arguments(*words)) as opened:
            await opened.roll_back()

    await ask("--url", "http://one", "--key-file", str(tmp_path / "one"))
    monkeypatch.setenv("CLOISTER_URL", "http://other")
    monkeypatch.setenv("CLOISTER_KEY_FILE", str(tmp_path / "other"))
    await ask()
    await ask("--url", "http://one")
    assert gateway.keys == {("http://one", "k-1"), ("http://other", "k-2"), ("http://one", "k-2")}
    assert service.asked == []

    await ask("--url", "")
    assert [each[0] for each in service.asked] == ["roll_back"]


async def test_whose_policies_they_are_is_said_once(gateway: Gateway, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k")

    with pytest.raises(ProtocolError, match="leave it out"):
        async with desk(arguments("--url", "http://one", "--key-file", str(tmp_path / "key"), "--tenant", "acme")):
            pytest.fail("two scopes have a desk")


@pytest.mark.parametrize(
    "content", [None, b"", b" \n", b"\xff", "k\u00e9y".encode(), b"k\ney", b"k\x00", b"k" * 5000, b"[k]\r\nx: y"]
)
async def test_a_key_is_one_line(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(Misconfigured, match="--key-file") as raised:
        async with desk(arguments("--url", "http://one", "--key-file", str(file))):
            pytest.fail("no key has a desk")
    assert "k" not in raised.value.message.replace("key", "")


@pytest.mark.parametrize("file", ["", "x\x00y", "/", "/dev/null"])
async def test_without_a_key_nothing_is_asked(file: str) -> None:
    with pytest.raises(Misconfigured, match="--key-file"):
        async with desk(arguments("--url", "http://one", "--key-file", file)):
            pytest.fail("no key has a desk")
