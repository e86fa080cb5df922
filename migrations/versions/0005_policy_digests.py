"""The digests that answers and events name, beside the version that they come from."""

from alembic import op

from gateway.db.migrate import script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    script(op.get_bind(), "ALTER TABLE policy_versions ADD COLUMN policies jsonb NOT NULL DEFAULT '{}';")
