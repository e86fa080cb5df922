"""Postgres: connections, roles, walls, migrations, and a private server for a first run.

Takes: addresses, and the role and tenant of each transaction.
Gives: transactions that begin and end visibly, and proof that the database keeps its walls.
Knows: SQLAlchemy, asyncpg, Alembic and Postgres.
Never: commits by itself, serves as the owner, or lets a tenant's setting outlive its transaction.
"""

from gateway.db.engine import Database, DbRole, HeldLock, Transaction, acting
from gateway.db.ports import ChangeJournal

__all__ = ["ChangeJournal", "Database", "DbRole", "HeldLock", "Transaction", "acting"]
