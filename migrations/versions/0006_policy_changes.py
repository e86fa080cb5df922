"""How a version of the policies came about, who agreed, whose a key is; workers are told of changes at once."""

from alembic import op

from gateway.db.migrate import script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    script(
        op.get_bind(),
        """
        ALTER TABLE policy_versions
            ADD COLUMN origin text NOT NULL DEFAULT 'apply'
                CHECK (origin IN ('apply', 'rollback', 'break_glass', 'return')),
            ADD COLUMN restores integer,
            ADD COLUMN plan text NOT NULL DEFAULT '',
            ADD COLUMN approved_by text NOT NULL DEFAULT '',
            ADD COLUMN reason text NOT NULL DEFAULT '',
            ADD COLUMN until timestamptz,
            ADD COLUMN revision bigint,
            ADD COLUMN content text NOT NULL DEFAULT '',
            ADD COLUMN bundle bytea;

        CREATE TABLE policy_approvals (
            tenant text NOT NULL,
            plan text NOT NULL,
            owner text NOT NULL,
            key text NOT NULL,
            makers jsonb NOT NULL,
            given timestamptz NOT NULL,
            PRIMARY KEY (tenant, plan, owner, given)
        );
        ALTER TABLE policy_approvals ENABLE ROW LEVEL SECURITY;
        ALTER TABLE policy_approvals FORCE ROW LEVEL SECURITY;
        CREATE POLICY own ON policy_approvals TO cloister_control
            USING (tenant = current_setting('cloister.tenant', true))
            WITH CHECK (tenant = current_setting('cloister.tenant', true));
        GRANT SELECT, INSERT ON policy_approvals TO cloister_control;

        ALTER TABLE api_keys ADD COLUMN owner text NOT NULL DEFAULT '';

        CREATE FUNCTION tell_of_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('cloister_changes', NEW.topic);
            RETURN NULL;
        END $$;
        CREATE TRIGGER changed AFTER UPDATE ON revisions FOR EACH ROW EXECUTE FUNCTION tell_of_change();
    """,
    )
