"""What travels through the sentence: the call, what becomes known of it, and the stages that it visits.

Law: ``Progress`` is the only value here that changes; it holds counts and times, never text.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from gateway.audit import Recorder
from gateway.core.decision import Decision, Effect
from gateway.core.exchange import Exchange
from gateway.core.policy import Policy
from gateway.core.ports import Detector, Fingerprints, Policies, ValueHashes
from gateway.core.sensitive import Sensitive
from gateway.exchange.drain import Drain
from gateway.forward import Sender
from gateway.observability import metrics
from gateway.protocols import Lens, ParsedRequest
from gateway.restore import RestoreCounts


@dataclass(slots=True, kw_only=True)
class Progress:
    """What is known of an exchange so far: the headers of every answer are made of it, errors included.

    blocked: the request was permitted, its answer was not. seconds: time spent, by stage (``detect``, ``audit``,
    ``upstream``).
    """

    exchange: str
    policy: Policy | None = None
    decision: Decision | None = None
    blocked: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time spent in the block to a stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - began
            self.seconds[stage] = self.seconds.get(stage, 0.0) + took
            metrics.stage_seconds.labels(stage).observe(took)

    def headers(self) -> list[tuple[str, str]]:
        """Return the ``x-cloister-…`` and ``server-timing`` headers; a request that met no policy is denied."""
        counts = self.decision.counts if self.decision else {}
        effect = self.decision.effect if self.decision and not self.blocked else Effect.DENY
        return [
            ("x-cloister-exchange", self.exchange),
            ("x-cloister-policy", self.policy.digest[:12] if self.policy else ""),
            ("x-cloister-decision", effect.value),
            ("x-cloister-entities", ",".join(f"{name}={count}" for name, count in sorted(counts.items()))),
            ("server-timing", ", ".join(f"{name};dur={took * 1000:.2f}" for name, took in self.seconds.items())),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request that its lens has read."""

    exchange: Exchange
    lens: Lens
    request: ParsedRequest
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole answer, ready to be sent."""

    body: Sensitive[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReply:
    """An answer as server-sent events.

    end: what a good stream ends with, known once the frames have ended; to be sent when the context has been left.
    """

    frames: AsyncGenerator[Sensitive[bytes]]
    end: Callable[[], Sensitive[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """What the pipeline visits; ``gateway/app.py`` builds it.

    text_characters: the most text that one request may hold. media_bytes: the most bytes that one image may have.
    """

    recorder: Recorder
    policies: Policies
    detector: Detector
    fingerprints: Fingerprints
    values: ValueHashes
    sender: Sender
    drain: Drain
    text_characters: int
    media_bytes: int


def fates(counts: RestoreCounts) -> dict[str, int]:
    """Say what became of the placeholders of a reply, for the record, and count it in the metrics."""
    found = {"restored": counts.restored, "invented": counts.invented, "withheld": counts.withheld}
    for fate, count in found.items():
        metrics.restored.labels(fate).inc(count)
    return found
