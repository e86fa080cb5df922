"""A decision, applied to the segments.

Law: a value that was found once is replaced wherever it stands in the request, on token boundaries. Direct findings
come first, then propagated ones, then inbound look-alikes; none overlaps another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.core.content import Segment
from gateway.core.decision import Decision
from gateway.core.findings import RecognizerResult
from gateway.core.occurrences import SHORTEST, occurrences
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
    searched = sorted((value for value in names.replacements if len(value) >= SHORTEST), key=len, reverse=True)
    safe = [_safe(text, findings, names, searched) for text, findings in zip(texts, decision.findings, strict=True)]
    return Transformed(
        texts=tuple(Sensitive(text) for text in safe),
        table=names.table(),
        replacements=Replacements(names.replacements),
    )


def _safe(text: str, findings: Sequence[RecognizerResult], names: Names, searched: Sequence[str]) -> str:
    taken = Taken(len(text))
    places = [(finding.start, finding.end) for finding in findings if taken.take(finding.start, finding.end)]
    places += [
        (start, start + len(value))
        for value in searched
        for start in occurrences(text, value)
        if taken.take(start, start + len(value))
    ]
    spans = [Span(start, end, names.replacements[text[start:end]]) for start, end in places]
    spans += [
        Span(start, end, names.literal(text[start:end])) for start, end in look_alikes(text) if taken.take(start, end)
    ]
    return rebuild(text, sorted(spans, key=lambda span: span.start), names.literal)


class Taken:
    """Which characters of a text are spoken for."""

    def __init__(self, length: int) -> None:
        self._marks = bytearray(length)

    def take(self, start: int, end: int) -> bool:
        """Take a stretch, unless part of it is taken."""
        if any(self._marks[start:end]):
            return False
        self._marks[start:end] = b"\x01" * (end - start)
        return True
