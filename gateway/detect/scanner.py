"""Presidio at work, in one process.

Law: takes texts and gives raw findings; everything that a policy says about them is decided elsewhere. A text is read
as it is written, and in every other way in which it may be read (``readings``); what is found stands where it is
written. What the model takes for a name ends at its line, and must hold a letter unless it is a date; a person must be
possible (``vetoes``). A score is what it was worth when it was measured (``calibration``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from presidio_analyzer import EntityRecognizer

from gateway.core.findings import SUSPICIOUS
from gateway.detect.beside import beside
from gateway.detect.calibration import Calibration, shipped
from gateway.detect.custom import decoded
from gateway.detect.headings import is_everyday_alone, is_heading
from gateway.detect.ner import NER_TYPES, LocalNlpEngine
from gateway.detect.persons import PERSON
from gateway.detect.raw import NAMES, Raw
from gateway.detect.readings import Reading, readings, respelled
from gateway.detect.registry import make_engine
from gateway.detect.shelves import is_shelved
from gateway.detect.suspicious import suspicions
from gateway.detect.things import is_thing
from gateway.detect.vetoes import is_person
from gateway.detect.whole import whole

BESIDE: Final = "CloisterBesidePeopleRecognizer"
_LINES: Final = re.compile(r"[^\n\r\t|\x01-\x06]+")
_SURE: Final = 0.8
"""Likelihood from which an everyday word is believed to be a name."""

_EDGES: Final = " \t.,;:!?*_#\"'`()[]{}<>/\\=-"


class Scanner:
    """The engine, warm. calibration: what scores mean, as shipped if None."""

    def __init__(self, engine: str, model: str, calibration: Calibration | None = None) -> None:
        self._calibration = calibration or shipped()
        self._nlp = LocalNlpEngine(engine, model)
        self._engine = make_engine(self._nlp)
        self._measured = (self._engine.names | {BESIDE}) - (frozenset() if engine == "embedded" else {NAMES})
        self._known = self._engine.entities
        self.scan(["Call Maria Gonzalez on (212) 555-0143."], sorted(self._known))

    def scan(self, texts: list[str], entities: list[str], recognizers: bytes = b"") -> list[list[Raw]]:
        """Return what is found in each text, of the types that are wanted. recognizers: a policy's own (``custom``)."""
        others = decoded(recognizers)
        wanted = self._known.union(*(each.supported_entities for each in others)) & set(entities)
        found: list[list[Raw]] = self._found(texts, wanted, others) if wanted else [[] for _ in texts]
        if SUSPICIOUS in entities:
            for text, known in zip(texts, found, strict=True):
                known.extend(suspicions(text))
        return found

    def _found(self, texts: list[str], wanted: frozenset[str], others: Sequence[EntityRecognizer]) -> list[list[Raw]]:
        with self._nlp.wanting(wanted):
            found = [list(self._calibrated(self._scan(text, wanted, others))) for text in texts]
        for text, known in zip(texts, found, strict=True):
            for reading in readings(text):
                known.extend(self._calibrated(self._read(text, reading, wanted, others)))
        return found

    def _calibrated(self, found: Iterable[Raw]) -> Iterator[Raw]:
        """Yield what is found, with what its scores mean where that was measured."""
        share, measured = self._calibration.of, self._measured
        for kind, start, end, score, name in found:
            known = share(name, kind, score, model=name == NAMES) if name in measured else score
            yield kind, start, end, known, name

    def _read(
        self, text: str, reading: Reading, wanted: frozenset[str], others: Sequence[EntityRecognizer]
    ) -> Iterator[Raw]:
        """Yield what a reading shows. A name counts if it is written otherwise, or it would have been found."""
        types = reading.wanted(wanted) - (frozenset() if reading.names else NER_TYPES)
        if not types:
            return
        with self._nlp.wanting(types):
            for kind, start, end, score, name in self._scan(reading.view.text, types, others):
                if name != NAMES or respelled(reading.view, text, start, end):
                    yield kind, *reading.view.place(start, end), score, name

    def _scan(self, text: str, wanted: frozenset[str], others: Sequence[EntityRecognizer]) -> Iterator[Raw]:
        results = self._engine.analyze(text, wanted, others)
        people = ((found.start, found.end) for found in results if found.entity_type == PERSON)
        yield from ((*place, BESIDE) for place in beside(text, people) if place[0] in wanted)
        for found in results:
            name = (found.recognition_metadata or {}).get("recognizer_name", "")
            if name == NAMES:
                yield from _name(text, found)
            else:
                yield found.entity_type, found.start, found.end, float(found.score), name


def _name(text: str, found: Any) -> Iterator[Raw]:  # noqa: ANN401 - Presidio's result
    """Trim what the model found to the words of a name, one line at a time."""
    for line in _LINES.finditer(text[found.start : found.end]):
        words = line[0].strip(_EDGES)
        if words and (found.entity_type == "DATE_TIME" or any(map(str.isalpha, words))):
            start = found.start + line.start() + line[0].index(words)
            place = start, start + len(words)
            if found.entity_type == PERSON:
                sure = found.score >= _SURE or not is_everyday_alone(text, *place)
                if not sure or not is_person(text, *place) or is_heading(text, *place):
                    continue
                place = whole(text, *place)
                if is_thing(text, *place) or is_shelved(text, *place):
                    continue
            yield found.entity_type, *place, float(found.score), NAMES
