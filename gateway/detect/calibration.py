"""What a score means: the share of findings of its like that were right, where that was measured.

Law: a threshold asks every recognizer for the same. The shares are data (``calibration.toml``, made by
``tests/training/calibrate.py``); they never fall where a score rises, so that a recognizer's own order is kept. What is
certain (1) stays so; a score that nothing is known of stays what it is, as do those of another model and of a policy's
own recognizer.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

Knots = Sequence[tuple[float, float]]
"""Scores, each higher than the one before, and their shares.

Between two of them a share of the model's lies on the line; a rule has few scores, and one that was not met counts as
the next lower one.
"""

SHIPPED: Final = Path(__file__).with_name("calibration.toml")
RULES: Final = "rules"
"""Stands for every recognizer that too few findings are known of; the model is none of them."""


class Calibration:
    """The shares of recognizers, by name and type (``ModelRecognizer PERSON``) or by name alone."""

    def __init__(self, shares: Mapping[str, Knots]) -> None:
        self._shares = shares

    def of(self, recognizer: str, kind: str, score: float, *, model: bool = False) -> float:
        """Return the share of findings that are right, of this type, recognizer and score."""
        knots = self._shares.get(f"{recognizer} {kind}") or self._shares.get(recognizer)
        if knots is None and not model:
            knots = self._shares.get(RULES)
        if not knots or score >= 1:
            return score
        return _between(knots, score) if model else _held(knots, score)


def _between(knots: Knots, score: float) -> float:
    place = bisect_right(knots, score, key=_score)
    if place in {0, len(knots)}:
        return _held(knots, score)
    (low, share), (high, other) = knots[place - 1], knots[place]
    return round(share + (other - share) * (score - low) / (high - low), 4)


def _held(knots: Knots, score: float) -> float:
    return knots[max(bisect_right(knots, score, key=_score) - 1, 0)][1]


def _score(knot: tuple[float, float]) -> float:
    return knot[0]


@lru_cache(maxsize=1)
def shipped() -> Calibration:
    """Return what was measured."""
    table = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    return Calibration({name: list(zip(each["scores"], each["shares"], strict=True)) for name, each in table.items()})
