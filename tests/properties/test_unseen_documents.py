"""The documents that nobody who works on detection has looked at: whole, marked as they should be, in all languages."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from gateway.eval.cast import DOCUMENTS
from gateway.eval.corpus import read
from gateway.eval.office import QUASI

SET = list(read([DOCUMENTS / "unseen.jsonl"]))


def test_every_language_has_documents_with_values_and_without() -> None:
    with_values = Counter(each.language for each in SET if each.spans)
    without = Counter(each.language for each in SET if not each.spans)

    assert set(with_values) == set(without) == {"cs", "da", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "sv", "tr"}
    assert min(with_values.values()) >= 5


def test_what_is_marked_stands_there_and_apart() -> None:
    for each in SET:
        places = sorted([*((span.start, span.end) for span in each.spans), *each.harmless])

        assert all(each.text[start:end].strip() == each.text[start:end] != "" for start, end in places)
        assert all(one[1] <= other[0] for one, other in pairwise(places))


def test_kinds_are_those_of_our_own_documents() -> None:
    assert all((span.kind == "quasi") == (span.label in QUASI) for each in SET for span in each.spans)
    assert sum(len(each.spans) for each in SET) > 1000
    assert sum(len(each.harmless) for each in SET) > 900
