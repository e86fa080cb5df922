-- The two logins and the database, made once by a superuser with psql; 'cloister db upgrade' makes everything else.
-- Passwords are read from files, so that they stand neither here nor on a command line, and are kept out of the log.
\set ON_ERROR_STOP on
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET password_encryption = 'scram-sha-256';
\set owner_password `cat /run/secrets/owner_password`
\set gateway_password `cat /run/secrets/gateway_password`

CREATE ROLE cloister_owner LOGIN CREATEROLE PASSWORD :'owner_password';
CREATE ROLE cloister_gateway LOGIN NOINHERIT PASSWORD :'gateway_password';
CREATE DATABASE cloister OWNER cloister_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE cloister FROM PUBLIC;
GRANT CONNECT ON DATABASE cloister TO cloister_gateway;
