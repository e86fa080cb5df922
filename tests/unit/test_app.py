from pathlib import Path

import pytest
from litestar import Litestar
from structlog.testing import capture_logs

from gateway import app
from gateway.audit import Writer
from gateway.core.errors import AuditUnavailable, DatabaseUnavailable, Misconfigured
from gateway.db import Database
from gateway.settings import load


def test_a_password_comes_from_its_file_and_is_escaped(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("p@ss/word\n")

    assert app.with_password("postgresql://u@host/db", str(file)) == "postgresql://u:p%40ss%2Fword@host/db"


@pytest.mark.parametrize("content", [None, ""])
def test_a_secret_that_is_not_there_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_text(content)

    with pytest.raises(Misconfigured, match="password"):
        app.read_secret(str(file))


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


def test_keys_are_kept_in_the_home_unless_told_otherwise(tmp_path: Path) -> None:
    home = load(None, {"CLOISTER_HOME": str(tmp_path)})
    elsewhere = load(None, {"CLOISTER_HOME": str(tmp_path), "CLOISTER_KEYS__PATH": "/srv/keys"})

    assert (app.keys_folder(home), app.keys_folder(elsewhere)) == (tmp_path / "keys", Path("/srv/keys"))


def test_keys_are_not_kept_beside_the_data(tmp_path: Path) -> None:
    inside = load(None, {"CLOISTER_HOME": str(tmp_path), "CLOISTER_KEYS__PATH": str(tmp_path / "postgres" / "keys")})

    with pytest.raises(Misconfigured, match=r"keys\.path"):
        app.keys_folder(inside)


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
