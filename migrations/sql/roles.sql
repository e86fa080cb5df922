-- The roles of the serving login. They own nothing; each migration grants them what its tables need.
-- Roles belong to the cluster, so another database of it may have made them already, perhaps at this very moment.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'cloister_append', 'cloister_integrator', 'cloister_auditor', 'cloister_reader', 'cloister_control'
    ] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
    BEGIN
        CREATE ROLE cloister_gateway NOLOGIN NOINHERIT;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
END $$;

GRANT cloister_append, cloister_integrator, cloister_auditor, cloister_reader, cloister_control TO cloister_gateway;
GRANT USAGE ON SCHEMA cloister
    TO cloister_gateway, cloister_append, cloister_integrator, cloister_auditor, cloister_reader, cloister_control;
