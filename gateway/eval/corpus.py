"""Labelled documents, from files of JSON lines.

Law: an error names file and line and never what stands there: somebody's labelled sample is personal data. A line
looks like ``{"text", "spans": [[start, end, LABEL, …], …]}``, offsets in code points, end exclusive; a fourth entry
``direct`` or ``quasi`` says how a span points at a person. ``lang`` or ``language``, ``genre`` and ``harmless`` (places
that must survive) are optional.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final, Literal

import msgspec

from gateway.core.errors import ProtocolError

Kind = Literal["direct", "quasi", ""]

LONGEST: Final = 8 * 1024 * 1024
"""Bytes of the longest line."""

_SHAPE: Final = 'not a JSON object {"text", "spans": [[start, end, LABEL], …]} in UTF-8.'
_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where a labelled value stands. kind: how it points at a person, where that is known."""

    start: int
    end: int
    label: str
    kind: Kind = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text and what is labelled in it. harmless: places that must survive."""

    text: str
    spans: tuple[Span, ...]
    language: str = ""
    genre: str = ""
    harmless: tuple[tuple[int, int], ...] = ()


class _Line(msgspec.Struct):
    """One line of a file; what else stands in it is not looked at."""

    text: str
    spans: list[list[Any]]
    lang: str = ""
    language: str = ""
    genre: str = ""
    harmless: list[tuple[int, int]] = []


def read(files: Sequence[Path]) -> Iterator[Document]:
    """Yield the documents of the files. Raise ``ProtocolError`` with file and line."""
    for file in files:
        for number, raw in _lines(file):
            if not raw.isspace():
                yield _document(raw, file, f"{file}:{number}:1")


def sample(documents: Sequence[Document], limit: int, seed: int) -> list[Document]:
    """Return so many of the documents, in their order, the same for the same seed; all of them for 0."""
    if not limit or limit >= len(documents):
        return list(documents)
    chosen = Random(seed).sample(range(len(documents)), limit)  # noqa: S311 - a sample that can be drawn again
    return [documents[place] for place in sorted(chosen)]


def line(document: Document) -> bytes:
    """Return a document as a line of a file."""
    spans = [(span.start, span.end, span.label, span.kind) for span in document.spans]
    fields = {"text": document.text, "spans": spans, "language": document.language, "genre": document.genre}
    return msgspec.json.encode({**fields, "harmless": document.harmless}) + b"\n"


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    try:
        with file.open("rb") as plain:
            source = gzip.GzipFile(fileobj=plain) if plain.peek(2).startswith(_GZIP) else plain
            while raw := source.readline(LONGEST + 1):
                number += 1
                yield number, raw
    except (EOFError, zlib.error, gzip.BadGzipFile):
        detail = f"{file}:{number + 1}:1: damaged gzip."
        raise ProtocolError(detail) from None
    except OSError as error:
        detail = f"{file}: {error.strerror}."
        raise ProtocolError(detail) from None


def _document(raw: bytes, file: Path, place: str) -> Document:
    if len(raw) > LONGEST:
        detail = f"{place}: longer than {LONGEST} bytes."
        raise ProtocolError(detail)
    try:
        found = msgspec.json.decode(raw, type=_Line)
    except (msgspec.DecodeError, UnicodeError):
        detail = f"{place}: {_SHAPE}"
        raise ProtocolError(detail) from None
    return Document(
        text=found.text,
        spans=tuple(sorted((_span(each, len(found.text), place) for each in found.spans), key=lambda span: span.start)),
        language=found.language or found.lang or _language(file),
        genre=found.genre,
        harmless=tuple(_within(start, end, len(found.text), place) for start, end in found.harmless),
    )


def _span(found: list[Any], length: int, place: str) -> Span:
    match found:
        case [int(start), int(end), str(label), *more] if label:
            start, end = _within(start, end, length, place)
            return Span(start=start, end=end, label=label, kind=_kind(more[0] if more else ""))
        case _:
            detail = f"{place}: {_SHAPE}"
            raise ProtocolError(detail)


def _within(start: int, end: int, length: int, place: str) -> tuple[int, int]:
    if not 0 <= start < end <= length:
        detail = f"{place}: a span from {start} to {end} does not lie in a text of {length} characters."
        raise ProtocolError(detail)
    return start, end


def _kind(word: object) -> Kind:
    """Read how a span points at a person; other corpora write it in capitals, or something else in its place."""
    match str(word).lower():
        case "direct":
            return "direct"
        case "quasi":
            return "quasi"
        case _:
            return ""


def _language(file: Path) -> str:
    """Return the folder's name where it is a language's: that is how collections are laid out."""
    return file.parent.name if len(file.parent.name) == 2 else ""
