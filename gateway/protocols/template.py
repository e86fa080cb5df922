"""A JSON document whose text has been taken out, and how it is put back.

Law: a template holds slots where text was. Filling it with the texts that were taken out gives the document again;
a string that held JSON is written anew only where something inside it changed. Two keys of one object never become
one: that is refused, because a value would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NoReturn, Protocol, cast

from gateway.core.errors import BackendProtocolError, ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols import json_text
from gateway.protocols.json_text import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Where text number ``index`` stands.

    raw: how the client wrote it, where that is not as it is read; it is written while the text is unchanged.
    needs_number: the protocol takes no text here, so a changed number is left out with its field.
    """

    index: int
    raw: Sensitive[str] | int | float | None = None
    needs_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeObject:
    """An object with keys that the protocol does not fix. pointer: its place, safe to show."""

    entries: tuple[tuple[str | Slot, Template], ...]
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """JSON inside a string. first, last: its slots, ``last`` exclusive. rewrite: it is never forwarded as it was."""

    raw: Sensitive[str]
    inner: Template
    first: int
    last: int
    rewrite: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """JSON of a reply that was taken out as one text, and is read again when that is put back."""

    text: Slot


Template = (
    None | bool | int | float | str | list["Template"] | dict[str, "Template"] | Slot | FreeObject | Embedded | Parsed
)


class Piece(Protocol):
    """A segment or a delta: whatever has text."""

    @property
    def text(self) -> Sensitive[str]:
        """The text as it was found."""
        ...


_NEEDLESS_ESCAPE: Final = re.compile(r"\\[u/]")
"""Escapes behind which a value could stand unread by whoever searches the outgoing body for it."""


def fill(template: Template, pieces: Sequence[Piece], texts: Sequence[Sensitive[str]]) -> Json:
    """Return the document with ``texts`` in the slots. pieces: what was taken out, in the same order."""
    if len(pieces) != len(texts):
        message = "as many texts are needed as were taken out"
        raise ValueError(message)
    return cast("Json", _fill(template, pieces, texts))


_GONE: Final = object()


def _fill(template: Template, pieces: Sequence[Piece], texts: Sequence[Sensitive[str]]) -> object:  # noqa: PLR0911 - one line a kind
    match template:
        case Slot():
            return _fill_slot(template, pieces, texts)
        case list():
            return [value for item in template if (value := _fill(item, pieces, texts)) is not _GONE]
        case dict():
            filled = ((key, _fill(item, pieces, texts)) for key, item in template.items())
            return {key: value for key, value in filled if value is not _GONE}
        case FreeObject():
            return _fill_object(template, pieces, texts)
        case Embedded():
            return _fill_embedded(template, pieces, texts)
        case Parsed():
            return _fill_parsed(template, pieces, texts)
        case _:
            return template


def _fill_slot(slot: Slot, pieces: Sequence[Piece], texts: Sequence[Sensitive[str]]) -> object:
    text, raw = texts[slot.index], slot.raw
    if raw is None or text != pieces[slot.index].text:
        return _GONE if slot.needs_number else text.reveal()
    return raw.reveal() if isinstance(raw, Sensitive) else raw


def _fill_object(template: FreeObject, pieces: Sequence[Piece], texts: Sequence[Sensitive[str]]) -> object:
    filled: dict[str, object] = {}
    for key, item in template.entries:
        name = cast("str", _fill_slot(key, pieces, texts)) if isinstance(key, Slot) else key
        if name in filled:
            _refuse_collision(template.pointer)
        value = _fill(item, pieces, texts)
        if value is not _GONE:
            filled[name] = value
    return filled


def _fill_embedded(template: Embedded, pieces: Sequence[Piece], texts: Sequence[Sensitive[str]]) -> str:
    raw = template.raw.reveal()
    same = all(pieces[i].text == texts[i] for i in range(template.first, template.last))
    if same and not template.rewrite and _NEEDLESS_ESCAPE.search(raw) is None:
        return raw
    return json_text.encode(cast("Json", _fill(template.inner, pieces, texts))).decode()


def _fill_parsed(template: Parsed, pieces: Sequence[Piece], texts: Sequence[Sensitive[str]]) -> object:
    """Read JSON anew. Two keys that have become one are the backend's mistake here: it chose the placeholders."""
    text = cast("str", _fill_slot(template.text, pieces, texts))
    return json_text.decode(text.encode(), error=BackendProtocolError)


def _refuse_collision(pointer: str) -> NoReturn:
    detail = "Two keys of this object stand for the same value and would become one."
    raise ProtocolError(detail, pointer=pointer)
