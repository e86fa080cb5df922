"""Texts with the values in brackets, and what a recognizer makes of them."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from functools import cache

from presidio_analyzer import EntityRecognizer

from gateway.detect.context import NearbyWordsEnhancer
from gateway.detect.patterns import Prefilter, needs

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
    """Whether the prefilter leaves out a recognizer that finds something in a text."""
    at_work = _prefilter(tuple(recognizers)).candidates(text)
    return any(
        one.analyze(text, one.supported_entities, None) for index, one in enumerate(recognizers) if index not in at_work
    )


@cache
def _prefilter(recognizers: tuple[EntityRecognizer, ...]) -> Prefilter:
    return Prefilter(recognizers)


def unknown(recognizers: Sequence[EntityRecognizer]) -> list[str]:
    """Return the recognizers whose needs are not known."""
    return [each.name for each in recognizers if needs(each) is None]


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
