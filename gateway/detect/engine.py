"""Recognizers at work on one text.

Law: gives what Presidio's ``AnalyzerEngine`` would give over the same registry, and beside what the model finds what a
rule finds at the same place, but runs only those recognizers, and of recognizers in parts those parts, that could find
something (``prefilter``), and looks for words of context only where something was found. Recognizers with thresholds or
a context stage of their own are none of the registry's. What a policy's own recognizer finds stands beside the rest and
in place of nothing: policies are asked about each, and what one of them allows is not what another has found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.nlp_engine import NlpEngine

from gateway.detect.context import NearbyWordsEnhancer
from gateway.detect.prefilter import Prefilter
from gateway.detect.raw import NAMES
from gateway.detect.recognizers.labels import Clue

LANGUAGE: Final = "en"
"""The one language that recognizers are registered under; the words beside a number are of any."""

_MOST_WANTED: Final = 64
"""Sets of types, of different policies and readings, for which it is kept who finds them."""


class Engine:
    """The recognizers of a registry, made ready once."""

    def __init__(self, registry: RecognizerRegistry, nlp: NlpEngine) -> None:
        self._recognizers: Sequence[EntityRecognizer] = registry.get_recognizers(LANGUAGE, all_fields=True)
        self._seekers = [
            (place, part) for place, each in enumerate(self._recognizers) for part in getattr(each, "parts", (each,))
        ]
        self._prefilter = Prefilter([part for _, part in self._seekers])
        self._sought = lru_cache(_MOST_WANTED)(self._seeking)
        self._nlp = nlp
        self._enhancer = NearbyWordsEnhancer()

    @property
    def names(self) -> frozenset[str]:
        """What its recognizers are called."""
        return frozenset(each.name for each in self._recognizers)

    @property
    def entities(self) -> frozenset[str]:
        """The types that can be found."""
        return frozenset(name for each in self._recognizers for name in each.supported_entities)

    def analyze(
        self, text: str, wanted: frozenset[str], others: Sequence[EntityRecognizer] = ()
    ) -> list[RecognizerResult]:
        """Return what is found of the types that are wanted. others: recognizers beside those of the registry."""
        artifacts = self._nlp.process_text(text, LANGUAGE)
        at_work, results = [], []
        for recognizer, parts in self._candidates(text, wanted):
            if parts[0] is recognizer:
                found = recognizer.analyze(text, list(wanted), artifacts)
            else:
                found = recognizer.analyze_parts(text, wanted, parts)
            if found:
                at_work.append(recognizer)
                results += found
        names = [each for each in results if _is_of_model(each)]
        rules = [each for each in results if not _is_of_model(each)]
        owns = [(each, each.analyze(text, list(wanted), artifacts)) for each in _wanted(others, wanted)]
        every = [*results, *chain.from_iterable(found for _, found in owns)]
        self._enhancer.enhance_using_context(text, every, artifacts, [*at_work, *(each for each, _ in owns)])
        kept = (
            [each for each in some if each.entity_type in wanted] for some in (names, rules, *(own for _, own in owns))
        )
        return list(chain.from_iterable(map(_once, kept)))

    def _candidates(self, text: str, wanted: frozenset[str]) -> Iterator[tuple[EntityRecognizer, list[Any]]]:
        """Yield the recognizers that could find something, each with those of its parts that could, or itself."""
        found: dict[int, list[Any]] = {}
        for place in self._prefilter.candidates(text, self._sought(wanted)):
            recognizer, part = self._seekers[place]
            found.setdefault(recognizer, []).append(part)
        return ((self._recognizers[recognizer], parts) for recognizer, parts in found.items())

    def _seeking(self, wanted: frozenset[str]) -> list[int]:
        """Return the places of seekers that find types that are wanted."""
        return [
            place
            for place, (recognizer, part) in enumerate(self._seekers)
            if not wanted.isdisjoint(_types(self._recognizers[recognizer], part))
        ]


def _wanted(recognizers: Sequence[EntityRecognizer], wanted: frozenset[str]) -> Iterator[EntityRecognizer]:
    """Yield those that find types that are wanted."""
    return (each for each in recognizers if not wanted.isdisjoint(each.supported_entities))


def _once(found: list[RecognizerResult]) -> list[RecognizerResult]:
    """Return findings without those that lie within one that scores as high."""
    return list(EntityRecognizer.remove_duplicates(found)) if len(found) > 1 else found


def _is_of_model(found: RecognizerResult) -> bool:
    """Whether the model alone has found it: it is judged further, and must not stand for what a rule has found."""
    return (found.recognition_metadata or {}).get(RecognizerResult.RECOGNIZER_NAME_KEY) == NAMES


def _types(recognizer: EntityRecognizer, part: object) -> Sequence[str]:
    """Return what a recognizer finds, or a part of it alone."""
    return [part.kind.entity_type] if isinstance(part, Clue) else recognizer.supported_entities
