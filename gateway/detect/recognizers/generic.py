"""E-mail with internal hosts, telephone numbers where there are digits, web addresses in linear time.

Presidio's e-mail recognizer looks up public suffixes and drops the addresses of a house's own hosts; its telephone
recognizer reads every text once a region; its pattern for web addresses takes time that grows with the square.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

_LABEL: Final = r"[^\W_](?:[\w\-]{0,61}[^\W_])?"
_EMAIL: Final = re.compile(
    rf"(?<![\w.+\-])[\w!#$%&'*+/=?^`{{|}}~\-](?:[\w.!#$%&'*+/=?^`{{|}}~\-]{{0,62}}[\w!#$%&'*+/=?^`{{|}}~\-])?"
    rf"@(?:{_LABEL}(?:\.{_LABEL}){{0,8}}|\[[0-9a-fA-F:.]{{3,45}}\])"
)
_URL: Final = re.compile(r"(?i)\b(?:https?|ftp)://[^\s<>\"']{3,2000}|\bwww\.[^\s<>\"']{3,2000}")
_DIGITS: Final = re.compile(r"\d(?:[^\d\n]{0,3}\d){5,}")
_MARGIN: Final = 24
_REGIONS: Final = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "CH", "AT", "IE", "IN", "BR")


class PatternFinder(EntityRecognizer):  # type: ignore[misc]  # Presidio is not typed
    """Finds one type by one linear regular expression of the standard library."""

    def __init__(self, entity_type: str, pattern: re.Pattern[str], score: float, name: str) -> None:
        self._pattern = pattern
        self._score = score
        super().__init__(supported_entities=[entity_type], supported_language="en", name=name)

    def load(self) -> None:
        """Do nothing: the pattern is compiled."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ANN401, ARG002 - Presidio's signature
        """Return every match."""
        return [self._result(match.start(), match.end()) for match in self._pattern.finditer(text)]

    def _result(self, start: int, end: int) -> RecognizerResult:
        return RecognizerResult(
            self.supported_entities[0],
            start,
            end,
            self._score,
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            },
        )


def email() -> PatternFinder:
    """Find e-mail addresses, those of internal hosts, bare host names and literal addresses included."""
    return PatternFinder("EMAIL_ADDRESS", _EMAIL, 1.0, "CloisterEmailRecognizer")


def url() -> PatternFinder:
    """Find web addresses."""
    return PatternFinder("URL", _URL, 0.6, "CloisterUrlRecognizer")


class WindowedPhoneRecognizer(PhoneRecognizer):  # type: ignore[misc]  # Presidio is not typed
    """Presidio's telephone recognizer, run only around six digits or more that stand close together."""

    def __init__(self) -> None:
        super().__init__(supported_regions=_REGIONS)

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ANN401 - Presidio's signature
        """Return what Presidio finds in each window, at its place in the text."""
        found = []
        for start, end in _windows(text):
            for result in super().analyze(text[start:end], entities, nlp_artifacts):
                result.start += start
                result.end += start
                found.append(result)
        return found


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Yield stretches with enough digits for a number, with a margin; stretches that touch become one."""
    start = end = -1
    for match in _DIGITS.finditer(text):
        first, last = max(0, match.start() - _MARGIN), min(len(text), match.end() + _MARGIN)
        if first > end >= 0:
            yield start, end
            start = first
        elif end < 0:
            start = first
        end = last
    if end >= 0:
        yield start, end
