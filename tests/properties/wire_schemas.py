"""Requests made by chance from a server's own JSON Schemas, and what of them a lens takes.

Law: a request is an instance of its schema, so it knows nothing of what the gateway thinks of a field. Where the
gateway refuses something, its error names the place; leaving that out and asking again leads to the part that it takes.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

from gateway.core.errors import ProtocolError
from gateway.protocols import Lens

TEXTS: Final = ("word", "call_1", "two words", '{"to": "word", "n": [1, {"deep": "word"}]}', "")
FREE: Final = (
    {"word": "text", "other": ["text", 7, {"inner": "text"}]},
    {"type": "object", "properties": {"word": {"type": "string", "enum": ["text"], "default": "text"}}},
    {"type": "text", "text": "word"},
    {},
)
"""What stands where anything may: a value, a schema, a part of a message, nothing."""

_DEEPEST: Final = 7
_MOST_OPTIONAL: Final = 5
_STEPS: Final = 80

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class Schemas:
    """The schemas of one OpenAPI document, by name."""

    named: Mapping[str, Any]

    def requests(self, schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
        """Instances of a schema, with the name of the model that is served."""

        @st.composite
        def made(draw: Draw) -> Any:
            return {**self._instance(draw, schema, 0), "model": "tiny-moe"}

        return made()

    def _instance(self, draw: Draw, schema: Any, depth: int) -> Any:  # noqa: C901, PLR0911 - one line a kind
        match schema:
            case {"$ref": str() as name}:
                return self._instance(draw, self.named[name.rpartition("/")[2]], depth)
            case {"const": value}:
                return value
            case {"enum": values}:
                return draw(st.sampled_from(values))
            case {"anyOf": options} | {"oneOf": options}:
                return self._instance(draw, draw(st.sampled_from(self._possible(options, depth))), depth)
            case {"type": "array", "items": item}:
                most = 0 if depth >= _DEEPEST else min(schema.get("maxItems", 3), 3)
                return [self._instance(draw, item, depth + 1) for _ in range(draw(st.integers(min(1, most), most)))]
            case {"type": "object"}:
                return self._object(draw, schema, depth)
            case {"type": "string"}:
                return draw(st.sampled_from(TEXTS))
            case {"type": "boolean"}:
                return draw(st.booleans())
            case {"type": "integer" | "number" as kind}:
                return draw(st.sampled_from(_numbers(schema, kind)))
            case {"type": "null"}:
                return None
            case _:
                return copy.deepcopy(draw(st.sampled_from((*FREE, "text", 7))))

    def _possible(self, options: list[Any], depth: int) -> list[Any]:
        """Leave null to the fields that are left out; deep down, leave out what goes deeper."""
        some = [option for option in options if option.get("type") != "null"]
        flat = [option for option in some if not option.keys() & {"$ref", "items", "properties"}]
        return flat if depth >= _DEEPEST and flat else some

    def _object(self, draw: Draw, schema: Mapping[str, Any], depth: int) -> Any:
        fields = schema.get("properties", {})
        needed = [name for name in fields if name in schema.get("required", ())]
        optional = sorted(fields.keys() - set(needed))
        some = draw(st.sets(st.sampled_from(optional), max_size=_MOST_OPTIONAL)) if optional else set()
        chosen = [*needed, *sorted(some)] if depth < _DEEPEST else needed
        made = {name: self._instance(draw, fields[name], depth + 1) for name in chosen}
        match schema.get("additionalProperties"):
            case True if not fields:
                return copy.deepcopy(draw(st.sampled_from(FREE)))
            case dict() as inner:
                names = draw(st.sets(st.sampled_from(("word", "17", "two words")), max_size=2))
                made |= {name: self._instance(draw, inner, depth + 1) for name in sorted(names)}
        return made


def _numbers(schema: Mapping[str, Any], kind: str) -> list[float]:
    low, high = schema.get("minimum", -(2**63)), schema.get("maximum", 2**64)
    candidates: tuple[float, ...] = (0, 1, 2, 40) if kind == "integer" else (0, 1, 0.5)
    return [number for number in candidates if low <= number <= high] or [low]


# What is taken of it


def refusal(lens: Lens, document: Any) -> ProtocolError | None:
    """The error with which a lens refuses a document, None where it takes it."""
    try:
        lens.request(json.dumps(document).encode())
    except ProtocolError as error:
        return error
    return None


def part_taken(lens: Lens, document: Any) -> Any:
    """Return what is left of a document when all is left out that is refused, None where nothing is."""
    for _ in range(_STEPS):
        error = refusal(lens, document)
        if error is None:
            return document
        if not error.pointer:
            known = {name: value for name, value in document.items() if name in lens.shape.fields}
            if known == document:
                return None
            document = known
            continue
        document = _mended(lens, document, error)
        if document is None:
            return None
    return None


def _mended(lens: Lens, document: Any, error: ProtocolError) -> Any:
    """Return the document without what the error means: a field of the object there, or all that is there."""
    path = _path(error.pointer)
    parent = _at(document, path[:-1])
    if isinstance(parent, dict) and path[-1] not in parent:
        for given in ("text", {}, [], 1):
            tried = _with(document, path, given)
            found = refusal(lens, tried)
            if found is None or found.pointer != error.pointer:
                return tried
        return _without(document, path[:-1])
    place = _at(document, path)
    if isinstance(place, dict):
        kept: dict[str, Any] = {}
        for name, value in sorted(place.items(), key=lambda item: item[0] not in {"type", "role"}):
            found = refusal(lens, _with(document, path, {**kept, name: value}))
            if found is None or (found.pointer, found.message) != (error.pointer, error.message):
                kept[name] = value
        if kept != place:
            return _with(document, path, kept)
    return _without(document, path)


def _path(pointer: str) -> list[str]:
    """The steps to what an error means. Inside a free object, or the JSON of a string, it is the whole of that."""
    steps = pointer.partition("#")[0].split("/")[1:]
    return steps[: steps.index("*")] if "*" in steps else steps


def _at(document: Any, path: list[str]) -> Any:
    for step in path:
        document = document[int(step)] if isinstance(document, list) else document.get(step)
    return document


def _with(document: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(document)
    parent = _at(changed, path[:-1])
    parent[int(path[-1]) if isinstance(parent, list) else path[-1]] = value
    return changed


def _without(document: Any, path: list[str]) -> Any:
    if not path:
        return None
    changed = copy.deepcopy(document)
    parent = _at(changed, path[:-1])
    del parent[int(path[-1]) if isinstance(parent, list) else path[-1]]
    return changed
