"""Instants as they are written: RFC 3339, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal


def rfc3339(moment: datetime, precision: Literal["seconds", "microseconds"] = "microseconds") -> str:
    """Write an instant as ``2026-11-24T10:00:00.000000Z``, or the second that it is in."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision) + "Z"
