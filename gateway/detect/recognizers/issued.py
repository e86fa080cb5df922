"""Numbers that somebody issues: a row of a table for each type, and what finds it.

A form is what its number looks like: ``###.###.###-##`` (a ``#`` for each digit), or a regular expression where letters
are part of it, in which ``~`` is a space or hyphen that may be there. A number ``alone`` counts by itself; one that is
``led`` counts only after one of its words, such as its name on a form.

Law: what random digits would pass more often than once in a thousand times counts alone only in the groups that are its
own, and there with its check digit. Letters may be of either case where a word leads or a check digit follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult
from spacy.lang.en.stop_words import STOP_WORDS

from gateway.detect.recognizers.generic import located
from gateway.detect.runs import AFTER, BEFORE, Reader

ALONE: Final = 0.7
LED: Final = 0.2
"""Too little to count by default; a word before it adds 0.35, which is enough (``detect.calibration``)."""

_DIGITS: Final = re.compile(r"[# ./-]+")
_BETWEEN: Final = "[ \u00a0\u2009\u202f\\-\u2010-\u2013\u2212]?"
_SHORT: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One type. check: what its issuer says about a number without separators; words: separated by commas.

    exact: letters are capitals, also behind a word, and there need be no digit. score: what one that is led has;
    where types share a form and a word, the higher one wins.
    """

    type: str
    alone: Sequence[str] = ()
    led: Sequence[str] = ()
    words: str
    check: Callable[[str], bool] | None = None
    exact: bool = False
    score: float = LED

    def forms(self) -> Iterator[tuple[str, float]]:
        """Yield each form with its score."""
        yield from ((form, ALONE) for form in self.alone)
        yield from ((form, self.score) for form in self.led)


class Issued(EntityRecognizer):  # type: ignore[misc]  # Presidio is not typed
    """Finds the numbers of one row."""

    def __init__(self, row: Row, reader: Reader) -> None:
        self._row = row
        self._reader = reader
        self._forms = [(form, score) for form, score in row.forms() if _DIGITS.fullmatch(form)]
        self._patterns = [
            (re.compile(f"{BEFORE}(?:{form.replace('~', _BETWEEN)}){AFTER}"), score)
            for form, score in row.forms()
            if not _DIGITS.fullmatch(form)
        ]
        self.needs = [_need(form, row) for form, _ in row.forms()]
        super().__init__(
            supported_entities=[row.type],
            supported_language="en",
            name=f"Cloister{row.type.title().replace('_', '')}Recognizer",
            context=list(words(row.words)),
        )

    def load(self) -> None:
        """Do nothing: the patterns are compiled."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ANN401, ARG002 - Presidio's signature
        """Return every number of the row's forms that its check lets pass."""
        return [located(self, *place) for place in self._places(text)]

    def _places(self, text: str) -> Iterator[tuple[int, int, float]]:
        check, led = self._row.check, self._row.score
        reading = self._reader.read(text)
        for form, score in self._forms:
            for run in reading.runs.get(form, ()):
                if check is None or check(run.digits):
                    yield run.start, run.end, led if run.crowded else score
        for pattern, score in self._patterns:
            copy = reading.exact if _exact(self._row, score) else reading.upper
            places = [(0, len(copy))] if self._row.exact else reading.places
            for match in (match for place in places for match in pattern.finditer(copy, *place)):
                if check is None or ((number := compact(match[0])) and check(number)):
                    yield *match.span(), score


def issued(rows: Iterable[Row]) -> list[EntityRecognizer]:
    """Return a recognizer for each row; they share one pass over the text."""
    table = list(rows)
    reader = Reader(form for row in table for form, _ in row.forms() if _DIGITS.fullmatch(form))
    return [Issued(row, reader) for row in table]


def compact(number: str) -> str:
    """Return a number in ASCII's digits, without what stands between its characters; "" if it has other letters."""
    plain = "".join(str(int(each)) if each.isdecimal() else each for each in number if each.isalnum() or each == "&")
    return plain if plain.replace("\u00d1", "").isascii() else ""


def words(listed: str) -> Iterator[str]:
    """Yield words as context is compared: lower case, without those that context leaves out.

    A short one stands between spaces: it counts as a whole word, or ``sin`` would be found in ``business``.
    """
    for phrase in filter(None, map(str.strip, listed.split(","))):
        plain = " ".join(word for word in re.findall(r"\w+", phrase.lower()) if word not in STOP_WORDS)
        short = len(plain) <= _SHORT and plain != plain.upper()
        yield f" {plain} " if short else plain


def _exact(row: Row, score: float) -> bool:
    return row.exact or (score == ALONE and row.check is None)


def _need(form: str, row: Row) -> str:
    """Return what RE2 looks for: an underscore may stand for a letter that is no letter here."""
    if _DIGITS.fullmatch(form):
        form = re.sub("#+", lambda digits: rf"\d{{{len(digits[0])}}}", re.sub("[ ./-]", r"\\W", form))
    wide = form.replace("~", r"\W?")
    return rf"{'' if row.exact else '(?i)'}(?:\b|_)(?:{wide})(?:\b|_|\W|$)"
