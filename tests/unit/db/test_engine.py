from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from gateway.core.errors import DatabaseUnavailable, Misconfigured
from gateway.db.engine import Database, DbRole, _dsn, _mapped, _session


def wrapped(cause: Exception, *, invalidated: bool = False) -> DBAPIError:
    """Make the error as SQLAlchemy hands it on: its own, whose original names the driver's as its cause."""
    original = RuntimeError("adapted")
    original.__cause__ = cause
    return DBAPIError("SELECT 1", {}, original, connection_invalidated=invalidated)


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        ConnectionResetError(),
        PoolTimeoutError(),
        wrapped(asyncpg.ConnectionDoesNotExistError()),
        wrapped(asyncpg.AdminShutdownError()),
        wrapped(asyncpg.CannotConnectNowError()),
        wrapped(asyncpg.QueryCanceledError()),
        wrapped(asyncpg.DiskFullError()),
        wrapped(asyncpg.PostgresIOError()),
        wrapped(asyncpg.ReadOnlySQLTransactionError()),
        wrapped(asyncpg.InterfaceError("connection is closed"), invalidated=True),
    ],
    ids=repr,
)
def test_a_server_that_is_away_is_unavailable(error: Exception) -> None:
    with pytest.raises(DatabaseUnavailable) as raised, _mapped():
        raise error
    assert raised.value.__suppress_context__


@pytest.mark.parametrize(
    "error",
    [
        wrapped(asyncpg.UniqueViolationError()),
        wrapped(asyncpg.InsufficientPrivilegeError()),
        wrapped(asyncpg.UndefinedTableError()),
        wrapped(asyncpg.DataError("no number")),
        wrapped(asyncpg.InterfaceError("another operation is in progress")),
        FileNotFoundError(),
        ValueError(),
    ],
    ids=repr,
)
def test_every_other_error_passes_as_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, _mapped():
        raise error
    assert raised.value is error


@pytest.mark.parametrize(
    ("url", "dsn"),
    [
        ("postgresql://g:p%40ss@host/db", "postgresql://g:p%40ss@host/db"),
        ("postgresql+asyncpg://g@host:6432/db", "postgresql://g@host:6432/db"),
        ("postgresql://g:p@/db?host=%2Frun%2Fpg", "postgresql://g:p@/db?host=%2Frun%2Fpg"),
        ("postgresql://g@host/db?sslmode=verify-full", "postgresql://g@host/db?sslmode=verify-full"),
    ],
)
def test_an_address_reaches_the_driver_whole(url: str, dsn: str) -> None:
    assert _dsn(url) == dsn


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://host/db", "host/db", "postgresql://host:abc/db", "postgresql://host:99999/db"]
)
def test_what_is_no_address_of_a_postgres_is_refused(url: str) -> None:
    with pytest.raises(Misconfigured, match="postgresql://"):
        Database.connect(url)


def test_the_refusal_does_not_repeat_a_password() -> None:
    with pytest.raises(Misconfigured) as raised:
        Database.connect("mysql://g:hunter2@host/db")
    assert "hunter2" not in str(raised.value)


async def test_the_two_logins_are_kept_apart() -> None:
    serving, owning = Database.connect("postgresql://g@host/db"), Database.connect_owner("postgresql://o@host/db")
    with pytest.raises(RuntimeError):
        async with serving.transaction(DbRole.OWNER):
            pass
    with pytest.raises(RuntimeError):
        async with owning.transaction(DbRole.READER):
            pass


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    database = Database.connect(f"postgresql://g:p@/db?host={tmp_path}")
    with pytest.raises(DatabaseUnavailable):
        async with database.transaction(DbRole.READER):
            pytest.fail("it was opened")
    with pytest.raises(DatabaseUnavailable):
        await database.hold_lock(1)
    await database.close()


def test_a_session_becomes_its_role_but_for_the_owners() -> None:
    assert _session(DbRole.AUDITOR)["role"] == "cloister_auditor"
    assert "role" not in _session(DbRole.OWNER)
    assert "role" not in _session(None)


@pytest.mark.parametrize("name", ["sslrootcert", "sslcert", "sslkey", "sslcrl"])
def test_a_file_of_the_address_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    there = tmp_path / "pem"
    there.touch()

    Database.connect(f"postgresql://u@h/db?sslmode=verify-full&{name}={there}")
    with pytest.raises(Misconfigured, match=name):
        Database.connect(f"postgresql://u@h/db?sslmode=verify-full&{name}={tmp_path / 'away'}")
