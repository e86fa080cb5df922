"""Migrations: run by many at once, run twice, and equal to what the stores declare."""

from __future__ import annotations

import asyncio
import importlib
import itertools
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock
from urllib.parse import urlsplit

import asyncpg
import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, Table, inspect, text
from sqlalchemy.dialects import postgresql

import gateway
from gateway.core.actor import LOCAL_OPERATOR
from gateway.core.errors import Misconfigured
from gateway.core.moments import rfc3339
from gateway.core.shipped import shipped
from gateway.db import Database, DbRole, migrate, partitions
from gateway.db.base import SCHEMA, metadata
from gateway.db.embedded import EmbeddedPostgres
from gateway.db.rls import verify_walls
from gateway.policy import PolicyService, Source
from gateway.policy.plan import documents_of
from gateway.system import SystemClock

pytestmark = pytest.mark.integration

NUMBERS = itertools.count()
POLICY = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {{name: {}}}\nspec: {}\n"
STORES = ("gateway.audit.store", "gateway.audit.tree.store", "gateway.identity.store", "gateway.policy.store")
UNMODELLED = {"schema_version"}
PARTITIONS = text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_events'::regclass")
EVENT = text("""
    INSERT INTO audit_events (tenant, id, filed, time, actor, role, action, resource, outcome, policy, details)
    VALUES ('acme', gen_random_uuid(), now(), now(), 'a', 'app', 'key.create', '', 'success', '', '{}')""")


@pytest.fixture
async def empty(postgres: Any) -> AsyncIterator[list[str]]:
    """Names of two databases without a schema, in one cluster."""
    names = [f"empty_{next(NUMBERS)}" for _ in range(2)]
    connection = await asyncpg.connect(postgres.owner_url("cloister").replace("/cloister?", "/postgres?"))
    for name in names:
        await connection.execute(f"CREATE DATABASE {name}")
    yield names
    for name in names:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


async def test_starters_of_one_database_do_not_race(empty: list[str], postgres: Any) -> None:
    url = postgres.owner_url(empty[0])
    assert await migrate.status(url) == ("", migrate.head())

    assert await asyncio.gather(*(migrate.upgrade(url) for _ in range(4))) == [migrate.head()] * 4

    assert await migrate.status(url) == (migrate.head(), migrate.head())


@pytest.mark.parametrize("made_before", [False, True], ids=["roles", "grants"])
async def test_starters_of_two_databases_do_not_race_for_the_roles(tmp_path: Path, made_before: bool) -> None:
    roles = (shipped("migrations") / "sql" / "roles.sql").read_text()
    with EmbeddedPostgres(tmp_path / "postgres") as cluster:
        at = cluster.owner_url.split("@")[1]
        watcher = await asyncpg.connect(f"postgresql://postgres:{superuser_password(cluster)}@{at}")
        await watcher.execute("CREATE DATABASE twin OWNER cloister_owner")
        first = await asyncpg.connect(cluster.owner_url)
        if made_before:
            await first.execute("; ".join(f"CREATE ROLE {role}" for role in DbRole if role is not DbRole.OWNER))
        begun = first.transaction()
        await begun.start()
        await first.execute(roles)

        second = asyncio.create_task(migrate.upgrade(cluster.owner_url.replace("/cloister?", "/twin?")))
        while not await watcher.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.02)
            assert not second.done()
        await begun.commit()
        await second

        await migrate.upgrade(cluster.owner_url)
        for name in ("cloister", "twin"):
            database = Database.connect(cluster.gateway_url.replace("/cloister?", f"/{name}?"))
            await verify_walls(database)
            await database.close()
        await first.close()
        await watcher.close()


async def test_the_owner_may_have_any_name(postgres: Any, as_superuser: Any) -> None:
    await as_superuser("CREATE ROLE dba LOGIN CREATEROLE PASSWORD 'x'", "CREATE DATABASE of_dba OWNER dba")
    password = urlsplit(postgres.owner_url("of_dba")).password
    url = postgres.owner_url("of_dba").replace(f"cloister_owner:{password}@", "dba:x@")
    owner, serving = Database.connect_owner(url), Database.connect(postgres.gateway_url("of_dba"))
    try:
        await migrate.upgrade(url)
        await verify_walls(serving)
        async with serving.transaction(DbRole.APPEND, tenant="acme") as transaction:
            await transaction.execute(EVENT)
        async with owner.transaction(DbRole.OWNER) as transaction:
            assert await transaction.scalar(text("SELECT count(*) FROM audit_events")) == 1
    finally:
        await owner.close()
        await serving.close()
        await as_superuser("DROP DATABASE of_dba WITH (FORCE)", "DROP ROLE dba")


HANDED_OVER = """
    CREATE ROLE heir LOGIN CREATEROLE PASSWORD 'x';
    GRANT ALL ON DATABASE {name} TO heir;
    ALTER SCHEMA cloister OWNER TO heir;
    DO $$ DECLARE t text; BEGIN
        FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'cloister' LOOP
            EXECUTE format('ALTER TABLE cloister.%I OWNER TO heir', t);
        END LOOP;
        ALTER FUNCTION cloister.make_partitions(integer) OWNER TO heir;
    END $$"""


async def test_tables_that_changed_hands_are_shown_to_the_owner_of_today(
    postgres: Any, place: Any, database: Database
) -> None:
    async with database.transaction(DbRole.APPEND, tenant="acme") as transaction:
        await transaction.execute(EVENT)
    at = place.owner_url.split("@")[1]
    superuser = await asyncpg.connect(f"postgresql://postgres:{superuser_password(postgres.postgres)}@{at}")
    await superuser.execute(HANDED_OVER.format(name=place.name))
    url = f"postgresql://heir:x@{at}"
    heir = Database.connect_owner(url)
    try:
        with pytest.raises(Misconfigured, match="hide rows of 'audit_events'"):
            await verify_walls(database)

        await migrate.upgrade(url)

        await verify_walls(database)
        async with heir.transaction(DbRole.OWNER) as transaction:
            assert await transaction.scalar(text("SELECT count(*) FROM audit_events")) == 1
    finally:
        await heir.close()
        await superuser.execute("REASSIGN OWNED BY heir TO cloister_owner; DROP OWNED BY heir; DROP ROLE heir")
        await superuser.close()


def superuser_password(cluster: EmbeddedPostgres) -> str:
    return (cluster.data.parent / "superuser.password").read_text()


async def test_a_database_without_a_schema_is_refused_with_the_mend(empty: list[str], postgres: Any) -> None:
    database = Database.connect(postgres.gateway_url(empty[0]))
    with pytest.raises(Misconfigured, match="cloister db upgrade"):
        await verify_walls(database)
    await database.close()


async def test_a_second_upgrade_keeps_the_rows_and_mends_the_partitions(owner: Database, owner_url: str) -> None:
    async with owner.transaction(DbRole.OWNER) as transaction:
        await transaction.execute(text("UPDATE revisions SET value = 7 WHERE topic = 'policy'"))
        for name in await names_of_partitions(transaction):
            await transaction.execute(text(f"DROP TABLE {name}"))

    await migrate.upgrade(owner_url)

    async with owner.transaction(DbRole.OWNER) as transaction:
        assert await transaction.scalar(text("SELECT value FROM revisions WHERE topic = 'policy'")) == 7
        assert len(await names_of_partitions(transaction)) == partitions.MONTHS_AHEAD + 1


OLD_VERSION = text("""
    INSERT INTO policy_versions (tenant, version, digest, policies, documents, created, created_by)
    VALUES ('acme', 1, 'ab', '{}', CAST(:documents AS jsonb), '2027-01-01T12:00:00Z', 'ann')""")


async def test_since_when_a_policy_of_before_is_in_shadow_counts_from_the_next_change(
    empty: list[str], postgres: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shadow = Source("p.yaml", POLICY.format("next", "{mode: shadow}"))
    real, url = command.upgrade, postgres.owner_url(empty[0])
    with monkeypatch.context() as patched:
        patched.setattr(command, "upgrade", lambda config, _: real(config, "0006"))
        await migrate.upgrade(url)
    database = Database.connect(postgres.gateway_url(empty[0]))
    async with database.transaction(DbRole.CONTROL, tenant="acme") as transaction:
        await transaction.execute(OLD_VERSION, {"documents": json.dumps(documents_of([shadow]))})

    await migrate.upgrade(url)

    service = PolicyService(database, AsyncMock(), SystemClock())
    old = await service.version_of("acme", 1)
    done = await service.apply("acme", [shadow, Source("q.yaml", POLICY.format("q", "{}"))], LOCAL_OPERATOR)
    new, _ = await service.history_of("acme")
    assert (old and old.documents, old and old.in_shadow) == (documents_of([shadow]), {})
    assert (done.version, new.in_shadow) == (2, {"next": rfc3339(new.created)})
    await database.close()


async def test_the_integrator_makes_partitions_while_serving(owner: Database, database: Database) -> None:
    async with owner.transaction(DbRole.OWNER) as transaction:
        last = max(await names_of_partitions(transaction))
        await transaction.execute(text(f"DROP TABLE {last}"))

    async with database.transaction(DbRole.INTEGRATOR) as transaction:
        await transaction.execute(partitions.MAKE)

    await verify_walls(database)
    async with owner.transaction(DbRole.OWNER) as transaction:
        assert max(await names_of_partitions(transaction)) == last


async def names_of_partitions(transaction: Any) -> list[str]:
    return list((await transaction.execute(PARTITIONS)).scalars())


def import_stores() -> set[str]:
    """Import every ``store`` module, which declares its tables, and return their names."""
    root = Path(gateway.__path__[0])
    found = {".".join(("gateway", *file.relative_to(root).with_suffix("").parts)) for file in root.glob("**/store.py")}
    for name in found:
        importlib.import_module(name)
    return found


async def test_migrations_equal_the_models(owner: Database) -> None:
    stores = import_stores()
    async with owner.transaction(DbRole.OWNER) as transaction:
        migrated = await transaction.run_sync(reflected)

    assert {name: shape(table) for name, table in metadata.tables.items()} == {
        name: shape(migrated[name]) for name in metadata.tables
    }
    if stores >= set(STORES):
        assert set(migrated) - set(metadata.tables) == {f"{SCHEMA}.{name}" for name in UNMODELLED}


def reflected(connection: Connection) -> dict[str, Table]:
    """Return the tables as the database has them, but for partitions."""
    parts = connection.execute(PARTITIONS).scalars().all()
    names = [name for name in inspect(connection).get_table_names(schema=SCHEMA) if name not in parts]
    found = MetaData()
    found.reflect(connection, schema=SCHEMA, only=names)
    return dict(found.tables)


def shape(table: Table) -> dict[str, tuple[str, bool, bool]]:
    """Say of each column its type, whether it may be null, and whether it is of the primary key."""
    dialect = postgresql.dialect()
    return {
        column.name: (column.type.compile(dialect).upper(), bool(column.nullable), column.primary_key)
        for column in table.columns
    }
