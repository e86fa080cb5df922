"""The machine's clock and its source of chance, as the ports of ``core/ports.py`` ask for them.

Law: this is the only place where the product asks what time it is for the record, or makes an identifier.
"""

from __future__ import annotations

import os
import time
import uuid
from datetime import UTC, datetime

from gateway.core.exchange import uuid7


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()


class SystemIds:
    """UUIDv7 from the machine's clock and its random source, in order within this process."""

    def __init__(self) -> None:
        self._last = 0

    def new(self) -> uuid.UUID:
        """Return a new identifier. Within a millisecond, rand_a counts on (RFC 9562, section 6.2, method 3)."""
        ticks = max(time.time_ns() // 244, self._last + 1)
        self._last = ticks
        millis, fraction = divmod(ticks * 244, 1_000_000)
        identifier = uuid7(millis, os.urandom(10)).int & ~(0xFFF << 64)
        return uuid.UUID(int=identifier | min(fraction * 4096 // 1_000_000, 0xFFF) << 64)
