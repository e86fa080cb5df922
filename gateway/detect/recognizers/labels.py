"""Values that the word before them gives away: ``Kundennummer: 4711-22``.

Law: what is found is the value alone; the word stays readable. Words are written in small letters without accents
(``detect.folding``) and mean all spellings: ``employee_id``, ``EmployeeID`` and ``Employee ID`` are one. Between word
and value stand at most a few signs and small words, so that time grows with the text. In forms, dots may lead to the
value, and a second one may stand beside the first in a column of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.detect.folding import folded, need, spelled
from gateway.detect.recognizers.generic import located
from gateway.detect.structure import columns_of

_WHOSE: Final = (
    r"(?:mother|father|child|spouse|partner|mutter|vater|kind|mere|pere|enfant|conjoint|madre|padre|hij[oa]|mae|pai"
    r"|filh[oa]|figli[oa]|moeder|vader|matki|ojca|dziecka|mor|far|barn|matky|otce|ditete|anne|baba|cocuk|old|new|alt|neu"
    r"|ancien|nouveau|antiguo|nuevo|vecchio|nuovo|oud|nieuw|stary|nowy|gammel|gammal|nytt?|nove|stare|eski|yeni)(?=\)?\s?:)"
)
"""Whose value it is, before a colon."""

LINK: Final = re.compile(
    r"(?:\s?\([^()\n\d]{2,40}\)(?=\s?[:=]))?"
    r"(?:[ \t]{2,40}|\.{2,40}|[\s\"'`*:=#|>().\[\]\\\u2013-]"
    r"|(?:is|was|reads|lautet|ist|wird|est|es|jest|to|je|ar|blir|er|wordt|olarak|in|number|numero|nummer|numer|no|nr|n"
    r"|n[\u00b0\u00ba]|" + _WHOSE + r")"
    r"(?=[\s:.#\")])){0,12}"
)
"""What may stand between a word and its value."""

EDGE: Final = r"(?<![^\W_])"
_OR: Final = (
    r"(?:(?<!, )(?<!/[03-8]\d{3} )vs\.?|versus|(?:(?:and|und|et|y|e|en|a|och|og|ve) )?"
    r"(?:not|nicht|non|pas|no|niet|nao|nie|inte|ikke|ne)"
    r"|instead of|rather than|an?statt|statt|sondern|bzw\.?|oder|or|au lieu d[eu]|ou|en (?:vez|lugar) del?|sino|o"
    r"|invece d\w{1,3}|anziche|al posto d\w{1,3}|oppure|i\.?p\.?v\.?|in plaats van|of|em vez d[eo]|zamiast|lub"
    r"|istallet for|eller|i stedet for|misto|nebo|yerine|veya|degil|->|=>|\u2192)"
)
"""What stands between a value and another that it is told from."""

BESIDE: Final = re.compile(
    rf",? {{1,2}}\(?{_OR} {{1,2}}(?:(?:the|den|der|le|el|il|al|o|em|em|het) )?|"
    r"(?: {1,2}[^\s|:=]{1,12}){0,3}(?:[ \t]{3,60}|[ \t]{0,60}\|[ \t]{0,20})(?=[^\s:|]{1,40}(?:[\s|]|$))"
)
"""What stands between two values to which one word leads, often in columns. A word with a colon is another's."""

_LEADERS: Final = re.compile(r"(?:(?: ?\.){3,80}|(?: ?\u2026){2,40}|_{3,80})(?: {0,2}:)?")
_VALUE_END: Final = re.compile(r"[^\w]+$")
_MANY: Final = 3
"""Digits that a second value has at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One type of value. label: a pattern of words, value: what stands behind them, good: what else it must be.

    alone: a form that needs no word; what is in its group is the value. hint: what all of that form holds, where the
    form itself is too much to ask of every text. folds: value and form are written as words are.
    stands: what must be true of the place of such a form, of its text, begin and end.
    header: whether a table's column under the word holds values. Patterns have no named groups.
    """

    entity_type: str
    label: str
    value: re.Pattern[str]
    score: float = 0.9
    good: Callable[[str], bool] = bool
    alone: str = ""
    hint: str = ""
    stands: Callable[[str, int, int], bool] | None = None
    link: re.Pattern[str] = LINK
    header: bool = True
    folds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """What a recognizer does only in texts that hold what it needs (``detect.patterns``)."""

    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clue(Part):
    """What gives values of a kind away: words before them, or a form of their own."""

    kind: Kind
    pattern: re.Pattern[str]
    words: bool


class LabelledRecognizer(EntityRecognizer):  # type: ignore[misc]  # Presidio is not typed
    """Finds values of several kinds by the words before them and above them. others: what else is done."""

    def __init__(self, kinds: Sequence[Kind], name: str, others: Sequence[Part] = ()) -> None:
        self.parts: Sequence[Part] = (*_clues(kinds), *others)
        entities = list(dict.fromkeys(kind.entity_type for kind in kinds))
        super().__init__(supported_entities=entities, supported_language="en", name=name)

    def load(self) -> None:
        """Do nothing: the patterns are compiled."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ANN401, ARG002 - Presidio's signature
        """Return every value."""
        return self.analyze_parts(text, entities, self.parts)

    def analyze_parts(self, text: str, entities: Collection[str], parts: Sequence[Part]) -> list[RecognizerResult]:
        """Return what some parts find."""
        found: dict[tuple[str, int, int], float] = {}
        for clue in parts:
            if not isinstance(clue, Clue) or clue.kind.entity_type not in entities:
                continue
            kind = clue.kind
            if clue.words:
                found.update(((kind.entity_type, *place), kind.score) for place in page_of(text).labelled(clue))
            else:
                for place in page_of(text).alone(clue):
                    found.setdefault((kind.entity_type, *place), kind.score)
        return [located(self, start, end, score, kind) for (kind, start, end), score in found.items()]


def _clues(kinds: Sequence[Kind]) -> Iterator[Clue]:
    """Yield the words of all kinds, and then the forms: a value that both give away has the score of its word."""
    for kind in kinds:
        if kind.label:
            yield Clue(needs=(need(kind.label),), kind=kind, pattern=re.compile(EDGE + kind.label), words=True)
    for kind in kinds:
        if kind.alone:
            form = kind.hint or kind.alone
            wanted = need(form) if kind.folds else spelled(form)
            yield Clue(needs=(wanted,), kind=kind, pattern=re.compile(kind.alone), words=False)


def labelled(kinds: Sequence[Kind]) -> list[LabelledRecognizer]:
    """Return a recognizer for each type."""
    types: dict[str, list[Kind]] = {}
    for kind in kinds:
        types.setdefault(kind.entity_type, []).append(kind)
    return [
        LabelledRecognizer(each, f"Cloister{name.title().replace('_', '')}Recognizer") for name, each in types.items()
    ]


def _led(leaders: re.Match[str]) -> str:
    """Return a colon for the dots or the line of a form, as long as they."""
    return ":".ljust(len(leaders[0]))


class Page:
    """A text, its copy and its tables."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.copy = _LEADERS.sub(_led, folded(text))
        self.columns = [(folded(head), cells) for head, cells in columns_of(text)]
        self._heads = frozenset(head.strip() for head, _ in self.columns)

    def labelled(self, clue: Clue) -> Iterator[tuple[int, int]]:
        """Yield where values stand behind their word, or below it."""
        kind, label = clue.kind, clue.pattern
        for word in label.finditer(self.copy):
            link = kind.link.match(self.copy, word.end())
            if link and (link.end() > word.end() or not self.copy[word.end() - 1].isalnum()):
                for place in self._value(kind, link.end(), len(self._text)):
                    yield place
                    yield from self._beside(kind, place[1])
        for head, cells in self.columns if kind.header else ():
            if label.search(head):
                for start, end in cells:
                    yield from self._value(kind, start, end)

    def _beside(self, kind: Kind, end: int) -> Iterator[tuple[int, int]]:
        """Yield the value of another that stands in a column beside the first."""
        gap = BESIDE.match(self.copy, end) if kind.header else None
        for start, stop in self._value(kind, gap.end(), len(self._text)) if gap else ():
            if sum(map(str.isdigit, self._text[start:stop])) >= _MANY:
                yield start, stop

    def alone(self, clue: Clue) -> Iterator[tuple[int, int]]:
        """Yield where values stand that need no word."""
        kind = clue.kind
        for match in clue.pattern.finditer(self.copy if kind.folds else self._text):
            start, end = match.span(match.lastindex or 0)
            if kind.good(self._text[start:end]) and (kind.stands is None or kind.stands(self._text, start, end)):
                yield start, end

    def _value(self, kind: Kind, start: int, end: int) -> Iterator[tuple[int, int]]:
        match = kind.value.match(self.copy if kind.folds else self._text, start, end)
        value = self._text[start : start + len(_VALUE_END.sub("", match[0]))] if match else ""
        if value and kind.good(value) and folded(value) not in self._heads:
            yield start, start + len(value)


@lru_cache(maxsize=1)
def page_of(text: str) -> Page:
    """Return the page of a text, which one recognizer after the other asks for."""
    return Page(text)
