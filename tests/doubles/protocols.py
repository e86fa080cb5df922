"""What a good model server says in each protocol, as small as it can be; also to be spoilt by tests.

Law: an answer is a JSON document, a stream a list of events, the end mark last; ``framed`` writes events as vLLM does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from tests.doubles.recording_backend import Received, Reply, Script, stream, whole

Body = dict[str, Any]
Event = Body | str

DONE: Final = "[DONE]"
TOOL: Final = "send_mail"
MODEL: Final = "tiny-moe"
_SIZE: Final = 3


@dataclass(frozen=True, kw_only=True)
class Says:
    """What the model says. text, thought: by the pieces of a stream. calls: names of tools, and the text of arguments."""

    text: tuple[str, ...] = ()
    thought: tuple[str, ...] = ()
    calls: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """One protocol. ends: what none but a good stream holds. asked: a request with a text, and a tool.

    answer, streamed: what the model says, whole and as events.
    """

    path: str
    ends: bytes
    asked: Callable[[str], Body]
    answer: Callable[[Says], Body]
    streamed: Callable[[Says], list[Event]]

    @property
    def name(self) -> str:
        """How tests call it."""
        return self.path.removeprefix("/v1/").replace("/", "-")

    def request(self, text: str, *, streamed: bool) -> Body:
        """Return a request."""
        return {"model": MODEL, **self.asked(text), "stream": streamed}

    def whole(self, text: str) -> Body:
        """Return an answer that says a text wherever one can stand."""
        return self.answer(Says(text=(text,), thought=(text,), calls=((TOOL, json.dumps({"to": text})),)))

    def events(self, *deltas: str, tool: bool = False) -> list[Event]:
        """Return a stream with a text in these pieces. tool: and in a call."""
        arguments = json.dumps({"to": "".join(deltas)}, ensure_ascii=False)
        return self.streamed(Says(text=deltas, calls=((TOOL, arguments),) if tool else ()))

    def begun(self) -> list[bytes]:
        """Return the frames of a stream up to its first text, "Hello "."""
        events = self.events("Hello ", "there")
        first = next(at for at, event in enumerate(events) if "Hello " in str(event))
        return framed(events[: first + 1])


def framed(events: Iterable[Event]) -> list[bytes]:
    """Write events as frames. One that has a type is named by it."""
    return [_frame(event) for event in events]


def _frame(event: Event) -> bytes:
    if isinstance(event, str):
        return b"data: " + event.encode() + b"\n\n"
    named = f"event: {event['type']}\n" if isinstance(event.get("type"), str) else ""
    return f"{named}data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def saying(text: str = "", thought: str = "", calls: tuple[tuple[str, str], ...] = ()) -> Script:
    """Return a script that answers every route with this."""
    says = Says(text=_cut(text), thought=_cut(thought), calls=calls)

    def script(request: Received) -> Reply:
        if request.method == "GET":
            return whole(b"", kind="text/plain")
        protocol = BY_PATH[request.path]
        if request.json.get("stream"):
            return stream(framed(protocol.streamed(says)))
        return whole(protocol.answer(says))

    return script


def _cut(text: str) -> tuple[str, ...]:
    return tuple(text[at : at + _SIZE] for at in range(0, len(text), _SIZE))


# Chat

_CHAT_HEAD: Final = {"id": "x", "created": 1, "model": MODEL}


def _chat_calls(says: Says) -> list[Body]:
    return [
        {"id": f"call_{i}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for i, (name, arguments) in enumerate(says.calls)
    ]


def _chat(says: Says) -> Body:
    text, thought = "".join(says.text), "".join(says.thought) or None
    message = {"role": "assistant", "content": text, "reasoning": thought, "tool_calls": _chat_calls(says)}
    finish = "tool_calls" if says.calls else "stop"
    choice = {"index": 0, "message": message, "finish_reason": finish, "stop_reason": None, "logprobs": None}
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5, "prompt_tokens_details": None}
    return {**_CHAT_HEAD, "object": "chat.completion", "choices": [choice], "usage": usage}


def _chat_stream(says: Says) -> list[Event]:
    deltas: list[Body] = [{"role": "assistant", "content": ""}]
    deltas += [{"reasoning": piece} for piece in says.thought]
    deltas += [{"content": piece} for piece in says.text]
    for index, call in enumerate(_chat_calls(says)):
        arguments = call["function"].pop("arguments")
        deltas.append({"tool_calls": [{"index": index, **call}]})
        deltas += [{"tool_calls": [{"index": index, "function": {"arguments": piece}}]} for piece in _cut(arguments)]
    choices = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    finish = "tool_calls" if says.calls else "stop"
    choices.append({"index": 0, "delta": {}, "finish_reason": finish, "stop_reason": "stop"})
    return [*({**_CHAT_HEAD, "object": "chat.completion.chunk", "choices": [choice]} for choice in choices), DONE]


CHAT: Final = Protocol(
    path="/v1/chat/completions",
    ends=b"[DONE]",
    asked=lambda text: {
        "messages": [{"role": "user", "content": text}],
        "tools": [{"type": "function", "function": {"name": TOOL, "parameters": {"type": "object"}}}],
    },
    answer=_chat,
    streamed=_chat_stream,
)

# Completions, which know neither thoughts nor calls

_COMPLETION: Final = {"id": "x", "object": "text_completion", "created": 1, "model": MODEL}


def _completion(text: str, finish: str | None) -> Body:
    choice = {"index": 0, "text": text, "finish_reason": finish, "stop_reason": None, "logprobs": None}
    return {**_COMPLETION, "choices": [choice], "usage": None}


COMPLETIONS: Final = Protocol(
    path="/v1/completions",
    ends=b"[DONE]",
    asked=lambda text: {"prompt": text},
    answer=lambda says: _completion("".join(says.text), "stop"),
    streamed=lambda says: [*(_completion(piece, None) for piece in says.text), _completion("", "stop"), DONE],
)

# Responses

_RESPONSE: Final = {"id": "resp_x", "object": "response", "created_at": 1, "model": MODEL}
_RESPONSE_USAGE: Final = {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5}


def _items(says: Says) -> list[tuple[Body, tuple[str, ...]]]:
    """Return the items of a response, each with its text in pieces."""
    items: list[tuple[Body, tuple[str, ...]]] = []
    if says.thought:
        part = {"type": "reasoning_text", "text": "".join(says.thought)}
        items.append(({"type": "reasoning", "id": "r", "summary": [], "content": [part]}, says.thought))
    if says.text:
        part = {"type": "output_text", "text": "".join(says.text), "annotations": []}
        message = {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [part]}
        items.append((message, says.text))
    for i, (name, arguments) in enumerate(says.calls):
        called = {"type": "function_call", "id": f"fc_{i}", "call_id": f"call_{i}", "name": name}
        items.append(({**called, "arguments": arguments}, _cut(arguments)))
    return items


def _response(says: Says) -> Body:
    output = [item for item, _ in _items(says)]
    return {**_RESPONSE, "status": "completed", "output": output, "usage": _RESPONSE_USAGE}


def _item_events(item: Body, pieces: Iterable[str]) -> Iterable[Body]:
    if item["type"] == "function_call":
        yield {"type": "output_item.added", "item": item | {"arguments": ""}}
        for piece in pieces:
            yield {"type": "function_call_arguments.delta", "delta": piece}
        yield {"type": "function_call_arguments.done", "arguments": item["arguments"]}
    else:
        part, at = item["content"][0], {"content_index": 0}
        yield {"type": "output_item.added", "item": item | {"content": []}}
        yield {"type": "content_part.added", "part": part | {"text": ""}, **at}
        for piece in pieces:
            yield {"type": f"{part['type']}.delta", "delta": piece, **at}
        yield {"type": f"{part['type']}.done", "text": part["text"], **at}
        yield {"type": "content_part.done", "part": part, **at}
    yield {"type": "output_item.done", "item": item}


def _response_stream(says: Says) -> list[Event]:
    events: list[Body] = [{"type": "created", "response": {**_RESPONSE, "status": "in_progress", "output": []}}]
    for index, (item, pieces) in enumerate(_items(says)):
        events += [{**event, "output_index": index, "item_id": item["id"]} for event in _item_events(item, pieces)]
    events.append({"type": "completed", "response": _response(says)})
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
    answer=_response,
    streamed=_response_stream,
)

# Messages

_MESSAGE: Final = {"id": "x", "type": "message", "role": "assistant", "model": MODEL, "stop_sequence": None}
_MESSAGE_USAGE: Final = {"input_tokens": 3, "output_tokens": 2}


_IN_BLOCKS: Final[dict[str, tuple[Body, str, str]]] = {
    "thinking": ({"thinking": ""}, "thinking_delta", "thinking"),
    "text": ({"text": ""}, "text_delta", "text"),
    "tool_use": ({"input": {}}, "input_json_delta", "partial_json"),
}
"""What a block begins with in a stream, the type of its deltas, and their field."""


def _blocks(says: Says) -> list[tuple[Body, tuple[str, ...]]]:
    """Return the blocks of a message, each with its text in pieces."""
    blocks: list[tuple[Body, tuple[str, ...]]] = []
    if says.thought:
        blocks.append(({"type": "thinking", "thinking": "".join(says.thought), "signature": ""}, says.thought))
    if says.text:
        blocks.append(({"type": "text", "text": "".join(says.text)}, says.text))
    for i, (name, arguments) in enumerate(says.calls):
        called = {"type": "tool_use", "id": f"toolu_{i}", "name": name, "input": json.loads(arguments)}
        blocks.append((called, _cut(arguments)))
    return blocks


def _message(says: Says) -> Body:
    reason = "tool_use" if says.calls else "end_turn"
    content = [block for block, _ in _blocks(says)]
    return {**_MESSAGE, "content": content, "stop_reason": reason, "usage": _MESSAGE_USAGE}


def _block_events(block: Body, pieces: Iterable[str]) -> Iterable[Body]:
    empty, kind, field = _IN_BLOCKS[block["type"]]
    yield {"type": "content_block_start", "content_block": block | empty}
    for piece in pieces:
        yield {"type": "content_block_delta", "delta": {"type": kind, field: piece}}
    yield {"type": "content_block_stop"}


def _message_stream(says: Says) -> list[Event]:
    message = _message(says)
    events: list[Event] = [{"type": "message_start", "message": message | {"content": [], "stop_reason": None}}]
    for index, (block, pieces) in enumerate(_blocks(says)):
        events += [{**event, "index": index} for event in _block_events(block, pieces)]
    stop = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    return [*events, {"type": "message_delta", "delta": stop, "usage": _MESSAGE_USAGE}, {"type": "message_stop"}]


MESSAGES: Final = Protocol(
    path="/v1/messages",
    ends=b"message_stop",
    asked=lambda text: {
        "max_tokens": 9,
        "messages": [{"role": "user", "content": text}],
        "tools": [{"name": TOOL, "input_schema": {"type": "object"}}],
    },
    answer=_message,
    streamed=_message_stream,
)

PROTOCOLS: Final = (CHAT, COMPLETIONS, RESPONSES, MESSAGES)
BY_PATH: Final = {protocol.path: protocol for protocol in PROTOCOLS}
