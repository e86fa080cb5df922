"""What a policy in shadow would have done.

Law: it is found out beside the exchange and changes nothing of it: no byte that leaves or comes back, and no failure of
it is the exchange's. What it would have done, or that nobody could tell, goes on record with the exchange's end.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

from gateway.aside import aside
from gateway.audit import Entry
from gateway.core.audit import Json
from gateway.core.content import Segment
from gateway.core.decision import Decision
from gateway.core.errors import GatewayError
from gateway.core.findings import SUSPICIOUS
from gateway.core.operators import Operator
from gateway.core.policy import Policy
from gateway.core.ports import Asker, Detector
from gateway.exchange.values import Values
from gateway.observability.logs import logger
from gateway.policy import Examples, decide

Naming = Callable[[Decision], Values]
"""How events name the values of a decision."""

_UNTOUCHED: Final = Operator.KEEP.value
_UNSUSPECTED: Final = "off"
"""What a policy says that does not look for what hides text."""


class Shadow:
    """At most one policy in shadow, at work beside an exchange."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._work: asyncio.Task[dict[str, Json]] | None = None

    def begin(
        self, policy: Policy | None, live: Decision, segments: Sequence[Segment], asker: Asker, naming: Naming
    ) -> None:
        """Begin to find out, where there is a policy in shadow. live: what was decided."""
        if policy is not None:
            self._work = asyncio.create_task(self._told(policy, live, segments, asker, naming))

    async def end(self, entry: Entry) -> None:
        """Wait for it, and put it on record."""
        if self._work is not None:
            entry.note(shadow=await self._work)

    async def cancel(self) -> None:
        """End it without a record."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)

    async def _told(
        self, policy: Policy, live: Decision, segments: Sequence[Segment], asker: Asker, naming: Naming
    ) -> dict[str, Json]:
        told: dict[str, Json] = {"policy": policy.digest}
        try:
            findings = await self._detector.analyze(segments, policy, asker=asker)
            would = decide(policy, findings)
            size = sum(len(segment.text.reveal()) for segment in segments)
            return told | await aside(size, partial(compared, live, would, naming))
        except GatewayError as error:
            return told | {"failed": error.code}
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the exchange goes on
            logger("exchange").error("shadow.bug", exc_info=error)
            return told | {"failed": GatewayError.code}


@asynccontextmanager
async def beside(detector: Detector, entry: Entry) -> AsyncIterator[Shadow]:
    """Let a policy in shadow be at work while the block runs. Nobody waits for it when the client has gone."""
    shadow = Shadow(detector)
    try:
        yield shadow
    except Exception:
        await shadow.end(entry)
        raise
    except BaseException:
        await shadow.cancel()
        raise
    else:
        await shadow.end(entry)


def compared(live: Decision, shadow: Decision, naming: Naming) -> dict[str, Json]:
    """Say what the shadow decided, and how often it would have done something else to a finding, with examples."""
    was, would = dict(_done(live)), dict(_done(shadow))
    names = dict(_named(live, naming)) | dict(_named(shadow, naming))
    changes = Counter[tuple[str, str, str]]()
    examples = Examples()
    for place in was.keys() | would.keys():
        if was.get(place) != would.get(place):
            untouched = _UNSUSPECTED if place[-1] == SUSPICIOUS else _UNTOUCHED
            change = place[-1], was.get(place, untouched), would.get(place, untouched)
            changes[change] += 1
            examples.add(change, [names[place]] if place in names else ())
    return {
        "decision": shadow.effect.value,
        "entities": dict(shadow.counts),
        "blocked": dict(shadow.blocked),
        "changes": [
            {"type": change[0], "from": change[1], "to": change[2], "count": count, "examples": examples.of(change)}
            for change, count in sorted(changes.items())
        ],
    }


def _done(decision: Decision) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Yield what is done at each place: segment, beginning, end and entity type."""
    for number, (findings, operators) in enumerate(zip(decision.findings, decision.operators, strict=True)):
        for finding, config in zip(findings, operators, strict=True):
            yield (number, finding.start, finding.end, finding.entity_type), config.operator.value
    for number, findings in enumerate(decision.suspicious):
        for finding in findings:
            yield (number, finding.start, finding.end, finding.entity_type), decision.policy.suspicious_encoding


def _named(decision: Decision, naming: Naming) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Yield how events name the value at each place."""
    for number, (findings, names) in enumerate(zip(decision.findings, naming(decision), strict=True)):
        for finding, name in zip(findings, names, strict=True):
            yield (number, finding.start, finding.end, finding.entity_type), name
