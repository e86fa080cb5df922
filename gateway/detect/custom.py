"""Recognizers that a policy brings, behind Presidio's interface.

Law: patterns are RE2's, so that their time grows with the length of the text; a list of values is looked for in one
pass, on token boundaries, in any case of letters. They travel with the texts to the worker, which keeps the latest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import msgspec
import re2
from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.core.occurrences import Occurrences
from gateway.core.policy import CustomRecognizer
from gateway.core.tokens import Tokens
from gateway.detect.recognizers.generic import located

_KEPT: Final = 32
"""Policies whose recognizers a worker keeps ready."""

_LONE: Final = re.compile("[\ud800-\udfff]")
"""Halves of surrogate pairs, which UTF-8, and so RE2, has no form for."""


def encoded(recognizers: tuple[CustomRecognizer, ...]) -> bytes:
    """Return what goes to the worker with the texts; nothing where there is none."""
    return msgspec.msgpack.encode(recognizers) if recognizers else b""


@lru_cache(maxsize=_KEPT)
def decoded(data: bytes) -> tuple[PolicyRecognizer, ...]:
    """Return the recognizers, ready to work."""
    given = msgspec.msgpack.decode(data, type=tuple[CustomRecognizer, ...]) if data else ()
    return tuple(map(PolicyRecognizer, given))


class PolicyRecognizer(EntityRecognizer):  # type: ignore[misc]  # Presidio is not typed
    """Finds one type by patterns, and by a list of values. Words of context raise scores as they do elsewhere."""

    def __init__(self, given: CustomRecognizer) -> None:
        self._patterns = [
            (re2.compile(f"(?{each.flags}:{each.regex})" if each.flags else each.regex), each.score)
            for each in given.patterns
        ]
        self._denied = Occurrences(map(_lower, given.deny_list))
        self._deny_score = given.deny_list_score
        super().__init__(
            supported_entities=[given.entity_type],
            supported_language="en",
            name=given.name,
            context=list(given.context),
        )

    def load(self) -> None:
        """Do nothing: the patterns are compiled."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ANN401, ARG002 - Presidio's signature
        """Return every match that holds something."""
        return [located(self, *place) for place in self._places(text)]

    def _places(self, text: str) -> Iterator[tuple[int, int, float]]:
        plain = _LONE.sub("\ufffd", text)
        for pattern, score in self._patterns:
            yield from ((*match.span(), score) for match in pattern.finditer(plain) if match[0])
        yield from ((place.start, place.end, self._deny_score) for place in self._denied.places(Tokens(_lower(text))))


def _lower(text: str) -> str:
    """Return the text in lower case, as long as it was."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)
