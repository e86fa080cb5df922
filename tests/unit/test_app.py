from pathlib import Path

import pytest
from litestar import Litestar
from structlog.testing import capture_logs

from gateway import app
from gateway.audit import Writer
from gateway.core.errors import AuditUnavailable, DatabaseUnavailable, Misconfigured
from gateway.db import Database
from gateway.settings import load


def test_without_a_database_there_is_no_silent_default(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"database\.url"):
        app.build_house(load(None, {"CLOISTER_HOME": str(tmp_path / "home")}))


def test_a_server_does_not_take_the_embedded_database_that_it_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "postgres").mkdir()
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path))
    monkeypatch.setattr(app, "follow_parent", lambda: None)
    monkeypatch.setattr(app.EmbeddedPostgres, "start", lambda self: pytest.fail("it was joined"))

    with pytest.raises(Misconfigured, match=r"database\.url"):
        app.create_app()


async def test_a_worker_that_cannot_start_says_why(tmp_path: Path) -> None:
    away = {"CLOISTER_HOME": str(tmp_path), "CLOISTER_DATABASE__URL": f"postgresql://u@/db?host={tmp_path}"}
    house, _ = app.build_house(load(None, away))

    with capture_logs() as lines, pytest.raises(DatabaseUnavailable):
        async with app.Worker(house, None).lifespan(Litestar()):
            pytest.fail("it started")

    (line,) = lines
    assert (line["event"], line["code"]) == ("gateway.start_failed", "database_unavailable")


@pytest.mark.parametrize("failing", ["start", "stop"])
async def test_the_database_is_closed_whatever_the_journal_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    async def fail(self: Writer) -> None:
        raise AuditUnavailable

    closed = []

    async def close(self: Database) -> None:
        closed.append(self)

    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path))
    monkeypatch.setenv("CLOISTER_DATABASE__URL", f"postgresql://u@/db?host={tmp_path}")
    monkeypatch.setattr(Writer, failing, fail)
    monkeypatch.setattr(Database, "close", close)

    with pytest.raises(AuditUnavailable):
        async with app.local_house(None):
            pass

    assert len(closed) == 1


async def test_a_start_that_cannot_be_recorded_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    away = {"CLOISTER_HOME": str(tmp_path), "CLOISTER_DATABASE__URL": f"postgresql://u@/db?host={tmp_path}"}
    house, _ = app.build_house(load(None, away))

    async def open_nothing(self: app.Worker, stack: object) -> None:
        pass

    monkeypatch.setattr(app.Worker, "_open", open_nothing)

    with capture_logs() as lines, pytest.raises(AuditUnavailable):
        async with app.Worker(house, None).lifespan(Litestar()):
            pytest.fail("it started")
    await house.journal.stop()

    assert ("gateway.start_failed", "audit_unavailable") in [(line["event"], line.get("code")) for line in lines]
