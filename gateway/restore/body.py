"""A whole answer, restored segment by segment."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.core.content import PartKind, Segment
from gateway.core.policy import Policy, ToolRule
from gateway.core.pseudonym import PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.protocols import Joined
from gateway.restore.automaton import Context, RestoreCounts, Restorer
from gateway.restore.tools import may_be_called, may_restore


def named(  # noqa: PLR0913 - a name, and what decides over it
    restorer: Restorer, place: str, *, written: str, restored: str, tools: frozenset[str], rule: ToolRule
) -> str:
    """Return a name or id as it may be said: restored, or as it was written."""
    if restored == written or may_be_called(place, restored, tools, rule):
        return restored
    restorer.withhold()
    return written


def restore(
    segments: Sequence[Segment], table: PseudonymTable, policy: Policy, *, tools: frozenset[str], joined: frozenset[str]
) -> tuple[tuple[Sensitive[str], ...], RestoreCounts]:
    """Return the segments' texts with their values, in order, and what became of the placeholders.

    tools: the names that the request declared, as the client spelled them. joined: what clients join (``Lens``).
    """
    counts = RestoreCounts()
    names: dict[str, str] = {}
    texts, together = [], Joined[Context](joined)
    for segment in segments:
        restorer = Restorer(
            table,
            policy,
            escape=segment.kind is PartKind.ARGUMENTS,
            permitted=may_restore(segment.pointer, segment.kind, names, tools, policy.restore_in_tools),
            before=together.before(segment.channel),
        )
        together.begun(segment.channel, restorer.read_so_far)
        text = restorer.feed(segment.text.reveal()) + restorer.finish()
        if segment.kind is PartKind.NAME:
            text = names[segment.pointer] = named(
                restorer,
                segment.pointer,
                written=segment.text.reveal(),
                restored=text,
                tools=tools,
                rule=policy.restore_in_tools,
            )
        counts.add(restorer.counts)
        texts.append(Sensitive(text))
    return tuple(texts), counts
