"""What a message, or one event of its stream, may bring back.

Law: the allow-list of replies, as ``reply`` has it: texts of blocks, names and inputs of tool calls, why the message
ended, and counts. The input of a call goes by the name ``arguments``, as at the chat endpoint, so that what is restored
in it is decided there and here alike. A block or an event of another type is an error of the model server's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

from gateway.core.content import Delta, PartKind
from gateway.core.sensitive import Sensitive
from gateway.protocols import json_text, reply
from gateway.protocols.json_text import Json
from gateway.protocols.lens import ParsedEvent, ParsedReply
from gateway.protocols.reply import Taker
from gateway.protocols.shapes import vocabulary
from gateway.protocols.template import Parsed, Slot, Template

_STOPS: Final = vocabulary(
    "end_turn max_tokens model_context_window_exceeded pause_turn refusal stop_sequence tool_use"
)
_COUNTS: Final = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
_BLOCKS: Final[Mapping[str, tuple[tuple[str, ...], Mapping[str, Template]]]] = {
    "text": (("text",), {}),
    "thinking": (("thinking",), {"signature": ""}),
    "tool_use": (("id", "name"), {"input": {}}),
}
"""The texts of a block, and what else it has.

vLLM makes signatures up, and reads none. Clients of Anthropic's want the field, and send it back to the gateway, which
leaves it out: an empty one has nothing to carry.
"""

_DELTAS: Final = {
    "text_delta": ("text", "text"),
    "thinking_delta": ("thinking", "thinking"),
    "input_json_delta": ("partial_json", "arguments"),
}
"""The field of a delta that has its text, and the last name of the channel that it adds to."""

_CARRIERS: Final = {channel: (kind, field) for kind, (field, channel) in _DELTAS.items()}

_Read = tuple[dict[str, Template], tuple[str, ...]]
"""An event without its text and its type, and the channels that end with it."""


class _MessageTaker(Taker):
    """json_content: the text is a JSON document."""

    def __init__(self, *, json_content: bool) -> None:
        super().__init__()
        self._kinds = {"arguments": PartKind.ARGUMENTS, "id": PartKind.NAME, "name": PartKind.NAME}
        if json_content:
            self._kinds["text"] = PartKind.ARGUMENTS

    def take_text(self, value: Json, pointer: str, channel: str, name: str) -> Template:
        """Take out a text that must be there."""
        if value is None:
            reply.fail("A part of the reply has no text.")
        return self.take(value, f"{pointer}/{name}", f"{channel}/{name}", self._kinds.get(name, PartKind.TEXT))

    def take_stop(self, found: Mapping[str, Json]) -> dict[str, Template]:
        """Take out why a message ended. A stop sequence is text."""
        reason = found.get("stop_reason")
        if reason is not None and not (isinstance(reason, str) and reason in _STOPS):
            reply.fail("A reply ended for a reason that this gateway does not know.")
        sequence = self.take(found.get("stop_sequence"), "/stop_sequence", "stop_sequence")
        return {"stop_reason": reason, "stop_sequence": sequence}

    def take_block(self, block: Mapping[str, Json], pointer: str, channel: str) -> dict[str, Template]:
        """Take out the texts of a block, but not the input of a tool call."""
        kind = block.get("type")
        if not isinstance(kind, str) or kind not in _BLOCKS:
            reply.fail("A reply holds a block that this gateway does not know.")
        names, rest = _BLOCKS[kind]
        return {
            "type": kind,
            **{name: self.take_text(block.get(name), pointer, channel, name) for name in names},
            **rest,
        }


# Whole replies


def read_reply(raw: bytes, *, json_content: bool) -> ParsedReply:
    """Take a whole message apart."""
    body = reply.read_body(raw)
    taker = _MessageTaker(json_content=json_content)
    blocks = [_whole_block(taker, block, i) for i, block in enumerate(_blocks(body))]
    usage = _usage(body.get("usage"), "input_tokens", "output_tokens")
    return ParsedReply(
        body={**_head(body), "content": list(blocks), **taker.take_stop(body), "usage": cast("Template", usage)},
        segments=taker.segments(),
        usage=reply.totals(usage),
    )


def read_count(raw: bytes) -> ParsedReply:
    """Take the answer to ``count_tokens`` apart. Nothing was generated, so no tokens go on record."""
    found = reply.read_body(raw).get("input_tokens")
    if not reply.is_count(found):
        reply.fail("It counted no tokens.")
    return ParsedReply(body={"input_tokens": found}, segments=(), usage={})


def _blocks(body: Mapping[str, Json]) -> list[dict[str, Json]]:
    if body.get("type") != "message":
        reply.fail("It is no message.")
    return reply.several(body.get("content"))


def _whole_block(taker: _MessageTaker, block: Mapping[str, Json], index: int) -> dict[str, Template]:
    pointer, channel = f"/content/{index}", f"{index}"
    taken = taker.take_block(block, pointer, channel)
    if taken["type"] == "tool_use":
        # one text, not string by string: a value may stand in keys, and URLs are watched for over the whole document
        text = json_text.encode(reply.one(block.get("input"))).decode()
        taken["input"] = Parsed(text=cast("Slot", taker.take_text(text, pointer, channel, "arguments")))
    return taken


def _head(body: Mapping[str, Json]) -> dict[str, Template]:
    """Return what a message begins with. The lens writes the exchange's id."""
    return {"id": None, "type": "message", "role": "assistant", "model": reply.model(body.get("model"))}


def _usage(found: Json, *needed: str) -> dict[str, Json]:
    """Return the token counts, those included that a client needs."""
    known = found if isinstance(found, dict) else {}
    return dict.fromkeys(needed, 0) | {name: known[name] for name in _COUNTS if reply.is_count(known.get(name))}


# Events


def read_event(data: bytes, *, json_content: bool) -> ParsedEvent:
    """Take one event of a stream apart."""
    body = reply.read_data(data)
    kind = body.get("type")
    if not isinstance(kind, str) or kind not in _EVENTS:
        reply.fail("A stream brings an event that this gateway does not know.")
    taker = _MessageTaker(json_content=json_content)
    taken, closes = _EVENTS[kind](taker, body)
    spent = reply.one(body.get("message") or {}).get("usage") or body.get("usage")
    return ParsedEvent(
        body={"type": kind, **taken},
        deltas=taker.deltas(),
        closes=closes,
        done=kind == "message_stop",
        usage=reply.totals(_usage(spent)),
    )


def carrier(channel: str, text: Sensitive[str]) -> ParsedEvent:
    """Return an event that brings nothing but ``text`` on the channel of a block."""
    index, _, name = channel.partition("/")
    kind, field = _CARRIERS[name]  # ids, names and stop sequences end with the event that brings them
    return ParsedEvent(
        body={"type": "content_block_delta", "index": int(index), "delta": {"type": kind, field: Slot(index=0)}},
        deltas=(Delta(channel=channel, kind=PartKind.TEXT, text=text),),
        closes=(),
        usage={},
    )


def _message_start(taker: _MessageTaker, body: Mapping[str, Json]) -> _Read:
    message = reply.one(body.get("message"))
    if _blocks(message):
        reply.fail("A stream begins with text.")
    usage = cast("Template", _usage(message.get("usage"), "input_tokens", "output_tokens"))
    taken: dict[str, Template] = {**_head(message), "content": [], **taker.take_stop(message), "usage": usage}
    return {"message": taken}, ("stop_sequence",)


def _block_start(taker: _MessageTaker, body: Mapping[str, Json]) -> _Read:
    index, block = reply.index(body), reply.one(body.get("content_block"))
    taken = taker.take_block(block, "", f"{index}")
    if block.get("input"):
        reply.fail("A tool call of a stream begins with its input.")
    # an id and a name always come whole, so nothing of them is held back
    closes = (f"{index}/id", f"{index}/name") if taken["type"] == "tool_use" else ()
    return {"index": index, "content_block": taken}, closes


def _block_delta(taker: _MessageTaker, body: Mapping[str, Json]) -> _Read:
    index, delta = reply.index(body), reply.one(body.get("delta"))
    kind = delta.get("type")
    if kind == "signature_delta":
        return {"index": index, "delta": {"type": kind, "signature": ""}}, ()
    if not isinstance(kind, str) or kind not in _DELTAS:
        reply.fail("A stream brings a delta that this gateway does not know.")
    field, channel = _DELTAS[kind]
    text = taker.take_text(delta.get(field), "", f"{index}", channel)
    return {"index": index, "delta": {"type": kind, field: text}}, ()


def _block_stop(_taker: _MessageTaker, body: Mapping[str, Json]) -> _Read:
    index = reply.index(body)
    return {"index": index}, (f"{index}",)


def _message_delta(taker: _MessageTaker, body: Mapping[str, Json]) -> _Read:
    """The message ends, and with it any block whose end the model server did not tell."""
    stop = taker.take_stop(reply.one(body.get("delta")))
    return {"delta": stop, "usage": cast("Template", _usage(body.get("usage"), "output_tokens"))}, ("",)


def _message_stop(_taker: _MessageTaker, _body: Mapping[str, Json]) -> _Read:
    return {}, ("",)


def _ping(_taker: _MessageTaker, _body: Mapping[str, Json]) -> _Read:
    return {}, ()


_EVENTS: Final[Mapping[str, Callable[[_MessageTaker, Mapping[str, Json]], _Read]]] = {
    "message_start": _message_start,
    "content_block_start": _block_start,
    "content_block_delta": _block_delta,
    "content_block_stop": _block_stop,
    "message_delta": _message_delta,
    "message_stop": _message_stop,
    "ping": _ping,
}
