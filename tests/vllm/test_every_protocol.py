"""The other protocols, by the official SDKs, through the gateway, on the real server."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import anthropic
import openai
import pytest

from tests.vllm.conftest import in_pieces
from tests.vllm.test_real_server import ASKED, EMAIL, SAYING, TEXT

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(300)]

PROMPT: Any = ASKED[0]["content"]
SCHEMA: Any = {
    "type": "object",
    "properties": {"to": {"type": "string", "enum": [EMAIL]}},
    "required": ["to"],
    "additionalProperties": False,
}


@pytest.fixture
async def claude(gateway: Any) -> AsyncIterator[anthropic.AsyncAnthropic]:
    async with anthropic.AsyncAnthropic(base_url=gateway.url, api_key=gateway.key, max_retries=0) as client:
        yield client


async def test_completions(app: openai.AsyncOpenAI) -> None:
    asked: Any = {"model": "tiny-moe", "prompt": PROMPT, "max_tokens": 200, "extra_body": SAYING}

    async def streamed() -> AsyncIterator[str]:
        async for chunk in await app.completions.create(**asked, stream=True):
            yield chunk.choices[0].text if chunk.choices else ""

    answer = await app.completions.create(**asked, n=3)

    assert [choice.text for choice in answer.choices] == [TEXT] * 3
    assert "".join(await in_pieces(streamed, 10)) == TEXT


async def test_responses(app: openai.AsyncOpenAI) -> None:
    asked: Any = {"model": "tiny-moe", "input": PROMPT, "max_output_tokens": 200, "extra_body": SAYING}
    answer = await app.responses.create(**asked)
    repeats: list[str] = []

    async def streamed() -> AsyncIterator[str]:
        repeats.clear()
        async for event in await app.responses.create(**asked, stream=True):
            match event.type:
                case "response.output_text.delta":
                    yield event.delta
                case "response.output_text.done":
                    repeats.append(event.text)
                case "response.completed":
                    repeats.append(event.response.output_text)

    assert answer.output_text == TEXT
    assert "".join(await in_pieces(streamed, 10)) == TEXT
    assert repeats == [TEXT, TEXT]


async def test_a_response_calls_a_tool(app: openai.AsyncOpenAI) -> None:
    tool: Any = {"type": "function", "name": "send_mail", "parameters": SCHEMA, "strict": True}
    named: Any = {"type": "function", "name": "send_mail"}
    answer: Any = await app.responses.create(
        model="tiny-moe", input=PROMPT, tools=[tool], tool_choice=named, max_output_tokens=200
    )

    assert [json.loads(item.arguments) for item in answer.output if item.type == "function_call"] == [{"to": EMAIL}]


async def test_messages(claude: anthropic.AsyncAnthropic) -> None:
    asked: Any = {
        "model": "tiny-moe",
        "messages": ASKED,
        "max_tokens": 200,
        "extra_body": {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}},
    }
    answer: Any = await claude.messages.create(**asked)

    async def streamed() -> AsyncIterator[str]:
        async with claude.messages.stream(**asked) as stream:
            async for piece in stream.text_stream:
                yield piece

    assert json.loads(answer.content[0].text) == {"to": EMAIL}
    assert json.loads("".join(await in_pieces(streamed, 4))) == {"to": EMAIL}


async def test_messages_with_a_tool(claude: anthropic.AsyncAnthropic) -> None:
    asked: Any = {
        "model": "tiny-moe",
        "messages": ASKED,
        "max_tokens": 200,
        "tools": [{"name": "send_mail", "input_schema": SCHEMA, "strict": True}],
        "tool_choice": {"type": "tool", "name": "send_mail"},
    }
    answer: Any = await claude.messages.create(**asked)
    async with claude.messages.stream(**asked) as stream:
        streamed: Any = await stream.get_final_message()

    for blocks in (answer.content, streamed.content):
        assert [block.input for block in blocks if block.type == "tool_use"] == [{"to": EMAIL}]


async def test_tokens_are_counted(claude: anthropic.AsyncAnthropic) -> None:
    counted = await claude.messages.count_tokens(model="tiny-moe", messages=ASKED)

    assert counted.input_tokens > 10


async def test_a_model_that_generates_embeds_nothing(app: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        await app.embeddings.create(model="tiny-moe", input=PROMPT)
