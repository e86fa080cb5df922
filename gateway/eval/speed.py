"""How fast the sides are, by turns.

Law: both sides read the same texts, a few at a time, now the one first and now the other, in this process alone. What
counts is processor time, so that whatever else the machine does is no part of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

Job = Sequence[str]
"""Texts that come together: a document, or the turns of a conversation."""

Reader = Callable[[Job], object]

_TURN: Final = 10
"""Jobs of a turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What a side read in a second of one processor. kind: of work; ratio: to the last side's."""

    kind: str
    side: str
    characters: float
    words: float
    ratio: float


def paces(kind: str, sides: Sequence[tuple[str, Reader]], jobs: Sequence[Job], *, warm: int = _TURN) -> list[Pace]:
    """Measure the sides. warm: jobs that they have done before."""
    spent = dict.fromkeys((name for name, _ in sides), 0.0)
    for _, side in sides:
        _time(side, jobs[:warm])
    for number, at in enumerate(range(0, len(jobs), _TURN)):
        for name, side in sides if number % 2 else sides[::-1]:
            spent[name] += _time(side, jobs[at : at + _TURN])
    texts = [text for job in jobs for text in job]
    characters, words = sum(map(len, texts)), sum(len(text.split()) for text in texts)
    last = spent[sides[-1][0]]
    return [
        Pace(kind=kind, side=name, characters=characters / each, words=words / each, ratio=last / each)
        for name, each in spent.items()
    ]


def _time(side: Reader, jobs: Sequence[Job]) -> float:
    before = time.process_time()
    for job in jobs:
        side(job)
    return time.process_time() - before
