"""The door and the sender against the real server: what the doubles claim about it is true."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.backend import Backend
from gateway.core.errors import GatewayError, NotFound, ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.egress import EgressClient, EgressLimits
from gateway.forward import Route, Sender, exposures
from tests.vllm.conftest import in_pieces

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(300)]


def to(model: str) -> Route:
    return Route(model=model, path="/v1/chat/completions")


TEXT = "Dear <PERSON_1>, your card <CREDIT_CARD_1> was charged; we wrote to <EMAIL_ADDRESS_12>."


@pytest.fixture
async def sender(vllm: Any) -> AsyncIterator[Sender]:
    client = EgressClient([Backend(**vllm.backend)])
    made = Sender(client)
    await client.start()
    await made.start()
    yield made
    await made.stop()
    await client.stop()


def body(**fields: Any) -> Sensitive[bytes]:
    request = {"model": "tiny-moe", "messages": [{"role": "user", "content": "Write to <PERSON_1>."}], **fields}
    return Sensitive(json.dumps(request).encode())


def saying(text: str, **fields: Any) -> Sensitive[bytes]:
    return body(structured_outputs={"choice": [text]}, max_tokens=200, **fields)


async def untouched(raw: bytes) -> bytes:
    return raw


async def test_it_says_what_it_serves(sender: Sender) -> None:
    (model,) = sender.models()

    assert (model.id, model.max_model_len) == ("tiny-moe", 4096)


async def test_it_says_the_text_that_was_chosen(sender: Sender) -> None:
    answer = await sender.send(saying(TEXT), to("tiny-moe"), untouched)

    assert json.loads(answer.body)["choices"][0]["message"]["content"] == TEXT


async def test_placeholders_arrive_in_parts(sender: Sender) -> None:
    async def streamed() -> AsyncIterator[str]:
        async with sender.stream(saying(TEXT, stream=True), to("tiny-moe"), untouched) as answer:
            frames = b"".join([chunk async for chunk in answer.chunks]).decode().split("\n\n")
        assert frames[-2:] == ["data: [DONE]", ""]
        for frame in frames[:-2]:
            yield json.loads(frame.removeprefix("data: "))["choices"][0]["delta"].get("content") or ""

    assert "".join(await in_pieces(streamed, 20, ("<PERSON_1>", "<CREDIT_CARD_1>"))) == TEXT


async def test_it_stops_when_nobody_listens(sender: Sender, vllm: Any) -> None:
    before = await asyncio.to_thread(vllm.generated)
    endless = body(stream=True, n=8, max_tokens=3500, ignore_eos=True)
    async with sender.stream(endless, to("tiny-moe"), untouched) as answer:
        await anext(answer.chunks)

    made = await asyncio.to_thread(vllm.generated) - before
    print(f"\nvLLM made {made:.0f} of 28000 tokens, and stopped when the connection was closed")
    assert 0 < made < 14_000


async def test_its_refusals_are_told_in_our_words(sender: Sender) -> None:
    wrong: list[tuple[Sensitive[bytes], type[GatewayError]]] = [
        (body(temperature="planted"), ProtocolError),
        (body(model="planted"), NotFound),
        (body(messages=[{"role": "user", "content": "planted " * 9000}]), ProtocolError),
    ]
    for request, kind in wrong:
        with pytest.raises(kind) as refused:
            await sender.send(request, to("tiny-moe"), untouched)
        assert "planted" not in refused.value.message


async def test_a_wrong_key_is_the_gateways_own_trouble(vllm: Any, tmp_path: Any) -> None:
    key = tmp_path / "key"
    key.write_text("wrong")
    client = EgressClient([Backend(**vllm.backend | {"api_key_file": str(key)})])
    sender = Sender(client)
    await client.start()
    await sender.start()
    assert not sender.ready
    await sender.stop()
    await client.stop()


async def test_a_hardened_server_shows_nothing_that_it_need_not(vllm: Any) -> None:
    backend = Backend(**vllm.backend)

    found = await exposures(backend, EgressLimits())

    assert [each.what for each in found if not each.sound] == []
    assert "/metrics" in found[-1].what
