"""Migrations: from whatever is there to the schema that this version needs.

Law: one upgrade at a time, under an advisory lock, in one transaction, by the owner's login. It also makes the audit
log's partitions for the coming months, so that it mends a gateway that was away for long, and shows the log to the
owner of today, so that it mends tables that changed hands.
"""

from __future__ import annotations

from typing import Final, cast

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import AdaptedConnection, Connection, text

from gateway.core.errors import Misconfigured
from gateway.core.shipped import shipped
from gateway.db.base import SCHEMA
from gateway.db.engine import Database, DbRole
from gateway.db.partitions import MAKE
from gateway.db.pruning import SHOW

_LOCK: Final = 7105251940631


async def upgrade(owner_url: str) -> str:
    """Migrate to the newest schema and return its revision."""
    database = Database.connect_owner(owner_url)
    try:
        async with database.transaction(DbRole.OWNER) as transaction:
            await transaction.run_sync(_upgrade)
    finally:
        await database.close()
    return head()


async def status(owner_url: str) -> tuple[str, str]:
    """Return the revision that the database has ("" for none) and the one that this version needs."""
    database = Database.connect_owner(owner_url)
    try:
        async with database.transaction(DbRole.OWNER) as transaction:
            return await transaction.run_sync(_current), head()
    finally:
        await database.close()


def head() -> str:
    """Return the revision that this version needs."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if newest is None:
        detail = "no migrations shipped with this installation."
        raise Misconfigured(detail)
    return newest


def script(connection: Connection, statements: str) -> None:
    """Run several statements at once, for migrations: asyncpg prepares what SQLAlchemy sends, one at a time."""
    adapted = cast("AdaptedConnection", connection.connection.dbapi_connection)
    adapted.run_async(lambda driver: driver.execute(statements))


def _config() -> Config:
    return Config(str(shipped("migrations") / "alembic.ini"))


def _upgrade(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.execute(MAKE)
    connection.execute(SHOW)


def _current(connection: Connection) -> str:
    context = MigrationContext.configure(
        connection, opts={"version_table": "schema_version", "version_table_schema": SCHEMA}
    )
    return context.get_current_revision() or ""
