"""One tenant's prompts, cached by the real server, are not found by another: at every endpoint that caches."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import anthropic
import openai
import pytest

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(300)]


async def chat(url: str, key: str, prompt: str) -> int:
    async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) as app:
        answer: Any = await app.chat.completions.create(
            model="tiny-qwen", messages=[{"role": "user", "content": prompt}], max_tokens=2
        )
    return told(answer.usage.prompt_tokens_details)


async def completions(url: str, key: str, prompt: str) -> int:
    async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) as app:
        answer: Any = await app.completions.create(model="tiny-qwen", prompt=prompt, max_tokens=2)
    return told(answer.usage.prompt_tokens_details)


async def responses(url: str, key: str, prompt: str) -> int:
    async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) as app:
        answer: Any = await app.responses.create(model="tiny-qwen", input=prompt, max_output_tokens=2)
    return told(answer.usage.input_tokens_details)


async def messages(url: str, key: str, prompt: str) -> int:
    async with anthropic.AsyncAnthropic(base_url=url, api_key=key, max_retries=0) as app:
        answer = await app.messages.create(
            model="tiny-qwen", messages=[{"role": "user", "content": prompt}], max_tokens=2
        )
    return answer.usage.cache_read_input_tokens or 0


def told(details: Any) -> int:
    return (details and details.cached_tokens) or 0


WORDS = (
    "stone",
    "water",
    "apple",
    "green",
    "paper",
    "light",
    "table",
    "winter",
    "copper",
    "garden",
    "window",
    "silver",
)
Ask = Callable[[str, str, str], Awaitable[int]]


def a_prompt() -> str:
    """A long one that nobody has sent before, of words in which nothing is found: a placeholder could repeat itself."""
    return "We like " + ", ".join(secrets.choice(WORDS) for _ in range(12)) + " and so on" * 300


@pytest.mark.parametrize("ask", [chat, completions, responses, messages])
async def test_a_tenant_finds_its_own_prompt_and_no_other_does(ask: Ask, gateway: Any, other_key: str) -> None:
    prompt = a_prompt()

    first, again = [await ask(gateway.url, gateway.key, prompt) for _ in range(2)]
    others, others_again = [await ask(gateway.url, other_key, prompt) for _ in range(2)]

    print(f"\n{ask.__name__}: {first}, then {again} tokens cached; for another tenant {others}, then {others_again}")
    assert first == others == 0
    assert again == others_again > 500


async def test_what_one_endpoint_cached_another_finds_for_the_same_tenant_alone(gateway: Any, other_key: str) -> None:
    prompt = a_prompt()
    await chat(gateway.url, gateway.key, prompt)

    assert await messages(gateway.url, gateway.key, prompt) > 500
    assert await messages(gateway.url, other_key, prompt) == 0
    assert await responses(gateway.url, other_key, prompt) > 500, "the other tenant's own, by now"


async def test_vectors_are_cached_apart_too(gateway: Any, other_key: str, embed: Any) -> None:
    prompt, hits = a_prompt(), []
    for key in (gateway.key, gateway.key, other_key, other_key):
        async with openai.AsyncOpenAI(base_url=f"{gateway.url}/v1", api_key=key, max_retries=0) as app:
            before = embed.counted("vllm:prefix_cache_hits_total")
            await app.embeddings.create(model="tiny-embed", input=prompt)
            hits.append(embed.counted("vllm:prefix_cache_hits_total") - before)

    print(f"\nembeddings: {hits[0]:.0f}, then {hits[1]:.0f} tokens cached; for another tenant {hits[2]:.0f}")
    assert hits[0] == hits[2] == 0
    assert hits[1] == hits[3] > 500
