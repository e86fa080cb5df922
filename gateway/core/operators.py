"""What policy can do with a finding.

Law: operators are ordered by how much they hide (``STRENGTH``); only ``pseudonymise`` is ever restored.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Operator(StrEnum):
    """Presidio's operator names where it has them."""

    KEEP = "keep"
    PSEUDONYMISE = "pseudonymise"
    MASK = "mask"
    HASH = "hash"
    REDACT = "redact"
    BLOCK = "block"


STRENGTH: Final[dict[Operator, int]] = {operator: rank for rank, operator in enumerate(Operator)}
"""From the weakest to the strongest: where two findings overlap, the stronger operator wins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorConfig:
    """An operator and its parameters. keep_last: characters that ``mask`` leaves readable at the end (0 to 4)."""

    operator: Operator
    keep_last: int = 0
