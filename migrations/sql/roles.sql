-- The roles of the serving login. They own nothing; each migration grants them what its tables need.
-- Roles belong to the cluster: another database of it may have made them already, perhaps at this very moment, and an
-- administrator may run this file beforehand, so that the owner needs no CREATEROLE. cloister_gateway gets LOGIN and a
-- password from whoever deploys: ALTER ROLE cloister_gateway LOGIN PASSWORD '…'.
DO $$
DECLARE
    name text;
BEGIN
    BEGIN
        IF to_regrole('cloister_gateway') IS NULL THEN
            CREATE ROLE cloister_gateway NOLOGIN NOINHERIT;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    FOREACH name IN ARRAY ARRAY[
        'cloister_append', 'cloister_integrator', 'cloister_auditor', 'cloister_reader', 'cloister_control'
    ] LOOP
        BEGIN
            IF to_regrole(name) IS NULL THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', name);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
        BEGIN
            IF NOT pg_has_role('cloister_gateway', name, 'MEMBER') THEN
                EXECUTE format('GRANT %I TO cloister_gateway', name);
            END IF;
        EXCEPTION WHEN unique_violation THEN
            NULL;
        END;
    END LOOP;
END $$;
