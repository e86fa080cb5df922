"""Which rule of which file does what to a request, and why other things stay: what people are told of it.

Law: detection and the decision are those that serve. No value is told, and no name of a field that the request invented
itself; of very much the first is told, and how much there is besides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import accumulate, chain, islice
from typing import Any, Final, Protocol, TypeVar

from gateway.core.actor import PLATFORM
from gateway.core.content import PartKind, Segment
from gateway.core.decision import Decision
from gateway.core.errors import PayloadTooLarge, PolicyUnavailable, ProtocolError
from gateway.core.findings import SUSPICIOUS, Findings, RecognizerResult
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import EntityRule, Policy, Recorded, Target
from gateway.core.ports import Asker, Detector
from gateway.core.sensitive import Sensitive
from gateway.policy import Explainer, Filed, Reason, Resolution, Source, compile_bundle, decide, resolve
from gateway.protocols import Lens
from gateway.protocols.json_text import decode

T = TypeVar("T")

CHAT: Final = "/v1/chat/completions"
_EVERYTHING: Final = EntityRule(operator=OperatorConfig(operator=Operator.REDACT), threshold=0.0)
_MOST: Final = 1000
"""Findings that are told of one kind."""


class Apart(Protocol):
    """Does long work without keeping others waiting."""

    async def __call__(self, work: Callable[[], T], /) -> T:
        """Return what the work returns."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked about. content: a text in UTF-8, or a request as JSON. app: the label of its API key.

    model: that it asks for, the request's own where it is empty. endpoint: where it is sent.
    """

    content: Sensitive[bytes]
    is_request: bool = False
    app: str = ""
    model: str = ""
    endpoint: str = CHAT

    def as_json(self) -> dict[str, Any]:
        """Return it as a gateway takes it. Raise ``ProtocolError``."""
        raw = self.content.reveal()
        content = {"request": decode(raw)} if self.is_request else {"text": _text(raw)}
        return {**content, "app": self.app, "model": self.model, "endpoint": self.endpoint}


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files that may have a say: the platform's, and a tenant's own. folders: whether to tell where those lie.

    recorded: how events name values, where it counts what was marked as false; the detector's own.
    """

    platform: Sequence[Source] = ()
    own: Sequence[Source] = ()
    filed: tuple[Filed, ...] = field(default=())
    folders: bool = True
    recorded: Recorded | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A document that has a say."""

    name: str
    file: str
    line: int
    floor: bool
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One finding, where it stands, what is done, and what each document says."""

    pointer: str
    start: int
    end: int
    entity_type: str
    score: float
    recognizer: str
    done: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What becomes of a request. documents: those that have a say, the chosen one first.

    findings: what is acted on. kept: what was found besides. left_out: of both together, how many are not told.
    """

    policy: str
    documents: tuple[Named, ...]
    decision: str
    findings: tuple[Told, ...]
    kept: tuple[Told, ...]
    left_out: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return it as people and tools see it."""
        return asdict(self)


def texts_of(question: Question, lenses: Sequence[Lens], most: int | None = None) -> tuple[Sequence[Segment], str]:
    """Return the texts of a request, as its endpoint reads it, and its model; of anything else the one text.

    most: characters of all of them. Raise ``ProtocolError`` or ``PayloadTooLarge``.
    """
    lens = next((lens for lens in lenses if lens.endpoint == question.endpoint), None)
    if lens is None:
        detail = f"endpoint: one of {', '.join(lens.endpoint for lens in lenses)} is needed."
        raise ProtocolError(detail)
    segments, model = _read(question, lens)
    if most is not None and sum(len(each.text.reveal()) for each in segments) > most:
        detail = f"limits.text_characters allows {most} characters of text."
        raise PayloadTooLarge(detail)
    return segments, question.model or model


def _read(question: Question, lens: Lens) -> tuple[Sequence[Segment], str]:
    raw = question.content.reveal()
    if question.is_request:
        request = lens.request(raw)
        return request.segments, request.model
    return [Segment(pointer="", kind=PartKind.TEXT, text=Sensitive(_text(raw)))], ""


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        detail = "The text is not UTF-8."
        raise ProtocolError(detail) from None


def files_of(
    platform: Sequence[Source], own: Sequence[Source] = (), *, tenant: str = "", folders: bool = True
) -> Files:
    """Compile the platform's files, and a tenant's own. Raise ``PolicyInvalid``."""
    bundles = [compile_bundle(given, scope=scope) for given, scope in ((own, tenant), (platform, PLATFORM)) if given]
    filed = tuple(each for bundle in bundles for each in bundle.policies)
    return Files(platform=platform, own=own, filed=filed, folders=folders)


async def explained(  # noqa: PLR0913 - what is asked, and by what means
    segments: Sequence[Segment],
    target: Target,
    files: Files,
    detector: Detector,
    *,
    asker: Asker,
    apart: Apart,
) -> Explanation:
    """Say what becomes of texts. Raise ``PolicyUnavailable`` where no policy matches, ``DetectionUnavailable``."""
    found = resolve(files.filed, target)
    if found is None:
        raise PolicyUnavailable
    decision = decide(found.policy, await detector.analyze(segments, found.policy, asker=asker))
    every = await detector.analyze(segments, _everything(found.policy), asker=asker)
    return await apart(partial(_explanation, found, files, segments, decision, every))


async def at_once(work: Callable[[], T], /) -> T:
    """Do work where nobody waits for anything else."""
    return work()


def _everything(policy: Policy) -> Policy:
    """Return a policy that finds all that there is, whatever its score."""
    return replace(policy, entities=dict.fromkeys(policy.entities, _EVERYTHING), allow=())


def _explanation(
    found: Resolution, files: Files, segments: Sequence[Segment], decision: Decision, every: Findings
) -> Explanation:
    explainer = Explainer(found, files.platform, files.own, folders=files.folders)
    teller = _Teller(explainer, _invented(segments), files.recorded)
    acted, more = _first(chain(teller.acted(segments, decision), teller.suspicious(segments, decision)))
    kept, rest = _first(teller.kept(segments, decision.findings, every))
    return Explanation(
        policy=found.policy.digest,
        documents=tuple(
            Named(name=each.policy.name, file=explainer.file(each), line=each.line, floor=each.floor, own=each.own)
            for each in explainer.layers
        ),
        decision=decision.effect.value,
        findings=acted,
        kept=kept,
        left_out=more + rest,
    )


def _first(making: Iterator[Callable[[], Told]]) -> tuple[tuple[Told, ...], int]:
    """Make the first of many, and count the others."""
    return tuple(make() for make in islice(making, _MOST)), sum(1 for _ in making)


def _invented(segments: Sequence[Segment]) -> frozenset[str]:
    """Return the pointers that end with a name that the request invented."""
    return frozenset(each.pointer for each in segments if each.kind is PartKind.KEY)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells of findings, each only when it is asked for. invented: pointers that end with a name of the request's."""

    explainer: Explainer
    invented: Collection[str]
    recorded: Recorded | None

    def acted(self, segments: Sequence[Segment], decision: Decision) -> Iterator[Callable[[], Told]]:
        """Yield what something is done to."""
        for segment, found, done in zip(segments, decision.findings, decision.operators, strict=True):
            for each, operator in zip(found, done, strict=True):
                yield partial(self.told, segment, each, operator.operator.value)

    def suspicious(self, segments: Sequence[Segment], decision: Decision) -> Iterator[Callable[[], Told]]:
        """Yield what hides text, which no rule for a type is about."""
        for segment, found in zip(segments, decision.suspicious, strict=False):
            for each in found:
                yield partial(self.told, segment, each, decision.policy.suspicious_encoding)

    def kept(self, segments: Sequence[Segment], findings: Findings, every: Findings) -> Iterator[Callable[[], Told]]:
        """Yield what was found and left alone."""
        for segment, found, more in zip(segments, findings, every, strict=True):
            taken = bytearray(len(segment.text.reveal()))
            for one in found:
                taken[one.start : one.end] = b"\1" * (one.end - one.start)
            for each in more:
                if each.entity_type != SUSPICIOUS and not any(taken[each.start : each.end]):
                    yield partial(self.told, segment, each, Operator.KEEP.value)

    def told(self, segment: Segment, found: RecognizerResult, done: str) -> Told:
        """Tell of one finding."""
        value = segment.text.reveal()[found.start : found.end].strip()
        about = (found.entity_type, found.score, value)
        return Told(
            pointer=self._place(segment.pointer),
            start=found.start,
            end=found.end,
            entity_type=found.entity_type,
            score=found.score,
            recognizer=found.recognizer,
            done=done,
            reasons=tuple(self.explainer.reasons(*about, self.recorded)) if found.entity_type != SUSPICIOUS else (),
        )

    def _place(self, pointer: str) -> str:
        """Return a pointer without the names that the request invented, which are text of its own."""
        steps = pointer.split("/")
        places = accumulate(steps, lambda before, step: f"{before}/{step}")
        return "/".join("*" if place in self.invented else step for place, step in zip(places, steps, strict=True))
