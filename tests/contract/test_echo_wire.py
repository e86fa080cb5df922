"""The echo backend answers in the shapes that the real server's answers were recorded in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.bench import echo

TOOL = {"type": "function", "function": {"name": "send", "parameters": {"properties": {"to": {}, "cc": {}}}}}


def asked(text: Any = "Hi <PERSON_1>, ok", **fields: Any) -> dict[str, Any]:
    return {"model": "echo", "messages": [{"role": "user", "content": text}], **fields}


def streamed(request: dict[str, Any]) -> list[dict[str, Any]]:
    return list(echo.stream(request, echo.say(request), "1"))


def shape(value: Any) -> Any:
    """The fields of a body, its values left out; of a list, its first entry."""
    if isinstance(value, dict):
        return {name: shape(held) for name, held in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else type(value).__name__ if value else None


@pytest.mark.parametrize(
    ("recorded", "request_"),
    [("014_chat", asked()), ("038_chat_tools_required", asked(tools=[TOOL], tool_choice="required"))],
)
def test_a_whole_answer_has_the_fields_of_the_real_server(shared: Any, recorded: str, request_: Any) -> None:
    body = json.loads((shared / f"vllm/wire/A_base/{recorded}.body").read_text())
    made = echo.whole(echo.say(request_), "1")
    for one in (body, made):
        one["system_fingerprint"] = None

    assert shape(made) == shape(body)


def test_a_stream_has_the_fields_of_the_real_server(shared: Any) -> None:
    frames = (shared / "vllm/wire/A_base/029_chat_stream_usage.body").read_text().split("\n\n")
    real = [json.loads(frame.removeprefix("data: ")) for frame in frames if frame and "[DONE]" not in frame]
    made = streamed(asked(stream=True, stream_options={"include_usage": True}))
    for one in (*real, *made):
        one.pop("system_fingerprint", None)

    for place in (0, 1, -1):
        assert shape(made[place]) == shape(real[place])
