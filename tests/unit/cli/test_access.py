from __future__ import annotations

import argparse
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from gateway.cli import access
from gateway.core.actor import LOCAL_OPERATOR, Role
from gateway.core.errors import NotFound, ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.identity import NewKey
from gateway.identity.store import KeyRow

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
Run = Callable[..., int]


class Service:
    """Writes down what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    async def tenants(self) -> list[str]:
        return ["acme", "globex"]

    async def create_tenant(self, *asked: Any) -> None:
        self.asked.append(asked)

    async def create_key(self, *asked: Any, owner: str) -> NewKey:
        self.asked.append((*asked, owner))
        return NewKey(id="00000000", tenant=asked[1], role=asked[2], label=asked[3], key=Sensitive("cl_live_x"))

    async def keys(self, *asked: Any) -> list[KeyRow]:
        self.asked.append(asked)
        return [
            KeyRow(
                tenant=asked[1],
                id="00000000",
                label="hr",
                role="app",
                digest=b"\xab" * 32,
                created=NOON,
                created_by="local",
                revoked=NOON,
            )
        ]

    async def revoke_key(self, *asked: Any) -> None:
        self.asked.append(asked)


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def cloister(service: Service, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a house that holds nothing but the service."""

    @asynccontextmanager
    async def local_house(config: str | None) -> AsyncIterator[SimpleNamespace]:
        yield SimpleNamespace(access=service)

    def run(*words: str) -> int:
        app = ModuleType("gateway.app")
        app.local_house = local_house  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "gateway.app", app)
        parser = argparse.ArgumentParser()
        access.add(parser.add_subparsers())
        args = parser.parse_args(["access", *words])
        return int(args.run(args))

    return run


def test_tenants_are_made_and_listed(cloister: Run, service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    assert cloister("tenant", "create", "acme") == 0
    assert service.asked == [(LOCAL_OPERATOR, "acme")]
    assert capsys.readouterr().out == "created tenant acme\n"

    assert cloister("tenant", "list") == 0
    assert capsys.readouterr().out == "acme\nglobex\n"
    cloister("tenant", "list", "--json")
    assert json.loads(capsys.readouterr().out) == ["acme", "globex"]


def test_a_key_is_shown_once(cloister: Run, service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("key", "create", "--tenant", "acme", "--role", "app", "--label", "hr")

    assert cloister(*words) == 0
    assert service.asked == [(LOCAL_OPERATOR, "acme", Role.APP, "hr", None, "")]
    assert capsys.readouterr().out.splitlines()[0] == "cl_live_x"

    cloister(*words, "--json")
    assert json.loads(capsys.readouterr().out) == {
        "id": "00000000",
        "tenant": "acme",
        "role": "app",
        "label": "hr",
        "key": "cl_live_x",
    }


def test_a_key_may_end(cloister: Run, service: Service) -> None:
    words = ("key", "create", "--tenant", "acme", "--role", "app", "--label", "hr", "--expires")
    cloister(*words, "2027-01-31T01:00:00+01:00")

    assert service.asked[0][4] == datetime(2027, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    "time", ["tomorrow", "2027-01-31", "2027-01-31T00:00:00", "2027-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00"]
)
def test_an_end_needs_a_time_with_its_offset(cloister: Run, service: Service, time: str) -> None:
    with pytest.raises(ProtocolError, match=r"--expires") as raised:
        cloister("key", "create", "--tenant", "acme", "--role", "app", "--label", "hr", "--expires", time)

    assert raised.value.exit_code == 2
    assert service.asked == []


def test_a_list_shows_no_digest(cloister: Run, service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    cloister("key", "list", "--tenant", "acme")
    people = capsys.readouterr().out
    cloister("key", "list", "--tenant", "acme", "--json")
    machines = capsys.readouterr().out

    assert people.splitlines()[1].split() == [
        "00000000",
        "hr",
        "app",
        "2026-11-24",
        "12:00:00",
        "2026-11-24",
        "12:00:00",
    ]
    [row] = json.loads(machines)
    assert row["created"] == "2026-11-24T12:00:00+00:00"
    assert row["expires"] is None
    assert "digest" not in row
    assert "\\xab" not in people + machines


def test_a_key_is_revoked_by_its_id(cloister: Run, service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    assert cloister("key", "revoke", "00000000", "--tenant", "acme", "--json") == 0
    assert service.asked == [(LOCAL_OPERATOR, "acme", "00000000")]
    assert json.loads(capsys.readouterr().out) == {"revoked": "00000000"}


@pytest.mark.parametrize(
    "words",
    [
        ["key", "create", "--tenant", "acme", "--role", "root", "--label", "hr"],
        ["key", "create", "--role", "app", "--label", "hr"],
        ["key", "revoke", "00000000"],
        ["key", "list"],
        ["key"],
        [],
    ],
    ids=" ".join,
)
def test_what_is_missing_is_exit_2(cloister: Run, service: Service, words: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        cloister(*words)

    assert raised.value.code == 2
    assert service.asked == []


def test_a_tenant_or_key_that_is_not_there_is_named_with_the_mend(
    cloister: Run, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown(*_: Any) -> None:
        raise NotFound

    with pytest.raises(ProtocolError, match="access tenant list"):
        cloister("key", "list", "--tenant", "typo")
    monkeypatch.setattr(service, "revoke_key", unknown)
    with pytest.raises(NotFound, match="access key list"):
        cloister("key", "revoke", "--tenant", "acme", "typo")
