"""Text that looks like a placeholder, and text that would after a replacement beside it.

Law: in the cleaned text the grammar matches exactly the placeholders that were put there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gateway.core.pseudonym import PLACEHOLDER


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a segment (start inclusive, end exclusive) and what replaces it."""

    start: int
    end: int
    replacement: str


def look_alikes(text: str) -> list[tuple[int, int]]:
    """Return where inbound text looks like a placeholder."""
    return [match.span() for match in PLACEHOLDER.finditer(text)]


def rebuild(text: str, spans: Sequence[Span], literal: Callable[[str], str]) -> str:
    """Replace the spans (sorted, apart); a ``<`` that would begin a new look-alike becomes a placeholder itself."""
    while True:
        built, placed = _build(text, spans)
        stray = [match.start() for match in PLACEHOLDER.finditer(built) if match.span() not in placed]
        if not stray:
            return built
        origins = [_origin(at, spans) for at in stray]
        spans = sorted(
            [*spans, *(Span(at, at + 1, literal("<")) for at in origins)], key=lambda span: (span.start, span.end)
        )


def _build(text: str, spans: Sequence[Span]) -> tuple[str, set[tuple[int, int]]]:
    """Return the text with the spans replaced, and where each replacement stands in it."""
    pieces, placed, at, length = [], set(), 0, 0
    for span in spans:
        kept = text[at : span.start]
        pieces += [kept, span.replacement]
        length += len(kept)
        placed.add((length, length + len(span.replacement)))
        length += len(span.replacement)
        at = span.end
    return "".join([*pieces, text[at:]]), placed


def _origin(at: int, spans: Sequence[Span]) -> int:
    """Return where in the source a kept character of the built text stands: no replacement holds a stray ``<``."""
    shift = 0
    for span in spans:
        if span.start + shift > at:
            break
        shift += len(span.replacement) - (span.end - span.start)
    return at - shift
