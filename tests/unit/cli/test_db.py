from __future__ import annotations

import argparse
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from gateway.cli import db
from gateway.core.audit import Action
from gateway.core.errors import Misconfigured

Run = Callable[..., int]


class Journal:
    def __init__(self) -> None:
        self.recorded: list[tuple[Any, ...]] = []

    async def record(self, actor: Any, action: Action, resource: str, *, details: dict[str, str]) -> None:
        self.recorded.append((actor.id, action, resource, details))


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def cloister(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a house whose schema is at the revision given."""

    def run(*words: str, current: str, owner_url: str | None = "postgresql://owner") -> int:
        async def status(url: str) -> tuple[str, str]:
            assert url == owner_url
            return current, "0004"

        async def upgrade(url: str) -> str:
            assert url == owner_url
            return "0004"

        @asynccontextmanager
        async def local_house(config: str | None) -> AsyncIterator[SimpleNamespace]:
            yield SimpleNamespace(owner_url=owner_url, journal=journal)

        app = ModuleType("gateway.app")
        app.local_house = local_house  # type: ignore[attr-defined]
        monkeypatch.setitem(__import__("sys").modules, "gateway.app", app)
        monkeypatch.setattr(db.migrate, "status", status)
        monkeypatch.setattr(db.migrate, "upgrade", upgrade)
        parser = argparse.ArgumentParser()
        db.add(parser.add_subparsers())
        args = parser.parse_args(["db", *words])
        return int(args.run(args))

    return run


@pytest.mark.parametrize(
    ("current", "code", "said"),
    [
        ("0004", 0, "schema 0004: as this version needs it"),
        ("0002", 1, "schema 0002, and this version needs 0004: run 'cloister db upgrade'"),
        ("", 1, "schema nothing, and this version needs 0004: run 'cloister db upgrade'"),
    ],
)
def test_status_says_whether_an_upgrade_is_due(
    cloister: Run, capsys: pytest.CaptureFixture[str], current: str, code: int, said: str
) -> None:
    assert cloister("status", current=current) == code
    assert capsys.readouterr().out.strip() == said


def test_status_speaks_to_machines(cloister: Run, capsys: pytest.CaptureFixture[str]) -> None:
    cloister("status", "--json", current="0002")
    assert json.loads(capsys.readouterr().out) == {"current": "0002", "needed": "0004"}


def test_an_upgrade_is_recorded(cloister: Run, journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    assert cloister("upgrade", current="") == 0
    assert journal.recorded == [("local", Action.DATABASE_UPGRADE, "schema/0004", {"from": "", "to": "0004"})]
    assert capsys.readouterr().out.strip() == "schema nothing -> 0004"


def test_an_upgrade_that_changes_nothing_records_nothing(
    cloister: Run, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cloister("upgrade", "--json", current="0004") == 0
    assert journal.recorded == []
    assert json.loads(capsys.readouterr().out) == {"from": "0004", "to": "0004"}


@pytest.mark.parametrize("action", ["status", "upgrade"])
def test_without_the_owners_login_nothing_is_done(cloister: Run, journal: Journal, action: str) -> None:
    with pytest.raises(Misconfigured, match=r"database\.owner_url"):
        cloister(action, current="0002", owner_url=None)
    assert journal.recorded == []
