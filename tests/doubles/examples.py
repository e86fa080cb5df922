"""Texts with the values in brackets, and what a recognizer makes of them."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from functools import lru_cache

from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.detect.context import NearbyWordsEnhancer
from gateway.detect.patterns import needs
from gateway.detect.prefilter import Prefilter

_VALUE = re.compile(r"\u27e6(.*?)\u27e7")
"""Brackets that no text has."""
_NOTICED = 0.15
"""Seconds under which nothing can be compared."""


def plain(example: str) -> tuple[str, list[str]]:
    """Return the text and its values."""
    return _VALUE.sub(r"\1", example), _VALUE.findall(example)


def found(recognizers: Sequence[EntityRecognizer], text: str, entity: str, threshold: float = 0.5) -> list[str]:
    """Return what is found of a type, in order, without what lies within something longer."""
    results = [each for one in recognizers for each in one.analyze(text, [entity], None)]
    results = NearbyWordsEnhancer().enhance_using_context(text, results, None, list(recognizers))
    places = {(each.start, each.end) for each in results if each.entity_type == entity and each.score >= threshold}
    outer = [(a, b) for a, b in places if not any((c <= a and b <= d) and (a, b) != (c, d) for c, d in places)]
    return [text[start:end] for start, end in sorted(outer)]


def left_out(recognizers: Sequence[EntityRecognizer], text: str) -> bool:
    """Whether the prefilter leaves out a recognizer, or a part of one, that finds something in a text."""
    return any(
        _places(one.analyze(text, one.supported_entities)) != _places(_filtered(one, text)) for one in recognizers
    )


def _filtered(recognizer: EntityRecognizer, text: str) -> list[RecognizerResult]:
    """Return what those of its parts find that the prefilter leaves."""
    all_parts = _parts(recognizer)
    parts = [all_parts[place] for place in _prefilter(recognizer).candidates(text, range(len(all_parts)))]
    if parts == [recognizer]:
        return recognizer.analyze(text, recognizer.supported_entities)
    return [] if not parts else recognizer.analyze_parts(text, recognizer.supported_entities, parts)


def _places(results: Sequence[RecognizerResult]) -> set[tuple[str, int, int, float]]:
    return {(each.entity_type, each.start, each.end, each.score) for each in results}


def unknown(recognizers: Sequence[EntityRecognizer]) -> list[str]:
    """Return the recognizers that have a part whose needs are not known."""
    return [each.name for each in recognizers if any(needs(part) is None for part in _parts(each))]


@lru_cache
def _prefilter(recognizer: EntityRecognizer) -> Prefilter:
    return Prefilter(_parts(recognizer))


def _parts(recognizer: EntityRecognizer) -> Sequence[object]:
    return getattr(recognizer, "parts", [recognizer])


def growth(recognizer: EntityRecognizer, unit: str, size: int = 2500) -> float:
    """Return how many times longer a text of four times the size takes: 4 if time grows with it, 16 with its square."""

    def taken(length: int) -> float:
        text, times = (unit * length)[:length], []
        for _ in range(5):
            start = time.perf_counter()
            recognizer.analyze(text, recognizer.supported_entities, None)
            times.append(time.perf_counter() - start)
        return min(times)

    once, fourfold = taken(size), taken(4 * size)
    return fourfold / once if fourfold > _NOTICED else 1.0
