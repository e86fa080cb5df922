"""The words in which a table says what may stand in a field, and what becomes of it.

Law: a shape is data. There is one for each treatment: checked and left alone (``Flag``, ``Number``, ``Words``),
taken out as text (``Text``, ``Document``, ``Free``, ``Schema``), stripped (``Picture``), left out (``Dropped``), or
not accepted (``Refused``); the rest says what is inside what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from gateway.core.content import PartKind
from gateway.protocols.json_text import Json


def vocabulary(words: str) -> frozenset[str]:
    """Read a vocabulary written with spaces between its words."""
    return frozenset(words.split())


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number from ``low`` to ``high``. whole: integers only."""

    low: float
    high: float
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """One of fixed words."""

    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Served:
    """A name that is not text because it must be that of something served, or nothing is forwarded."""

    pattern: re.Pattern[str]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string for people or models. pattern: what it must match as a whole. says: what is accepted, in words."""

    kind: PartKind = PartKind.TEXT
    pattern: re.Pattern[str] | None = None
    says: str = ""


SOURCE: Final = ("type", "media_type", "data")
"""The fields of Anthropic's object for an image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image as a ``data:`` URL. source: as Anthropic's object with a type, a media type and base64 instead."""

    source: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """Any JSON: every string, key and number in it is text."""

    kind: PartKind = PartKind.VALUE


@dataclass(frozen=True, slots=True)
class Schema:
    """A JSON Schema: its keywords are fixed, all else in it is text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A string that holds JSON of the given shape; one that no parser reads as JSON is text of ``kind``."""

    inner: Free | Schema
    kind: PartKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf:
    """A list of at most ``most`` items. joined: the model reads their texts as one."""

    item: Shape
    most: int
    joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An object whose keys all match a pattern under which no text can hide."""

    keys: re.Pattern[str]
    says: str
    value: Shape
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An object with fixed fields. needs: the fields that must be there and not null; any other may be null.

    apart: in a list whose texts the model reads as one, this is none of them; it is none either if its text begins with
    what is ``skipped``. among: it is read with those alone that are named alike.
    """

    fields: Mapping[str, Shape]
    needs: frozenset[str] = frozenset()
    apart: bool = False
    among: str = ""
    skipped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """An object whose field ``tag`` says which record it is.

    refused: what other values are, and why not. otherwise: what it is without the field, "" if it must be there.
    """

    tag: str
    variants: Mapping[str, Record | Tagged]
    refused: Mapping[str, str]
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Either:
    """One shape for each JSON type that may stand here."""

    by_type: Mapping[type, Shape]


@dataclass(frozen=True, slots=True)
class Dropped:
    """Whatever it is, it is not forwarded."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not accepted. unless: values that ask for nothing; they are left out."""

    reason: str
    unless: tuple[Json, ...] = ()


Shape = (
    Flag
    | Number
    | Words
    | Served
    | Text
    | Free
    | Schema
    | Document
    | Picture
    | ListOf
    | Table
    | Record
    | Tagged
    | Either
    | Dropped
    | Refused
)


def words_of(shape: Shape) -> Iterator[str]:  # noqa: C901 - one line a shape
    """Yield every field name and fixed word of a shape, schema keywords excepted."""
    match shape:
        case Words():
            yield from shape.words
        case ListOf():
            yield from words_of(shape.item)
        case Record():
            yield from shape.fields
            for field in shape.fields.values():
                yield from words_of(field)
        case Tagged():
            yield shape.tag
            for name, variant in shape.variants.items():
                yield name
                yield from words_of(variant)
        case Either():
            for option in shape.by_type.values():
                yield from words_of(option)
        case Picture():
            yield from (*SOURCE, "base64") if shape.source else ()
        case Flag() | Number() | Served() | Text() | Free() | Schema() | Document() | Table() | Dropped() | Refused():
            return
        case _:
            assert_never(shape)


def without(refused: Mapping[str, str], accepted: Mapping[str, Shape]) -> dict[str, str]:
    """Return the variants that are refused here, and why: none of those that are accepted."""
    return {name: reason for name, reason in refused.items() if name not in accepted}
