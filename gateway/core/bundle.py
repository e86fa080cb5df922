"""Signed bundles of policies: why one is refused, and what a scope has seen of them.

Law: a reason is a stable word that events and alarms name, and none of them tells what a bundle holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Refusal(StrEnum):
    """Why a bundle is refused, in the order in which it is looked at."""

    KEY_UNSET = "key_unset"
    TOO_LARGE = "too_large"
    SIG_MISSING = "sig_missing"
    SCHEMA_INVALID = "schema_invalid"
    KEY_UNKNOWN = "key_unknown"
    SIG_INVALID = "sig_invalid"
    SCOPE_MISMATCH = "scope_mismatch"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVISION_REGRESSION = "revision_regression"
    REVISION_CONTENT_MISMATCH = "revision_content_mismatch"


OF_THE_FILE: Final[Mapping[Refusal, bool]] = {
    Refusal.KEY_UNSET: False,
    Refusal.TOO_LARGE: True,
    Refusal.SIG_MISSING: True,
    Refusal.SCHEMA_INVALID: True,
    Refusal.KEY_UNKNOWN: False,
    Refusal.SIG_INVALID: True,
    Refusal.SCOPE_MISMATCH: True,
    Refusal.NOT_YET_VALID: False,
    Refusal.EXPIRED: False,
    Refusal.REVISION_REGRESSION: False,
    Refusal.REVISION_CONTENT_MISMATCH: False,
}
"""Whether the file can be right for its scope nowhere and never; else it is this gateway's keys, clock or memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HighWater:
    """The newest bundle that a scope has taken. digest: of its content, 64 hex digits."""

    revision: int
    digest: str
