"""Connections and transactions.

Law: a transaction names its role, and its tenant where rows have one; it commits when its block ends and rolls back
when the block raises. A connection becomes its role when it connects, so that the role costs no round trip. The tenant
is set inside the transaction only. A database that cannot be reached is ``DatabaseUnavailable``; every other error of
Postgres is a bug and passes as it is, without its parameters.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from enum import StrEnum
from typing import Final

import asyncpg
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from gateway.core.errors import DatabaseUnavailable
from gateway.db.base import SCHEMA

Transaction = AsyncConnection

_SET_TENANT: Final = text("SELECT set_config('cloister.tenant', :tenant, true)")
_CONNECT_SECONDS: Final = 2.0
_COMMAND_SECONDS: Final = 10.0
_UNAVAILABLE: Final = (
    OSError,
    TimeoutError,
    PoolTimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)


class DbRole(StrEnum):
    """What a transaction may do; the rights stand in ``migrations/sql/roles.sql``."""

    APPEND = "cloister_append"
    INTEGRATOR = "cloister_integrator"
    AUDITOR = "cloister_auditor"
    READER = "cloister_reader"
    CONTROL = "cloister_control"
    OWNER = "cloister_owner"


class HeldLock:
    """A session's advisory lock, on a connection of its own. It is gone when the connection is."""

    def __init__(self, connection: asyncpg.Connection[asyncpg.Record]) -> None:
        self._connection = connection

    async def alive(self) -> bool:
        """Tell whether the lock is still held, by asking the server."""
        try:
            await self._connection.execute("SELECT 1", timeout=_CONNECT_SECONDS)
        except (*_UNAVAILABLE, asyncpg.PostgresError):
            return False
        return True

    async def release(self) -> None:
        """Give the lock back by closing its connection."""
        with suppress(*_UNAVAILABLE, asyncpg.PostgresError):
            await self._connection.close(timeout=_CONNECT_SECONDS)
        self._connection.terminate()


class Database:
    """One Postgres database, reached by one login."""

    def __init__(self, url: str, *, pool_size: int, owner: bool) -> None:
        self._url = make_url(url).set(drivername="postgresql+asyncpg")
        self._pool_size = pool_size
        self._owner = owner
        self._engines: dict[DbRole, AsyncEngine] = {}

    @classmethod
    def connect(cls, url: str, *, pool_size: int = 4) -> Database:
        """Return the database as the serving login sees it. Nothing is opened before the first transaction."""
        return cls(url, pool_size=pool_size, owner=False)

    @classmethod
    def connect_owner(cls, url: str) -> Database:
        """Return the database as its owner sees it, for migrations and pruning."""
        return cls(url, pool_size=2, owner=True)

    @asynccontextmanager
    async def transaction(self, role: DbRole, *, tenant: str | None = None) -> AsyncIterator[Transaction]:
        """Begin as a role, within a tenant; commit at the end of the block, roll back when it raises."""
        with _mapped():
            async with self._engine(role).begin() as connection:
                if tenant is not None:
                    await connection.execute(_SET_TENANT, {"tenant": tenant})
                yield connection

    async def hold_lock(self, key: int) -> HeldLock | None:
        """Take a session's advisory lock, or return None while somebody else holds it."""
        with _mapped():
            connection = await asyncpg.connect(
                dsn=self._url.set(drivername="postgresql").render_as_string(hide_password=False),
                timeout=_CONNECT_SECONDS,
                command_timeout=_COMMAND_SECONDS,
            )
            if await connection.fetchval("SELECT pg_try_advisory_lock($1)", key):
                return HeldLock(connection)
            await connection.close(timeout=_CONNECT_SECONDS)
            return None

    async def ping(self) -> None:
        """Ask the server for an answer. Raise ``DatabaseUnavailable``."""
        async with self.transaction(DbRole.OWNER if self._owner else DbRole.READER) as transaction:
            await transaction.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection; a server that does not answer is not waited for."""
        for engine in self._engines.values():
            with suppress(TimeoutError, *_UNAVAILABLE):
                await asyncio.wait_for(engine.dispose(), _CONNECT_SECONDS)
        self._engines.clear()

    def _engine(self, role: DbRole) -> AsyncEngine:
        if (role is DbRole.OWNER) is not self._owner:
            message = "the owner's login and the serving login are kept apart"
            raise RuntimeError(message)
        engine = self._engines.get(role)
        if engine is None:
            engine = self._engines[role] = create_async_engine(
                self._url,
                pool_size=self._pool_size,
                max_overflow=0,
                pool_timeout=_CONNECT_SECONDS,
                pool_use_lifo=True,
                hide_parameters=True,
                connect_args={
                    "timeout": _CONNECT_SECONDS,
                    "command_timeout": _COMMAND_SECONDS,
                    "server_settings": _session(role),
                },
            )
        return engine


def _session(role: DbRole) -> dict[str, str]:
    settings = {"application_name": "cloister", "search_path": SCHEMA, "timezone": "UTC"}
    return settings if role is DbRole.OWNER else settings | {"role": role.value}


@contextmanager
def _mapped() -> Iterator[None]:
    """Turn the errors of a server that cannot be reached into ``DatabaseUnavailable``."""
    try:
        yield
    except _UNAVAILABLE:
        raise DatabaseUnavailable from None
    except DBAPIError as error:
        if _lost(error):
            raise DatabaseUnavailable from None
        raise


def _lost(error: DBAPIError) -> bool:
    cause = getattr(error.orig, "__cause__", None)
    return error.connection_invalidated or isinstance(cause, _UNAVAILABLE) or isinstance(error.orig, _UNAVAILABLE)
