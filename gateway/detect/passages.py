"""What is scanned in one piece: texts as the model will read them.

Law: a text stands alone, so that what is found in it does not change with what is said later. The strings of one JSON
document are lines, each value behind its key, because the key may say what the value is. The parts of one message are
read alone, and once more without a gap, for what begins in one and ends in another, or is led to by another, also where
something stands between them that the model reads elsewhere; names count there only if they lie in several, because a
model reads them by all that is around. Escapes of JSON separate words; where parts are joined, one that begins in a
part and ends in another is undone as those within a part have been.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.core.content import PartKind, Segment
from gateway.core.escapes import origins, separated, unescaped

_LINE: Final = "\n"
_NAMED: Final = ": "


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A segment in a passage. at: where it stands there; index: its number."""

    at: int
    index: int
    length: int
    key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text and the pieces that it is made of, in order.

    seams: a name counts only if it lies in several pieces.
    origins: where each character and the end of the text stand in the text of the pieces, if elsewhere.
    """

    text: str
    pieces: tuple[Piece, ...]
    seams: bool = False
    origins: Sequence[int] = ()

    def spread(self, start: int, end: int, *, name: bool) -> list[tuple[int, int, int]]:
        """Return the segment, start and end of every part of what was found, or nothing if it does not count.

        name: it is a name, which the model may begin with the name of a field; then a key is part of it only if it
        holds all of it.
        """
        parts = []
        if self.origins:
            start, end = self.origins[start], self.origins[end]
        first = max(bisect_right(self.pieces, start, key=lambda piece: piece.at) - 1, 0)
        for number in range(first, bisect_left(self.pieces, end, key=lambda piece: piece.at)):
            piece = self.pieces[number]
            low, high = max(start, piece.at), min(end, piece.at + piece.length)
            if low < high and not (piece.key and name and (low, high) != (start, end)):
                parts.append((piece.index, low - piece.at, high - piece.at))
        return [] if name and self.seams and len(parts) == 1 else parts


def passages(segments: Sequence[Segment]) -> Iterator[Passage]:
    """Yield what is to be scanned so that all of the segments are."""
    groups: dict[str, list[tuple[int, Segment]]] = {}
    for member in enumerate(segments):
        groups.setdefault(member[1].whole, []).append(member)
    for whole, members in groups.items():
        if whole and members[0][1].kind is not PartKind.TEXT:
            yield _document(members)
            continue
        yield from (_alone(index, segment.text.reveal()) for index, segment in members)
        if whole and len(members) > 1:
            yield _joined(members)


def _alone(index: int, text: str) -> Passage:
    return Passage(text=separated(text), pieces=(Piece(at=0, index=index, length=len(text)),))


def _document(members: Sequence[tuple[int, Segment]]) -> Passage:
    """Lay out a JSON document, a line for each string; a key ends its line only if its value is no string."""
    texts: list[str] = []
    pieces, at, before = [], 0, ""
    for index, segment in members:
        text = segment.text.reveal()
        is_key = segment.kind is PartKind.KEY
        glue = (_NAMED if segment.pointer == before else _LINE) if texts else ""
        pieces.append(Piece(at=at + len(glue), index=index, length=len(text), key=is_key))
        texts += [glue, text]
        at += len(glue) + len(text)
        before = segment.pointer if is_key else ""
    return Passage(text=separated("".join(texts)), pieces=tuple(pieces))


def _joined(members: Sequence[tuple[int, Segment]]) -> Passage:
    """Join the parts of a message."""
    pieces, at = [], 0
    for index, segment in members:
        pieces.append(Piece(at=at, index=index, length=len(segment.text.reveal())))
        at += pieces[-1].length
    text = "".join(segment.text.reveal() for _, segment in members)
    plain = unescaped(text)
    return Passage(
        text=separated(plain), pieces=tuple(pieces), seams=True, origins=() if plain is text else origins(text)
    )
