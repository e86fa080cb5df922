"""The roles of the serving login."""

from pathlib import Path

from alembic import op

from gateway.db.migrate import script

revision = "0001"
down_revision = None


def upgrade() -> None:
    script(op.get_bind(), (Path(__file__).parent.parent / "sql" / "roles.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Leave the roles: other databases of the cluster may use them."""
