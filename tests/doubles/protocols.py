"""What a good model server says in each protocol, as small as it can be, to be spoilt by tests.

Law: an answer is a JSON document, a stream a list of events, the end mark last; ``framed`` writes events as vLLM does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

Body = dict[str, Any]
Event = Body | str

DONE: Final = "[DONE]"
TOOL: Final = "send_mail"
MODEL: Final = "tiny-moe"


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """One protocol. ends: what none but a good stream holds. asked: a request with a text, and a tool."""

    path: str
    ends: bytes
    asked: Callable[[str], Body]
    whole: Callable[[str], Body]
    events: Callable[..., list[Event]]

    @property
    def name(self) -> str:
        """How tests call it."""
        return self.path.removeprefix("/v1/").replace("/", "-")

    def request(self, text: str, *, streamed: bool) -> Body:
        """Return a request."""
        return {"model": MODEL, **self.asked(text), "stream": streamed}


def framed(events: Iterable[Event]) -> list[bytes]:
    """Write events as frames. One that has a type is named by it."""
    return [_frame(event) for event in events]


def _frame(event: Event) -> bytes:
    if isinstance(event, str):
        return b"data: " + event.encode() + b"\n\n"
    named = f"event: {event['type']}\n" if isinstance(event.get("type"), str) else ""
    return f"{named}data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def _arguments(text: str) -> list[str]:
    """The arguments of a call that repeats a text, in pieces."""
    whole = json.dumps({"to": text}, ensure_ascii=False)
    return [whole[at : at + 5] for at in range(0, len(whole), 5)]


# Chat

_CHAT_HEAD: Final = {"id": "x", "created": 1, "model": MODEL}
_CALL: Final = {"id": "call_1", "type": "function"}


def _chat_whole(text: str) -> Body:
    call = {**_CALL, "function": {"name": TOOL, "arguments": json.dumps({"to": text})}}
    message = {"role": "assistant", "content": text, "reasoning": text, "tool_calls": [call]}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "stop_reason": None, "logprobs": None}
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5, "prompt_tokens_details": None}
    return {**_CHAT_HEAD, "object": "chat.completion", "choices": [choice], "usage": usage}


def _chat_events(*deltas: str, tool: bool = False) -> list[Event]:
    said: list[Body] = [{"role": "assistant", "content": ""}, *({"content": delta} for delta in deltas)]
    if tool:
        said.append({"tool_calls": [{**_CALL, "index": 0, "function": {"name": TOOL}}]})
        pieces = _arguments("".join(deltas))
        said += [{"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in pieces]
    ended = [{"index": 0, "delta": delta, "finish_reason": None} for delta in said]
    ended.append({"index": 0, "delta": {}, "finish_reason": "stop", "stop_reason": "stop"})
    return [*({**_CHAT_HEAD, "object": "chat.completion.chunk", "choices": [choice]} for choice in ended), DONE]


CHAT: Final = Protocol(
    path="/v1/chat/completions",
    ends=b"[DONE]",
    asked=lambda text: {
        "messages": [{"role": "user", "content": text}],
        "tools": [{"type": "function", "function": {"name": TOOL, "parameters": {"type": "object"}}}],
    },
    whole=_chat_whole,
    events=_chat_events,
)

# Completions

_COMPLETION: Final = {"id": "x", "object": "text_completion", "created": 1, "model": MODEL}


def _completion(text: str, finish: str | None) -> Body:
    choice = {"index": 0, "text": text, "finish_reason": finish, "stop_reason": None, "logprobs": None}
    return {**_COMPLETION, "choices": [choice], "usage": None}


def _completion_events(*deltas: str, tool: bool = False) -> list[Event]:
    del tool  # there are none
    return [*(_completion(delta, None) for delta in deltas), _completion("", "stop"), DONE]


COMPLETIONS: Final = Protocol(
    path="/v1/completions",
    ends=b"[DONE]",
    asked=lambda text: {"prompt": text},
    whole=lambda text: _completion(text, "stop"),
    events=_completion_events,
)

# Responses

_RESPONSE: Final = {"id": "resp_x", "object": "response", "created_at": 1, "model": MODEL}
_RESPONSE_USAGE: Final = {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5}


def _items(text: str, *, tool: bool) -> list[Body]:
    part = {"type": "output_text", "text": text, "annotations": []}
    message = {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [part]}
    call = {"type": "function_call", "id": "f", "call_id": "c", "name": TOOL, "arguments": json.dumps({"to": text})}
    return [message, call] if tool else [message]


def _response_whole(text: str, *, tool: bool = True) -> Body:
    output = _items(text, tool=tool)
    return {**_RESPONSE, "status": "completed", "output": output, "usage": _RESPONSE_USAGE}


def _message_events(item: Body, deltas: Iterable[str]) -> Iterable[Body]:
    part, at = item["content"][0], {"content_index": 0}
    yield {"type": "output_item.added", "item": item | {"content": []}}
    yield {"type": "content_part.added", "part": part | {"text": ""}, **at}
    for delta in deltas:
        yield {"type": "output_text.delta", "delta": delta, **at}
    yield {"type": "output_text.done", "text": part["text"], **at}
    yield {"type": "content_part.done", "part": part, **at}
    yield {"type": "output_item.done", "item": item}


def _call_events(item: Body) -> Iterable[Body]:
    yield {"type": "output_item.added", "item": item | {"arguments": ""}}
    for piece in _arguments(json.loads(item["arguments"])["to"]):
        yield {"type": "function_call_arguments.delta", "delta": piece}
    yield {"type": "function_call_arguments.done", "arguments": item["arguments"]}
    yield {"type": "output_item.done", "item": item}


def _response_events(*deltas: str, tool: bool = False) -> list[Event]:
    ended = _response_whole("".join(deltas), tool=tool)
    events: list[Body] = [{"type": "created", "response": {**_RESPONSE, "status": "in_progress", "output": []}}]
    for index, item in enumerate(ended["output"]):
        made = _message_events(item, deltas) if item["type"] == "message" else _call_events(item)
        events += [{**event, "output_index": index, "item_id": item["id"]} for event in made]
    events.append({"type": "completed", "response": ended})
    return [
        {**event, "type": f"response.{event['type']}", "sequence_number": number} for number, event in enumerate(events)
    ]


RESPONSES: Final = Protocol(
    path="/v1/responses",
    ends=b"response.completed",
    asked=lambda text: {
        "input": text,
        "tools": [{"type": "function", "name": TOOL, "parameters": {"type": "object"}}],
    },
    whole=_response_whole,
    events=_response_events,
)

# Messages

_MESSAGE: Final = {"id": "x", "type": "message", "role": "assistant", "model": MODEL, "stop_sequence": None}
_MESSAGE_USAGE: Final = {"input_tokens": 3, "output_tokens": 2}


def _message_whole(text: str) -> Body:
    call = {"type": "tool_use", "id": "toolu_1", "name": TOOL, "input": {"to": text}}
    blocks = [{"type": "thinking", "thinking": text, "signature": ""}, {"type": "text", "text": text}, call]
    return {**_MESSAGE, "content": blocks, "stop_reason": "end_turn", "usage": _MESSAGE_USAGE}


def _block_events(index: int, block: Body, kind: str, deltas: Iterable[str]) -> list[Body]:
    field = "text" if kind == "text_delta" else "partial_json"
    events = [{"type": "content_block_delta", "delta": {"type": kind, field: delta}} for delta in deltas]
    named = [{"type": "content_block_start", "content_block": block}, *events, {"type": "content_block_stop"}]
    return [{**event, "index": index} for event in named]


def _message_stream(*deltas: str, tool: bool = False) -> list[Event]:
    start = {**_MESSAGE, "content": [], "stop_reason": None, "usage": _MESSAGE_USAGE}
    events: list[Event] = [{"type": "message_start", "message": start}]
    events += _block_events(0, {"type": "text", "text": ""}, "text_delta", deltas)
    if tool:
        call = {"type": "tool_use", "id": "toolu_1", "name": TOOL, "input": {}}
        events += _block_events(1, call, "input_json_delta", _arguments("".join(deltas)))
    stop = {"stop_reason": "end_turn", "stop_sequence": None}
    return [*events, {"type": "message_delta", "delta": stop, "usage": _MESSAGE_USAGE}, {"type": "message_stop"}]


MESSAGES: Final = Protocol(
    path="/v1/messages",
    ends=b"message_stop",
    asked=lambda text: {
        "max_tokens": 9,
        "messages": [{"role": "user", "content": text}],
        "tools": [{"name": TOOL, "input_schema": {"type": "object"}}],
    },
    whole=_message_whole,
    events=_message_stream,
)

PROTOCOLS: Final = (CHAT, COMPLETIONS, RESPONSES, MESSAGES)
