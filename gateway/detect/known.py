"""Known values in disguise: what was found once, where it reads the same and is written otherwise.

Law: a value that counts behind its word alone is nothing by itself, so that no recognizer finds it elsewhere; where it
stands as it was found, whoever replaces finds it. Here every text is read as its reader takes it
(``readings.as_read``), and values stand there as they do in a text: on token boundaries. What a larger finding is made
of is known too, and a value of several types has all of them; what is suspicious is no value. A text that reads as it
is written costs next to nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from gateway.core.findings import SUSPICIOUS, Findings, RecognizerResult
from gateway.core.occurrences import Occurrences
from gateway.core.policy import EntityRule
from gateway.core.tokens import Tokens
from gateway.detect.conflicts import settle
from gateway.detect.readings import as_read
from gateway.detect.views import View

NAME: Final = "KnownValueRecognizer"
_SURE: Final = 1.0


def recalled(texts: Sequence[str], findings: Findings, rules: Mapping[str, EntityRule]) -> Findings:
    """Return the findings of the texts, with those of values that stand elsewhere in disguise."""
    views = list(map(as_read, texts))
    if all(view.text == text for text, view in zip(texts, views, strict=True)):
        return findings
    direct = [tuple(each for each in found if each.entity_type != SUSPICIOUS) for found in findings]
    kinds: dict[str, dict[str, None]] = {}
    for text, found in zip(texts, direct, strict=True):
        for each in chain.from_iterable((one, *one.members) for one in found):
            value = text[each.start : each.end]
            for spelling in (value, as_read(value).text):
                kinds.setdefault(spelling, {})[each.entity_type] = None
    if not kinds:
        return findings
    known = Occurrences(kinds)
    return tuple(
        (*_with(found, list(_disguised(text, view, known, kinds)), rules), *every[len(found) :])
        for text, view, found, every in zip(texts, views, direct, findings, strict=True)
    )


def _disguised(
    text: str, view: View, known: Occurrences, kinds: Mapping[str, Iterable[str]]
) -> Iterator[RecognizerResult]:
    """Yield where known values stand in a text otherwise than as they are known."""
    if view.text == text:
        return
    for place in known.places(Tokens(view.text)):
        start, end = view.place(place.start, place.end)
        if text[start:end] != place.value:
            for kind in kinds[place.value]:
                yield RecognizerResult(entity_type=kind, start=start, end=end, score=_SURE, recognizer=NAME)


def _with(
    found: tuple[RecognizerResult, ...], further: Sequence[RecognizerResult], rules: Mapping[str, EntityRule]
) -> tuple[RecognizerResult, ...]:
    """Return what was found before and what further reaches beyond it; both are in order, and each is apart."""
    beyond = [each for each in further if not _is_within(each, found)]
    if not beyond:
        return found
    alone = [each for each in found if not _touches(each, beyond)]
    touched = [each for each in found if _touches(each, beyond)]
    return tuple(sorted([*alone, *settle([*touched, *beyond], rules)], key=lambda each: each.start))


def _is_within(one: RecognizerResult, others: Sequence[RecognizerResult]) -> bool:
    at = bisect_right(others, one.start, key=lambda each: each.start)
    return at > 0 and one.end <= others[at - 1].end


def _touches(one: RecognizerResult, others: Sequence[RecognizerResult]) -> bool:
    at = bisect_left(others, one.end, key=lambda each: each.start)
    return at > 0 and others[at - 1].end > one.start
