"""Since when documents are in shadow, beside the version that holds them. For older ones the next change counts."""

from alembic import op

from gateway.db.migrate import script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    script(op.get_bind(), "ALTER TABLE policy_versions ADD COLUMN in_shadow jsonb NOT NULL DEFAULT '{}';")
