"""Versions of policies, append-only."""

from alembic import op

from gateway.db.migrate import script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    script(
        op.get_bind(),
        """
        CREATE TABLE policy_versions (
            tenant text NOT NULL,
            version integer NOT NULL CHECK (version > 0),
            digest text NOT NULL,
            documents jsonb NOT NULL,
            created timestamptz NOT NULL,
            created_by text NOT NULL,
            PRIMARY KEY (tenant, version)
        );
        ALTER TABLE policy_versions ENABLE ROW LEVEL SECURITY;
        ALTER TABLE policy_versions FORCE ROW LEVEL SECURITY;
        CREATE POLICY reading ON policy_versions FOR SELECT TO cloister_reader USING (true);
        CREATE POLICY own ON policy_versions TO cloister_control
            USING (tenant = current_setting('cloister.tenant', true))
            WITH CHECK (tenant = current_setting('cloister.tenant', true));
        GRANT SELECT ON policy_versions TO cloister_reader;
        GRANT SELECT, INSERT ON policy_versions TO cloister_control;
    """,
    )
