"""The walls between tenants and around the audit log, as the catalogue shows them.

Law: a gateway that finds a wall missing does not serve. Row-level security is enabled and forced on every table with a
tenant, partitions included; nobody who serves owns a table, reaches a partition directly, or may change an event. What
the serving login may do counts however it came by it: by a grant, by PUBLIC, or by a role it can become.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import text

from gateway.core.errors import Misconfigured
from gateway.db import partitions
from gateway.db.base import SCHEMA
from gateway.db.engine import Database, DbRole, Transaction
from gateway.db.migrate import head
from gateway.db.pruning import HIDDEN

_TABLES: Final = f"""
    pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = '{SCHEMA}' AND c.relkind IN ('r', 'p')"""

_TENANTS_TABLES: Final = f"""
    {_TABLES} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped"""

_REACHABLE: Final = "pg_roles r ON pg_has_role(session_user, r.oid, 'MEMBER')"
"""Every role that the serving login is or can become."""

_LOGIN: Final = {
    "the serving login {} is a superuser, bypasses row-level security, creates roles or inherits rights": """
        SELECT rolname FROM pg_roles
        WHERE rolname = session_user AND (rolsuper OR rolbypassrls OR rolinherit OR rolcreaterole)""",
}

_WALLS: Final = {
    "row-level security is not enabled and forced on {}": f"""
        SELECT c.relname FROM {_TENANTS_TABLES}
        WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity)""",
    "table {} has a tenant and no policy": f"""
        SELECT c.relname FROM {_TENANTS_TABLES}
        WHERE NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)""",
    "policy {} shows a role every tenant's rows": f"""
        SELECT tablename || '.' || policyname FROM pg_policies JOIN pg_tables USING (schemaname, tablename)
        WHERE schemaname = '{SCHEMA}' AND permissive = 'PERMISSIVE' AND 'true' IN (qual, with_check)
          AND NOT roles <@ ARRAY['cloister_reader', 'cloister_integrator', tableowner]::name[]""",
    "a policy may hide rows of {} from its owner, who prunes it": HIDDEN,
    "the serving login has rights on partition {}": f"""
        SELECT DISTINCT c.relname FROM {_TABLES} JOIN {_REACHABLE}
        WHERE c.relispartition
          AND (has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
               OR has_table_privilege(r.oid, c.oid, 'DELETE, TRUNCATE, TRIGGER'))""",
    "the serving login may change or delete rows of {}": f"""
        SELECT DISTINCT c.relname FROM {_TABLES} JOIN {_REACHABLE}
        WHERE c.relname IN ('audit_events', 'audit_leaves', 'audit_checkpoints', 'audit_nodes', 'policy_versions')
          AND (has_any_column_privilege(r.oid, c.oid, 'UPDATE')
               OR has_table_privilege(r.oid, c.oid, 'DELETE, TRUNCATE, TRIGGER'))""",
    "the serving login has the rights of {} without becoming it": f"""
        SELECT r.rolname FROM {_TABLES} JOIN {_REACHABLE}
        WHERE c.relname = 'audit_events' AND r.rolname <> session_user AND pg_has_role(session_user, r.oid, 'USAGE')""",
    "the serving login can become {}, which is a superuser or bypasses row-level security": f"""
        SELECT r.rolname FROM {_TABLES} JOIN {_REACHABLE}
        WHERE c.relname = 'audit_events' AND (r.rolsuper OR r.rolbypassrls)""",
    "the serving login can become {}, which owns tables": f"""
        SELECT DISTINCT r.rolname FROM {_TABLES} JOIN {_REACHABLE} AND r.oid = c.relowner""",
    "nothing queues the events of {} for their numbers": f"""
        SELECT c.relname FROM {_TABLES}
        WHERE c.relname = 'audit_events' AND NOT EXISTS (
            SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'enqueue' AND t.tgenabled IN ('O', 'A'))""",
}
"""What a broken wall is called, and the query that names where it is broken."""

LOG_SETTINGS: Final = {
    "log_error_verbosity": ("terse",),
    "log_min_error_statement": ("panic", "fatal", "log"),
    "log_parameter_max_length": ("0",),
    "log_parameter_max_length_on_error": ("0",),
}
"""What keeps rows out of the server's own log (promise R3)."""


async def verify_walls(database: Database) -> None:
    """Raise ``Misconfigured`` naming every missing wall, with the mend."""
    async with database.transaction(DbRole.READER) as transaction:
        await _verify_revision(transaction)
        broken = await _broken(transaction, _LOGIN) or await _broken(transaction, _WALLS)
        absent = await partitions.missing(transaction, datetime.now(UTC))
        broken += [f"partition '{name}' is missing" for name in absent]
    if broken:
        detail = f"the database lacks its walls: {'; '.join(broken)}. Mend the grants, then run 'cloister db upgrade'."
        raise Misconfigured(detail)


async def verify_log_settings(database: Database) -> None:
    """Raise ``Misconfigured`` where the server may write values of rows into its own log."""
    async with database.transaction(DbRole.READER) as transaction:
        rows = await transaction.execute(
            text("SELECT name, setting FROM pg_settings WHERE name = ANY (:names)"), {"names": list(LOG_SETTINGS)}
        )
        loose = sorted(name for name, setting in rows if setting not in LOG_SETTINGS[name])
    if loose:
        mend = " ".join(f"ALTER SYSTEM SET {name} = '{LOG_SETTINGS[name][0]}';" for name in loose)
        detail = f"the database server may write rows into its log. As its superuser: {mend} SELECT pg_reload_conf();"
        raise Misconfigured(detail)


async def _verify_revision(transaction: Transaction) -> None:
    known = await transaction.scalar(text(f"SELECT to_regclass('{SCHEMA}.schema_version')::text"))
    revision = await transaction.scalar(text(f"SELECT version_num FROM {SCHEMA}.schema_version")) if known else None
    if revision != head():
        detail = f"the schema is at {revision or 'nothing'} and must be at {head()}: run 'cloister db upgrade'."
        raise Misconfigured(detail)


async def _broken(transaction: Transaction, checks: dict[str, str]) -> list[str]:
    return [
        name.format(f"'{row[0]}'")
        for name, query in checks.items()
        for row in await transaction.execute(text(f"{query} ORDER BY 1"))
    ]
