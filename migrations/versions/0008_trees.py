"""The Merkle tree of every log: its checkpoints, and the perfect subtrees of 256 leaves, of 65,536, and so on."""

from alembic import op

from gateway.db.migrate import script

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    script(
        op.get_bind(),
        """
        CREATE TABLE audit_checkpoints (
            tenant text NOT NULL,
            size bigint NOT NULL CHECK (size > 0),
            root bytea NOT NULL CHECK (length(root) = 32),
            frontier bytea NOT NULL,
            note text NOT NULL,
            time timestamptz NOT NULL,
            PRIMARY KEY (tenant, size)
        );
        CREATE TABLE audit_nodes (
            tenant text NOT NULL,
            level smallint NOT NULL CHECK (level > 0),
            number bigint NOT NULL,
            hash bytea NOT NULL CHECK (length(hash) = 32),
            PRIMARY KEY (tenant, level, number)
        );
    """,
    )
    for table in ("audit_checkpoints", "audit_nodes"):
        script(
            op.get_bind(),
            f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY integrating ON {table} TO cloister_integrator USING (true);
            CREATE POLICY auditing ON {table} FOR SELECT TO cloister_auditor
                USING (tenant = current_setting('cloister.tenant', true));
            GRANT SELECT, INSERT ON {table} TO cloister_integrator;
            GRANT SELECT ON {table} TO cloister_auditor;
        """,
        )
