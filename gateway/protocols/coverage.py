"""What becomes of each field of a request, told from the tables that decide it.

Law: nothing is claimed here: a row is a shape of a lens's own table, and there is one for every place that the table
foresees. What it does not foresee is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple, assert_never

from gateway.protocols.reader import LONG_NUMBER
from gateway.protocols.shapes import (
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

_IMAGE: Final = (
    "where the policy allows media, a PNG, JPEG or WebP image in base64, without what stands beside its picture"
)


class Treatment(StrEnum):
    """What becomes of a field. The last three are of replies."""

    SCANNED = "scanned"
    CHECKED = "checked"
    LEFT_OUT = "left out"
    REFUSED = "refused"
    RESTORED = "restored"
    MADE_ANEW = "made anew"
    PASSED_ON = "passed on"


class Row(NamedTuple):
    """One place. path: fields and ``*`` for items, variants in brackets. note: what is accepted, or why not."""

    path: str
    treatment: Treatment
    note: str


def rows(shape: Shape, path: str = "") -> Iterator[Row]:
    """Yield what becomes of every place of a shape, in the order of its table."""
    match shape:
        case Record():
            for name, field in shape.fields.items():
                yield from rows(field, f"{path}/{name}")
        case Tagged():
            yield from _variants(shape, path)
        case ListOf():
            yield from rows(shape.item, f"{path}/*")
        case Either():
            for option in shape.by_type.values():
                yield from rows(option, path)
        case Dropped():
            yield Row(path, Treatment.LEFT_OUT, "")
        case Refused():
            yield Row(path, Treatment.REFUSED, shape.reason)
        case _:
            yield _leaf(shape, path)


def _variants(shape: Tagged, path: str) -> Iterator[Row]:
    for name, variant in shape.variants.items():
        yield from rows(variant, f"{path}[{shape.tag}={name}]")
    for name, reason in sorted(shape.refused.items()):
        yield Row(f"{path}[{shape.tag}={name}]", Treatment.REFUSED, reason)


def _leaf(  # noqa: C901, PLR0911 - one line a shape
    shape: Flag | Number | Words | Served | Table | Text | Document | Free | Schema | Picture, path: str
) -> Row:
    match shape:
        case Flag():
            return Row(path, Treatment.CHECKED, "true or false")
        case Number():
            long = "; scanned from seven digits on" if shape.high >= 10 ** (LONG_NUMBER - 1) or not shape.whole else ""
            return Row(path, Treatment.CHECKED, f"from {shape.low:,} to {shape.high:,}{long}")
        case Words():
            return Row(path, Treatment.CHECKED, " ".join(sorted(shape.words)))
        case Served():
            return Row(path, Treatment.CHECKED, "the name of a model that is served")
        case Table():
            return Row(path, Treatment.CHECKED, shape.says)
        case Text():
            return Row(path, Treatment.SCANNED, "text")
        case Picture():
            return Row(path, Treatment.CHECKED, _IMAGE)
        case Document():
            return Row(path, Treatment.SCANNED, "JSON within a string: every string, key and number")
        case Free():
            return Row(path, Treatment.SCANNED, "any JSON: every string, key and number")
        case Schema():
            return Row(path, Treatment.SCANNED, "a JSON Schema: all but its keywords")
        case _:
            assert_never(shape)
