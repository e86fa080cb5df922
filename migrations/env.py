"""Alembic's entry: runs on the connection that ``gateway.db.migrate`` hands over, inside its transaction."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="schema_version",
    version_table_schema="cloister",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
