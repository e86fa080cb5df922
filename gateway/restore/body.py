"""A whole answer, restored segment by segment."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.core.content import PartKind, Segment
from gateway.core.policy import Policy
from gateway.core.pseudonym import PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.restore.automaton import RestoreCounts, Restorer
from gateway.restore.tools import may_restore


def restore(
    segments: Sequence[Segment], table: PseudonymTable, policy: Policy, *, tools: frozenset[str]
) -> tuple[tuple[Sensitive[str], ...], RestoreCounts]:
    """Return the segments' texts with their values, in order, and what became of the placeholders.

    tools: the names that the request declared, as the client spelled them.
    """
    counts = RestoreCounts()
    names: dict[str, str] = {}
    texts = []
    for segment in segments:
        restorer = Restorer(
            table,
            policy,
            escape=segment.kind is PartKind.ARGUMENTS,
            permitted=may_restore(segment.pointer, segment.kind, names, tools, policy.restore_in_tools),
        )
        text = restorer.feed(segment.text.reveal()) + restorer.finish()
        if segment.kind is PartKind.NAME:
            names[segment.pointer] = text
        counts.add(restorer.counts)
        texts.append(Sensitive(text))
    return tuple(texts), counts
