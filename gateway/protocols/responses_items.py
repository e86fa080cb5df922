"""The items of a response and the parts of their content: messages, thoughts and calls of functions.

Law: an item is made anew from its type, its texts and its status. The text of an item has its channel under the item's
number, and the name of a call is taken before its arguments, over which it decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.core.content import PartKind, last_name
from gateway.protocols import reply
from gateway.protocols.json_text import Json
from gateway.protocols.reply import Taker
from gateway.protocols.shapes import vocabulary
from gateway.protocols.template import Template

FIELDS: Final[Mapping[str, str]] = {
    "output_text": "text",
    "refusal": "refusal",
    "reasoning_text": "text",
    "summary_text": "text",
}
"""The types of parts, and the field in which each has its text."""

_PREFIXES: Final[Mapping[str, str]] = {"message": "msg", "reasoning": "rs", "function_call": "fc"}
_OWNERS: Final[Mapping[str, str]] = {
    "output_text": "message",
    "refusal": "message",
    "reasoning_text": "reasoning",
    "summary_text": "reasoning",
    "arguments": "function_call",
}
_PARTS: Final = frozenset(
    {
        ("message", "content", "output_text"),
        ("message", "content", "refusal"),
        ("reasoning", "summary", "summary_text"),
        ("reasoning", "content", "reasoning_text"),
    }
)
"""Which parts stand where: the type of the item, its field, the type of the part."""

_ITEMS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...], Mapping[str, Template]]]] = {
    "message": ((), ("content",), {"role": "assistant"}),
    "reasoning": ((), ("summary", "content"), {"encrypted_content": None}),
    "function_call": (("name", "call_id", "arguments"), (), {}),
}
"""The types of items: the fields with a text, those with parts, and what stands in every item."""

_STATUS: Final = vocabulary("in_progress completed incomplete")


def item_id(kind: str, index: int) -> Template:
    """Return what a lens makes an item's id of. kind: of a part, or ``arguments``."""
    return f"{_PREFIXES[_OWNERS[kind]]}_{index}"


def one_of(words: frozenset[str], value: Json, default: str) -> str:
    """Return a fixed word, ``default`` for whatever is none."""
    return value if isinstance(value, str) and value in words else default


def kind_of(part: Mapping[str, Json]) -> str:
    """Return the type of a part."""
    kind = part.get("type")
    if not isinstance(kind, str) or kind not in FIELDS:
        reply.fail("The reply has a part that this gateway does not know.")
    return kind


class ItemTaker(Taker):
    """Takes items apart. json_content: the text of the answer is a JSON document."""

    def __init__(self, *, json_content: bool) -> None:
        super().__init__()
        self._kinds = {
            "output_text": PartKind.ARGUMENTS if json_content else PartKind.TEXT,
            "arguments": PartKind.ARGUMENTS,
            "arguments_again": PartKind.ARGUMENTS,
            "name": PartKind.NAME,
            "call_id": PartKind.NAME,
        }

    def text(self, value: Json, pointer: str, channel: str) -> Template:
        """Take out a text that clients need. What kind it is, the channel's last word says."""
        kind = self._kinds.get(last_name(channel), PartKind.TEXT)
        return self.take("" if value is None else value, pointer, channel, kind)

    def part(self, part: Mapping[str, Json], pointer: str, channel: str) -> dict[str, Template]:
        """Take a part apart. channel: that of the part's place."""
        kind = kind_of(part)
        field = FIELDS[kind]
        taken: dict[str, Template] = {
            "type": kind,
            field: self.text(part.get(field), f"{pointer}/{field}", f"{channel}/{kind}"),
        }
        return taken | {"annotations": [], "logprobs": []} if kind == "output_text" else taken

    def item(self, item: Mapping[str, Json], index: int, pointer: str, channel: str) -> dict[str, Template]:
        """Take an item apart. index: its number in the response. channel: that of all its texts."""
        kind = item.get("type")
        if not isinstance(kind, str) or kind not in _ITEMS:
            reply.fail("The reply has an item that this gateway does not know.")
        texts, parts, fixed = _ITEMS[kind]
        return {
            "id": f"{_PREFIXES[kind]}_{index}",
            "type": kind,
            "status": one_of(_STATUS, item.get("status"), "completed"),
            **{name: self.text(item.get(name), f"{pointer}/{name}", f"{channel}/{name}") for name in texts},
            **{name: self._parts(item, name, pointer, channel) for name in parts},
            **fixed,
        }

    def _parts(self, item: Mapping[str, Json], field: str, pointer: str, channel: str) -> list[Template]:
        """Take the parts of an item apart: those of its field, or a thought would be joined with an answer."""
        parts = reply.several(item.get(field) or [])
        if any((item["type"], field, kind_of(part)) not in _PARTS for part in parts):
            reply.fail("The reply has a part that its item does not have.")
        return [self.part(part, f"{pointer}/{field}/{i}", f"{channel}/{i}") for i, part in enumerate(parts)]
