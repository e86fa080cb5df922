"""Vectors, by the official SDK, through the gateway, of the real server: equal texts stay equal, and nobody is named."""

from __future__ import annotations

import base64
import math
import re
import struct
from pathlib import Path
from typing import Any

import openai
import pytest

from tests.vllm.test_real_server import CARD, EMAIL, NAME

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(300)]

TEXT = f"{NAME} ({EMAIL}) paid with {CARD}."
OTHER = TEXT.replace(NAME, "Peter Miller")
KEYED = re.compile(r"<(PERSON|EMAIL_ADDRESS|CREDIT_CARD)_[0-9A-HJKMNP-TV-Z]{13}>")
WIDTH = 96


def vectors(answer: Any) -> list[list[float]]:
    return [item.embedding for item in answer.data]


def near(one: list[float], other: list[float]) -> bool:
    """Whether they are the same: in a batch of another size the last bits of a sum differ."""
    return len(one) == len(other) and math.dist(one, other) < 0.02


async def test_equal_texts_have_equal_vectors_and_people_are_told_apart(app: openai.AsyncOpenAI) -> None:
    first, again, other = vectors(await app.embeddings.create(model="tiny-embed", input=[TEXT, TEXT, OTHER]))
    (later,) = vectors(await app.embeddings.create(model="tiny-embed", input=TEXT))

    assert len(first) == WIDTH
    assert near(first, again)
    assert near(first, later)
    assert not near(first, other)


async def test_what_reached_the_server_names_nobody(app: openai.AsyncOpenAI, embed: Any) -> None:
    before = written(embed.log)
    await app.embeddings.create(model="tiny-embed", input=f"Reached: {TEXT}")
    logged = written(embed.log)[len(before) :]

    assert "Reached: " in logged, "this server logs what it is asked"
    assert {found[1] for found in KEYED.finditer(logged)} == {"PERSON", "EMAIL_ADDRESS", "CREDIT_CARD"}
    assert not [value for value in (NAME, "Gonzalez", EMAIL, CARD, CARD.replace(" ", "")) if value in logged]


def written(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


async def test_base64_holds_the_same_numbers(app: openai.AsyncOpenAI) -> None:
    (plain,) = vectors(await app.embeddings.create(model="tiny-embed", input=TEXT, encoding_format="float"))
    (coded,) = vectors(await app.embeddings.create(model="tiny-embed", input=TEXT, encoding_format="base64"))
    assert isinstance(coded, str)
    numbers = list(struct.unpack(f"<{WIDTH}f", base64.b64decode(coded)))

    assert near(numbers, plain)


async def test_a_vector_is_as_short_as_it_was_asked_for(app: openai.AsyncOpenAI) -> None:
    (whole,) = vectors(await app.embeddings.create(model="tiny-embed", input=TEXT))
    (short,) = vectors(await app.embeddings.create(model="tiny-embed", input=TEXT, dimensions=32))
    length = math.hypot(*whole[:32])

    assert near(short, [number / length for number in whole[:32]])


def test_the_blocking_sdk_gets_the_same(gateway: Any) -> None:
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.key, max_retries=0) as app:
        one, other = vectors(app.embeddings.create(model="tiny-embed", input=[TEXT, OTHER]))
        (again,) = vectors(app.embeddings.create(model="tiny-embed", input=TEXT))

    assert near(one, again)
    assert not near(one, other)


def test_a_model_for_vectors_does_not_chat(gateway: Any) -> None:
    with (
        openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.key, max_retries=0) as app,
        pytest.raises(openai.APIStatusError) as refused,
    ):
        app.chat.completions.create(model="tiny-embed", messages=[{"role": "user", "content": TEXT}])

    assert refused.value.status_code == 404
    assert NAME not in refused.value.response.text
