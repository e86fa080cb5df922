"""Anthropic's official SDK, unchanged but for its address and key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import anthropic
import pytest

from tests.doubles.recording_backend import Received, stream, whole

pytestmark = pytest.mark.integration

VALUES = ["Maria Gonzalez", "maria.gonzalez@corp.local", "4111 1111 1111 1111"]
PROMPT = "Write to Maria Gonzalez (maria.gonzalez@corp.local), card 4111 1111 1111 1111."
TOOL: Any = {"name": "send", "description": "Send mail", "input_schema": {"type": "object"}}
USAGE = {"input_tokens": 3, "output_tokens": 5}


def heard(request: Received) -> str:
    """What the user said last."""
    content = request.json["messages"][-1]["content"]
    return content if isinstance(content, str) else str(content[-1]["text"])


def told(request: Received) -> Any:
    """Say what was heard, and send it with the tool where there is one; in pieces where a stream is asked for."""
    if request.method == "GET":
        return whole(b"", kind="text/plain")
    said = heard(request)
    if request.path.endswith("count_tokens"):
        return whole({"input_tokens": len(said)})
    blocks: list[dict[str, Any]] = [{"type": "text", "text": said}]
    if request.json.get("tools"):
        blocks.append({"type": "tool_use", "id": "toolu_1", "name": "send", "input": {"to": said}})
    head = {"id": "chatcmpl-x", "type": "message", "role": "assistant", "model": "tiny-moe", "stop_sequence": None}
    if not request.json.get("stream"):
        return whole({**head, "content": blocks, "stop_reason": "end_turn", "usage": USAGE})
    events = [{"type": "message_start", "message": {**head, "content": [], "stop_reason": None, "usage": USAGE}}]
    for index, block in enumerate(blocks):
        events += block_events(index, block)
    events += [
        {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": USAGE},
        {"type": "message_stop"},
    ]
    return stream([f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events])


def block_events(index: int, block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    kind, field = ("text_delta", "text") if block["type"] == "text" else ("input_json_delta", "partial_json")
    text = block["text"] if block["type"] == "text" else json.dumps(block["input"])
    empty = block | ({"text": ""} if block["type"] == "text" else {"input": {}})
    yield {"type": "content_block_start", "index": index, "content_block": empty}
    for at in range(0, len(text), 3):
        delta = {"type": kind, field: text[at : at + 3]}
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


@pytest.fixture
def client(gateway: Any) -> Any:
    gateway.backend.script = told
    with anthropic.Anthropic(base_url=gateway.url, api_key=gateway.keys["app"], max_retries=0) as made:
        yield made


def messages(text: str = PROMPT) -> Any:
    return [{"role": "user", "content": [{"type": "text", "text": "Hello."}, {"type": "text", "text": text}]}]


def assert_clean(gateway: Any) -> None:
    assert gateway.backend.received
    for value in VALUES:
        assert value.encode() not in bytes(gateway.backend.raw)


def test_a_whole_answer_with_a_tool(gateway: Any, client: anthropic.Anthropic) -> None:
    answer: Any = client.messages.create(
        model="tiny-moe", max_tokens=9, messages=messages(), tools=[TOOL], system="You serve Maria Gonzalez."
    )

    assert (answer.content[0].text, answer.content[1].input) == (PROMPT, {"to": PROMPT})
    assert (answer.id[:4], answer.usage.output_tokens) == ("msg_", 5)
    assert_clean(gateway)


def test_a_stream_with_a_tool(gateway: Any, client: anthropic.Anthropic) -> None:
    with client.messages.stream(model="tiny-moe", max_tokens=9, messages=messages(), tools=[TOOL]) as streamed:
        pieces = list(streamed.text_stream)
        answer: Any = streamed.get_final_message()

    assert "".join(pieces) == PROMPT
    assert len(pieces) > 5
    assert answer.content[1].input == {"to": PROMPT}
    assert_clean(gateway)


async def test_the_asynchronous_client(gateway: Any) -> None:
    gateway.backend.script = told
    async with anthropic.AsyncAnthropic(
        base_url=gateway.url, auth_token=gateway.keys["app"], api_key=None, max_retries=0
    ) as client:
        answer: Any = await client.messages.create(model="tiny-moe", max_tokens=9, messages=messages())

    assert answer.content[0].text == PROMPT
    assert_clean(gateway)


def test_tokens_are_counted_of_what_leaves(gateway: Any, client: anthropic.Anthropic) -> None:
    counted = client.messages.count_tokens(model="tiny-moe", messages=messages())

    assert counted.input_tokens == len(heard(gateway.backend.received[-1]))
    assert_clean(gateway)


def test_errors_are_anthropics(gateway: Any, client: anthropic.Anthropic) -> None:
    with pytest.raises(anthropic.BadRequestError) as bad:
        client.messages.create(model="tiny-moe", max_tokens=9, messages=messages(), extra_body={"Maria": 1})
    with pytest.raises(anthropic.NotFoundError):
        client.messages.create(model="other", max_tokens=9, messages=messages())
    with (
        pytest.raises(anthropic.AuthenticationError),
        anthropic.Anthropic(base_url=gateway.url, api_key="cl_live_none", max_retries=0) as stranger,
    ):
        stranger.messages.create(model="tiny-moe", max_tokens=9, messages=messages())

    body: Any = bad.value.body
    assert (body["type"], body["error"]["type"]) == ("error", "invalid_request_error")
    assert "Maria" not in str(body)
