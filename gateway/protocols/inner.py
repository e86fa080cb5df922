"""JSON that a model wrote into a string of its answer, taken apart as that of a request is.

Law: a document that two parsers could read differently is an error of the model server's; text that no parser reads as
JSON is one text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from gateway.core.content import PartKind, Segment
from gateway.core.errors import BackendProtocolError, ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols.pointer import Place
from gateway.protocols.reader import Reader
from gateway.protocols.shapes import Document, Free
from gateway.protocols.template import Template, fill

_SHAPE: Final = Document(inner=Free(kind=PartKind.ARGUMENTS), kind=PartKind.ARGUMENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """A document without its text."""

    template: Template
    segments: tuple[Segment, ...]

    def write(self, texts: Sequence[Sensitive[str]]) -> str:
        """Put texts back, in the order of ``segments``."""
        return cast("str", fill(self.template, self.segments, texts))


def read_inner(text: Sensitive[str], pointer: str) -> Inner:
    """Take apart a string that should hold JSON. pointer: where it stands, by which its segments are told from others.

    Raise ``BackendProtocolError``.
    """
    reader = Reader(frozenset())
    try:
        template = reader.read(_SHAPE, text.reveal(), Place(pointer=pointer))
    except ProtocolError as error:
        raise BackendProtocolError(error.detail) from None
    return Inner(template=template, segments=tuple(reader.segments))
