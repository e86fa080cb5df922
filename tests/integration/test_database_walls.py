"""The walls in the database: what the serving login cannot do, and that a missing wall is named."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gateway.core.errors import Misconfigured
from gateway.db import Database, DbRole
from gateway.db.rls import verify_log_settings, verify_walls

pytestmark = pytest.mark.integration

RUNTIME = [role for role in DbRole if role is not DbRole.OWNER]
EVENT = """
    INSERT INTO audit_events (tenant, id, filed, time, actor, role, action, resource, outcome, policy, details)
    VALUES (:tenant, gen_random_uuid(), now(), now(), 'a', 'app', 'exchange.open', '/v1', 'success', '', '{}')
"""

CHECKPOINT = "INSERT INTO audit_checkpoints VALUES ('acme', 1, sha256(''), '', '', now())"


async def first_partition(owner: Database) -> str:
    async with owner.transaction(DbRole.OWNER) as transaction:
        query = "SELECT min(inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'audit_events'::regclass"
        return str(await transaction.scalar(text(query)))


async def append(database: Database, tenant: str, into: str | None = None) -> None:
    async with database.transaction(DbRole.APPEND, tenant=tenant) as transaction:
        await transaction.execute(text(EVENT), {"tenant": into or tenant})


async def test_a_fresh_database_has_its_walls(database: Database) -> None:
    await verify_walls(database)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("ALTER TABLE cloister.api_keys NO FORCE ROW LEVEL SECURITY", "not enabled and forced on 'api_keys'"),
        ("ALTER TABLE cloister.audit_events DISABLE ROW LEVEL SECURITY", "not enabled and forced on 'audit_events'"),
        ("ALTER TABLE {partition} DISABLE ROW LEVEL SECURITY", "not enabled and forced on '{partition}'"),
        ("CREATE TABLE cloister.notes (tenant text)", "not enabled and forced on 'notes'"),
        ("DROP POLICY own ON cloister.policy_versions; DROP POLICY reading ON cloister.policy_versions", "no policy"),
        ("CREATE POLICY lax ON cloister.api_keys TO cloister_control USING (true)", "'api_keys.lax' shows"),
        ("CREATE POLICY lax ON cloister.audit_events FOR SELECT USING (true)", "'audit_events.lax' shows"),
        ("DROP POLICY pruning ON cloister.audit_leaves", "hide rows of 'audit_leaves'"),
        ("ALTER POLICY pruning ON cloister.audit_events USING (tenant = 'acme')", "hide rows of 'audit_events'"),
        ("CREATE POLICY odd ON cloister.audit_events AS RESTRICTIVE USING (false)", "hide rows of 'audit_events'"),
        ("GRANT SELECT ON {partition} TO cloister_auditor", "rights on partition '{partition}'"),
        ("GRANT SELECT (actor) ON {partition} TO PUBLIC", "rights on partition '{partition}'"),
        ("GRANT UPDATE ON cloister.audit_events TO cloister_append", "change or delete rows of 'audit_events'"),
        ("GRANT UPDATE (actor) ON cloister.audit_events TO cloister_append", "change or delete rows of 'audit_events'"),
        ("GRANT TRUNCATE ON cloister.audit_leaves TO PUBLIC", "change or delete rows of 'audit_leaves'"),
        ("GRANT UPDATE (note) ON cloister.audit_checkpoints TO cloister_integrator", "rows of 'audit_checkpoints'"),
        ("GRANT DELETE ON cloister.audit_checkpoints TO cloister_integrator", "rows of 'audit_checkpoints'"),
        ("GRANT TRUNCATE ON cloister.audit_nodes TO cloister_integrator", "rows of 'audit_nodes'"),
        ("GRANT UPDATE ON cloister.audit_nodes TO PUBLIC", "rows of 'audit_nodes'"),
        ("ALTER TABLE cloister.audit_checkpoints NO FORCE ROW LEVEL SECURITY", "forced on 'audit_checkpoints'"),
        ("ALTER TABLE cloister.audit_nodes DISABLE ROW LEVEL SECURITY", "not enabled and forced on 'audit_nodes'"),
        ("CREATE POLICY lax ON cloister.audit_nodes FOR SELECT USING (true)", "'audit_nodes.lax' shows"),
        ("GRANT DELETE ON cloister.policy_versions TO cloister_gateway", "change or delete rows of 'policy_versions'"),
        ("DROP TABLE {partition}", "partition '{partition}' is missing"),
        ("DROP TRIGGER enqueue ON cloister.audit_events", "nothing queues"),
        ("ALTER TABLE cloister.audit_events DISABLE TRIGGER enqueue", "nothing queues"),
        ("DELETE FROM cloister.schema_version", "at nothing and must be at"),
        ("UPDATE cloister.schema_version SET version_num = '0001'", "at 0001 and must be at"),
    ],
)
async def test_a_missing_wall_is_named(owner: Database, database: Database, fault: str, named: str) -> None:
    partition = await first_partition(owner)
    async with owner.transaction(DbRole.OWNER) as transaction:
        for statement in fault.format(partition=partition).split("; "):
            await transaction.execute(text(statement))

    with pytest.raises(Misconfigured) as raised:
        await verify_walls(database)

    assert named.format(partition=partition) in str(raised.value)


@pytest.mark.parametrize(
    ("fault", "mend", "named"),
    [
        ("ALTER ROLE cloister_gateway BYPASSRLS", "ALTER ROLE cloister_gateway NOBYPASSRLS", "bypasses"),
        ("ALTER ROLE cloister_gateway SUPERUSER", "ALTER ROLE cloister_gateway NOSUPERUSER", "is a superuser"),
        ("ALTER ROLE cloister_gateway INHERIT", "ALTER ROLE cloister_gateway NOINHERIT", "inherits rights"),
        ("ALTER ROLE cloister_gateway CREATEROLE", "ALTER ROLE cloister_gateway NOCREATEROLE", "creates roles"),
        ("ALTER ROLE cloister_reader BYPASSRLS", "ALTER ROLE cloister_reader NOBYPASSRLS", "become 'cloister_reader'"),
        (
            "GRANT cloister_owner TO cloister_gateway",
            "REVOKE cloister_owner FROM cloister_gateway",
            "become 'cloister_owner', which owns",
        ),
        (
            "GRANT pg_read_all_data TO cloister_auditor",
            "REVOKE pg_read_all_data FROM cloister_auditor",
            "rights on partition",
        ),
        (
            "GRANT pg_write_all_data TO cloister_gateway",
            "REVOKE pg_write_all_data FROM cloister_gateway",
            "change or delete rows of 'audit_leaves'",
        ),
    ],
)
async def test_a_role_that_is_too_strong_is_named(
    database: Database, as_superuser: Callable[..., Awaitable[None]], fault: str, mend: str, named: str
) -> None:
    await as_superuser(fault)
    try:
        with pytest.raises(Misconfigured) as raised:
            await verify_walls(database)
    finally:
        await as_superuser(mend)

    assert named in str(raised.value)
    await verify_walls(database)


async def test_a_server_that_logs_rows_is_named_with_the_mend(
    database: Database, as_superuser: Callable[..., Awaitable[None]]
) -> None:
    await verify_log_settings(database)
    await as_superuser("ALTER ROLE cloister_gateway SET log_error_verbosity = 'default'")
    loose = Database.connect(database._dsn)
    try:
        with pytest.raises(Misconfigured, match="ALTER SYSTEM SET log_error_verbosity = 'terse'"):
            await verify_log_settings(loose)
    finally:
        await loose.close()
        await as_superuser("ALTER ROLE cloister_gateway RESET log_error_verbosity")


async def test_the_owner_may_not_serve(owner_url: str) -> None:
    serving = Database.connect(owner_url)
    try:
        with pytest.raises(Misconfigured):
            await verify_walls(serving)
    finally:
        await serving.close()


@pytest.mark.parametrize("role", RUNTIME)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET actor = 'x'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
        "UPDATE audit_leaves SET leaf = leaf",
        "DELETE FROM audit_leaves",
        "DELETE FROM policy_versions",
        "UPDATE policy_versions SET digest = 'x'",
        "ALTER TABLE audit_events DISABLE ROW LEVEL SECURITY",
        "DROP TABLE audit_events",
        "SET ROLE cloister_owner",
        "SELECT * FROM {partition}",
        "INSERT INTO {partition} SELECT * FROM {partition}",
    ],
)
async def test_no_serving_role_gets_past(database: Database, owner: Database, role: DbRole, statement: str) -> None:
    partition = await first_partition(owner)

    with pytest.raises(DBAPIError) as raised:
        async with database.transaction(role, tenant="acme") as transaction:
            await transaction.execute(text(statement.format(partition=partition)))

    assert isinstance(raised.value.orig.__cause__, asyncpg.InsufficientPrivilegeError)


async def test_an_auditor_sees_the_own_tenant_only(database: Database) -> None:
    await append(database, "acme")
    await append(database, "other")

    async with database.transaction(DbRole.AUDITOR, tenant="acme") as transaction:
        seen = (await transaction.execute(text("SELECT DISTINCT tenant FROM audit_events"))).scalars().all()

    assert seen == ["acme"]


async def test_without_a_tenant_nothing_is_seen(database: Database) -> None:
    await append(database, "acme")

    async with database.transaction(DbRole.AUDITOR) as transaction:
        assert await transaction.scalar(text("SELECT count(*) FROM audit_events")) == 0


async def test_an_event_cannot_be_filed_under_another_tenant(database: Database) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        await append(database, "acme", into="other")


async def test_the_tenant_does_not_reach_the_next_user_of_a_connection(gateway_url: str) -> None:
    narrow = Database.connect(gateway_url, pool_size=1)
    try:
        for tenant in ("acme", None):
            async with narrow.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
                setting = await transaction.scalar(text("SELECT current_setting('cloister.tenant', true)"))
            assert (setting or None) == tenant
    finally:
        await narrow.close()


async def test_every_unique_key_carries_the_tenant(owner: Database) -> None:
    async with owner.transaction(DbRole.OWNER) as transaction:
        keys = await transaction.execute(
            text("""
                SELECT c.relname, array_agg(a.attname::text) FROM pg_index i
                JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
                WHERE n.nspname = 'cloister' AND i.indisunique
                  AND EXISTS (SELECT FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'tenant')
                GROUP BY i.indexrelid, c.relname
            """)
        )
        assert [row for row in keys if "tenant" not in row[1]] == []


async def test_an_event_recorded_twice_is_kept_and_queued_once(database: Database) -> None:
    again = EVENT.replace("gen_random_uuid(), now(), now()", "CAST(:id AS uuid), CAST(:filed AS timestamptz), now()")
    values = {"tenant": "acme", "id": uuid.uuid4(), "filed": datetime.now(UTC)}
    for _ in range(2):
        async with database.transaction(DbRole.APPEND, tenant="acme") as transaction:
            await transaction.execute(text(f"{again} ON CONFLICT DO NOTHING"), values)

    async with database.transaction(DbRole.INTEGRATOR) as transaction:
        for table in ("audit_events", "audit_pending"):
            assert await transaction.scalar(text(f"SELECT count(*) FROM {table}")) == 1  # noqa: S608 - our names


@pytest.mark.parametrize(
    ("role", "tenant", "statement"),
    [
        (DbRole.CONTROL, "acme", "INSERT INTO tenants VALUES ('new', now(), 'x')"),
        (DbRole.CONTROL, "platform", "INSERT INTO tenants VALUES ('platform', now(), 'x')"),
        (DbRole.CONTROL, "acme", "INSERT INTO policy_versions VALUES ('other', 1, '', '[]', now(), 'x')"),
        (DbRole.CONTROL, "acme", "INSERT INTO api_keys VALUES ('other', 'i', '', 'app', sha256(''), now(), 'x')"),
        (DbRole.CONTROL, "acme", "UPDATE api_keys SET role = 'admin'"),
        (DbRole.CONTROL, "acme", "SELECT * FROM audit_events"),
        (DbRole.APPEND, "acme", "SELECT * FROM audit_events"),
        (DbRole.APPEND, "acme", "INSERT INTO audit_leaves VALUES ('acme', 1, gen_random_uuid(), now(), sha256(''))"),
        (DbRole.READER, "acme", "SELECT * FROM audit_events"),
        (DbRole.READER, "acme", "UPDATE revisions SET value = 9"),
        (DbRole.AUDITOR, "acme", "SELECT * FROM api_keys"),
        (DbRole.AUDITOR, "acme", CHECKPOINT),
        (DbRole.APPEND, "acme", CHECKPOINT),
        (DbRole.APPEND, "acme", "SELECT * FROM audit_nodes"),
        (DbRole.CONTROL, "acme", "SELECT * FROM audit_checkpoints"),
        (DbRole.INTEGRATOR, "acme", "UPDATE audit_checkpoints SET note = ''"),
        (DbRole.INTEGRATOR, "acme", "DELETE FROM audit_nodes"),
        (DbRole.INTEGRATOR, "acme", "TRUNCATE audit_checkpoints"),
        (DbRole.AUDITOR, "acme", "INSERT INTO audit_pending VALUES ('acme', gen_random_uuid(), now())"),
        (DbRole.APPEND, "acme", "SELECT make_partitions(1)"),
        (DbRole.INTEGRATOR, "acme", "CREATE TABLE cloister.mine (n int)"),
    ],
)
async def test_a_role_does_its_own_work_only(database: Database, role: DbRole, tenant: str, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|row-level security|violates check constraint"):
        async with database.transaction(role, tenant=tenant) as transaction:
            await transaction.execute(text(statement))


async def test_a_key_is_not_changed_from_another_tenant(database: Database) -> None:
    async with database.transaction(DbRole.CONTROL, tenant="acme") as transaction:
        key = "INSERT INTO api_keys VALUES ('acme', 'k', '', 'app', sha256(''), now(), 'x')"
        await transaction.execute(text(key))
    for tenant, changed in (("other", 0), (None, 0), ("acme", 1)):
        async with database.transaction(DbRole.CONTROL, tenant=tenant) as transaction:
            result = await transaction.execute(text("UPDATE api_keys SET revoked = now()"))
        assert result.rowcount == changed
