"""What a chat reply, or one event of its stream, may bring back.

Law: a reply is not passed on but made anew from an allow-list: text as slots, counts as numbers, fixed words as
themselves. What is not on the list stays behind unread, token ids, log-probabilities, fingerprints and the prompt
included; what is on it and has another type than it should is an error of the model server's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NoReturn, cast

from gateway.core.content import Delta, PartKind, Segment
from gateway.core.errors import BackendProtocolError, BackendUnavailable
from gateway.core.sensitive import Sensitive
from gateway.protocols import json_text
from gateway.protocols.chat_fields import MODEL_NAME
from gateway.protocols.json_text import Json
from gateway.protocols.lens import ParsedEvent, ParsedReply
from gateway.protocols.shapes import vocabulary
from gateway.protocols.template import Slot, Template

DONE: Final = b"[DONE]"

_FINISH: Final = vocabulary("abort content_filter error function_call length repetition stop tool_calls")
_MESSAGE_TEXTS: Final = ("content", "refusal", "reasoning", "reasoning_content")
_COUNTS: Final = ("prompt_tokens", "completion_tokens", "total_tokens")
_DETAILS: Final = ("prompt_tokens_details", "completion_tokens_details")
_DETAIL_COUNTS: Final = vocabulary(
    """accepted_prediction_tokens audio_tokens cached_tokens created_cache_tokens multimodal_tokens reasoning_tokens
    rejected_prediction_tokens text_tokens"""
)
_MOST_CALLS: Final = 1024
_MOST_INDEX: Final = 100_000
_MOST_COUNT: Final = 10**12


class _Taker:
    """Takes text out of one reply or event. json_content: the content is a JSON document."""

    def __init__(self, *, json_content: bool) -> None:
        self.pieces: list[tuple[str, str, PartKind, str]] = []  # pointer, channel, kind, text
        self._content_kind = PartKind.ARGUMENTS if json_content else PartKind.TEXT

    def take(self, value: Json, pointer: str, channel: str, kind: PartKind = PartKind.TEXT) -> Template:
        """Return a slot for a string; null and "" stay."""
        if value is None or value == "":
            return cast("Template", value)
        if not isinstance(value, str):
            fail("A text of the reply is not a string.")
        self.pieces.append((pointer, channel, kind, value))
        return Slot(index=len(self.pieces) - 1)

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


def fail(detail: str) -> NoReturn:
    """Raise ``BackendProtocolError``."""
    raise BackendProtocolError(detail)


def read_reply(raw: bytes, *, json_content: bool) -> ParsedReply:
    """Take a whole reply apart."""
    body = _object(json_text.decode(raw, error=BackendProtocolError))
    taker = _Taker(json_content=json_content)
    choices = [_whole_choice(taker, choice, place) for place, choice in enumerate(_objects(body.get("choices")))]
    usage = _usage(body.get("usage"))
    return ParsedReply(
        body={**_head(body, "chat.completion"), "choices": cast("Template", choices), "usage": cast("Template", usage)},
        segments=tuple(
            Segment(pointer=pointer, kind=kind, text=Sensitive(text), role="assistant")
            for pointer, _, kind, text in taker.pieces
        ),
        usage=_totals(usage),
        finish=tuple(str(choice["finish_reason"]) for choice in choices),
    )


def read_event(data: bytes, *, json_content: bool) -> ParsedEvent:
    """Take one event of a stream apart. The model server's own errors end it, without their text."""
    if data.strip() == DONE:
        return ParsedEvent(body=None, deltas=(), closes=("",), done=True, usage={})
    body = _object(json_text.decode(data, error=BackendProtocolError))
    if body.get("error") is not None:
        detail = "It stopped in the middle of the answer."
        raise BackendUnavailable(detail)
    taker = _Taker(json_content=json_content)
    read = [_streamed_choice(taker, choice) for choice in _objects(body.get("choices"))]
    taken: dict[str, Template] = {
        **_head(body, "chat.completion.chunk"),
        "choices": [choice for choice, _ in read],
    }
    usage = _usage(body.get("usage"))
    if "usage" in body:
        taken["usage"] = cast("Template", usage)
    return ParsedEvent(
        body=taken,
        deltas=tuple(
            Delta(channel=channel, kind=kind, text=Sensitive(text)) for _, channel, kind, text in taker.pieces
        ),
        closes=tuple(channel for _, closed in read for channel in closed),
        usage=_totals(usage),
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
    head = event.body if isinstance(event.body, dict) else _head({}, "chat.completion.chunk")
    return ParsedEvent(
        body={"id": None, **{name: head[name] for name in ("object", "created", "model")}, "choices": [choice]},
        deltas=(Delta(channel=channel, kind=PartKind.TEXT, text=text),),
        closes=(),
        usage={},
    )


def _whole_choice(taker: _Taker, choice: Mapping[str, Json], place: int) -> dict[str, Template]:
    index = _index(choice)
    pointer, channel = f"/choices/{place}", f"{index}"
    message = _object(choice.get("message"))
    taken: dict[str, Template] = {"role": "assistant", "content": None, "refusal": None}
    taken |= taker.take_texts(message, f"{pointer}/message", channel)
    calls = _objects(message.get("tool_calls") or [])
    if calls:
        taken["tool_calls"] = [
            taker.take_call(call, f"{pointer}/message/tool_calls/{i}", f"{channel}/tool_calls/{i}")
            for i, call in enumerate(calls)
        ]
    return {
        "index": index,
        "message": taken,
        "logprobs": None,
        "finish_reason": _finish(choice.get("finish_reason")) or "stop",
        "stop_reason": _stop_reason(taker, choice.get("stop_reason"), pointer, channel),
    }


def _streamed_choice(taker: _Taker, choice: Mapping[str, Json]) -> tuple[dict[str, Template], list[str]]:
    """Return the choice without its text, and the channels that end with it."""
    index = _index(choice)
    delta = _object(choice.get("delta"))
    taken: dict[str, Template] = {"role": "assistant"} if delta.get("role") is not None else {}
    taken |= taker.take_texts(delta, "", f"{index}")
    closes: list[str] = []
    calls = _objects(delta.get("tool_calls") or [])
    if calls:
        taken["tool_calls"] = list(_streamed_calls(taker, calls, f"{index}/tool_calls", closes))
    finish = _finish(choice.get("finish_reason"))
    read: dict[str, Template] = {"index": index, "delta": taken, "logprobs": None, "finish_reason": finish}
    if finish is not None:
        read["stop_reason"] = _stop_reason(taker, choice.get("stop_reason"), "", f"{index}")
        closes.append(f"{index}")
    return read, closes


def _streamed_calls(
    taker: _Taker, calls: list[dict[str, Json]], channel: str, closes: list[str]
) -> Iterator[dict[str, Template]]:
    if len(calls) > _MOST_CALLS:
        fail("A reply brings too many tool calls at once.")
    for call in calls:
        index, before = _index(call), len(taker.pieces)
        yield {"index": index, **taker.take_call(call, "", f"{channel}/{index}")}
        # an id and a name always come whole, so nothing of them is held back
        closes += [name for _, name, kind, _ in taker.pieces[before:] if kind is PartKind.NAME]


def _head(body: Mapping[str, Json], kind: str) -> dict[str, Template]:
    created, model = body.get("created"), body.get("model")
    return {
        "id": None,  # the lens writes the exchange's
        "object": kind,
        "created": created if type(created) is int else 0,
        "model": model if isinstance(model, str) and MODEL_NAME.pattern.fullmatch(model) else "",
    }


def _finish(reason: Json) -> str | None:
    if reason is None or (isinstance(reason, str) and reason in _FINISH):
        return reason
    fail("A reply ended for a reason that this gateway does not know.")


def _stop_reason(taker: _Taker, reason: Json, pointer: str, channel: str) -> Template:
    """A stop string, which is text, or the number of a stop token."""
    if type(reason) is int:
        return reason
    return taker.take(reason, f"{pointer}/stop_reason", f"{channel}/stop_reason")


def _usage(usage: Json) -> dict[str, Json] | None:
    if not isinstance(usage, dict):
        return None
    counts: dict[str, Json] = {name: usage[name] for name in _COUNTS if _is_count(usage.get(name))}
    for name in _DETAILS:
        if isinstance(details := usage.get(name), dict):
            counts[name] = {
                key: count
                for key, count in details.items()
                if key in _DETAIL_COUNTS and (count is None or _is_count(count))
            }
    return counts


def _is_count(value: Json) -> bool:
    return type(value) is int and 0 <= value <= _MOST_COUNT


def _totals(usage: Mapping[str, Json] | None) -> dict[str, int]:
    return {name: count for name, count in (usage or {}).items() if type(count) is int}


def _index(item: Mapping[str, Json]) -> int:
    index = item.get("index", 0)
    if type(index) is int and 0 <= index < _MOST_INDEX:
        return index
    fail("A choice or a tool call of the reply has no index.")


def _object(value: Json) -> dict[str, Json]:
    if isinstance(value, dict):
        return value
    fail("A part of the reply is not an object.")


def _objects(value: Json) -> list[dict[str, Json]]:
    if isinstance(value, list) and len(value) > _MOST_CALLS:
        fail("A part of the reply has too many items.")
    if isinstance(value, list):
        return [_object(item) for item in value]
    fail("A part of the reply is not a list.")
