"""The kinds of work that speed is measured on.

Law: every kind is made of the same texts. Who has a memory has it: of a conversation, the gateway has seen all turns
but the latest, as it has when they are sent again with a new one; Presidio has none, and reads all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from gateway.core.content import PartKind, Segment
from gateway.core.ports import Asker
from gateway.core.sensitive import Sensitive
from gateway.eval.here import Here
from gateway.eval.sides import Plan, policy_of, side
from gateway.eval.speed import Job, Pace, Reader, paces

PROMPT: Final = 1000
"""Characters of a prompt."""

TURNS: Final = 20
"""Of a conversation."""

_ASKER: Final[Asker] = ("eval", "eval")


def measured(plans: Sequence[Plan], texts: Sequence[str]) -> list[Pace]:
    """Measure the sides on each kind of work."""
    documents, prompts, turns = [[text] for text in texts], _prompts(texts), _conversations(texts)
    bare = [replace(plan, engine="patterns", model="") for plan in plans]
    readers = [(plan.name, _reader(plan)) for plan in plans]
    remembering = [
        (plan.name, read if plan.stock else _remembering(plan, turns))
        for plan, (_, read) in zip(plans, readers, strict=True)
    ]
    return [
        *paces("documents", readers, documents),
        *paces(f"prompts of {PROMPT:,} characters", readers, prompts),
        *paces(
            f"prompts of {PROMPT:,} characters, patterns alone", [(plan.name, _reader(plan)) for plan in bare], prompts
        ),
        *paces(f"conversations of {TURNS} turns, the last one new", remembering, turns, warm=0),
    ]


def _prompts(texts: Sequence[str]) -> list[Job]:
    """Cut what the texts make together into prompts; what is left over is none, unless it is all."""
    whole = "\n\n".join(texts)
    return [[whole[at : at + PROMPT]] for at in range(0, max(len(whole) - PROMPT, 0) + 1, PROMPT)]


def _conversations(texts: Sequence[str]) -> list[Job]:
    """Take texts for turns; what is left over is no conversation, unless it is all."""
    return [texts[at : at + TURNS] for at in range(0, max(len(texts) - TURNS, 0) + 1, TURNS)]


def _reader(plan: Plan) -> Reader:
    read = side(plan)
    return lambda job: [read(text) for text in job]


def _remembering(plan: Plan, conversations: Sequence[Job]) -> Reader:
    """Return the gateway's detection with its memory, which has all turns but the latest of each conversation."""
    from gateway.detect import Memo, PresidioDetector

    detector, policy = PresidioDetector(Memo(Here(plan.engine, plan.model))), policy_of(plan)

    def read(job: Job) -> None:
        analysis = detector.analyze(list(map(_segment, job)), policy, asker=_ASKER)
        with suppress(StopIteration):  # nothing in it waits, so it needs no loop, and costs none
            analysis.send(None)

    for conversation in conversations:
        read(conversation[:-1])
    return read


def _segment(text: str) -> Segment:
    return Segment(pointer="", kind=PartKind.TEXT, text=Sensitive(text))
