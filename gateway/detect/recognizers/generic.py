"""E-mail with internal hosts, and web addresses, in linear time.

Presidio's e-mail recognizer looks up public suffixes and drops the addresses of a house's own hosts; its pattern for
web addresses takes time that grows with the square.
"""

from __future__ import annotations

import re
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult

_LABEL: Final = r"[^\W_](?:[\w\-]{0,61}[^\W_])?"
_EMAIL: Final = re.compile(
    rf"(?<![\w+\-])(?:(?<!\.)|(?<=[^\w.+\-]\.)|(?<=\.\.)|(?<=^\.))[\w!#$%*+^~\-](?:[\w.!#$%'*+^`{{}}~\-]{{0,63}})?"
    rf"@(?:{_LABEL}(?:\.{_LABEL}){{0,8}}|\[[0-9a-fA-F:.]{{3,45}}\])"
)
"""Of what RFC 5322 allows before the ``@``, what is part of a link's path or query (``/ ? & =``) or parts cells (``|``)
is left out, and what quotes an address at its beginning: one address has one spelling, wherever it stands."""

_URL: Final = re.compile(r"(?i)\b(?:https?|ftp)://[^\s<>\"']{3,2000}|\bwww\.[^\s<>\"']{3,2000}")


def located(
    recognizer: EntityRecognizer, start: int, end: int, score: float, entity_type: str = ""
) -> RecognizerResult:
    """Return what a recognizer has found, as Presidio writes it down. entity_type: where it has several."""
    return RecognizerResult(
        entity_type or recognizer.supported_entities[0],
        start,
        end,
        score,
        recognition_metadata={
            RecognizerResult.RECOGNIZER_NAME_KEY: recognizer.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: recognizer.id,
        },
    )


class PatternFinder(EntityRecognizer):  # type: ignore[misc]  # Presidio is not typed
    """Finds one type by one linear regular expression of the standard library."""

    needs: tuple[str, ...] | None = None
    """What a text must hold (``detect.patterns``)."""

    def __init__(
        self, entity_type: str, pattern: re.Pattern[str], score: float, name: str, needs: tuple[str, ...] = ()
    ) -> None:
        self.needs = needs or type(self).needs
        self._pattern = pattern
        self._score = score
        super().__init__(supported_entities=[entity_type], supported_language="en", name=name)

    def load(self) -> None:
        """Do nothing: the pattern is compiled."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ANN401, ARG002 - Presidio's signature
        """Return every match."""
        return [located(self, *match.span(), self._score) for match in self._pattern.finditer(text)]


def email() -> PatternFinder:
    """Find e-mail addresses, those of internal hosts, bare host names and literal addresses included."""
    return PatternFinder("EMAIL_ADDRESS", _EMAIL, 1.0, "CloisterEmailRecognizer", ("@",))


def url() -> PatternFinder:
    """Find web addresses."""
    return PatternFinder("URL", _URL, 0.6, "CloisterUrlRecognizer", ("://", r"(?i)www\."))
