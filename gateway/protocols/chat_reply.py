"""What a chat reply, or one event of its stream, may bring back.

Law: the allow-list of replies, as ``reply`` has it: texts of messages and tool calls, why a choice ended, and counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, cast

from gateway.core.content import Delta, PartKind
from gateway.core.sensitive import Sensitive
from gateway.protocols import reply
from gateway.protocols.json_text import Json
from gateway.protocols.lens import ParsedEvent, ParsedReply
from gateway.protocols.reply import Taker
from gateway.protocols.template import Slot, Template

_MESSAGE_TEXTS: Final = ("content", "refusal", "reasoning", "reasoning_content")
_MOST_CALLS: Final = 1024


class _ChatTaker(Taker):
    """json_content: the content is a JSON document."""

    def __init__(self, *, json_content: bool) -> None:
        super().__init__()
        self._content_kind = PartKind.ARGUMENTS if json_content else PartKind.TEXT

    def take_texts(self, message: Mapping[str, Json], pointer: str, channel: str) -> dict[str, Template]:
        """Take out the texts of a message or delta that are there."""
        return {
            name: self.take(
                message[name],
                f"{pointer}/{name}",
                f"{channel}/{name}",
                self._content_kind if name == "content" else PartKind.TEXT,
            )
            for name in _MESSAGE_TEXTS
            if name in message
        }

    def take_call(self, call: Mapping[str, Json], pointer: str, channel: str) -> dict[str, Template]:
        """Take out a tool call, or the piece of one that a delta brings."""
        taken: dict[str, Template] = {}
        if "id" in call:
            taken["id"] = self.take(call["id"], f"{pointer}/id", f"{channel}/id", PartKind.NAME)
        if "type" in call:
            taken["type"] = "function"
        if isinstance(function := call.get("function"), dict):
            kinds = {"name": PartKind.NAME, "arguments": PartKind.ARGUMENTS}
            taken["function"] = {
                field: self.take(function[field], f"{pointer}/function/{field}", f"{channel}/{field}", kind)
                for field, kind in kinds.items()
                if field in function
            }
        return taken


def read_reply(raw: bytes, *, json_content: bool) -> ParsedReply:
    """Take a whole reply apart."""
    body = reply.read_body(raw)
    taker = _ChatTaker(json_content=json_content)
    choices = [_whole_choice(taker, choice, place) for place, choice in enumerate(reply.several(body.get("choices")))]
    usage = reply.usage(body.get("usage"))
    return ParsedReply(
        body={**reply.head(body, "chat.completion"), "choices": list(choices), "usage": cast("Template", usage)},
        segments=taker.segments(),
        usage=reply.totals(usage),
    )


def read_event(data: bytes, *, json_content: bool) -> ParsedEvent:
    """Take one event of a stream apart."""
    if data.strip() == reply.DONE:
        return reply.END
    body = reply.read_data(data)
    taker = _ChatTaker(json_content=json_content)
    read = [_streamed_choice(taker, choice) for choice in reply.several(body.get("choices"))]
    taken: dict[str, Template] = {
        **reply.head(body, "chat.completion.chunk"),
        "choices": [choice for choice, _ in read],
    }
    usage = reply.usage(body.get("usage"))
    if "usage" in body:
        taken["usage"] = cast("Template", usage)
    return ParsedEvent(
        body=taken,
        deltas=taker.deltas(),
        closes=tuple(channel for _, closed in read for channel in closed),
        usage=reply.totals(usage),
    )


def carrier(event: ParsedEvent, channel: str, text: Sensitive[str]) -> ParsedEvent:
    """Return an event that brings nothing but ``text`` on ``channel``, dated like ``event``."""
    index, *path = channel.split("/")
    delta: dict[str, Template] = {}
    choice: dict[str, Template] = {"index": int(index), "delta": delta, "logprobs": None, "finish_reason": None}
    match path:
        case ["tool_calls", call, "id"]:
            delta["tool_calls"] = [{"index": int(call), "id": Slot(index=0)}]
        case ["tool_calls", call, field]:
            delta["tool_calls"] = [{"index": int(call), "function": {field: Slot(index=0)}}]
        case _:
            delta["/".join(path)] = Slot(index=0)
    return ParsedEvent(
        body={**reply.same_head(event, "chat.completion.chunk"), "choices": [choice]},
        deltas=(Delta(channel=channel, kind=PartKind.TEXT, text=text),),
        closes=(),
        usage={},
    )


def _whole_choice(taker: _ChatTaker, choice: Mapping[str, Json], place: int) -> dict[str, Template]:
    index = reply.index(choice)
    pointer, channel = f"/choices/{place}", f"{index}"
    message = reply.one(choice.get("message"))
    taken: dict[str, Template] = {"role": "assistant", "content": None, "refusal": None}
    taken |= taker.take_texts(message, f"{pointer}/message", channel)
    calls = reply.several(message.get("tool_calls") or [])
    if calls:
        taken["tool_calls"] = [
            taker.take_call(call, f"{pointer}/message/tool_calls/{i}", f"{channel}/tool_calls/{i}")
            for i, call in enumerate(calls)
        ]
    return {
        "index": index,
        "message": taken,
        "logprobs": None,
        "finish_reason": reply.finish(choice.get("finish_reason")) or "stop",
        "stop_reason": taker.stop_reason(choice.get("stop_reason"), pointer, channel),
    }


def _streamed_choice(taker: _ChatTaker, choice: Mapping[str, Json]) -> tuple[dict[str, Template], list[str]]:
    """Return the choice without its text, and the channels that end with it."""
    index = reply.index(choice)
    delta = reply.one(choice.get("delta"))
    taken: dict[str, Template] = {"role": "assistant"} if delta.get("role") is not None else {}
    taken |= taker.take_texts(delta, "", f"{index}")
    closes: list[str] = []
    calls = reply.several(delta.get("tool_calls") or [])
    if calls:
        taken["tool_calls"] = list(_streamed_calls(taker, calls, f"{index}/tool_calls", closes))
    finish = reply.finish(choice.get("finish_reason"))
    read: dict[str, Template] = {"index": index, "delta": taken, "logprobs": None, "finish_reason": finish}
    if finish is not None:
        read["stop_reason"] = taker.stop_reason(choice.get("stop_reason"), "", f"{index}")
        closes.append(f"{index}")
    return read, closes


def _streamed_calls(
    taker: _ChatTaker, calls: list[dict[str, Json]], channel: str, closes: list[str]
) -> Iterator[dict[str, Template]]:
    if len(calls) > _MOST_CALLS:
        reply.fail("A reply brings too many tool calls at once.")
    for call in calls:
        index, before = reply.index(call), len(taker.pieces)
        yield {"index": index, **taker.take_call(call, "", f"{channel}/{index}")}
        # an id and a name always come whole, so nothing of them is held back
        closes += [piece.channel for piece in taker.pieces[before:] if piece.kind is PartKind.NAME]
