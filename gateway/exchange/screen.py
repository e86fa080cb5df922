"""What the model discloses by itself: an answer is looked at before it is restored.

Law: nothing of an answer is said that has not been looked at, by the same detection and under the same policy as the
request; what the caller said is the caller's own. Text is looked at piece by piece, JSON as a whole, and texts that
clients join are looked at joined, too; what a stream has said stays said. The names of declared tools and the ids of
calls, by which a client finds them, are no text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from gateway.core.audit import Json
from gateway.core.content import Delta, PartKind, Segment
from gateway.core.errors import BackendProtocolError, DetectionUnavailable, ResponseBlocked, ScreeningUnavailable
from gateway.core.escapes import unescaped
from gateway.core.findings import Findings, RecognizerResult
from gateway.core.occurrences import Occurrences
from gateway.core.policy import Policy
from gateway.core.ports import Asker, Detector
from gateway.core.pseudonym import PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.exchange.aside import aside
from gateway.exchange.pieces import MOST, Piece, Pieces
from gateway.observability import metrics
from gateway.protocols import CALL_IDS, Inner, Joined, ParsedEvent, Slot, read_inner
from gateway.transform import masked, values

Found = Sequence[RecognizerResult]
"""What was found in one text, sorted and apart."""

_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_.:\-]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """An event that may be said. late: text of channels that end with it and of which it brings none."""

    event: ParsedEvent
    late: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Look:
    """A piece to be looked at. known: the client finds its tools by it, so that it is no text."""

    kind: PartKind
    piece: Piece
    known: bool = False


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What may be said of a piece, and what was masked in it."""

    text: str = field(repr=False)
    counts: Counter[str]


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found in each text of a piece. joined: the whole of values that are cut by its ends."""

    each: list[Found]
    joined: Mapping[RecognizerResult, str]

    def values(self, inner: Inner) -> Iterator[str]:
        """Yield what the caller may have said."""
        yield from self.joined.values()
        for segment, findings in zip(inner.segments, self.each, strict=True):
            yield from values(segment.text.reveal(), findings)

    def foreign(self, own: Mapping[str, bool]) -> list[Found]:
        """Return the findings without those whose whole value the caller has said."""
        return [[found for found in each if not own.get(self.joined.get(found, ""))] for each in self.each]


@dataclass(frozen=True, slots=True)
class _Taken:
    """What is scanned of a piece: its own segments, the last of them between those that clients join with it."""

    inner: Inner
    lead: tuple[Segment, ...] = ()
    trail: tuple[Segment, ...] = ()

    def segments(self) -> tuple[Segment, ...]:
        """Return all of them."""
        return (*self.lead, *self.inner.segments, *self.trail)

    def own(self, found: Iterator[Found]) -> _Found:
        """Take the findings of all of them, and return those of its own."""
        each = [next(found) for _ in self.segments()]
        own = each[len(self.lead) : len(each) - len(self.trail)]
        return _Found(own, self._joined(each) if len(each) > len(own) else {})

    def _joined(self, found: Sequence[Found]) -> dict[RecognizerResult, str]:
        """Return the values that go on in what clients join with its own text, by their part in that."""
        texts = [segment.text.reveal() for segment in self.segments()]
        own, joined = len(self.lead), {}
        for finding in found[own]:
            value = texts[own][finding.start : finding.end]
            if self.lead and finding.start == 0 and found[0] and found[0][-1].end == len(texts[0]):
                value = texts[0][found[0][-1].start :] + value
            if self.trail and finding.end == len(texts[own]) and found[-1] and found[-1][0].start == 0:
                value += texts[-1][: found[-1][0].end]
            joined[finding] = value
        return joined


class Screen:
    """Looks at one answer. counts: what was masked, by entity type.

    request, table, tools: what the caller said, the placeholders, and the names of the tools that were declared.
    joined: what clients join (``Lens``).
    """

    def __init__(  # noqa: PLR0913 - what an answer is held against
        self,
        detector: Detector,
        policy: Policy,
        request: Sequence[Segment],
        table: PseudonymTable,
        *,
        tools: frozenset[str],
        joined: frozenset[str],
        asker: Asker,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.policy = policy
        self._detector = detector
        self._asker = asker
        self._asked = [] if policy.screen == "off" else [segment.text.reveal().lower() for segment in request]
        self._table = table
        self._tools = tools
        self._own: dict[str, bool] = {}
        self._channels: dict[str, tuple[PartKind, Pieces]] = {}
        self._ended: dict[str, tuple[PartKind, Pieces]] = {}
        self._clients_join = joined
        self._joined = Joined[str](joined)
        self._said: dict[_Look, _Verdict] = {}

    def found(self) -> dict[str, Json]:
        """Say what was found, for the record."""
        return {"screened": dict(self.counts)} if self.policy.screen != "off" else {}

    async def whole(self, segments: Sequence[Segment]) -> tuple[Segment, ...]:
        """Return the texts of a whole answer as they may be said. Raise ``ResponseBlocked``."""
        if self.policy.screen == "off":
            return tuple(segments)
        pieces = _pieces(segments, joined=self._clients_join)
        looks = [self._seen(each.kind, each.pointer, piece) for each, piece in zip(segments, pieces, strict=True)]
        await self._look(looks)
        self._count(looks)
        return tuple(
            replace(each, text=Sensitive(self._said[look].text)) for each, look in zip(segments, looks, strict=True)
        )

    async def events(self, events: Sequence[ParsedEvent]) -> list[Screened]:
        """Return events with as much of their text as is sure. Raise ``ResponseBlocked``."""
        if self.policy.screen == "off":
            return [Screened(event=event, late={}) for event in events]
        plans = [(event, self._brought(event), self._left(event)) for event in events]
        await self._look([look for _, brought, left in plans for looks in (*brought, *left.values()) for look in looks])
        for event, brought, left in plans:
            fresh = [looks for delta, looks in zip(event.deltas, brought, strict=True) if not delta.repeated]
            self._count(look for looks in (*fresh, *left.values()) for look in looks)
        return [
            Screened(
                event=replace(
                    event,
                    deltas=tuple(
                        replace(delta, text=Sensitive(self._text(looks)))
                        for delta, looks in zip(event.deltas, brought, strict=True)
                    ),
                ),
                late={name: self._text(looks) for name, looks in left.items()},
            )
            for event, brought, left in plans
        ]

    def _text(self, looks: Sequence[_Look]) -> str:
        return "".join(self._said[look].text for look in looks)

    def _count(self, looks: Iterable[_Look]) -> None:
        """Count what was masked in texts that come for the first time."""
        for look in looks:
            self.counts += self._said[look].counts

    def _seen(self, kind: PartKind, place: str, piece: Piece) -> _Look:
        """Return a piece as it is to be looked at. place: pointer or channel, which ends with what the text is."""
        is_id = place.rpartition("/")[2] in CALL_IDS and bool(_IDENTIFIER.fullmatch(piece.text))
        return _Look(kind, piece, known=kind is PartKind.NAME and (is_id or piece.text in self._tools))

    def _brought(self, event: ParsedEvent) -> list[list[_Look]]:
        """Return what the deltas of an event complete."""
        return [self._fed(delta, ends=ends) for delta, ends in zip(event.deltas, event.last(), strict=True)]

    def _fed(self, delta: Delta, *, ends: bool) -> list[_Look]:
        kind, pieces = self._channels.get(delta.channel) or self._open(delta)
        if ends:
            del self._channels[delta.channel]
            if not delta.repeated:
                self._ended[delta.channel] = kind, pieces
        return [self._seen(kind, delta.channel, piece) for piece in pieces.feed(delta.text.reveal(), ends=ends)]

    def _open(self, delta: Delta) -> tuple[PartKind, Pieces]:
        """Begin a channel, behind the text that clients join with it; one that goes on after its end is the same."""
        if ended := self._ended.pop(delta.channel, None):
            self._channels[delta.channel] = ended
            return ended
        lead = self._joined.before(delta.channel) or ""
        pieces = Pieces(whole=delta.kind is not PartKind.TEXT, lead=lead)
        self._joined.begun(delta.channel, pieces.tail)
        self._channels[delta.channel] = delta.kind, pieces
        return delta.kind, pieces

    def _left(self, event: ParsedEvent) -> dict[str, list[_Look]]:
        """Return what was held back of other channels that end."""
        ending = [name for name in self._channels if event.closes and event.ends(name)]
        left = {}
        for name in ending:
            kind, pieces = self._ended[name] = self._channels.pop(name)
            left[name] = [self._seen(kind, name, piece) for piece in pieces.feed("", ends=True)]
        return left

    async def _look(self, looks: Sequence[_Look]) -> None:
        """Look at what has not been looked at: what stands in an answer twice is masked alike."""
        new = [look for look in dict.fromkeys(looks) if look not in self._said]
        if not new:
            return
        size = sum(len(look.piece.text) for look in new)
        taken = await aside(size, partial(_taken_apart, new))
        segments = [segment for each in taken.values() for segment in each.segments()]
        with metrics.stage_seconds.labels("screen").time():
            findings = iter(await self._analyzed(segments))
        found = {look: each.own(findings) for look, each in taken.items()}
        inners = {look: each.inner for look, each in taken.items()}
        await self._ask_whose(inners, found)
        self._said.update({look: _Verdict(look.piece.text, Counter()) for look in new if look not in inners})
        self._said.update(await aside(size, partial(self._masked, inners, found)))
        masked = sum((self._said[look].counts for look in new), Counter[str]())
        for entity_type, count in masked.items():
            metrics.screened.labels(entity_type).inc(count)
        if masked and self.policy.screen == "block":
            self.counts += masked
            raise ResponseBlocked(masked)

    async def _analyzed(self, segments: Sequence[Segment]) -> Findings:
        try:
            return await self._detector.analyze(segments, self.policy, asker=self._asker)
        except DetectionUnavailable as error:
            raise ScreeningUnavailable(error.detail) from None

    def _masked(self, inners: Mapping[_Look, Inner], found: Mapping[_Look, _Found]) -> dict[_Look, _Verdict]:
        """Return what may be said of each piece."""
        return {look: self._judged(look, inner, found[look].foreign(self._own)) for look, inner in inners.items()}

    def _judged(self, look: _Look, inner: Inner, found: Sequence[Found]) -> _Verdict:
        begin, counts = len(unescaped(look.piece.before)), Counter[str]()
        texts, keys = [], set[str]()
        for segment, findings in zip(inner.segments, found, strict=True):
            text, masks = masked(
                segment.text.reveal(), begin, findings, is_own=self._own.__getitem__, table=self._table
            )
            counts += masks
            texts.append(Sensitive(_apart(text, keys) if segment.kind is PartKind.KEY else text))
        return _Verdict(inner.write(texts) if counts else look.piece.text, counts)

    async def _ask_whose(self, inners: Mapping[_Look, Inner], found: Mapping[_Look, _Found]) -> None:
        """Find out which of the values found the caller has said, in any case of letters."""
        new = {value for look, inner in inners.items() for value in found[look].values(inner) if value not in self._own}
        if not new:
            return
        own = await aside(sum(map(len, self._asked)), partial(_said_in, self._asked, new))
        self._own.update((value, value.lower() in own) for value in new)


def _apart(key: str, keys: set[str]) -> str:
    """Return a key that no other of the document has become: each stands for a value of its own."""
    apart, number = key, 1
    while apart in keys and "[" in key:
        number += 1
        apart = f"{key} {number}"
    keys.add(apart)
    return apart


def _pieces(segments: Sequence[Segment], *, joined: frozenset[str]) -> list[Piece]:
    """Return the texts of a whole answer, each with what clients join with it."""
    texts = [segment.text.reveal() for segment in segments]
    leads = _leads(segments, texts, joined=joined)
    trails = _leads(segments[::-1], [text[::-1] for text in texts[::-1]], joined=joined)[::-1]
    return [
        Piece(before="", text=text, lead=lead, trail=trail[::-1])
        for text, lead, trail in zip(texts, leads, trails, strict=True)
    ]


def _leads(segments: Sequence[Segment], texts: Sequence[str], *, joined: frozenset[str]) -> list[str]:
    """Return the end of what comes before each text; of texts written backwards, the beginning of what follows."""
    together, leads = Joined[str](joined), []
    for segment, text in zip(segments, texts, strict=True):
        leads.append(together.before(segment.channel) or "")
        together.begun(segment.channel, partial(str, (leads[-1] + text)[-MOST:]))
    return leads


def _taken_apart(looks: Sequence[_Look]) -> dict[_Look, _Taken]:
    """Return what is to be scanned, by its piece."""
    return {look: _taken(look, number) for number, look in enumerate(looks) if not look.known}


def _taken(look: _Look, number: int) -> _Taken:
    """Return what is to be scanned of a piece: its text behind the one before, or all that stands in its JSON."""
    pointer = f"/{number}"
    if look.kind is PartKind.ARGUMENTS:
        with suppress(BackendProtocolError):  # it is read as a text then: models write JSON that nobody can read
            inner = read_inner(Sensitive(look.piece.text), pointer)
            if not _is_unread(look.piece, inner):
                return _Taken(inner)

    def part(text: str) -> tuple[Segment, ...]:
        return (Segment(pointer=pointer, kind=PartKind.TEXT, text=Sensitive(text), whole=pointer),) if text else ()

    text = part(unescaped(look.piece.before) + unescaped(look.piece.text))
    inner = Inner(template=Slot(index=0), segments=text)
    return _Taken(inner, lead=part(unescaped(look.piece.lead)), trail=part(unescaped(look.piece.trail)))


def _is_unread(piece: Piece, inner: Inner) -> bool:
    """Whether a text that clients join with others is no document by itself."""
    whole = [segment.text.reveal() for segment in inner.segments] == [unescaped(piece.text)]
    return whole and bool(piece.lead or piece.trail)


def _said_in(texts: Sequence[str], values: set[str]) -> set[str]:
    """Return which of some values stand in a request, whose texts are given in lower case, as they are.

    Of spellings that are one, only one is seen at a time, so that whoever was not seen is looked for again.
    """
    unseen, own = {value.lower() for value in values}, set[str]()
    while unseen:
        known = Occurrences(unseen)
        seen = {value for text in texts for value in known.firsts(text)}
        if not seen:
            break
        own |= seen
        unseen -= seen
    return own
