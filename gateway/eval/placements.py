"""Where a value can stand in a request, for each endpoint.

Law: each place is one that applications use. A text is put there whole, or in two pieces where a place is two; a place
that no single text shows (a value over two messages) lies beyond what the gateway undertakes, and says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.protocols import ChatLens, CompletionsLens, EmbeddingsLens, Lens, MessagesLens, ResponsesLens

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One place of one endpoint.

    fill: takes both pieces of a text, the second empty where the place is one. told: a message says the value as it is
    written usually, and the place holds it alone, which the gateway undertakes to see where it reads the same. beyond:
    it does not undertake to see a value there at all.
    """

    name: str
    endpoint: str
    fill: Callable[[str, str], Body]
    split: bool = False
    told: bool = False
    beyond: bool = False

    def body(self, first: str, second: str = "") -> bytes:
        """Return a request with the text in this place."""
        return json.dumps(self.fill(first, second), ensure_ascii=False).encode()


_MODEL: Final = "m"
_ASK: Final = {"role": "user", "content": "What do you make of it?"}
_NAME: Final = "get_record"


def _schema(text: str) -> Body:
    return {"type": "object", "properties": {"note": {"type": "string", "enum": [text]}}, "required": ["note"]}


def _described(text: str) -> Body:
    return {"name": _NAME, "description": text, "parameters": {"type": "object", "properties": {}}}


def _listing(text: str) -> Body:
    return {"name": _NAME, "description": "Looks a record up.", "parameters": _schema(text)}


def _tool(function: Body) -> list[Body]:
    return [{"type": "function", "function": function}]


def _chat(*messages: Body, **fields: Any) -> Body:  # noqa: ANN401 - any JSON value
    return {"model": _MODEL, "messages": [*messages, _ASK] if messages else [_ASK], **fields}


def _call(text: str) -> Body:
    function = {"name": _NAME, "arguments": json.dumps({"note": text})}
    return {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": function}]}


def _result(text: str) -> Body:
    return {"role": "tool", "tool_call_id": "c1", "content": text}


def _format(text: str) -> Body:
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": _schema(text)}}


_CHAT: Final[Mapping[str, Callable[[str, str], Body]]] = {
    "system": lambda text, _: _chat({"role": "system", "content": text}),
    "user": lambda text, _: _chat({"role": "user", "content": text}),
    "assistant": lambda text, _: _chat({"role": "assistant", "content": text}),
    "tool result": lambda text, _: _chat(_call("?"), _result(text)),
    "tool result, JSON": lambda text, _: _chat(_call("?"), _result(json.dumps({"rows": [{"note": text}]}))),
    "tool arguments": lambda text, _: _chat(_call(text), _result("done")),
    "function description": lambda text, _: _chat(tools=_tool(_described(text))),
    "schema enum": lambda text, _: _chat(tools=_tool(_listing(text))),
    "name": lambda text, _: _chat({"role": "user", "content": "Hello.", "name": text}),
    "metadata": lambda text, _: _chat(metadata={"note": text}),
    "metadata key": lambda text, _: _chat(metadata={text: "1"}),
    "user field": lambda text, _: _chat(user=text),
    "stop": lambda text, _: _chat(stop=[text]),
    "response format": lambda text, _: _chat(response_format=_format(text)),
    "two parts": lambda one, two: _chat(
        {"role": "user", "content": [{"type": "text", "text": one}, {"type": "text", "text": two}]}
    ),
    "two messages": lambda one, two: _chat({"role": "user", "content": one}, {"role": "user", "content": two}),
    "metadata, told before": lambda text, told: _chat({"role": "user", "content": told}, metadata={"note": text}),
    "tool arguments, told before": lambda text, told: _chat({"role": "user", "content": told}, _call(text)),
}
_COMPLETIONS: Final[Mapping[str, Callable[[str, str], Body]]] = {
    "user": lambda text, _: {"model": _MODEL, "prompt": text},
    "suffix": lambda text, _: {"model": _MODEL, "prompt": "Dear", "suffix": text},
    "user field": lambda text, _: {"model": _MODEL, "prompt": "Dear", "user": text},
    "stop": lambda text, _: {"model": _MODEL, "prompt": "Dear", "stop": [text]},
    "response format": lambda text, _: {"model": _MODEL, "prompt": "Dear", "response_format": _format(text)},
    "two messages": lambda one, two: {"model": _MODEL, "prompt": [one, two]},
}
_EMBEDDINGS: Final[Mapping[str, Callable[[str, str], Body]]] = {
    "user": lambda text, _: {"model": _MODEL, "input": [text]},
    "user field": lambda text, _: {"model": _MODEL, "input": ["Dear"], "user": text},
    "two messages": lambda one, two: {"model": _MODEL, "input": [one, two]},
}


def _responses(*items: Body, **fields: Any) -> Body:  # noqa: ANN401 - any JSON value
    return {"model": _MODEL, "input": [*items, _ASK], **fields}


def _function_call(text: str) -> Body:
    return {"type": "function_call", "call_id": "c1", "name": _NAME, "arguments": json.dumps({"note": text})}


def _function_output(text: str) -> Body:
    return {"type": "function_call_output", "call_id": "c1", "output": text}


def _inputs(*texts: str) -> list[Body]:
    return [{"type": "input_text", "text": text} for text in texts]


_RESPONSES: Final[Mapping[str, Callable[[str, str], Body]]] = {
    "system": lambda text, _: _responses(instructions=text),
    "user": lambda text, _: _responses({"role": "user", "content": text}),
    "assistant": lambda text, _: _responses({"type": "message", "role": "assistant", "content": text}),
    "tool result": lambda text, _: _responses(_function_call("?"), _function_output(text)),
    "tool result, JSON": lambda text, _: _responses(
        _function_call("?"), _function_output(json.dumps({"rows": [{"note": text}]}))
    ),
    "tool arguments": lambda text, _: _responses(_function_call(text), _function_output("done")),
    "function description": lambda text, _: _responses(tools=[{"type": "function", **_described(text)}]),
    "schema enum": lambda text, _: _responses(tools=[{"type": "function", **_listing(text)}]),
    "metadata": lambda text, _: _responses(metadata={"note": text}),
    "metadata key": lambda text, _: _responses(metadata={text: "1"}),
    "user field": lambda text, _: _responses(user=text),
    "stop": lambda text, _: _responses(stop=[text]),
    "response format": lambda text, _: _responses(
        text={"format": {"type": "json_schema", "name": "answer", "schema": _schema(text)}}
    ),
    "two parts": lambda one, two: _responses({"role": "user", "content": _inputs(one, two)}),
    "two messages": lambda one, two: _responses({"role": "user", "content": one}, {"role": "user", "content": two}),
    "metadata, told before": lambda text, told: _responses({"role": "user", "content": told}, metadata={"note": text}),
}


def _messages(*turns: Body, **fields: Any) -> Body:  # noqa: ANN401 - any JSON value
    return {"model": _MODEL, "max_tokens": 16, "messages": [*turns, _ASK], **fields}


def _use(text: str) -> Body:
    use = {"type": "tool_use", "id": "c1", "name": _NAME, "input": {"note": text}}
    return {"role": "assistant", "content": [use]}


def _used(text: str) -> Body:
    return {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": text}]}


_MESSAGES: Final[Mapping[str, Callable[[str, str], Body]]] = {
    "system": lambda text, _: _messages(system=text),
    "user": lambda text, _: _messages({"role": "user", "content": text}),
    "assistant": lambda text, _: _messages({"role": "assistant", "content": text}),
    "tool result": lambda text, _: _messages(_use("?"), _used(text)),
    "tool result, JSON": lambda text, _: _messages(_use("?"), _used(json.dumps({"rows": [{"note": text}]}))),
    "tool arguments": lambda text, _: _messages(_use(text), _used("done")),
    "function description": lambda text, _: _messages(
        tools=[{"name": _NAME, "description": text, "input_schema": {"type": "object"}}]
    ),
    "schema enum": lambda text, _: _messages(tools=[{"name": _NAME, "input_schema": _schema(text)}]),
    "metadata": lambda text, _: _messages(metadata={"user_id": text}),
    "stop": lambda text, _: _messages(stop_sequences=[text]),
    "response format": lambda text, _: _messages(
        output_config={"format": {"type": "json_schema", "schema": _schema(text)}}
    ),
    "two parts": lambda one, two: _messages(
        {"role": "user", "content": [{"type": "text", "text": one}, {"type": "text", "text": two}]}
    ),
    "two messages": lambda one, two: _messages({"role": "user", "content": one}, {"role": "user", "content": two}),
    "metadata, told before": lambda text, told: _messages(
        {"role": "user", "content": told}, metadata={"user_id": text}
    ),
}

LENSES: Final[Mapping[str, Lens]] = {
    "chat": ChatLens(),
    "completions": CompletionsLens(),
    "embeddings": EmbeddingsLens(),
    "messages": MessagesLens(),
    "responses": ResponsesLens(),
}
"""The endpoints, by the names that reports and options use."""

_TABLES: Final = {
    "chat": _CHAT,
    "completions": _COMPLETIONS,
    "embeddings": _EMBEDDINGS,
    "messages": _MESSAGES,
    "responses": _RESPONSES,
}

PLACEMENTS: Final = tuple(
    Placement(
        name=name,
        endpoint=endpoint,
        fill=fill,
        split=name in {"two parts", "two messages"},
        told=name.endswith("told before"),
        beyond=name == "two messages",
    )
    for endpoint, table in _TABLES.items()
    for name, fill in table.items()
)
"""All places of all endpoints."""
