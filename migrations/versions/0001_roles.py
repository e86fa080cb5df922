"""The roles of the serving login, and its way into the schema.

No migration has a way down: an audit log is not dropped by a command.
"""

from alembic import op

from gateway.core.shipped import shipped
from gateway.db.migrate import script

revision = "0001"
down_revision = None


def upgrade() -> None:
    script(op.get_bind(), (shipped("migrations") / "sql" / "roles.sql").read_text(encoding="utf-8"))
    script(
        op.get_bind(),
        """
        GRANT USAGE ON SCHEMA cloister TO cloister_gateway,
            cloister_append, cloister_integrator, cloister_auditor, cloister_reader, cloister_control;
    """,
    )
