"""From segments to findings.

Law: what the policy keeps is not looked for; what it allows, or scores too low, is left out before overlaps are
settled. Short texts of a request travel together, long ones in windows, equal ones once; a request has one worker at a
time, so that a long one does not keep others waiting, and every window must be answered.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Final, Protocol, TypeVar

from gateway.core.content import Segment
from gateway.core.escapes import origins, separated, unescaped
from gateway.core.findings import SUSPICIOUS, Findings, RecognizerResult
from gateway.core.policy import Policy, Recorded
from gateway.core.ports import Aside, Asker, ValueHashes
from gateway.detect.conflicts import apart, settle
from gateway.detect.custom import encoded
from gateway.detect.known import recalled
from gateway.detect.passages import Passage, passages
from gateway.detect.persons import Spellings, with_parts
from gateway.detect.raw import NAMES, Raw
from gateway.detect.windows import SIZE, windows

T = TypeVar("T")

_Window = tuple[Passage, int, str]
"""A stretch of a passage that is scanned alone, and where it begins there."""

_MOST_TEXTS: Final = 100
"""Texts that travel in one frame of at most a window's characters: each has a cost of its own."""


class Pool(Protocol):
    """What scans, somewhere else."""

    async def run(
        self, texts: list[str], entities: list[str], asker: Asker, recognizers: bytes = b""
    ) -> list[list[Raw]]:
        """Return what is found in each text. recognizers: a policy's own (``custom``)."""
        ...


class PresidioDetector:
    """Finds entities in worker processes (``core.ports.Detector``).

    aside: how long work is done, at once if None. values: how events name values, None where none is marked as false.
    """

    def __init__(self, pool: Pool, *, aside: Aside | None = None, values: ValueHashes | None = None) -> None:
        self._pool = pool
        self._aside = aside or _at_once
        self._values = values

    async def analyze(self, segments: Sequence[Segment], policy: Policy, *, asker: Asker) -> Findings:
        """Return the findings of each segment. Raise ``DetectionUnavailable``."""
        wanted, recognizers = sorted(_looked_for(policy)), encoded(policy.recognizers)
        if not wanted:
            return tuple(() for _ in segments)
        size = sum(len(segment.text.reveal()) for segment in segments)
        scanned = await self._aside(size, partial(_scanned, segments))
        recorded = cache(partial(self._values.recorded, asker[0])) if self._values else None
        found: dict[str, list[Raw]] = {"": []}
        for frame in _frames(dict.fromkeys(text for _, _, text in scanned if text)):
            found.update(zip(frame, await self._pool.run(frame, wanted, asker, recognizers), strict=True))
        return await self._aside(size, partial(_judged, segments, scanned, found, policy, recorded))


async def _at_once(_size: int, work: Callable[[], T]) -> T:
    return work()


class TextAnalyzer:
    """Finds entities in this process, for commands. engine, model: as in the settings ``detect.…``."""

    def __init__(self, *, engine: str, model: str) -> None:
        from gateway.detect.scanner import Scanner

        self._scanner = Scanner(engine, model)

    def analyze(self, text: str, policy: Policy) -> tuple[RecognizerResult, ...]:
        """Return the findings of one text, which is read without its needless escapes."""
        wanted, at, recognizers = sorted(_looked_for(policy)), origins(text), encoded(policy.recognizers)
        raw = [
            (kind, at[start + low], at[start + high], score, name)
            for start, piece in windows(separated(unescaped(text)))
            for kind, low, high, score, name in self._scanner.scan([piece], wanted, recognizers)[0]
        ]
        return recalled((text,), (judge(text, raw, policy),), policy.entities)[0]


def _scanned(segments: Sequence[Segment]) -> list[_Window]:
    return [(passage, *window) for passage in passages(segments) for window in windows(passage.text)]


def _judged(
    segments: Sequence[Segment],
    scanned: Sequence[_Window],
    found: Mapping[str, Sequence[Raw]],
    policy: Policy,
    recorded: Recorded | None,
) -> Findings:
    """Bring what was found in the windows back to the segments, and judge it there."""
    raw: list[list[Raw]] = [[] for _ in segments]
    firm: list[set[tuple[int, int]]] = [set() for _ in segments]
    for passage, start, text in scanned:
        for kind, at, end, score, name in found[text]:
            places = passage.spread(start + at, start + end, name=name == NAMES)
            if len(places) > 1 and policy.allows(kind, text[at:end].strip()):
                continue
            for index, low, high in places:
                raw[index].append((kind, low, high, score, name))
                if len(places) > 1:
                    firm[index].add((low, high))
    texts = [segment.text.reveal() for segment in segments]
    judged = tuple(
        judge(text, each, policy, parts, recorded) for text, each, parts in zip(texts, raw, firm, strict=True)
    )
    return recalled(texts, judged, policy.entities)


def wanted_types(policy: Policy) -> frozenset[str]:
    """Return the entity types that the policy does something about."""
    return frozenset(name for name, rule in policy.entities.items() if rule.acts)


def _looked_for(policy: Policy) -> frozenset[str]:
    return wanted_types(policy) | ({SUSPICIOUS} if policy.suspicious_encoding != "off" else frozenset())


def judge(
    text: str,
    raw: Sequence[Raw],
    policy: Policy,
    parts: Container[tuple[int, int]] = (),
    recorded: Recorded | None = None,
) -> tuple[RecognizerResult, ...]:
    """Drop what the policy allows or scores too low, and settle the rest; what is suspicious comes behind, by itself.

    parts: places that are parts of values, which the policy was asked about as a whole. recorded: how events name a
    value, so that what was marked as false is none.
    """
    found = {
        RecognizerResult(entity_type=kind, start=start, end=end, score=score, recognizer=name)
        for kind, start, end, score, name in map(_rounded, raw)
        if kind == SUSPICIOUS or score >= policy.entities[kind].threshold
    }
    values = {each: (each.entity_type, text[each.start : each.end].strip()) for each in found}
    allowed = {value for value in set(values.values()) if policy.allows(*value)}
    kept = [each for each, value in values.items() if value not in allowed or (each.start, each.end) in parts]
    settled = settle((each for each in kept if each.entity_type != SUSPICIOUS), policy.entities)
    if recorded and any(each.findings for each in policy.allow):
        plain = [each for each in kept if each.entity_type != SUSPICIOUS]
        settled = tuple(_unmarked(text, sorted(plain, key=_start), settled, policy, recorded))
    spellings = Spellings(text)
    return (
        *(with_parts(text, each, spellings) for each in settled),
        *apart(each for each in kept if each.entity_type == SUSPICIOUS),
    )


def _unmarked(
    text: str,
    found: Sequence[RecognizerResult],
    settled: Sequence[RecognizerResult],
    policy: Policy,
    recorded: Recorded,
) -> Iterator[RecognizerResult]:
    """Yield what was not marked as false. found: what was settled, in the order of beginnings.

    That is asked of what would go on record. Only findings of its type are none then: others at its place are settled
    by themselves, and asked about as themselves, so that no type takes another's rule along.
    """
    for each in settled:
        if not policy.forgives(each.entity_type, text[each.start : each.end], recorded):
            yield each
            continue
        first, last = (bisect_left(found, place, key=_start) for place in (each.start, each.end))
        inside = [one for one in found[first:last] if one.entity_type != each.entity_type]
        yield from _unmarked(text, inside, settle(inside, policy.entities), policy, recorded)


def _start(found: RecognizerResult) -> int:
    return found.start


def _rounded(raw: Raw) -> Raw:
    """Return what was found with the score that goes on record, by which it is decided too."""
    kind, start, end, score, name = raw
    return kind, start, end, round(score, 4), name


def _frames(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield texts in frames of about one window's characters."""
    frame: list[str] = []
    size = 0
    for text in texts:
        if frame and (size + len(text) > SIZE or len(frame) == _MOST_TEXTS):
            yield frame
            frame, size = [], 0
        frame.append(text)
        size += len(text)
    if frame:
        yield frame
