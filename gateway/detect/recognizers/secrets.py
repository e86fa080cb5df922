"""Passwords, keys and tokens.

Law: every pattern is linear in a window. What follows a word such as ``password`` counts from its first character to
its last, and the word itself stays readable; quotes and line ends may be escaped, as they are in JSON within strings.
A value that holds another such word does not hide what follows that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from presidio_analyzer import RecognizerResult

from gateway.detect.recognizers.generic import PatternFinder

_FORMS: Final = (
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,16000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)",
    r"\beyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,1000}",
    r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b",
    r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b",
    r"\bgithub_pat_[A-Za-z0-9_]{22,255}\b",
    r"\bglpat-[A-Za-z0-9_-]{20,64}\b",
    r"\bxox[abeoprs]-[A-Za-z0-9-]{10,250}\b",
    r"\bsk-(?:ant-|proj-|svcacct-)?[A-Za-z0-9_-]{20,250}\b",
    r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,250}\b",
    r"\bAIza[A-Za-z0-9_-]{35}\b",
    r"\bya29\.[A-Za-z0-9_-]{20,500}",
    r"\bnpm_[A-Za-z0-9]{36}\b",
    r"\bpypi-[A-Za-z0-9_-]{50,250}\b",
    r"\bhf_[A-Za-z0-9]{30,64}\b",
    r"\bdop_v1_[a-f0-9]{64}\b",
    r"\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}\b",
    r"\bcl_[a-z]{2,8}_[a-z0-9]{8}_[A-Za-z0-9_-]{43}_[0-9A-Za-z]{6}\b",
)
_NAMES: Final = (
    r"passwords?|passwd|passphrase|pwd|secret|api[_-]?key|apikey|access[_-]?key|secret[_-]?key|auth[_-]?token|token"
    r"|client[_-]?secret|private[_-]?key|credentials?"
)
_KNOWN: Final = re.compile("|".join(f"(?:{form})" for form in _FORMS))
_SPACE: Final = r"(?:\s|\\{1,8}[\x01-\x06])"
_LED: Final = re.compile(
    rf"(?i:\b[\w-]{{0,30}}?(?:{_NAMES})\\{{0,8}}[\"']?{_SPACE}{{0,3}}(?:[:=]|\bis\b){_SPACE}{{0,3}})"
    r"\\{0,8}(?P<quote>[\"']?)(?=(?P<assigned>[^\s\"'<>\x01-\x06]{4,8000}))"
    rf"|(?i:\b(?:bearer|basic){_SPACE}+)(?=(?P<bearer>[A-Za-z0-9._~+/=-]{{16,8000}}))"
    r"|\b[a-z][a-z0-9+]{1,20}://[^\s:@/]{1,64}:(?=(?P<connection>[^\s@/]{1,128})@)"
)
"""What is looked at behind a word is not used up, so that a word within it counts too."""

_SEPARATOR: Final = re.compile(r"[,;&]")
_SCORE: Final = 0.9
_SHORTEST: Final = 4
_TAIL: Final = ".,;:!?)]}\\"


class SecretRecognizer(PatternFinder):
    """Finds secrets by their form, or by the word before them."""

    def __init__(self) -> None:
        super().__init__("SECRET", _KNOWN, _SCORE, "CloisterSecretRecognizer")

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ANN401, ARG002 - Presidio's signature
        """Return every secret, without the word that gave it away. One of a known form may stand in both."""
        led = (place for match in _LED.finditer(text) for place in _values(match))
        known = ((*match.span(), _SCORE) for match in _KNOWN.finditer(text))
        return [self._result(*place) for place in (*known, *led)]


def _values(match: re.Match[str]) -> Iterator[tuple[int, int, float]]:
    """Yield where the value stands; once more up to a separator in it, where a list's or a query's value would end.

    The shorter scores higher, or Presidio would drop it as a duplicate.
    """
    name = str(match.lastgroup)
    start, end = match.span(name)
    if name != "assigned":
        yield start, end, _SCORE
        return
    value = match[name].rstrip(_TAIL)
    if value.isalpha() and value.islower() and not match["quote"] and "=" not in match[0]:
        return
    if value:
        yield start, start + len(value), _SCORE
    separator = _SEPARATOR.search(value)
    if separator and separator.start() >= _SHORTEST:
        yield start, start + separator.start(), _SCORE + 0.01
