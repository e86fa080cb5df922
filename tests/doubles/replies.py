"""What a model says, in every protocol: text, thoughts and tool calls, whole or in pieces, as vLLM writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.doubles.recording_backend import Received, Script, stream, whole

_USAGE = {"input_tokens": 3, "output_tokens": 5, "total_tokens": 8}
_SIZE = 3


@dataclass(frozen=True, slots=True)
class Says:
    """calls: pairs of a tool's name and the text of its arguments."""

    text: str = ""
    thought: str = ""
    calls: tuple[tuple[str, str], ...] = ()


def saying(text: str = "", thought: str = "", calls: tuple[tuple[str, str], ...] = ()) -> Script:
    """Return a script that answers every route with this."""
    says = Says(text, thought, calls)

    def script(request: Received) -> Any:
        if request.method == "GET":
            return whole(b"", kind="text/plain")
        write, events = _ROUTES[request.path]
        return stream(list(events(says))) if request.json.get("stream") else whole(write(says))

    return script


def _pieces(text: str) -> Iterator[str]:
    return (text[at : at + _SIZE] for at in range(0, len(text), _SIZE))


def _data(body: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def _event(body: dict[str, Any]) -> bytes:
    return f"event: {body['type']}\n".encode() + _data(body)


# Chat and completions


def _head(kind: str) -> dict[str, Any]:
    return {"id": "x", "object": kind, "created": 1, "model": "tiny-moe"}


def _calls(says: Says) -> list[dict[str, Any]]:
    return [
        {"id": f"call_{i}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for i, (name, arguments) in enumerate(says.calls)
    ]


def _chat(says: Says) -> dict[str, Any]:
    message = {"role": "assistant", "content": says.text, "reasoning": says.thought or None, "tool_calls": _calls(says)}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if says.calls else "stop"}
    return {**_head("chat.completion"), "choices": [choice]}


def _chat_events(says: Says) -> Iterator[bytes]:
    def delta(finish: str | None = None, **fields: Any) -> bytes:
        choice = {"index": 0, "delta": fields, "finish_reason": finish}
        return _data({**_head("chat.completion.chunk"), "choices": [choice]})

    yield from (delta(reasoning=piece) for piece in _pieces(says.thought))
    yield from (delta(content=piece) for piece in _pieces(says.text))
    for i, call in enumerate(_calls(says)):
        arguments = call["function"].pop("arguments")
        yield delta(tool_calls=[{"index": i, **call}])
        yield from (delta(tool_calls=[{"index": i, "function": {"arguments": piece}}]) for piece in _pieces(arguments))
    yield delta("tool_calls" if says.calls else "stop")
    yield b"data: [DONE]\n\n"


def _completion(says: Says) -> dict[str, Any]:
    choice = {"index": 0, "text": says.text, "finish_reason": "stop"}
    return {**_head("text_completion"), "choices": [choice]}


def _completion_events(says: Says) -> Iterator[bytes]:
    for piece in _pieces(says.text):
        choice = {"index": 0, "text": piece, "finish_reason": None}
        yield _data({**_head("text_completion"), "choices": [choice]})
    yield _data({**_head("text_completion"), "choices": [{"index": 0, "text": "", "finish_reason": "stop"}]})
    yield b"data: [DONE]\n\n"


# Responses


def _items(says: Says) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    if says.thought:
        content = [{"type": "reasoning_text", "text": says.thought}]
        items.append({"type": "reasoning", "id": "rs_1", "summary": [], "content": content})
    if says.text:
        content = [{"type": "output_text", "text": says.text, "annotations": []}]
        message = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": content}
        items.append(message)
    return items + [
        {"type": "function_call", "id": f"fc_{i}", "call_id": f"call_{i}", "name": name, "arguments": arguments}
        for i, (name, arguments) in enumerate(says.calls)
    ]


def _response(says: Says, status: str = "completed") -> dict[str, Any]:
    output = _items(says) if status == "completed" else []
    head = {"id": "resp_x", "object": "response", "created_at": 1, "model": "tiny-moe"}
    return {**head, "status": status, "output": output, "usage": _USAGE if output else None}


def _response_events(says: Says) -> Iterator[bytes]:
    number = 0

    def event(kind: str, **fields: Any) -> bytes:
        nonlocal number
        number += 1
        return _event({"type": f"response.{kind}", "sequence_number": number, **fields})

    yield event("created", response=_response(says, "in_progress"))
    for index, item in enumerate(_items(says)):
        at = {"item_id": item["id"], "output_index": index}
        if item["type"] == "function_call":
            yield event("output_item.added", output_index=index, item=item | {"arguments": ""})
            yield from (event("function_call_arguments.delta", **at, delta=it) for it in _pieces(item["arguments"]))
            yield event("function_call_arguments.done", **at, arguments=item["arguments"])
        else:
            part, at = item["content"][0], at | {"content_index": 0}
            yield event("output_item.added", output_index=index, item=item | {"content": []})
            yield event("content_part.added", **at, part=part | {"text": ""})
            yield from (event(f"{part['type']}.delta", **at, delta=piece) for piece in _pieces(part["text"]))
            yield event(f"{part['type']}.done", **at, text=part["text"])
            yield event("content_part.done", **at, part=part)
        yield event("output_item.done", output_index=index, item=item)
    yield event("completed", response=_response(says))


# Messages


def _blocks(says: Says) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if says.thought:
        blocks.append({"type": "thinking", "thinking": says.thought, "signature": ""})
    if says.text:
        blocks.append({"type": "text", "text": says.text})
    return blocks + [
        {"type": "tool_use", "id": f"toolu_{i}", "name": name, "input": json.loads(arguments)}
        for i, (name, arguments) in enumerate(says.calls)
    ]


def _message(says: Says) -> dict[str, Any]:
    head = {"id": "msg_x", "type": "message", "role": "assistant", "model": "tiny-moe"}
    reason = "tool_use" if says.calls else "end_turn"
    return {**head, "content": _blocks(says), "stop_reason": reason, "stop_sequence": None, "usage": _USAGE}


def _message_events(says: Says) -> Iterator[bytes]:
    message = _message(says)
    yield _event({"type": "message_start", "message": message | {"content": [], "stop_reason": None}})
    arguments = iter(arguments for _, arguments in says.calls)
    for index, block in enumerate(message["content"]):
        field, kind, delta = _IN_BLOCKS[block["type"]]
        empty: Any = {} if field == "input" else ""
        text = next(arguments) if field == "input" else block[field]
        yield _event({"type": "content_block_start", "index": index, "content_block": block | {field: empty}})
        for piece in _pieces(text):
            yield _event({"type": "content_block_delta", "index": index, "delta": {"type": kind, delta: piece}})
        yield _event({"type": "content_block_stop", "index": index})
    ending = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield _event({"type": "message_delta", "delta": ending, "usage": _USAGE})
    yield _event({"type": "message_stop"})


_IN_BLOCKS = {
    "text": ("text", "text_delta", "text"),
    "thinking": ("thinking", "thinking_delta", "thinking"),
    "tool_use": ("input", "input_json_delta", "partial_json"),
}
_ROUTES: dict[str, tuple[Any, Any]] = {
    "/v1/chat/completions": (_chat, _chat_events),
    "/v1/completions": (_completion, _completion_events),
    "/v1/responses": (_response, _response_events),
    "/v1/messages": (_message, _message_events),
}
