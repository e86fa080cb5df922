"""Walks down a document beside its shape, takes the text out, and refuses what the shape does not foresee.

Law: every string that is met is a fixed word, a checked name, or a slot; every number that the client invents is a
slot, and so is any other of seven digits or more; there is no way through for anything else. Text is taken out as JSON
readers would read it, with needless escapes undone. Errors show the place, never the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NoReturn, assert_never

from gateway.core.content import PartKind, Segment
from gateway.core.errors import ProtocolError
from gateway.core.escapes import unescaped
from gateway.core.sensitive import Sensitive
from gateway.protocols import json_schema, json_text
from gateway.protocols.json_text import Json
from gateway.protocols.media import Media, NotAnImageError, from_base64, from_url
from gateway.protocols.pointer import Place
from gateway.protocols.shapes import (
    SOURCE,
    Document,
    Dropped,
    Either,
    Flag,
    Free,
    ListOf,
    Number,
    Picture,
    Record,
    Refused,
    Schema,
    Served,
    Shape,
    Table,
    Tagged,
    Text,
    Words,
)
from gateway.protocols.template import Embedded, FreeObject, Slot, Template

LONG_NUMBER: Final = 7
"""From this many digits on, a number that the protocol or a schema foresees can be somebody's."""

MOST_SEGMENTS: Final = 50_000

_TYPE_NAMES: Final[Mapping[type, str]] = {
    str: "a string",
    list: "a list",
    dict: "an object",
    bool: "true or false",
    int: "an integer",
    float: "a number",
    type(None): "null",
}


def refuse(detail: str, place: Place) -> NoReturn:
    """Raise ``ProtocolError``, with the place as it may be shown."""
    raise ProtocolError(detail, pointer=place.shown)


def digits_of(number: float) -> str:
    """Write a number the way a person would who wants its digits read: whole ones without point or exponent."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 10**22:
        return str(int(number))
    return str(number)


class Reader:
    """Collects the segments of one document. known: field names that an error may repeat."""

    def __init__(self, known: frozenset[str]) -> None:
        self.segments: list[Segment] = []
        self.dropped: list[str] = []
        self.media: list[Media] = []
        self._known = known

    def read(self, shape: Shape, value: Json, place: Place) -> Template:  # noqa: C901, PLR0911, PLR0912 - one line a shape
        """Return the template of a value."""
        match shape:
            case Flag():
                return self._flag(value, place)
            case Number():
                return self._number(shape, value, place)
            case Words():
                return self._word(shape, value, place)
            case Served():
                return self._served(shape, value, place)
            case Text():
                return self._text(shape, value, place)
            case Free():
                return self.free(value, shape.kind, place.entire())
            case Schema():
                return json_schema.read(self, self._expect_schema(value, place), place.entire())
            case Document():
                return self._document(shape, value, place)
            case Picture():
                return self._source(value, place) if shape.source else self._image(value, place)
            case ListOf():
                return self._list(shape, value, place)
            case Table():
                return self._table(shape, value, place)
            case Record():
                return self._record(shape, value, place)
            case Tagged():
                return self._tagged(shape, value, place)
            case Either():
                return self._either(shape, value, place)
            case Dropped() | Refused():
                message = "fields that are not forwarded have no template"
                raise AssertionError(message)
            case _:
                assert_never(shape)

    # Text

    def slot(self, text: str, kind: PartKind, place: Place) -> Template:
        """Take a piece of text out. An empty one stays: there is nothing to find in it."""
        return self._slot(text, kind, place) if text else text

    def free(self, value: Json, kind: PartKind, place: Place) -> Template:
        """Take every string, key and number out of any JSON."""
        match value:
            case str():
                return self.slot(value, kind, place)
            case bool() | None:
                return value
            case int() | float():
                return self._digits(value, place, least=LONG_NUMBER if kind is PartKind.SCHEMA else 1)
            case list():
                return [self.free(item, kind, place.item(i)) for i, item in enumerate(value)]
            case dict():
                entries = ((self.key(key, place), self.free(item, kind, place.key(key))) for key, item in value.items())
                return FreeObject(entries=tuple(entries), pointer=place.shown)
            case _:
                assert_never(value)

    def key(self, key: str, place: Place) -> str | Slot:
        """Take a key out that the client invented. place: that of the object."""
        return self._slot(key, PartKind.KEY, place.key(key)) if key else key

    def _slot(
        self, text: str, kind: PartKind, place: Place, number: float | None = None, *, needs_number: bool = False
    ) -> Slot:
        if len(self.segments) >= MOST_SEGMENTS:
            refuse(f"There are more than {MOST_SEGMENTS} pieces of text.", Place())
        plain = unescaped(text)
        raw = Sensitive(text) if plain != text else number
        self.segments.append(
            Segment(pointer=place.pointer, kind=kind, text=Sensitive(plain), role=place.role, whole=place.whole)
        )
        return Slot(index=len(self.segments) - 1, raw=raw, needs_number=needs_number)

    def _text(self, shape: Text, value: Json, place: Place) -> Template:
        text = self._string(value, place, "" if shape.pattern else shape.says)
        if shape.pattern is not None and shape.pattern.fullmatch(text) is None:
            refuse(shape.says, place)
        return self.slot(text, shape.kind, place)

    def _document(self, shape: Document, value: Json, place: Place) -> Template:
        """Read JSON inside a string. It is refused where only a laxer parser would read it, for one may."""
        text = self._string(value, place)
        try:
            inner = json_text.decode(text.encode())
        except ProtocolError as error:
            if json_text.is_lenient_json(text):
                detail = f"The JSON in this string is ambiguous. {error.detail}"
                raise ProtocolError(detail, pointer=place.shown) from None
            return self.slot(text, shape.kind, place)
        first = len(self.segments)
        template = self.read(shape.inner, inner, place.inside())
        inexact = json_text.has_inexact_numbers(text.encode())
        return Embedded(raw=Sensitive(text), inner=template, first=first, last=len(self.segments), rewrite=inexact)

    def _digits(self, number: float, place: Place, *, least: int, needs_number: bool = False) -> Template:
        """Take a number out that has at least so many digits."""
        text = digits_of(number)
        if sum(map(str.isdigit, text)) < least:
            return number
        return self._slot(text, PartKind.NUMBER, place, number, needs_number=needs_number)

    # Images

    def _image(self, value: Json, place: Place) -> Template:
        """Read a ``data:`` URL. What leaves is written anew."""
        try:
            url, size = from_url(self._string(value, place))
        except NotAnImageError as error:
            refuse(str(error), place)
        self.media.append(Media(pointer=place.shown, text=Sensitive(url), size=size))
        return url

    def _source(self, value: Json, place: Place) -> Template:
        """Read an object that holds base64 and says of what kind it is."""
        fields = self._fields(value, place)
        if fields.get("type") != "base64":
            refuse("It must be base64; other addresses are never fetched.", place.field("type"))
        for name in fields:
            if name not in SOURCE:
                self._refuse_field(name, place)
        kind = self._string(fields.get("media_type"), place.field("media_type"))
        try:
            data, size = from_base64(kind, self._string(fields.get("data"), place.field("data")))
        except NotAnImageError as error:
            refuse(str(error), place)
        self.media.append(Media(pointer=place.shown, text=Sensitive(data), size=size))
        return {"type": "base64", "media_type": kind, "data": data}

    # What is checked and left alone

    def _flag(self, value: Json, place: Place) -> Template:
        if not isinstance(value, bool):
            refuse("Expected true or false.", place)
        return value

    def _number(self, shape: Number, value: Json, place: Place) -> Template:
        if isinstance(value, bool) or not isinstance(value, int | float) or (shape.whole and value != int(value)):
            refuse("An integer is needed." if shape.whole else "A number is needed.", place)
        if not shape.low <= value <= shape.high:
            refuse(f"It must be from {shape.low:g} to {shape.high:g}.", place)
        return self._digits(value, place, least=LONG_NUMBER, needs_number=True)

    def _word(self, shape: Words, value: Json, place: Place) -> Template:
        if not isinstance(value, str) or value not in shape.words:
            refuse(f"It must be one of: {', '.join(sorted(shape.words))}.", place)
        return value

    def _served(self, shape: Served, value: Json, place: Place) -> Template:
        text = self._string(value, place)
        if shape.pattern.fullmatch(text) is None:
            refuse(shape.says, place)
        return text

    def _expect_schema(self, value: Json, place: Place) -> dict[str, Json] | bool:
        if isinstance(value, dict | bool):
            return value
        refuse("A JSON Schema is needed.", place)

    def _string(self, value: Json, place: Place, says: str = "") -> str:
        if isinstance(value, str):
            return value
        refuse(says or "A string is needed.", place)

    # What is inside what

    def _list(self, shape: ListOf, value: Json, place: Place) -> Template:
        if not isinstance(value, list):
            refuse("A list is needed.", place)
        if len(value) > shape.most:
            refuse(f"At most {shape.most} items are accepted.", place)
        inside = place.entire() if shape.joined else place
        return [self.read(shape.item, item, inside.item(i)) for i, item in enumerate(value)]

    def _table(self, shape: Table, value: Json, place: Place) -> Template:
        fields = self._fields(value, place)
        if len(fields) > shape.most:
            refuse(f"At most {shape.most} entries are accepted.", place)
        if not all(map(shape.keys.fullmatch, fields)):
            refuse(shape.says, place)
        return {key: self.read(shape.value, item, place.key(key)) for key, item in fields.items()}

    def _either(self, shape: Either, value: Json, place: Place) -> Template:
        chosen = shape.by_type.get(type(value))
        if chosen is None:
            refuse(f"Expected {' or '.join(_TYPE_NAMES[kind] for kind in shape.by_type)}.", place)
        return self.read(chosen, value, place)

    def _tagged(self, shape: Tagged, value: Json, place: Place) -> Template:
        tag = self._fields(value, place).get(shape.tag, shape.otherwise)
        variant = shape.variants.get(tag) if isinstance(tag, str) else None
        if variant is None:
            unknown = f"It must be one of: {', '.join(sorted(shape.variants))}."
            refuse(shape.refused.get(tag, unknown) if isinstance(tag, str) else unknown, place.field(shape.tag))
        return self.read(variant, value, place.spoken_by(str(tag)) if shape.tag == "role" else place)

    def _record(self, shape: Record, value: Json, place: Place) -> Template:
        fields = self._fields(value, place)
        skipped = bool(shape.skipped) and str(fields.get("text")).startswith(shape.skipped)
        place = place.apart() if shape.apart or skipped else place.among(shape.among)
        template: dict[str, Template] = {}
        for name, item in fields.items():
            inner = shape.fields.get(name)
            if inner is None:
                self._refuse_field(name, place)
            elif self._is_forwarded(inner, item, place.field(name)):
                template[name] = None if item is None else self.read(inner, item, place.field(name))
        missing = sorted(name for name in shape.needs if fields.get(name) is None)
        if missing:
            refuse("This field is needed.", place.field(missing[0]))
        return template

    def _is_forwarded(self, shape: Shape, value: Json, place: Place) -> bool:
        if isinstance(shape, Refused):
            asks = value is not None and not any(type(value) is type(ok) and value == ok for ok in shape.unless)
            if asks:
                refuse(shape.reason, place)
        elif not isinstance(shape, Dropped):
            return True
        self.dropped.append(place.shown)
        return False

    def _fields(self, value: Json, place: Place) -> dict[str, Json]:
        if isinstance(value, dict):
            return value
        refuse("An object is needed.", place)

    def _refuse_field(self, name: str, place: Place) -> NoReturn:
        shown = f"'{name}'" if name in self._known else "(a field this gateway does not know)"
        refuse(f"Unknown field: {shown}.", place)
