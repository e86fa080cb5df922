"""From segments to findings.

Law: what the policy keeps is not looked for; what it allows, or scores too low, is left out before overlaps are
settled. Short texts of a request travel together, long ones in windows, and every window must be answered.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, Protocol

from gateway.core.content import Segment
from gateway.core.findings import Findings, RecognizerResult
from gateway.core.operators import Operator
from gateway.core.policy import Policy
from gateway.detect.conflicts import settle
from gateway.detect.raw import Raw
from gateway.detect.windows import SIZE, windows

_TOGETHER: Final = SIZE
"""Characters of short texts that travel in one frame."""


class Pool(Protocol):
    """What scans, somewhere else."""

    async def run(self, texts: list[str], entities: list[str]) -> list[list[Raw]]:
        """Return what is found in each text."""
        ...


class PresidioDetector:
    """Finds entities in worker processes (``core.ports.Detector``)."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def analyze(self, segments: Sequence[Segment], policy: Policy) -> Findings:
        """Return the findings of each segment. Raise ``DetectionUnavailable``."""
        texts = [segment.text.reveal() for segment in segments]
        wanted = sorted(wanted_types(policy))
        pieces = [(index, start, piece) for index, text in enumerate(texts) for start, piece in windows(text) if piece]
        if not wanted or not pieces:
            return tuple(() for _ in texts)
        frames = list(_frames(pieces))
        answers = await asyncio.gather(*(self._pool.run([piece for _, _, piece in frame], wanted) for frame in frames))
        raw: list[list[Raw]] = [[] for _ in texts]
        for frame, answer in zip(frames, answers, strict=True):
            for (index, start, _), found in zip(frame, answer, strict=True):
                raw[index] += [(kind, start + at, start + end, score, name) for kind, at, end, score, name in found]
        return tuple(judge(text, found, policy) for text, found in zip(texts, raw, strict=True))


class TextAnalyzer:
    """Finds entities in this process, for commands. engine, model: as in the settings ``detect.…``."""

    def __init__(self, *, engine: str, model: str) -> None:
        from gateway.detect.scanner import Scanner

        self._scanner = Scanner(engine, model)

    def analyze(self, text: str, policy: Policy) -> tuple[RecognizerResult, ...]:
        """Return the findings of one text."""
        wanted = sorted(wanted_types(policy))
        raw = [
            (kind, start + at, start + end, score, name)
            for start, piece in windows(text)
            for kind, at, end, score, name in self._scanner.scan([piece], wanted)[0]
        ]
        return judge(text, raw, policy)


def wanted_types(policy: Policy) -> frozenset[str]:
    """Return the entity types that the policy does something about."""
    return frozenset(name for name, rule in policy.entities.items() if rule.operator.operator is not Operator.KEEP)


def judge(text: str, raw: Sequence[Raw], policy: Policy) -> tuple[RecognizerResult, ...]:
    """Drop what the policy allows or scores too low, and settle the rest."""
    found = {
        RecognizerResult(entity_type=kind, start=start, end=end, score=round(score, 4), recognizer=name)
        for kind, start, end, score, name in raw
        if score >= policy.entities[kind].threshold and not _allowed(text[start:end].strip(), policy)
    }
    return settle(found, policy.entities)


def _allowed(value: str, policy: Policy) -> bool:
    return value in policy.allow_values or any(_compiled(each).fullmatch(value) for each in policy.allow_patterns)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _frames(pieces: Sequence[tuple[int, int, str]]) -> Iterator[list[tuple[int, int, str]]]:
    """Yield pieces in frames of about one window's characters."""
    frame: list[tuple[int, int, str]] = []
    size = 0
    for piece in pieces:
        if frame and size + len(piece[2]) > _TOGETHER:
            yield frame
            frame, size = [], 0
        frame.append(piece)
        size += len(piece[2])
    if frame:
        yield frame
