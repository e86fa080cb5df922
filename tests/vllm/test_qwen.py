"""Qwen3 with experts, as ``deploy/vllm`` starts it: placeholders come in parts, and every value is restored exactly."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest

from gateway.core.backend import Backend
from gateway.core.sensitive import Sensitive
from gateway.egress import EgressClient
from gateway.forward import Route, Sender
from tests.vllm.conftest import in_pieces
from tests.vllm.test_real_server import ASKED, SAYING, TEXT

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(300)]

ASK: Any = {"model": "tiny-qwen", "messages": ASKED, "extra_body": SAYING, "max_tokens": 200}
PLACED = "Dear <PERSON_1>, your card <CREDIT_CARD_1> was charged; we wrote to <EMAIL_ADDRESS_12>."


async def test_a_whole_answer_is_restored(app: openai.AsyncOpenAI) -> None:
    answer = await app.chat.completions.create(**ASK)

    assert answer.choices[0].message.content == TEXT


async def test_a_stream_is_restored_as_it_comes(app: openai.AsyncOpenAI) -> None:
    async def streamed() -> AsyncIterator[str]:
        async for chunk in await app.chat.completions.create(**ASK, stream=True):
            yield (chunk.choices[0].delta.content or "") if chunk.choices else ""

    assert "".join(await in_pieces(streamed, 10)) == TEXT


def test_the_blocking_sdk_gets_the_same(gateway: Any) -> None:
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.key, max_retries=0) as app:
        whole = app.chat.completions.create(**ASK)
        stream = app.chat.completions.create(**ASK, stream=True)
        streamed = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)

    assert [whole.choices[0].message.content, streamed] == [TEXT, TEXT]


async def untouched(raw: bytes) -> bytes:
    return raw


async def test_the_server_splits_placeholders_over_its_tokens(qwen: Any) -> None:
    client = EgressClient([Backend(**qwen.backend)])
    sender = Sender(client)
    await client.start()
    await sender.start()
    asked = {
        "model": "tiny-qwen",
        "messages": [{"role": "user", "content": "Write to <PERSON_1>."}],
        "structured_outputs": {"choice": [PLACED]},
        "max_tokens": 200,
        "stream": True,
    }

    async def streamed() -> AsyncIterator[str]:
        route = Route(model="tiny-qwen", path="/v1/chat/completions")
        async with sender.stream(Sensitive(json.dumps(asked).encode()), route, untouched) as answer:
            frames = b"".join([chunk async for chunk in answer.chunks]).decode().split("\n\n")[:-2]
        for frame in frames:
            yield json.loads(frame.removeprefix("data: "))["choices"][0]["delta"].get("content") or ""

    try:
        pieces = await in_pieces(streamed, 20, ("<PERSON_1>", "<CREDIT_CARD_1>"))
    finally:
        await sender.stop()
        await client.stop()

    assert "".join(pieces) == PLACED
