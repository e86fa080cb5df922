"""Words before a finding that speak for it, such as ``card`` before sixteen digits.

Presidio's enhancer wants the whole text in tokens and lemmas; the few words before a finding are enough.
A word of context with a space on each side counts as a whole word, any other also as a part of one.
"""

from __future__ import annotations

import re
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from spacy.lang.en.stop_words import STOP_WORDS

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
        words = {recognizer.id: recognizer.context for recognizer in recognizers if recognizer.context}
        for result in raw_results:
            wanted = words.get(result.recognition_metadata[RecognizerResult.RECOGNIZER_IDENTIFIER_KEY])
            if wanted:
                nearby = f" {' '.join((*(context or ()), *self._before(text, result.start)))} ".lower()
                if any(word.lower() in nearby for word in wanted):
                    score = max(result.score + self.context_similarity_factor, self.min_score_with_context_similarity)
                    result.score = min(score, self.MAX_SCORE)
        return raw_results

    def _before(self, text: str, start: int) -> list[str]:
        words = _WORD.findall(text[max(0, start - _REACH) : start].lower())
        return [word for word in words if word not in STOP_WORDS][-self.context_prefix_count :]
