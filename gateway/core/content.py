"""The pieces of text that a request or a reply is made of.

Law: a lens names every piece by its JSON Pointer (RFC 6901), and the pointer finds the same piece again when the
cleaned text is written back. Text is ``Sensitive`` from the moment a lens has found it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.core.sensitive import Sensitive


class PartKind(StrEnum):
    """What kind of text a segment is, which decides how a value is written back or restored in it."""

    TEXT = "text"
    NAME = "name"
    """A short field such as ``name`` or ``user``."""
    KEY = "key"
    """An object key that the protocol does not fix; the pointer is that of the key's value."""
    SCHEMA = "schema"
    """A string inside a tool's or a response format's JSON Schema."""
    VALUE = "value"
    """A string inside other JSON that the client invents, such as ``metadata``."""
    ARGUMENTS = "arguments"
    """A string inside the JSON of tool-call arguments; written back JSON-escaped."""
    NUMBER = "number"
    """A JSON number, as its digits: one that spells a card number counts as text."""


def last_name(place: str) -> str:
    """Return the last step of a pointer or channel, which says what the text there is."""
    return place.rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One piece of text.

    pointer: where it stands in the body; a second ``#`` pointer names a place inside a JSON string
    (``/messages/1/tool_calls/0/function/arguments#/city``). role: the message's role, "" outside messages. whole:
    pointer of what the piece is part of and read with, a JSON document or the parts of one message; "" if it is alone.
    channel: in a reply, that of its text in a stream (``Delta``).
    """

    pointer: str
    kind: PartKind
    text: Sensitive[str]
    role: str = ""
    whole: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """One increment of a stream on one channel.

    channel: what it adds to, such as ``0/content`` or ``0/tool_calls/1/arguments``; text of one channel is one text.
    repeated: it has come before, whole in this event: what becomes of it is not counted again.
    """

    channel: str
    kind: PartKind
    text: Sensitive[str]
    repeated: bool = False
