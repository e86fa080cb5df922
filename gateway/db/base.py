"""The catalogue of tables. Each stage's ``store.py`` declares its own on it; migrations must equal it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import MetaData

SCHEMA: Final = "cloister"

metadata: Final = MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    },
)
"""Constraints are named as Postgres itself names them."""
