"""What the model discloses by itself: an answer is looked at before it is restored.

Law: nothing of an answer is said that has not been looked at, by the same detection and under the same policy as the
request; what the caller said is the caller's own. Text is looked at piece by piece, JSON as a whole, and texts that
clients join are looked at joined, too; what a stream has said stays said. The names of declared tools and the ids of
calls, by which a client finds them, are no text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from gateway.aside import aside
from gateway.core.audit import Json
from gateway.core.content import Delta, PartKind, Segment, last_name
from gateway.core.errors import BackendProtocolError, DetectionUnavailable, ResponseBlocked, ScreeningUnavailable
from gateway.core.findings import Findings
from gateway.core.occurrences import Occurrences
from gateway.core.policy import Policy
from gateway.core.ports import Asker, Detector
from gateway.core.pseudonym import PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.core.tokens import Tokens, tokens
from gateway.exchange.looks import Found, Look, OwnFound, Taken, pieces_of, taken_apart
from gateway.exchange.pieces import Piece, Pieces
from gateway.observability import metrics
from gateway.protocols import CALL_IDS, Joined, ParsedEvent
from gateway.transform import masked

_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_.:\-]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """An event that may be said. late: text of channels that end with it and of which it brings none."""

    event: ParsedEvent
    late: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What may be said of a piece, and what was masked in it."""

    text: str = field(repr=False)
    counts: Counter[str]


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
        self._asked_for = replace(policy, suspicious_encoding="off")  # a model hides nothing from its reader
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
        self._said: dict[Look, _Verdict] = {}

    def found(self) -> dict[str, Json]:
        """Say what was found, for the record."""
        return {"screened": dict(self.counts)} if self.policy.screen != "off" else {}

    async def whole(self, segments: Sequence[Segment]) -> tuple[Segment, ...]:
        """Return the texts of a whole answer as they may be said. Raise ``ResponseBlocked``."""
        if self.policy.screen == "off":
            return tuple(segments)
        pieces = pieces_of(segments, joined=self._clients_join)
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

    def _text(self, looks: Sequence[Look]) -> str:
        return "".join(self._said[look].text for look in looks)

    def _count(self, looks: Iterable[Look]) -> None:
        """Count what was masked in texts that come for the first time."""
        for look in looks:
            self.counts += self._said[look].counts

    def _seen(self, kind: PartKind, place: str, piece: Piece) -> Look:
        """Return a piece as it is to be looked at. place: pointer or channel, which ends with what the text is."""
        is_id = last_name(place) in CALL_IDS and bool(_IDENTIFIER.fullmatch(piece.text))
        return Look(kind, piece, known=kind is PartKind.NAME and (is_id or piece.text in self._tools))

    def _brought(self, event: ParsedEvent) -> list[list[Look]]:
        """Return what the deltas of an event complete."""
        return [self._fed(delta, ends=ends) for delta, ends in zip(event.deltas, event.last(), strict=True)]

    def _fed(self, delta: Delta, *, ends: bool) -> list[Look]:
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
        if not delta.repeated:
            self._require_alone(last_name(delta.channel))
        lead = self._joined.before(delta.channel) or ""
        pieces = Pieces(whole=delta.kind is not PartKind.TEXT, lead=lead)
        self._joined.begun(delta.channel, pieces.tail)
        self._channels[delta.channel] = delta.kind, pieces
        return delta.kind, pieces

    def _require_alone(self, family: str) -> None:
        """Refuse a text that begins before the one that clients join it to has ended."""
        if family in self._clients_join and family in map(last_name, self._channels):
            detail = "A text began before the one that clients join it to had ended."
            raise BackendProtocolError(detail)

    def _left(self, event: ParsedEvent) -> dict[str, list[Look]]:
        """Return what was held back of other channels that end."""
        ending = [name for name in self._channels if event.closes and event.ends(name)]
        left = {}
        for name in ending:
            kind, pieces = self._ended[name] = self._channels.pop(name)
            left[name] = [self._seen(kind, name, piece) for piece in pieces.feed("", ends=True)]
        return left

    async def _look(self, looks: Sequence[Look]) -> None:
        """Look at what has not been looked at: what stands in an answer twice is masked alike."""
        new = [look for look in dict.fromkeys(looks) if look not in self._said]
        if not new:
            return
        size = sum(len(look.piece.text) for look in new)
        taken = await aside(size, partial(taken_apart, new))
        segments = [segment for each in taken.values() for segment in each.segments()]
        with metrics.stage_seconds.labels("screen").time():
            findings = iter(await self._analyzed(segments))
        found = {look: each.own(findings) for look, each in taken.items()}
        await self._ask_whose(taken, found)
        self._said.update({look: _Verdict(look.piece.text, Counter()) for look in new if look not in taken})
        self._said.update(await aside(size, partial(self._masked, taken, found)))
        masked = sum((self._said[look].counts for look in new), Counter[str]())
        for entity_type, count in masked.items():
            metrics.screened.labels(entity_type).inc(count)
        if masked and self.policy.screen == "block":
            self.counts += masked
            raise ResponseBlocked(masked)

    async def _analyzed(self, segments: Sequence[Segment]) -> Findings:
        try:
            return await self._detector.analyze(segments, self._asked_for, asker=self._asker)
        except DetectionUnavailable as error:
            raise ScreeningUnavailable(error.detail) from None

    def _masked(self, taken: Mapping[Look, Taken], found: Mapping[Look, OwnFound]) -> dict[Look, _Verdict]:
        """Return what may be said of each piece."""
        return {look: self._judged(look, each, found[look].foreign(self._own)) for look, each in taken.items()}

    def _judged(self, look: Look, taken: Taken, found: Sequence[Found]) -> _Verdict:
        counts, texts, keys = Counter[str](), [], Counter[str]()
        for segment, findings in zip(taken.inner.segments, found, strict=True):
            text, masks = masked(
                segment.text.reveal(), taken.begin, findings, is_own=self._own.__getitem__, table=self._table
            )
            counts += masks
            texts.append(Sensitive(_apart(text, keys) if segment.kind is PartKind.KEY else text))
        return _Verdict(taken.inner.write(texts) if counts else look.piece.text, counts)

    async def _ask_whose(self, taken: Mapping[Look, Taken], found: Mapping[Look, OwnFound]) -> None:
        """Find out which of the values found the caller has said, in any case of letters."""
        values = (value for look, each in taken.items() for value in found[look].values(each.inner))
        new = {value for value in values if value not in self._own}
        if not new:
            return
        own = await aside(sum(map(len, self._asked)), partial(_said_in, self._asked, new))
        self._own.update((value, value.lower() in own) for value in new)


def _apart(key: str, keys: Counter[str]) -> str:
    """Return a key that no other of the document has become: each stands for a value of its own.

    keys: how often each was taken, as it was or with numbers.
    """
    apart = key
    while keys[apart] and "[" in key:
        keys[key] += 1
        apart = f"{key} {keys[key]}"
    keys[apart] += 1
    return apart


def _said_in(texts: Sequence[str], values: set[str]) -> set[str]:
    """Return which of some values stand in a request, whose texts are given in lower case, as they are."""
    spellings: dict[tuple[str, ...], list[str]] = {}
    for value in {value.lower() for value in values}:
        spellings.setdefault(tokens(value), []).append(value)
    known = Occurrences(each[0] for each in spellings.values())
    seen = {value for text in texts for value in known.firsts(Tokens(text))}
    return {value for each in spellings.values() if each[0] in seen for value in each}
