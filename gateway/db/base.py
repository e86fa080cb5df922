"""The catalogue of tables. Each stage's ``store.py`` declares its own on it; migrations must equal it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import MetaData

SCHEMA: Final = "cloister"

metadata: Final = MetaData(schema=SCHEMA)
