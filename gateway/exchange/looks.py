"""What is to be looked at of an answer, and what was found there.

Law: a piece is scanned behind what was said before it, and between what clients join with it; JSON that can be read is
scanned string by string. Only findings of the piece itself are given, those that its ends cut with their whole value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from gateway.core.content import PartKind, Segment, last_name
from gateway.core.errors import BackendProtocolError
from gateway.core.escapes import unescaped
from gateway.core.findings import RecognizerResult
from gateway.core.sensitive import Sensitive
from gateway.exchange.pieces import MOST, Piece
from gateway.protocols import Inner, Slot, read_inner
from gateway.transform import values

Found = Sequence[RecognizerResult]
"""What was found in one text, sorted and apart."""


@dataclass(frozen=True, slots=True)
class Look:
    """A piece to be looked at. known: the client finds its tools by it, so that it is no text."""

    kind: PartKind
    piece: Piece
    known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is scanned of a piece: its own segments, the one of a text between those that clients join with it.

    begin: where the piece begins in its segment, behind what was said before.
    """

    inner: Inner
    begin: int = 0
    lead: tuple[Segment, ...] = ()
    trail: tuple[Segment, ...] = ()

    def segments(self) -> tuple[Segment, ...]:
        """Return all of them."""
        return (*self.lead, *self.inner.segments, *self.trail)

    def own(self, found: Iterator[Found]) -> OwnFound:
        """Take the findings of all of them, and return those of its own."""
        each = [next(found) for _ in self.segments()]
        own = each[len(self.lead) : len(each) - len(self.trail)]
        return OwnFound(own, self._joined(each) if own and len(each) > len(own) else {})

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


@dataclass(frozen=True, slots=True)
class OwnFound:
    """What was found in each segment of a piece. joined: the whole of values that are cut by its ends."""

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


def pieces_of(segments: Sequence[Segment], *, joined: frozenset[str]) -> list[Piece]:
    """Return the texts of a whole answer, each with what clients join with it. joined: last names of channels."""
    texts = [segment.text.reveal() for segment in segments]
    pieces = [Piece(before="", text=text) for text in texts]
    families: defaultdict[str, list[int]] = defaultdict(list)
    for number, segment in enumerate(segments):
        if last_name(segment.channel) in joined:
            families[last_name(segment.channel)].append(number)
    for numbers in families.values():
        whole, at = "".join(texts[number] for number in numbers), 0
        for number in numbers:
            end = at + len(texts[number])
            lead, trail = whole[max(0, at - MOST) : at], whole[end : end + MOST]
            pieces[number], at = Piece(before="", text=texts[number], lead=lead, trail=trail), end
    return pieces


def taken_apart(looks: Sequence[Look]) -> dict[Look, Taken]:
    """Return what is to be scanned, by its piece."""
    return {look: _taken(look, number) for number, look in enumerate(looks) if not look.known}


def _taken(look: Look, number: int) -> Taken:
    """Return what is to be scanned of a piece: its text behind the one before, or all that stands in its JSON."""
    pointer = f"/{number}"
    if look.kind is PartKind.ARGUMENTS and not look.piece.before:
        with suppress(BackendProtocolError):  # it is read as a text then: models write JSON that nobody can read
            inner = read_inner(Sensitive(look.piece.text), pointer)
            if not _is_unread(look.piece, inner):
                return Taken(inner=inner)

    def part(text: str) -> tuple[Segment, ...]:
        return (Segment(pointer=pointer, kind=PartKind.TEXT, text=Sensitive(text), whole=pointer),) if text else ()

    before = unescaped(look.piece.before)
    return Taken(
        inner=Inner(template=Slot(index=0), segments=part(before + unescaped(look.piece.text))),
        begin=len(before),
        lead=part(unescaped(look.piece.lead)),
        trail=part(unescaped(look.piece.trail)),
    )


def _is_unread(piece: Piece, inner: Inner) -> bool:
    """Whether a text that clients join with others is no document by itself."""
    whole = [segment.text.reveal().strip() for segment in inner.segments] == [unescaped(piece.text).strip()]
    return whole and bool(piece.lead or piece.trail)
