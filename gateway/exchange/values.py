"""The values of a request as events name them.

Law: a value goes on record by its keyed hash and in no other way, whatever was done to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial

from gateway.core.content import Segment
from gateway.core.decision import Decision
from gateway.core.ports import ValueHashes

Values = tuple[tuple[str, ...], ...]
"""For each segment the names of the values found in it, parallel to a decision's findings."""


def named(hashes: ValueHashes, tenant: str, epoch: str, segments: Sequence[Segment], decision: Decision) -> Values:
    """Return how events name what a decision is about. A value that comes again is hashed once."""
    recorded = cache(partial(hashes.recorded, tenant, epoch))
    return tuple(
        tuple(recorded(each.entity_type, text[each.start : each.end]) for each in findings)
        for text, findings in zip((segment.text.reveal() for segment in segments), decision.findings, strict=True)
    )
