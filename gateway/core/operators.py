"""What policy can do with a finding.

Law: operators are ordered by how much they hide (``STRENGTH``); only ``pseudonymise`` is ever restored. Two that hold
for one finding are as strict as the stricter of them, and show no more than either.
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


def stricter(one: OperatorConfig, other: OperatorConfig) -> OperatorConfig:
    """Return the weakest operator that hides all that either of the two hides.

    A mask beside an operator that shows nothing shows nothing either.
    """
    operator = max(one.operator, other.operator, key=STRENGTH.__getitem__)
    shown = [each.keep_last if each.operator is Operator.MASK else 0 for each in (one, other) if not _keeps(each)]
    return OperatorConfig(operator=operator, keep_last=min(shown) if operator is Operator.MASK else 0)


def _keeps(config: OperatorConfig) -> bool:
    return config.operator is Operator.KEEP
