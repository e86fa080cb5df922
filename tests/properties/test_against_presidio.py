"""What stock Presidio finds and we do not, and the other way round: every difference is one of a list.

Law: both sides read the same texts and count by the same thresholds; a difference that nothing in the list explains
fails the test. How often each explains one is printed (``pytest -s``) and stands in ``docs/detection.md``.
"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import phonenumbers
import pytest
from presidio_analyzer import AnalyzerEngine, PatternRecognizer
from presidio_analyzer import predefined_recognizers as presidio

from gateway.core.findings import ENTITY_TYPES
from gateway.detect.engine import Engine
from gateway.detect.ner import LocalNlpEngine
from gateway.detect.recognizers.americas import AMERICAS
from gateway.detect.recognizers.asia import ASIA
from gateway.detect.recognizers.elsewhere import ELSEWHERE
from gateway.detect.recognizers.europe import EUROPE
from gateway.detect.recognizers.issued import compact
from gateway.detect.recognizers.phone import is_reference
from gateway.detect.registry import make_engine
from gateway.eval.stock import StockAnalyzer
from tests.doubles.texts import corpora, generated

EVERY: Final = frozenset(ENTITY_TYPES)
BY_MODEL: Final = frozenset({"AGE", "DATE_TIME", "LOCATION", "NRP", "ORGANIZATION", "PERSON"})
RENAMED: Final = {"TH_TNIN": "TH_ID", "ZA_ID_NUMBER": "ZA_ID"}
ROWS: Final = (*EUROPE, *AMERICAS, *ASIA, *ELSEWHERE)
CHECKS: Final = {row.type: row.check for row in ROWS if row.check}
STOCK_REGIONS: Final = frozenset({"US", "GB", "DE", "FR", "IL", "IN", "CA", "BR"})
LONGEST: Final = 600
CARD_GROUPS: Final = re.compile(r"\d{12,19}|(?:\d{4}[ -]){3}\d{1,7}|\d{4}[ -]\d{6}[ -]\d{4,5}")


class Found(NamedTuple):
    kind: str
    start: int
    end: int
    score: float


@dataclass(frozen=True)
class Case:
    """A finding of one side that the other lacks. ours: all of our findings, those that do not count too."""

    text: str
    found: Found
    ours: Sequence[Found]
    counted: Sequence[Found]

    @cached_property
    def value(self) -> str:
        return self.text[self.found.start : self.found.end]

    @cached_property
    def around(self) -> tuple[str, str]:
        return self.text[max(0, self.found.start - 2) : self.found.start], self.text[self.found.end :][:2]

    def is_covered_by(self, others: Iterable[Found]) -> bool:
        return solid(self.text, self.found) <= covered(self.text, others)


def solid(text: str, found: Found) -> set[int]:
    return {at for at in range(found.start, found.end) if text[at].isalnum()}


def covered(text: str, found: Iterable[Found]) -> set[int]:
    return set().union(*(solid(text, each) for each in found))


def is_wrong(case: Case) -> bool:
    check = CHECKS.get(case.found.kind)
    number = compact(case.value.upper())
    return check is not None and bool(number) and not check(number)


def is_part(case: Case) -> bool:
    before, after = case.around
    joined_before = before[-1:].isalnum() or before[-1:] == "_" or (before[-1:] in "-./–" and before[:1].isalnum())
    joined_after = after[:1].isalnum() or after[:1] == "_" or (after[:1] in "-./–" and after[1:].isalnum())
    return bool(before and joined_before) or bool(after and joined_after)


def is_written_otherwise(case: Case) -> bool:
    if case.found.kind == "CREDIT_CARD":
        return not CARD_GROUPS.fullmatch(case.value)
    return case.found.kind in {row.type for row in ROWS} and not case.value.isalnum()


def is_of_another_length(case: Case) -> bool:
    digits = sum(map(str.isdigit, case.value))
    return {
        "PHONE_NUMBER": digits < 6,
        "SE_PERSONNUMMER": digits not in {10, 12},
        "US_DRIVER_LICENSE": len(case.value) < 7,
    }.get(case.found.kind, False)


def is_of_something_else(case: Case) -> bool:
    return case.found.kind == "PHONE_NUMBER" and is_reference(case.text, case.found.start, case.found.end)


def is_of_israel_alone(case: Case) -> bool:
    return case.found.kind == "PHONE_NUMBER" and not any(map(partial(is_found_in, case), STOCK_REGIONS - {"IL"}))


def is_found_in(case: Case, region: str) -> bool:
    numbers = phonenumbers.PhoneNumberMatcher(case.text, region)
    return any(each.start < case.found.end and case.found.start < each.end for each in numbers)


class Difference(NamedTuple):
    """What explains a difference, and why it is meant."""

    reason: str
    explains: Callable[[Case], bool]


STOCK_MORE: Final = (
    Difference("another type of ours covers it", lambda case: case.is_covered_by(case.counted)),
    Difference(
        "it counts behind a word that says what it is, and none is near", lambda case: case.is_covered_by(case.ours)
    ),
    Difference("its check digits are wrong", is_wrong),
    Difference("it is part of something longer", is_part),
    Difference("it has too few or too many characters", is_of_another_length),
    Difference("it stands in groups that its issuer does not use", is_written_otherwise),
    Difference("what stands around it says that it is none of a telephone", is_of_something_else),
    Difference(
        "a network card in three groups has a letter among its digits",
        lambda case: case.found.kind == "MAC_ADDRESS" and not any(map(str.isalpha, case.value)),
    ),
    Difference("any nine digits are a telephone number of Israel", is_of_israel_alone),
    Difference(
        "an address begins behind the = & ? / of a link and the | of a table",
        lambda case: case.found.kind == "EMAIL_ADDRESS" and any(mark in case.value for mark in "=&?/|"),
    ),
    Difference(
        "a web address begins with its scheme or with www",
        lambda case: case.found.kind == "URL" and "://" not in case.value and not case.value.startswith("www"),
    ),
)
OURS_MORE: Final = (
    Difference("telephone numbers of more countries", lambda case: case.found.kind == "PHONE_NUMBER"),
    Difference(
        "addresses at hosts without a public suffix, to their last character",
        lambda case: case.found.kind == "EMAIL_ADDRESS",
    ),
    Difference("web addresses to their last character", lambda case: case.found.kind == "URL"),
    Difference("accounts in groups that dots keep apart", lambda case: case.found.kind == "IBAN_CODE"),
    Difference(
        "its words are known in more languages, as the name of a field and above a column; check digits speak for it",
        lambda case: case.found.kind in {row.type for row in ROWS},
    ),
)


COUNTED: Final = dict.fromkeys(("PHONE_NUMBER", "US_BANK_NUMBER", "US_DRIVER_LICENSE", "US_ITIN", "US_PASSPORT"), 0.4)
"""Scores of Presidio's scale from which a finding counts, where it is not 0.5."""


class Sides:
    """Both engines, without a model."""

    def __init__(self, stock: AnalyzerEngine, ours: Engine) -> None:
        self._stock = stock
        self._ours = ours
        names = set(stock.get_supported_entities("en"))
        self.shared = sorted((names & EVERY) - BY_MODEL)
        self._asked = [*self.shared, *(names & RENAMED.keys())]

    def differences(self, text: str) -> tuple[list[Case], list[Case]]:
        """Return what stock alone finds, and what we alone find, of the types that both know."""
        theirs = [self._named(each) for each in self._stock.analyze(text, language="en", entities=self._asked)]
        ours = [self._named(each) for each in self._ours.analyze(text, EVERY)]
        stock, counted = list(filter(self._counts, theirs)), list(filter(self._counts, ours))
        return (
            [Case(text, each, ours, counted) for each in stock if not hidden(text, each, counted)],
            [
                Case(text, each, ours, counted)
                for each in counted
                if each.kind in self.shared and not hidden(text, each, stock)
            ],
        )

    def _counts(self, found: Found) -> bool:
        return found.score >= COUNTED.get(found.kind, 0.5)

    def _named(self, result: object) -> Found:
        kind = result.entity_type  # type: ignore[attr-defined]  # Presidio is not typed
        return Found(RENAMED.get(kind, kind), result.start, result.end, result.score)  # type: ignore[attr-defined]


def hidden(text: str, found: Found, others: Sequence[Found]) -> bool:
    return solid(text, found) <= covered(text, (each for each in others if each.kind == found.kind))


@pytest.fixture(scope="module")
def sides(spacy_model: Path) -> Sides:
    stock: AnalyzerEngine = StockAnalyzer(spacy_model, EVERY)._engine
    loaded = {type(each).__name__ for each in stock.registry.recognizers}
    for name, kind in sorted(vars(presidio).items()):
        if inspect.isclass(kind) and issubclass(kind, PatternRecognizer) and name not in loaded | {"PatternRecognizer"}:
            stock.registry.add_recognizer(kind(supported_language="en"))
    return Sides(stock, make_engine(LocalNlpEngine("patterns", "")))


def explained(cases: Iterable[Case], listed: Sequence[Difference]) -> tuple[Counter[str], list[tuple[str, str, str]]]:
    counts: Counter[str] = Counter()
    left = []
    for case in cases:
        reason = next((each.reason for each in listed if each.explains(case)), "")
        counts[reason] += 1
        if not reason:
            left.append((case.found.kind, case.value, case.text))
    return counts, left


def assert_explained(sides: Sides, texts: Iterable[str]) -> None:
    stock: Counter[str] = Counter()
    ours: Counter[str] = Counter()
    unexplained = []
    for text in texts:
        theirs_alone, ours_alone = sides.differences(text)
        for cases, listed, counts in ((theirs_alone, STOCK_MORE, stock), (ours_alone, OURS_MORE, ours)):
            found, left = explained(cases, listed)
            counts.update(found)
            unexplained += left
    for side, counts in (("Presidio", stock), ("we", ours)):
        print(f"\n{side} alone:", *(f"{count:7} {reason}" for reason, count in counts.most_common()), sep="\n")

    assert unexplained == []


SLOW: Final = [pytest.mark.slow, pytest.mark.timeout(10_800)]


@pytest.mark.parametrize("count", [400, pytest.param(100_000, marks=SLOW)])
def test_every_difference_on_made_up_texts_is_listed(sides: Sides, count: int) -> None:
    assert_explained(sides, (generated(Random(f"differences/{number}")) for number in range(count)))


@pytest.mark.slow
@pytest.mark.timeout(10_800)
def test_every_difference_on_texts_of_others_is_listed(sides: Sides, shared: Path) -> None:
    texts = list(corpora(shared / "corpora", LONGEST))
    Random(1).shuffle(texts)

    assert_explained(sides, islice(texts, 20_000))


def test_enough_types_are_known_to_both(sides: Sides) -> None:
    assert len(sides.shared) >= 40
    assert {"CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS", "PHONE_NUMBER", "UK_NHS", "US_SSN", "IT_FISCAL_CODE"} <= set(
        sides.shared
    )


def test_a_difference_that_nothing_explains_fails(sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sides._ours, "analyze", lambda *_: [])

    with pytest.raises(AssertionError, match="4111 1111 1111 1111"):
        assert_explained(sides, ["The card is 4111 1111 1111 1111."])
