"""Tenants, API keys, and the revisions that workers watch."""

from alembic import op

from gateway.db.migrate import script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    script(
        op.get_bind(),
        """
        CREATE TABLE revisions (
            topic text PRIMARY KEY,
            value bigint NOT NULL
        );
        INSERT INTO revisions VALUES ('access', 1), ('policy', 1);
        GRANT SELECT ON schema_version, revisions TO cloister_reader;
        GRANT SELECT, INSERT, UPDATE ON revisions TO cloister_control;

        CREATE TABLE tenants (
            tenant text PRIMARY KEY CHECK (tenant ~ '^[a-z0-9][a-z0-9-]{0,62}$' AND tenant <> 'platform'),
            created timestamptz NOT NULL,
            created_by text NOT NULL
        );
        ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
        ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
        CREATE POLICY reading ON tenants FOR SELECT TO cloister_reader USING (true);
        CREATE POLICY looking ON tenants FOR SELECT TO cloister_control
            USING (current_setting('cloister.tenant', true) IN (tenant, 'platform'));
        CREATE POLICY founding ON tenants FOR INSERT TO cloister_control
            WITH CHECK (current_setting('cloister.tenant', true) = 'platform');
        GRANT SELECT ON tenants TO cloister_reader;
        GRANT SELECT, INSERT ON tenants TO cloister_control;

        CREATE TABLE api_keys (
            tenant text NOT NULL,
            id text NOT NULL,
            label text NOT NULL,
            role text NOT NULL,
            digest bytea NOT NULL CHECK (length(digest) = 32),
            created timestamptz NOT NULL,
            created_by text NOT NULL,
            expires timestamptz,
            revoked timestamptz,
            last_used timestamptz,
            PRIMARY KEY (tenant, id),
            CHECK ((role = 'platform') = (tenant = 'platform'))
        );
        CREATE INDEX api_keys_id ON api_keys (id);
        ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
        ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
        CREATE POLICY reading ON api_keys FOR SELECT TO cloister_reader USING (true);
        CREATE POLICY own ON api_keys TO cloister_control
            USING (tenant = current_setting('cloister.tenant', true))
            WITH CHECK (tenant = current_setting('cloister.tenant', true));
        GRANT SELECT ON api_keys TO cloister_reader;
        GRANT SELECT, INSERT, UPDATE (revoked, last_used) ON api_keys TO cloister_control;
    """,
    )
