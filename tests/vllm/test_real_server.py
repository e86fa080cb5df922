"""An application with the official SDK, the gateway as it is served, and the real server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletion

from tests.vllm.conftest import in_pieces

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(300)]

NAME, EMAIL, IBAN, CARD = (
    "Maria Gonzalez",
    "maria.gonzalez@corp.local",
    "DE89 3704 0044 0532 0130 00",
    "4111 1111 1111 1111",
)
TEXT = f"Dear {NAME}, your card {CARD} was charged twice. We write to {EMAIL}, account {IBAN}."
ASKED: Any = [{"role": "user", "content": f"Please write to {NAME}, {EMAIL}, about {CARD} and {IBAN}."}]
SAYING = {"structured_outputs": {"choice": [TEXT]}}
"""The choice is text too: the gateway replaces in it, so that the model says placeholders, token by token."""


async def test_the_models_are_listed_without_their_folders(app: openai.AsyncOpenAI) -> None:
    models = (await app.models.list()).data

    assert {model.id for model in models} == {"tiny-moe", "tiny-qwen", "tiny-embed"}
    assert not any("root" in model.model_dump_json() for model in models)


async def test_a_whole_answer_is_restored(app: openai.AsyncOpenAI) -> None:
    raw = await app.chat.completions.with_raw_response.create(
        model="tiny-moe", messages=ASKED, extra_body=SAYING, max_tokens=200
    )
    answer = raw.parse()

    assert answer.choices[0].message.content == TEXT
    assert raw.headers["x-cloister-decision"] == "permit"
    assert raw.headers["x-cloister-entities"] == "CREDIT_CARD=2,EMAIL_ADDRESS=2,IBAN_CODE=2,PERSON=2"
    assert answer.usage is not None
    assert answer.usage.completion_tokens > 20


async def test_a_stream_is_restored_as_it_comes(app: openai.AsyncOpenAI) -> None:
    async def streamed() -> AsyncIterator[str]:
        stream = await app.chat.completions.create(
            model="tiny-moe", messages=ASKED, extra_body=SAYING, max_tokens=200, stream=True
        )
        async for chunk in stream:
            yield (chunk.choices[0].delta.content or "") if chunk.choices else ""

    assert "".join(await in_pieces(streamed, 10)) == TEXT


async def test_several_choices_are_restored_each(app: openai.AsyncOpenAI) -> None:
    answer = await app.chat.completions.create(model="tiny-moe", messages=ASKED, extra_body=SAYING, max_tokens=200, n=2)
    stream = await app.chat.completions.create(
        model="tiny-moe", messages=ASKED, extra_body=SAYING, max_tokens=200, n=2, stream=True
    )
    streamed = {0: "", 1: ""}
    async for chunk in stream:
        for choice in chunk.choices:
            streamed[choice.index] += choice.delta.content or ""

    assert [choice.message.content for choice in answer.choices] == [TEXT, TEXT]
    assert streamed == {0: TEXT, 1: TEXT}


TOOL: Any = {
    "type": "function",
    "function": {
        "name": "send_mail",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"to": {"type": "string", "enum": [EMAIL]}},
            "required": ["to"],
            "additionalProperties": False,
        },
    },
}
NAMED: Any = {"type": "function", "function": {"name": "send_mail"}}


async def test_arguments_of_a_tool_call_are_restored(app: openai.AsyncOpenAI) -> None:
    answer: ChatCompletion = await app.chat.completions.create(
        model="tiny-moe", messages=ASKED, tools=[TOOL], tool_choice=NAMED, max_tokens=200
    )
    calls: Any = answer.choices[0].message.tool_calls

    assert [json.loads(call.function.arguments) for call in calls] == [{"to": EMAIL}]


async def test_arguments_of_a_streamed_tool_call_are_restored(app: openai.AsyncOpenAI) -> None:
    stream = await app.chat.completions.create(
        model="tiny-moe", messages=ASKED, tools=[TOOL], tool_choice=NAMED, max_tokens=200, stream=True
    )
    arguments = ""
    async for chunk in stream:
        for choice in chunk.choices:
            for call in choice.delta.tool_calls or []:
                arguments += (call.function and call.function.arguments) or ""

    assert json.loads(arguments) == {"to": EMAIL}


async def test_the_model_stops_when_the_application_goes_away(app: openai.AsyncOpenAI, vllm: Any) -> None:
    before = await asyncio.to_thread(vllm.generated)
    stream = await app.chat.completions.create(
        model="tiny-moe", messages=ASKED, max_tokens=3500, n=8, stream=True, extra_body={"ignore_eos": True}
    )
    await anext(stream)
    await stream.close()

    made = await asyncio.to_thread(vllm.generated) - before
    print(f"\nvLLM made {made:.0f} of 28000 tokens, and stopped when the application had gone")
    assert 0 < made < 27_000, "left alone it makes them all"


async def test_a_refusal_of_the_server_does_not_repeat_the_request(app: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        await app.chat.completions.create(
            model="tiny-moe", messages=[{"role": "user", "content": f"planted {EMAIL} " * 900}]
        )

    assert "planted" not in refused.value.response.text
    assert "corp.local" not in refused.value.response.text


async def test_a_model_that_nobody_serves_is_not_found(app: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        await app.chat.completions.create(model="other", messages=ASKED)
