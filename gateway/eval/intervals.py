"""How far a figure could be chance.

Law: 95 % intervals. Of a share of things that are counted one by one by Wilson's score; of F2, which is no share, by
drawing documents anew (percentile bootstrap), with a seed, because values of one document stand and fall together.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gateway.eval.score import Counts

_Z: Final = 1.959964
_DRAWS: Final = 2000
_EDGES: Final = (2.5, 97.5)
_BETA: Final = 4.0
"""Of F2, squared: recall counts twice as much as precision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A figure from 0 to 1, and the interval around it. of: how many things, or documents for F2."""

    value: float
    low: float
    high: float
    of: int


def share(part: int, whole: int) -> Rate | None:
    """Return a share with Wilson's interval; None of nothing."""
    if not whole:
        return None
    value, spread = part / whole, _Z * _Z / whole
    middle = (value + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(value * (1 - value) / whole + spread / (4 * whole)) / (1 + spread)
    return Rate(value=value, low=max(0.0, middle - half), high=min(1.0, middle + half), of=whole)


def f2(cells: Counter[Counts], seed: int) -> Rate | None:
    """Return F2 with its interval. cells: how often a document had these counts.

    None where nothing was labelled, or all that was hit was hit by a wider type: precision is then another's.
    """
    rows = np.array([(each.gold, each.hit, each.found, each.right) for each in cells], dtype=np.float64)
    times = np.array(list(cells.values()))
    if not cells or not rows[:, 0].any() or (rows[:, 1].any() and not rows[:, 2].any()):
        return None
    documents = int(times.sum())
    drawn = np.random.default_rng(seed).multinomial(documents, times / documents, size=_DRAWS)
    low, high = np.percentile(_f2(drawn @ rows), _EDGES)
    value = _f2((times @ rows)[None])[0]
    return Rate(value=float(value), low=float(low), high=float(high), of=documents)


def _f2(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return F2 of each row of gold, hit, found and right; 0 where nothing is right."""
    gold, hit, found, right = sums.T
    recall = hit / np.maximum(gold, 1)
    precision = right / np.maximum(found, 1)
    weighed = _BETA * precision + recall
    scores: NDArray[np.float64] = (1 + _BETA) * precision * recall / np.where(weighed > 0, weighed, 1)
    return scores
