"""${message}."""

from alembic import op

from gateway.db.migrate import script

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    script(op.get_bind(), """${upgrades if upgrades else ""}""")
