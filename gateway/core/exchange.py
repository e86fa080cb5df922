"""One request and its response.

Law: an exchange is known by a UUIDv7 (RFC 9562), whose first 48 bits are the time it began in milliseconds; the
identifier is made by the gateway, never taken from a client.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from gateway.core.actor import Actor

ENDPOINTS: Final = (
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/embeddings",
    "/v1/messages",
    "/v1/messages/count_tokens",
    "/v1/responses",
)
"""The routes on which applications send text, as policies name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its response.

    endpoint: the route as published, such as ``/v1/chat/completions``. began: UTC.
    """

    id: uuid.UUID
    actor: Actor
    endpoint: str
    streamed: bool
    began: datetime


class ClientGone(Exception):
    """The client closed its connection: nobody waits for the answer."""


def uuid7(millis: int, random: bytes) -> uuid.UUID:
    """Make a UUIDv7 from Unix milliseconds and ten random bytes (RFC 9562, section 5.7)."""
    chance = int.from_bytes(random[:10], "big")
    rand_a, rand_b = chance >> 62 & 0xFFF, chance & (1 << 62) - 1
    return uuid.UUID(int=(millis & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)


def time_of(identifier: uuid.UUID) -> datetime:
    """Return the UTC time, to the millisecond, that a UUIDv7 carries."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, tz=UTC)
