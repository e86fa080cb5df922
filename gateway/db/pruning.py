"""What the owner must see of the audit log, or it prunes nothing.

Law: nothing seen is never taken for nothing there. Row-level security is forced on the owner as well and hides rows
without a word, so the tables' owner has a policy of its own that shows it every row; no restrictive one stands beside
it. Tables that change hands keep their policies, so each upgrade makes these again where they are another's.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from gateway.core.errors import Misconfigured
from gateway.db.base import SCHEMA
from gateway.db.engine import Transaction

_SHOWN: Final = """
    EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = t.schemaname AND p.tablename = t.tablename
            AND p.permissive = 'PERMISSIVE' AND p.cmd IN ('ALL', 'SELECT') AND p.qual = 'true'
            AND t.tableowner = ANY (p.roles))"""

_LOG: Final = f"pg_tables t WHERE t.schemaname = '{SCHEMA}' AND t.tablename IN ('audit_events', 'audit_leaves')"

HIDDEN: Final = f"""
        SELECT t.tablename FROM {_LOG}
        AND (NOT {_SHOWN}
             OR EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = t.schemaname AND p.tablename = t.tablename
                        AND p.permissive = 'RESTRICTIVE'))"""
"""Names the tables of the log of which a row may be hidden from their owner."""

_UNSEEN: Final = text(f"""
    {HIDDEN} UNION SELECT t.tablename FROM {_LOG} AND NOT pg_has_role(t.tableowner, 'USAGE') ORDER BY 1""")

SHOW: Final = text(f"""
    DO $$
    DECLARE
        log record;
    BEGIN
        FOR log IN SELECT tablename, tableowner FROM {_LOG} AND NOT {_SHOWN} LOOP
            EXECUTE format('DROP POLICY IF EXISTS pruning ON {SCHEMA}.%I', log.tablename);
            EXECUTE format(
                'CREATE POLICY pruning ON {SCHEMA}.%I FOR SELECT TO %I USING (true)', log.tablename, log.tableowner);
        END LOOP;
    END $$""")
"""Shows the owner every row of the log, where the policy that does is missing or another's."""


async def require_sight(transaction: Transaction) -> None:
    """Raise ``Misconfigured`` where a row of the log may be hidden from the login of this transaction."""
    unseen = (await transaction.execute(_UNSEEN)).scalars().all()
    if unseen:
        names = ", ".join(f"'{name}'" for name in unseen)
        detail = f"rows of {names} may be hidden from the login of database.owner_url: run 'cloister db upgrade'."
        raise Misconfigured(detail)
