"""The words of the schema: all of them, and where each key belongs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gateway.core.findings import ENTITY_TYPES
from gateway.policy.schema import KINDS, ByEntity, Either, Fields, Items, Node, Text

_TOP: Final = "the top level"
_TYPE: Final = "an entity type"


def _inside(node: Node) -> Iterator[Node]:
    """Yield a node and all that it is made of."""
    yield node
    match node:
        case Fields():
            parts = list(node.keys.values())
        case Items() | ByEntity():
            parts = [node.of]
        case Either():
            parts = [node.of, node.other]
        case _:
            parts = []
    for part in parts:
        yield from _inside(part)


def _keys(node: Node, where: str) -> Iterator[tuple[str, str]]:
    """Yield every key with the key that it stands under."""
    match node:
        case Fields():
            for name, inner in node.keys.items():
                yield name, where
                yield from _keys(inner, name)
        case Items():
            yield from _keys(node.of, where)
        case ByEntity():
            yield from _keys(node.of, _TYPE)
        case Either():
            yield from _keys(node.of, where)
            yield from _keys(node.other, where)
        case _:
            pass


def words(*shapes: Node) -> frozenset[str]:
    """Return every word that some shapes know, and that therefore gives nothing away."""
    nodes = [node for shape in shapes for node in _inside(shape)]
    keys = {name for node in nodes if isinstance(node, Fields) for name in node.keys}
    choices = {word for node in nodes if isinstance(node, Text) for word in (*node.choices, *node.enforced)}
    return frozenset({"true", "false", "null", "*", *ENTITY_TYPES} | keys | choices)


WORDS: Final = words(*KINDS.values())
"""The words of policy files."""

_HOMES: Final = {kind: list(_keys(node, _TOP)) for kind, node in KINDS.items()}


def home(key: str, kind: str) -> str:
    """Return where a key belongs in documents of a kind, in words; "" where nowhere."""
    if kind not in _HOMES:
        return ""
    if places := list(dict.fromkeys(where for name, where in _HOMES[kind] if name == key)):
        return "it belongs " + " or ".join(_at(where) for where in places)
    others = [other for other, keys in _HOMES.items() if any(name == key for name, _ in keys)]
    return f"it belongs in a {others[0]}" if others else ""


def _at(where: str) -> str:
    return {_TOP: "at the top level", _TYPE: "under an entity type"}.get(where, f'under "{where}"')
