"""How fast the sides are, by turns.

Law: both sides read the same texts, a few at a time, now the one first and now the other, in this process alone. What
counts is processor time, so that whatever else the machine does is no part of it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gateway.eval.sides import Side

_TURN: Final = 10
"""Texts of a turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What a side read in a second of one processor. ratio: to the last side's."""

    side: str
    characters: float
    words: float
    ratio: float


def paces(sides: Sequence[tuple[str, Side]], texts: Sequence[str]) -> list[Pace]:
    """Measure the sides. The first turn only warms them."""
    spent = dict.fromkeys((name for name, _ in sides), 0.0)
    for _, side in sides:
        _time(side, texts[:_TURN])
    for number, at in enumerate(range(0, len(texts), _TURN)):
        for name, side in sides if number % 2 else sides[::-1]:
            spent[name] += _time(side, texts[at : at + _TURN])
    characters, words = sum(map(len, texts)), sum(len(text.split()) for text in texts)
    last = spent[sides[-1][0]]
    return [
        Pace(side=name, characters=characters / each, words=words / each, ratio=last / each)
        for name, each in spent.items()
    ]


def _time(side: Side, texts: Sequence[str]) -> float:
    before = time.process_time()
    for text in texts:
        side(text)
    return time.process_time() - before
