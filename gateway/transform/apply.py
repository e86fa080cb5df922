"""A decision, applied to the segments.

Law: a value that was found once is replaced wherever it stands in the request, on token boundaries. Direct findings
come first, then propagated ones, then inbound look-alikes; none overlaps another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.core.content import Segment
from gateway.core.decision import Decision
from gateway.core.findings import RecognizerResult
from gateway.core.ports import Fingerprints
from gateway.core.pseudonym import PseudonymTable
from gateway.core.residue import Replacements
from gateway.core.sensitive import Sensitive
from gateway.transform.lookalikes import Span, look_alikes, rebuild
from gateway.transform.pseudonymise import Found, Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformed:
    """What may leave, and what it takes to come back. texts: one for each segment, in order."""

    texts: tuple[Sensitive[str], ...]
    table: PseudonymTable
    replacements: Replacements


def apply(decision: Decision, segments: Sequence[Segment], *, tenant: str, fingerprints: Fingerprints) -> Transformed:
    """Replace what was found in the segments."""
    texts = [segment.text.reveal() for segment in segments]
    names = Names(tenant=tenant, fingerprints=fingerprints)
    names.give(
        Found(entity_type=finding.entity_type, text=text[finding.start : finding.end], operator=operator)
        for text, findings, operators in zip(texts, decision.findings, decision.operators, strict=True)
        for finding, operator in zip(findings, operators, strict=True)
    )
    replacements = Replacements(names.replacements)
    safe = [_safe(text, found, names, replacements) for text, found in zip(texts, decision.findings, strict=True)]
    return Transformed(
        texts=tuple(Sensitive(text) for text in safe),
        table=names.table(),
        replacements=replacements,
    )


def _safe(text: str, findings: Sequence[RecognizerResult], names: Names, replacements: Replacements) -> str:
    direct = [(finding.start, finding.end) for finding in findings]
    places = sorted([*direct, *replacements.known.places(text, direct)])
    spans = [Span(start, end, replacements.by_original[text[start:end]]) for start, end in places]
    spans += [Span(start, end, names.literal(text[start:end])) for start, end in _apart(look_alikes(text), places)]
    return rebuild(text, sorted(spans, key=lambda span: span.start), names.literal)


def _apart(spans: Sequence[tuple[int, int]], places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans that touch none of the places. Both are in order."""
    following = iter(places)
    place = next(following, None)
    for start, end in spans:
        while place is not None and place[1] <= start:
            place = next(following, None)
        if place is None or place[0] >= end:
            yield start, end
