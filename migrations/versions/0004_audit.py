"""Audit events by month, the queue of what has no number yet, and the leaves of each tenant's log."""

from alembic import op

from gateway.db.migrate import script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    script(
        op.get_bind(),
        """
        CREATE TABLE audit_events (
            tenant text NOT NULL,
            id uuid NOT NULL,
            filed timestamptz NOT NULL,
            time timestamptz NOT NULL,
            actor text NOT NULL,
            role text NOT NULL,
            action text NOT NULL,
            resource text NOT NULL,
            outcome text NOT NULL,
            exchange uuid,
            policy text NOT NULL,
            instance uuid,
            details jsonb NOT NULL,
            PRIMARY KEY (tenant, id, filed),
            UNIQUE (tenant, exchange, action, filed)
        ) PARTITION BY RANGE (filed);
        CREATE INDEX audit_events_time ON audit_events (tenant, time);
        CREATE INDEX audit_events_open ON audit_events (instance) WHERE action = 'exchange.open';
        ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
        ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;
        CREATE POLICY appending ON audit_events FOR INSERT TO cloister_append
            WITH CHECK (tenant = current_setting('cloister.tenant', true));
        CREATE POLICY integrating ON audit_events FOR SELECT TO cloister_integrator USING (true);
        CREATE POLICY auditing ON audit_events FOR SELECT TO cloister_auditor
            USING (tenant = current_setting('cloister.tenant', true));
        CREATE POLICY pruning ON audit_events FOR SELECT TO CURRENT_USER USING (true);
        GRANT INSERT ON audit_events TO cloister_append;
        GRANT SELECT ON audit_events TO cloister_integrator, cloister_auditor;

        CREATE TABLE audit_pending (
            tenant text NOT NULL,
            event uuid NOT NULL,
            filed timestamptz NOT NULL,
            PRIMARY KEY (tenant, event)
        );
        ALTER TABLE audit_pending ENABLE ROW LEVEL SECURITY;
        ALTER TABLE audit_pending FORCE ROW LEVEL SECURITY;
        CREATE POLICY appending ON audit_pending FOR INSERT TO cloister_append
            WITH CHECK (tenant = current_setting('cloister.tenant', true));
        CREATE POLICY integrating ON audit_pending TO cloister_integrator USING (true);
        CREATE POLICY auditing ON audit_pending FOR SELECT TO cloister_auditor
            USING (tenant = current_setting('cloister.tenant', true));
        GRANT INSERT ON audit_pending TO cloister_append;
        GRANT SELECT, DELETE ON audit_pending TO cloister_integrator;
        GRANT SELECT ON audit_pending TO cloister_auditor;

        CREATE TABLE audit_leaves (
            tenant text NOT NULL,
            seq bigint NOT NULL CHECK (seq > 0),
            event uuid NOT NULL,
            filed timestamptz NOT NULL,
            leaf bytea NOT NULL CHECK (length(leaf) = 32),
            PRIMARY KEY (tenant, seq),
            UNIQUE (tenant, event)
        );
        CREATE INDEX audit_leaves_filed ON audit_leaves (tenant, filed);
        ALTER TABLE audit_leaves ENABLE ROW LEVEL SECURITY;
        ALTER TABLE audit_leaves FORCE ROW LEVEL SECURITY;
        CREATE POLICY integrating ON audit_leaves TO cloister_integrator USING (true);
        CREATE POLICY auditing ON audit_leaves FOR SELECT TO cloister_auditor
            USING (tenant = current_setting('cloister.tenant', true));
        CREATE POLICY pruning ON audit_leaves FOR SELECT TO CURRENT_USER USING (true);
        GRANT SELECT, INSERT ON audit_leaves TO cloister_integrator;
        GRANT SELECT ON audit_leaves TO cloister_auditor;

        CREATE TABLE gateway_instances (
            id uuid PRIMARY KEY,
            lock bigint NOT NULL,
            started timestamptz NOT NULL,
            ended timestamptz
        );
        GRANT SELECT, INSERT, UPDATE (ended) ON gateway_instances TO cloister_integrator;
    """,
    )
    script(
        op.get_bind(),
        """
        CREATE FUNCTION audit_enqueue() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO cloister.audit_pending (tenant, event, filed) VALUES (NEW.tenant, NEW.id, NEW.filed);
            RETURN NULL;
        END $$;
        CREATE TRIGGER enqueue AFTER INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION audit_enqueue();

        CREATE FUNCTION make_partitions(months_ahead integer) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = cloister, pg_temp AS $$
        DECLARE
            first timestamptz;
            name text;
        BEGIN
            PERFORM pg_advisory_xact_lock(7105251940632);
            FOR month IN 0 .. least(months_ahead, 24) LOOP
                first := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => month))
                    AT TIME ZONE 'UTC';
                name := 'audit_events_' || to_char(first AT TIME ZONE 'UTC', 'YYYY_MM');
                IF to_regclass('cloister.' || name) IS NULL THEN
                    -- CREATE TABLE … PARTITION OF would lock the whole log: every insert would queue behind a reader
                    EXECUTE format('CREATE TABLE cloister.%I (LIKE cloister.audit_events)', name);
                    EXECUTE format('ALTER TABLE cloister.%I ENABLE ROW LEVEL SECURITY', name);
                    EXECUTE format('ALTER TABLE cloister.%I FORCE ROW LEVEL SECURITY', name);
                    EXECUTE format(
                        'ALTER TABLE cloister.audit_events ATTACH PARTITION cloister.%I FOR VALUES FROM (%L) TO (%L)',
                        name, first, (first AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC');
                END IF;
            END LOOP;
        END $$;
        REVOKE ALL ON FUNCTION make_partitions(integer) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION make_partitions(integer) TO cloister_integrator;
        SELECT make_partitions(3);
    """,
    )
