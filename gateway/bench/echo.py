"""What the echo says, in the shapes of vLLM 0.32.

Law: the answer is a function of the request alone. Text is cut into pieces of three to seven characters, as a tokenizer
would cut it, so that placeholders arrive in parts; a token is such a piece.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from math import ceil
from typing import Any, Final

MODEL: Final = "echo"
CREATED: Final = 1_790_000_000
_WIDTHS: Final = (3, 5, 4, 7, 6)
_MOST_CHOICES: Final = 16
_MOST_TOKENS: Final = 131_072

Body = dict[str, Any]


class Refused(Exception):
    """The request is answered with an error."""

    def __init__(self, status: int, message: str, kind: str, param: str) -> None:
        super().__init__(message)
        self.status = status
        self.body: Body = {"error": {"message": message, "type": kind, "param": param, "code": status}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one request is answered with. tool: the function called instead of saying something, "" for none."""

    text: str
    pieces: tuple[str, ...]
    tool: str
    finish: str
    choices: int
    prompt_tokens: int

    def usage(self) -> Body:
        """Count tokens."""
        completion = len(self.pieces) * self.choices
        return {
            "prompt_tokens": self.prompt_tokens,
            "total_tokens": self.prompt_tokens + completion,
            "completion_tokens": completion,
        }


def pieces_of(text: str) -> tuple[str, ...]:
    """Cut a text as a tokenizer might."""
    pieces, start = [], 0
    for width in cycle(_WIDTHS):
        if start >= len(text):
            break
        pieces.append(text[start : start + width])
        start += width
    return tuple(pieces)


def say(request: Any) -> Said:  # noqa: ANN401 - whatever JSON came
    """Read a request and decide what to say. Raise ``Refused`` in the server's own shape."""
    messages = _checked(request)
    heard = _heard(messages)
    tool = _tool(request)
    text = json.dumps({_parameter(request, tool): heard}, ensure_ascii=False) if tool else _text(request, heard)
    pieces = pieces_of(text)
    limit = request.get("max_completion_tokens") or request.get("max_tokens") or len(pieces)
    finish = "length" if limit < len(pieces) else "tool_calls" if tool else "stop"
    kept = pieces[:limit]
    return Said(
        text="".join(kept),
        pieces=kept,
        tool=tool,
        finish=finish,
        choices=min(request.get("n") or 1, _MOST_CHOICES),
        prompt_tokens=sum(len(pieces_of(_content(message))) for message in messages),
    )


def whole(said: Said, identifier: str) -> Body:
    """Build a whole answer."""
    usage = said.usage() | {"prompt_tokens_details": None, "completion_tokens_details": None}
    return {
        "id": f"chatcmpl-{identifier}",
        "object": "chat.completion",
        "created": CREATED,
        "model": MODEL,
        "choices": [_choice(said, index, identifier) for index in range(said.choices)],
        "service_tier": None,
        "system_fingerprint": None,
        "usage": usage,
        "prompt_logprobs": None,
        "prompt_token_ids": None,
        "prompt_text": None,
        "kv_transfer_params": None,
        "ec_transfer_params": None,
        "metrics": None,
    }


def stream(request: Body, said: Said, identifier: str) -> Iterator[Body]:
    """Build the events of a streamed answer, the choices by turns; ``[DONE]`` is the server's to add."""
    base = {
        "id": f"chatcmpl-{identifier}",
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": MODEL,
    }
    turns = range(said.choices)
    for index in turns:
        opening = _step(index, {"role": "assistant", "content": ""})
        yield base | {"choices": [opening], "prompt_token_ids": None, "prompt_text": None}
    if said.tool:
        for index in turns:
            call = {"id": f"chatcmpl-tool-{identifier}-{index}", "type": "function", "index": 0}
            delta = {"content": None, "tool_calls": [call | {"function": {"name": said.tool}}]}
            yield base | {"choices": [_step(index, delta) | {"token_ids": None}]}
    for piece in said.pieces:
        for index in turns:
            yield base | {"choices": [_step(index, _delta(said, piece)) | {"token_ids": None}]}
    for index in turns:
        yield base | {"choices": [_step(index, {}, said.finish) | {"stop_reason": None, "token_ids": None}]}
    if (request.get("stream_options") or {}).get("include_usage"):
        yield base | {"choices": [], "usage": said.usage()}


def models() -> Body:
    """Build the list of models."""
    entry = {"id": MODEL, "object": "model", "created": CREATED, "owned_by": "cloister", "root": MODEL, "parent": None}
    return {"object": "list", "data": [entry | {"max_model_len": _MOST_TOKENS, "permission": []}]}


def _checked(request: Any) -> list[Body]:  # noqa: ANN401 - whatever JSON came
    if not isinstance(request, dict) or not isinstance(request.get("messages"), list):
        raise Refused(400, "1 validation error:\n  'messages' is not a list", "Bad Request", "body.messages")
    if request.get("model", MODEL) != MODEL:
        raise Refused(404, f"There is no such model here, only {MODEL}.", "NotFoundError", "model")
    if request.get("stream_options") and not request.get("stream"):
        raise Refused(400, "stream_options without stream", "BadRequestError", "stream_options")
    return [message for message in request["messages"] if isinstance(message, dict)]


def _heard(messages: list[Body]) -> str:
    """Return the last user text, or the last text where no user spoke."""
    spoken = [message for message in messages if message.get("role") == "user"] or messages
    return _content(spoken[-1]) if spoken else ""


def _content(message: Body) -> str:
    content = message.get("content")
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _text(request: Body, heard: str) -> str:
    """Return what is said: one of the texts that the request allows, a JSON document, or plain text."""
    choice = (request.get("structured_outputs") or {}).get("choice")
    if choice:
        return str(choice[0])
    if (request.get("response_format") or {}).get("type") in {"json_object", "json_schema"}:
        return json.dumps({"you_said": heard}, ensure_ascii=False)
    return _at_length(f"You said: {heard}", request.get("min_tokens") or 0)


def _at_length(text: str, least: int) -> str:
    """Say a text again, until it has so many pieces at least."""
    needed = min(least, _MOST_TOKENS) * max(_WIDTHS)
    return "\n".join([text] * max(1, ceil(needed / len(text))))


def _tool(request: Body) -> str:
    """Return the name of the function that must be called, "" where none must."""
    tools, wanted = request.get("tools") or [], request.get("tool_choice")
    if isinstance(wanted, dict):
        return str(wanted["function"]["name"])
    return str(tools[0]["function"]["name"]) if wanted == "required" and tools else ""


def _parameter(request: Body, tool: str) -> str:
    """Return the first parameter that the function declares."""
    for declared in request.get("tools") or []:
        if declared["function"]["name"] == tool:
            return next(iter((declared["function"].get("parameters") or {}).get("properties") or {}), "text")
    return "text"


def _choice(said: Said, index: int, identifier: str) -> Body:
    message: Body = {"role": "assistant", "content": "" if said.tool else said.text, "refusal": None}
    message |= {"annotations": None, "audio": None, "function_call": None, "reasoning": None}
    if said.tool:
        function = {"name": said.tool, "arguments": said.text}
        message["tool_calls"] = [
            {"id": f"chatcmpl-tool-{identifier}-{index}", "type": "function", "function": function}
        ]
    rest = {"stop_reason": None, "token_ids": None, "routed_experts": None}
    return {"index": index, "message": message, "logprobs": None, "finish_reason": said.finish} | rest


def _delta(said: Said, piece: str) -> Body:
    if not said.tool:
        return {"content": piece}
    return {"content": None, "tool_calls": [{"index": 0, "function": {"arguments": piece}}]}


def _step(index: int, delta: Body, finish: str | None = None) -> Body:
    return {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}
