"""What a model said that its caller did not, masked.

Law: what is the caller's own stays, and so do the placeholders and marks that the gateway wrote itself. What was said
before a piece is read with it and not changed any more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from gateway.core.findings import RecognizerResult
from gateway.core.pseudonym import INVENTED, OURS, PseudonymTable
from gateway.transform.operators import redact


def values(text: str, findings: Sequence[RecognizerResult]) -> Iterator[str]:
    """Yield what was found in a text, and what that is made of: the caller may have said any of it."""
    for finding in findings:
        yield text[finding.start : finding.end]
        yield from (text[member.start : member.end] for member in finding.members)


def masked(
    text: str,
    begin: int,
    findings: Sequence[RecognizerResult],
    *,
    is_own: Callable[[str], bool],
    table: PseudonymTable,
) -> tuple[str, Counter[str]]:
    """Return a text from ``begin`` on without what was found in it, and how many of each type that was.

    findings: sorted and apart. is_own: tells whether the caller has said a value. table: the placeholders of the
    exchange.
    """
    counts: Counter[str] = Counter()
    ours = [mark.span() for mark in OURS.finditer(text) if mark[0] in table or INVENTED.fullmatch(mark[0])]
    pieces, at = [], begin
    for finding in findings:
        if _is_own(text, finding, is_own):
            continue
        for start, end in _theirs(text, max(finding.start, begin), finding.end, ours):
            pieces += [text[at:start], redact(finding.entity_type)]
            counts[finding.entity_type] += 1
            at = end
    return "".join([*pieces, text[at:]]), counts


def _is_own(text: str, finding: RecognizerResult, is_own: Callable[[str], bool]) -> bool:
    """Whether the caller has said the value, or every part of it."""
    if is_own(text[finding.start : finding.end]):
        return True
    own = [each for each in finding.members if is_own(text[each.start : each.end])]
    return all(
        any(each.start <= at < each.end for each in own)
        for at in range(finding.start, finding.end)
        if text[at].isalnum()
    )


def _theirs(text: str, start: int, end: int, ours: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what lies between the gateway's own marks and holds a letter or digit."""
    at = start
    for number in range(bisect_right(ours, start, key=lambda mark: mark[1]), len(ours)):
        low, high = ours[number]
        if low >= end:
            break
        yield from _stretch(text, at, low)
        at = high
    yield from _stretch(text, at, end)


def _stretch(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if any(map(str.isalnum, text[start:end])):
        yield start, end
