"""JSON Schema, as far as text can stand in it (draft 2020-12, and the older drafts' words for the same).

Law: the keywords are fixed, and so are the type and format names of the standard. Property and definition names are
free keys; every other string is text, and a key that is no keyword is free, its value read as any JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from gateway.core.content import PartKind
from gateway.protocols.json_text import Json
from gateway.protocols.pointer import Place
from gateway.protocols.shapes import vocabulary
from gateway.protocols.template import FreeObject, Slot, Template

_SUBSCHEMAS: Final = vocabulary(
    """additionalItems additionalProperties allOf anyOf contains contentSchema else if items not oneOf prefixItems
    propertyNames then unevaluatedItems unevaluatedProperties"""
)
"""Keywords whose value is a schema, or a list of schemas."""

_SUBSCHEMAS_BY_NAME: Final = vocabulary("$defs definitions dependencies dependentSchemas patternProperties properties")
"""Keywords whose value is an object of schemas under free names."""

_VALUES: Final = vocabulary(
    """$anchor $comment $dynamicAnchor $dynamicRef $id $ref $schema const contentEncoding contentMediaType default
    dependentRequired deprecated description enum example examples exclusiveMaximum exclusiveMinimum format id
    maxContains maxItems maxLength maxProperties maximum minContains minItems minLength minProperties minimum
    multipleOf nullable pattern readOnly required strict title type uniqueItems writeOnly"""
)
"""Keywords whose value holds no schema."""

KEYWORDS: Final = _SUBSCHEMAS | _SUBSCHEMAS_BY_NAME | _VALUES

_VOCABULARY: Final[Mapping[str, frozenset[str]]] = {
    "type": vocabulary("array boolean integer null number object string"),
    "format": vocabulary(
        """date date-time duration email hostname idn-email idn-hostname int32 int64 ipv4 ipv6 iri iri-reference
        json-pointer regex relative-json-pointer time uri uri-reference uri-template uuid"""
    ),
    "$schema": frozenset(
        {
            "http://json-schema.org/draft-04/schema#",
            "http://json-schema.org/draft-06/schema#",
            "http://json-schema.org/draft-07/schema#",
            "https://json-schema.org/draft/2019-09/schema",
            "https://json-schema.org/draft/2020-12/schema",
        }
    ),
}

WORDS: Final = KEYWORDS.union(*_VOCABULARY.values())
"""All that is fixed in a schema."""

_INSTANCES: Final = vocabulary("const default enum example examples")
"""Keywords whose value is one that the schema describes, or a list of such: what stands there the client invents."""


class Taker(Protocol):
    """Takes text out."""

    def free(self, value: Json, kind: PartKind, place: Place) -> Template:
        """Take out every string, key and number."""
        ...

    def key(self, key: str, place: Place) -> str | Slot:
        """Take out a free key."""
        ...


def read(taker: Taker, schema: Json, place: Place) -> Template:
    """Return the template of a schema. What is no schema is read as any JSON."""
    if isinstance(schema, list):
        return [read(taker, item, place.item(i)) for i, item in enumerate(schema)]
    if not isinstance(schema, dict):
        return taker.free(schema, PartKind.SCHEMA, place)
    return FreeObject(
        entries=tuple(_entry(taker, key, value, place) for key, value in schema.items()), pointer=place.shown
    )


def _entry(taker: Taker, key: str, value: Json, place: Place) -> tuple[str | Slot, Template]:
    if key not in KEYWORDS:
        return taker.key(key, place), taker.free(value, PartKind.VALUE, place.key(key))
    inner = place.field(key)
    if key in _INSTANCES:
        return key, taker.free(value, PartKind.VALUE, inner)
    if key in _SUBSCHEMAS:
        return key, read(taker, value, inner)
    if key in _SUBSCHEMAS_BY_NAME and isinstance(value, dict):
        return key, _named(taker, value, inner)
    return key, _value(taker, value, inner, _VOCABULARY.get(key, frozenset()))


def _named(taker: Taker, schemas: dict[str, Json], place: Place) -> Template:
    entries = ((taker.key(name, place), read(taker, item, place.key(name))) for name, item in schemas.items())
    return FreeObject(entries=tuple(entries), pointer=place.shown)


def _value(taker: Taker, value: Json, place: Place, fixed: frozenset[str]) -> Template:
    if isinstance(value, str) and value in fixed:
        return value
    if isinstance(value, list) and fixed:
        return [_value(taker, item, place.item(i), fixed) for i, item in enumerate(value)]
    return taker.free(value, PartKind.SCHEMA, place)
