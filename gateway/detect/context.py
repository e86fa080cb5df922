"""Words that speak for a finding, such as ``card`` before sixteen digits.

Presidio's enhancer wants the whole text in tokens and lemmas; the few words before a finding are enough, and in a table
those above its column. The name of a field is as many words as it is made of. A word of context with a space on each
side counts as a whole word, any other also as a part of one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from spacy.lang.en.stop_words import STOP_WORDS

from gateway.detect.structure import columns_of, words

_WORD: Final = re.compile(r"\w+")
_REACH: Final = 120
"""Characters before a finding in which its words stand."""


class NearbyWordsEnhancer(ContextAwareEnhancer):  # type: ignore[misc]  # Presidio is not typed
    """Raises the score of a finding that its recognizer's context words precede; numbers as in Presidio."""

    def __init__(self) -> None:
        super().__init__(
            context_similarity_factor=0.35,
            min_score_with_context_similarity=0.4,
            context_prefix_count=5,
            context_suffix_count=0,
        )

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: Any,  # noqa: ANN401, ARG002 - Presidio's signature
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Return the results, scored anew."""
        known = {recognizer.id: recognizer.context for recognizer in recognizers if recognizer.context}
        above = _Above(text)
        for result in raw_results:
            wanted = known.get(result.recognition_metadata[RecognizerResult.RECOGNIZER_IDENTIFIER_KEY])
            if wanted:
                said = (*(context or ()), *self._before(text, result.start), above.head(result.start))
                nearby = f" {' '.join(said)} ".lower()
                if any(word.lower() in nearby for word in wanted):
                    score = max(result.score + self.context_similarity_factor, self.min_score_with_context_similarity)
                    result.score = min(score, self.MAX_SCORE)
        return raw_results

    def _before(self, text: str, start: int) -> list[str]:
        written = text[max(0, start - _REACH) : start]
        readings = dict.fromkeys((written.lower(), words(written).lower()))  # MyKad is a word, and so are its parts
        return [word for reading in readings for word in self._latest(reading)]

    def _latest(self, text: str) -> list[str]:
        return [word for word in _WORD.findall(text) if word not in STOP_WORDS][-self.context_prefix_count :]


class _Above:
    """The heads of the columns of a text's tables, read when the first is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._cells: list[tuple[int, int, str]] | None = None

    def head(self, at: int) -> str:
        """Return what stands above a place, "" where it is in no table."""
        if self._cells is None:
            self._cells = sorted((start, end, head) for head, cells in columns_of(self._text) for start, end in cells)
        index = bisect_right(self._cells, at, key=lambda cell: cell[0]) - 1
        return self._cells[index][2] if index >= 0 and at < self._cells[index][1] else ""
