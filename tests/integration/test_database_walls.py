import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gateway.core.errors import Misconfigured
from gateway.db import Database, DbRole
from gateway.db.rls import verify_walls

pytestmark = pytest.mark.integration

RUNTIME = [role for role in DbRole if role is not DbRole.OWNER]
EVENT = """
    INSERT INTO audit_events (tenant, id, filed, time, actor, role, action, resource, outcome, policy, details)
    VALUES (:tenant, gen_random_uuid(), now(), now(), 'a', 'app', 'exchange.open', '/v1', 'success', '', '{}')
"""


async def append(database: Database, tenant: str, into: str | None = None) -> None:
    async with database.transaction(DbRole.APPEND, tenant=tenant) as transaction:
        await transaction.execute(text(EVENT), {"tenant": into or tenant})


async def test_a_fresh_database_has_its_walls(database: Database) -> None:
    await verify_walls(database)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("ALTER TABLE cloister.api_keys NO FORCE ROW LEVEL SECURITY", "'api_keys'"),
        ("ALTER TABLE cloister.audit_events DISABLE ROW LEVEL SECURITY", "'audit_events'"),
        ("DROP POLICY own ON cloister.policy_versions; DROP POLICY reading ON cloister.policy_versions", "no policy"),
        ("GRANT UPDATE ON cloister.audit_events TO cloister_append", "change or delete"),
        ("GRANT TRUNCATE ON cloister.audit_leaves TO PUBLIC", "change or delete"),
        ("DELETE FROM cloister.schema_version", "cloister db upgrade"),
        ("CREATE TABLE cloister.notes (tenant text)", "'notes'"),
    ],
)
async def test_a_missing_wall_is_named(owner: Database, database: Database, fault: str, named: str) -> None:
    async with owner.transaction(DbRole.OWNER) as transaction:
        for statement in fault.split("; "):
            await transaction.execute(text(statement))

    with pytest.raises(Misconfigured) as raised:
        await verify_walls(database)

    assert named in str(raised.value)


async def test_a_grant_on_a_partition_is_found(owner: Database, database: Database) -> None:
    async with owner.transaction(DbRole.OWNER) as transaction:
        name = await transaction.scalar(text("SELECT min(inhrelid::regclass::text) FROM pg_inherits"))
        await transaction.execute(text(f"GRANT SELECT ON {name} TO cloister_auditor"))

    with pytest.raises(Misconfigured, match="on partition"):
        await verify_walls(database)


async def test_a_missing_partition_is_found(owner: Database, database: Database) -> None:
    async with owner.transaction(DbRole.OWNER) as transaction:
        name = await transaction.scalar(text("SELECT min(inhrelid::regclass::text) FROM pg_inherits"))
        await transaction.execute(text(f"DROP TABLE {name}"))

    with pytest.raises(Misconfigured, match="is missing"):
        await verify_walls(database)


async def test_the_owner_may_not_serve(place: object) -> None:
    serving = Database.connect(place.owner_url)  # type: ignore[attr-defined]
    try:
        with pytest.raises((Misconfigured, DBAPIError)):
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
    async with owner.transaction(DbRole.OWNER) as transaction:
        partition = await transaction.scalar(text("SELECT min(inhrelid::regclass::text) FROM pg_inherits"))

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


async def test_the_tenant_does_not_reach_the_next_user_of_a_connection(place: object) -> None:
    narrow = Database.connect(place.gateway_url, pool_size=1)  # type: ignore[attr-defined]
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
