"""Connections and transactions.

Law: a transaction names its role, and its tenant where rows have one; it commits when its block ends and rolls back
when the block raises. A connection becomes its role when it connects, so that the role costs no round trip; the tenant
is set inside the transaction only. A database that cannot be reached is ``DatabaseUnavailable``, one that refuses the
login is ``Misconfigured``; every other error of Postgres is a bug and passes as it is, without its parameters. Nobody
waits for a server that has stopped answering: its connection is cut, not closed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from enum import StrEnum
from typing import Any, Final

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from gateway.core.errors import DatabaseUnavailable, Misconfigured
from gateway.db.base import SCHEMA

Transaction = AsyncConnection

_SET_TENANT: Final = text("SELECT set_config('cloister.tenant', :tenant, true)")
_SET_ROLE: Final = text("SELECT set_config('role', :role, true)")
_FILES: Final = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
_LAST_PORT: Final = 65535
_CHANGES: Final = "cloister_changes"
_CONNECT_SECONDS: Final = 2.0
_SERVING_SECONDS: Final = 10.0
_OWNER_SECONDS: Final = 600.0
"""How long one statement may take: a migration may rewrite a table, or wait for another that does."""

_AWAY: Final = (
    TimeoutError,
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
"""The server is gone, going, starting, full, frozen, or a standby."""

_REFUSED: Final = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidParameterValueError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.ClientConfigurationError,
)
"""The server answered, and does not know the login, the database or the role, or does not let one have the other."""


class DbRole(StrEnum):
    """What a transaction may do; the rights stand in ``migrations/``. The owner's login may have any name."""

    APPEND = "cloister_append"
    INTEGRATOR = "cloister_integrator"
    AUDITOR = "cloister_auditor"
    READER = "cloister_reader"
    CONTROL = "cloister_control"
    OWNER = "cloister_owner"


class Driver(asyncpg.Connection):
    """asyncpg's connection, but that closing it never waits for the server.

    SQLAlchemy closes a connection whose query was cancelled, and would wait two seconds for a frozen server.
    """

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - asyncpg's signature
        """Cut the connection; the server rolls back what was open."""
        self.terminate()


class HeldLock:
    """A session's advisory lock, on a connection of its own. It is gone when the connection is."""

    def __init__(self, connection: Driver) -> None:
        self._connection = connection

    async def alive(self) -> bool:
        """Tell whether the lock is still held, by asking the server."""
        try:
            await self._connection.execute("SELECT 1", timeout=_CONNECT_SECONDS)
        except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError):
            return False
        return True

    async def release(self) -> None:
        """Give the lock back; where the server does not answer, by leaving."""
        try:
            with suppress(OSError, asyncpg.InterfaceError, asyncpg.PostgresError):
                await self._connection.execute("SELECT pg_advisory_unlock_all()", timeout=_CONNECT_SECONDS)
        finally:
            self._connection.terminate()


class Database:
    """One Postgres database, reached by one login."""

    def __init__(self, url: str, *, pool_size: int, owner: bool) -> None:
        self._dsn = _dsn(url)
        self._pool_size = pool_size
        self._owner = owner
        self._engines: dict[DbRole, AsyncEngine] = {}

    @classmethod
    def connect(cls, url: str, *, pool_size: int = 4) -> Database:
        """Return the database as the serving login sees it. Nothing is opened before the first transaction.

        pool_size: connections for each role. Raise ``Misconfigured`` for what is no address of a Postgres.
        """
        return cls(url, pool_size=pool_size, owner=False)

    @classmethod
    def connect_owner(cls, url: str) -> Database:
        """Return the database as its owner sees it, for migrations and pruning."""
        return cls(url, pool_size=2, owner=True)

    @asynccontextmanager
    async def transaction(self, role: DbRole, *, tenant: str | None = None) -> AsyncIterator[Transaction]:
        """Begin as a role, within a tenant; commit at the end of the block, roll back when it raises.

        The block holds SQL alone: a ``TimeoutError`` or ``ConnectionError`` in it counts as the database's.
        """
        with _mapped():
            async with self._engine(role).connect() as connection:
                begun = await connection.begin()
                try:
                    if tenant is not None:
                        await connection.execute(_SET_TENANT, {"tenant": tenant})
                    yield connection
                    await begun.commit()
                except BaseException as error:
                    if isinstance(error, Exception) and not isinstance(error, _AWAY):
                        await begun.rollback()
                    else:
                        _cut(connection)
                    raise

    async def hold_lock(self, key: int) -> HeldLock | None:
        """Take a session's advisory lock, or return None while somebody else holds it."""
        connection = await self._open(None)
        held = None
        try:
            with _mapped():
                if await connection.fetchval("SELECT pg_try_advisory_lock($1)", key):
                    held = HeldLock(connection)
        finally:
            if held is None:
                connection.terminate()
        return held

    async def changes(self, heard: Callable[[str], None]) -> None:
        """Hear what was changed (a topic of ``revisions``), as it is committed, until the connection ends."""
        connection, ended = await self._open(None), asyncio.Event()
        try:
            with _mapped():
                connection.add_termination_listener(lambda _: ended.set())
                await connection.add_listener(_CHANGES, lambda *told: heard(str(told[-1])))
                await ended.wait()
        finally:
            connection.terminate()

    async def close(self) -> None:
        """Cut every connection that is not in use; one that is ends with its transaction."""
        for engine in self._engines.values():
            await engine.dispose()
        self._engines.clear()
        await asyncio.sleep(0)  # the event loop closes a socket in its next round

    def _engine(self, role: DbRole) -> AsyncEngine:
        if (role is DbRole.OWNER) is not self._owner:
            message = "the owner's login and the serving login are kept apart"
            raise RuntimeError(message)
        engine = self._engines.get(role)
        if engine is None:
            engine = self._engines[role] = create_async_engine(
                "postgresql+asyncpg://",
                async_creator=lambda: self._open(role),
                pool_size=self._pool_size,
                max_overflow=0,
                pool_timeout=_CONNECT_SECONDS,
                pool_use_lifo=True,
                hide_parameters=True,
            )
            event.listen(engine.sync_engine, "checkout", _refuse_closed)
        return engine

    async def _open(self, role: DbRole | None) -> Driver:
        """Connect, as a role of the login's or, where it is None, as the login itself."""
        try:
            return await asyncpg.connect(
                self._dsn,
                connection_class=Driver,
                timeout=_CONNECT_SECONDS,
                command_timeout=_OWNER_SECONDS if self._owner else _SERVING_SECONDS,
                server_settings=_session(role),
            )
        except _REFUSED as error:
            refusal = getattr(error, "sqlstate", None) or "its address"
            as_role = f" as '{role}'" if role else ""
            detail = (
                f"the database refused the login{as_role} ({refusal}): check the address and the password, and run"
                " 'cloister db upgrade'."
            )
            raise Misconfigured(detail) from None
        except (OSError, *_AWAY):
            raise DatabaseUnavailable from None


@asynccontextmanager
async def acting(transaction: Transaction, role: DbRole) -> AsyncIterator[None]:
    """Be another role of the login for a while; the tenant stays. A block that raises has ended the transaction."""
    former = await transaction.scalar(text("SELECT current_user"))
    await transaction.execute(_SET_ROLE, {"role": str(role)})
    yield
    await transaction.execute(_SET_ROLE, {"role": former})


def _dsn(url: str) -> str:
    """Return the address in libpq's form, of which asyncpg knows every part, TLS included."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.get_backend_name() != "postgresql" or (parsed.port or 0) > _LAST_PORT:
        detail = "the database's address must look like postgresql://cloister_gateway@host/cloister."
        raise Misconfigured(detail)
    for name in _FILES:
        if (file := parsed.query.get(name)) and not os.access(str(file), os.R_OK):
            detail = f"the database's address: the file of {name} cannot be read."
            raise Misconfigured(detail)
    return parsed.set(drivername="postgresql").render_as_string(hide_password=False)


def _session(role: DbRole | None) -> dict[str, str]:
    """A transaction ends, and with it the locks that it holds, when its process is frozen, gone or has given up.

    A statement that waits for a lock would not see by itself that its connection was cut.
    """
    settings = {
        "application_name": "cloister",
        "search_path": SCHEMA,
        "timezone": "UTC",
        "idle_in_transaction_session_timeout": "60s",
        "client_connection_check_interval": "1s",
    }
    if role in {None, DbRole.OWNER}:
        return settings
    return settings | {"role": str(role), "statement_timeout": f"{_SERVING_SECONDS:.0f}s"}


def _cut(connection: AsyncConnection) -> None:
    """Drop the connection without a word to the server, which may never answer; its transaction ends with it."""
    if connection.sync_connection is not None:
        connection.sync_connection.invalidate()


def _refuse_closed(connection: Any, *_: object) -> None:  # noqa: ANN401 - SQLAlchemy's adapter of the driver
    """Keep a connection that the server has closed from being handed out; this asks nobody."""
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError


@contextmanager
def _mapped() -> Iterator[None]:
    """Turn the errors of a server that is away into ``DatabaseUnavailable``."""
    try:
        yield
    except (*_AWAY, PoolTimeoutError):
        raise DatabaseUnavailable from None
    except DBAPIError as error:
        if error.connection_invalidated or isinstance(getattr(error.orig, "__cause__", None), _AWAY):
            raise DatabaseUnavailable from None
        raise
