"""How events name a value: by a keyed hash, never by itself.

Law: ``hmac-sha256:EPOCH:HEX``; the epoch is the month (UTC) in which the exchange began, and has a key of its own in
each tenant, so that what is learnt of one month says nothing of another. HEX is the first half of the HMAC, 128 bits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

DIGITS: Final = 32
VALUE_HASH: Final = re.compile(rf"hmac-sha256:([0-9]{{4}}-(?:0[1-9]|1[0-2])):[0-9a-f]{{{DIGITS}}}", re.ASCII)


def epoch_of(moment: datetime) -> str:
    """Return the epoch of an instant, such as ``2026-11``."""
    return moment.astimezone(UTC).strftime("%Y-%m")


def epoch_in(value_hash: str) -> str:
    """Return the epoch that a hash names, "" where it is none."""
    found = VALUE_HASH.fullmatch(value_hash)
    return found[1] if found else ""


def by_epoch(value_hashes: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Return hashes by the epochs that they name: a value is asked about once for each."""
    found: dict[str, set[str]] = {}
    for each in value_hashes:
        found.setdefault(epoch_in(each), set()).add(each)
    return {epoch: frozenset(hashes) for epoch, hashes in found.items()}
