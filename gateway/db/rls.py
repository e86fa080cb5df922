"""The walls between tenants and around the audit log, as the catalogue shows them.

Law: a gateway that finds a wall missing does not serve. Row-level security is enabled and forced on every table with a
tenant, partitions included; nobody who serves owns a table, reaches a partition directly, or may change an event.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import text

from gateway.core.errors import Misconfigured
from gateway.db.base import SCHEMA
from gateway.db.engine import Database, DbRole
from gateway.db.migrate import head

_RUNTIME: Final = (
    "'cloister_gateway', 'cloister_append', 'cloister_integrator', 'cloister_auditor', 'cloister_reader',"
    " 'cloister_control', 'public'"
)

_CHECKS: Final = {
    "row-level security is not enabled and forced on {}": f"""
        SELECT c.relname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = '{SCHEMA}'
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)""",
    "table {} has a tenant and no policy": f"""
        SELECT c.relname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = '{SCHEMA}'
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)""",
    "a serving role was granted something on partition {}": f"""
        SELECT DISTINCT c.relname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = '{SCHEMA}',
        LATERAL aclexplode(c.relacl) acl
        LEFT JOIN pg_roles r ON r.oid = acl.grantee
        WHERE c.relispartition AND coalesce(r.rolname, 'public') IN ({_RUNTIME})""",
    "a serving role may change or delete rows of {}": f"""
        SELECT DISTINCT c.relname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = '{SCHEMA}',
        LATERAL aclexplode(c.relacl) acl
        LEFT JOIN pg_roles r ON r.oid = acl.grantee
        WHERE c.relname IN ('audit_events', 'audit_leaves', 'policy_versions')
          AND coalesce(r.rolname, 'public') IN ({_RUNTIME})
          AND acl.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')""",
    "the serving login {} is a superuser, bypasses row-level security or inherits rights": """
        SELECT rolname FROM pg_roles
        WHERE rolname = session_user AND (rolsuper OR rolbypassrls OR rolinherit OR rolcreaterole)""",
    "a serving role can become {}, which owns tables": f"""
        SELECT DISTINCT r.rolname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = '{SCHEMA}'
        JOIN pg_roles r ON r.oid = c.relowner
        WHERE pg_has_role(session_user, r.oid, 'MEMBER')""",
}
"""What a broken wall is called, and the query that names where it is broken."""


async def verify_walls(database: Database) -> None:
    """Raise ``Misconfigured`` naming every missing wall, with the mend."""
    async with database.transaction(DbRole.READER) as transaction:
        have = await transaction.scalar(text("SELECT to_regclass('cloister.schema_version')::text"))
        revision = await transaction.scalar(text("SELECT version_num FROM schema_version")) if have else None
        if revision != head():
            detail = f"the schema is at {revision or 'nothing'} and must be at {head()}: run 'cloister db upgrade'."
            raise Misconfigured(detail)
        broken = []
        for name, query in _CHECKS.items():
            broken += [name.format(f"'{row[0]}'") for row in await transaction.execute(text(query))]
        for partition in _partitions_needed(datetime.now(UTC)):
            if (
                await transaction.scalar(text("SELECT to_regclass(:name)::text"), {"name": f"{SCHEMA}.{partition}"})
                is None
            ):
                broken.append(f"partition '{partition}' is missing")
    if broken:
        detail = f"the database lacks its walls: {'; '.join(broken)}. Run 'cloister db upgrade' as the owner."
        raise Misconfigured(detail)


def _partitions_needed(now: datetime) -> list[str]:
    """Return this month's partition and the next one's."""
    following = (now.year + now.month // 12, now.month % 12 + 1)
    return [f"audit_events_{year}_{month:02}" for year, month in ((now.year, now.month), following)]
