"""What a model server shows, asked from outside.

Law: it changes nothing, and what it sends is made up here. It looks with GET alone, at which a route that acts says
that it is there and does not act; one prompt of its own is sent to see whether salts are honoured. What is found open
is named with its mend; what vLLM always leaves open is named too, because only the network can close it.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from gateway.core.backend import Backend
from gateway.core.errors import GatewayError
from gateway.egress import EgressClient, EgressLimits
from gateway.forward.exposure import Exposure
from gateway.protocols import VLLM

_SECONDS: Final = 5.0
_PROMPT_SECONDS: Final = 60.0
_ANSWER_BYTES: Final = 1 << 20
_MODELS: Final = "/v1/models"
_ALWAYS: Final = ("/detokenize", "/invocations", "/load", "/metrics", "/tokenize", "/version")
_ABSENT: Final = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surface:
    """Routes that a model server behind a gateway does without."""

    paths: tuple[str, ...]
    what: str
    mend: str


_SURFACES: Final = (
    _Surface(
        paths=("/docs", "/openapi.json", "/redoc"),
        what="pages about its routes",
        mend="start it with --disable-fastapi-docs",
    ),
    _Surface(
        paths=("/collective_rpc", "/reset_prefix_cache", "/server_info", "/sleep", "/update_weights"),
        what="routes for development",
        mend="unset VLLM_SERVER_DEV_MODE",
    ),
    _Surface(
        paths=("/v1/load_lora_adapter",),
        what="routes that load adapters from its disk",
        mend="unset VLLM_ALLOW_RUNTIME_LORA_UPDATING",
    ),
    _Surface(
        paths=("/tokenizer_info",),
        what="its tokenizer and chat template",
        mend="start it without --enable-tokenizer-info-endpoint",
    ),
    _Surface(paths=("/start_profile",), what="routes of a profiler", mend="start it without --profiler-config"),
)


async def exposures(backend: Backend, limits: EgressLimits, *, model: str = "") -> list[Exposure]:
    """Look at a backend that answers. model: one that it serves, to ask about salts; "" to send no prompt."""
    async with _calling(replace(backend, api_key_file=""), limits) as stranger:
        without_key = await _status(stranger, backend.name, _MODELS)
    paths = (*(path for surface in _SURFACES for path in surface.paths), *_ALWAYS)
    async with _calling(backend, limits) as client:
        statuses = await asyncio.gather(*(_status(client, backend.name, path) for path in paths))
        version = await _version(client, backend.name)
        salts = [await _salts(client, backend.name, model)] if model else []
    there = {path for path, status in zip(paths, statuses, strict=True) if status not in {0, _ABSENT}}
    return [
        _key(backend, without_key),
        *(_surface(surface, there) for surface in _SURFACES),
        version,
        *salts,
        _always(there),
    ]


@asynccontextmanager
async def _calling(backend: Backend, limits: EgressLimits) -> AsyncIterator[EgressClient]:
    client = EgressClient((backend,), limits=limits, inspecting=True)
    try:
        await client.start()
        yield client
    finally:
        await client.stop()


async def _status(client: EgressClient, name: str, path: str) -> int:
    """Return the status of a GET, or 0 where there was no answer."""
    try:
        async with asyncio.timeout(_SECONDS), client.call(name, path) as answer:
            return answer.status
    except (GatewayError, TimeoutError):
        return 0


def _key(backend: Backend, without_key: int) -> Exposure:
    if without_key != 200:
        return Exposure(sound=True, what="asks for a key")
    if backend.uds:
        return Exposure(sound=True, what="asks for no key: its socket is the key, keep it to the gateway")
    return Exposure(
        sound=False, what="answers without a key: start it with VLLM_API_KEY set, name the key's file in api_key_file"
    )


def _surface(surface: _Surface, there: set[str]) -> Exposure:
    found = [path for path in surface.paths if path in there]
    if not found:
        return Exposure(sound=True, what=f"does not show {surface.what}")
    return Exposure(sound=False, what=f"shows {surface.what} ({', '.join(found)}): {surface.mend}")


def _always(there: set[str]) -> Exposure:
    always = ", ".join(path for path in _ALWAYS if path in there) or "nothing"
    return Exposure(
        sound=True, what=f"answers whoever reaches it, key or none: {always}; let the gateway alone reach it"
    )


async def _version(client: EgressClient, name: str) -> Exposure:
    version = (await _told(client, name, "/version", seconds=_SECONDS)).get("version")
    if not isinstance(version, str) or not re.fullmatch(r"[\w.+-]{1,60}", version):
        return Exposure(sound=True, what=f"does not tell its version; the gateway knows vLLM {VLLM}")
    if version.partition("+")[0] != VLLM:
        return Exposure(sound=False, what=f"is version {version}: install {VLLM}, the one that the gateway knows")
    return Exposure(sound=True, what=f"is version {version}, the one that the gateway knows")


async def _salts(client: EgressClient, name: str, model: str) -> Exposure:
    """Send one prompt with a salt, with the same and with another, and see how much of it was known already."""
    prompt = secrets.token_hex(8) + " and so on" * 200
    ours, other = secrets.token_hex(16), secrets.token_hex(16)
    cached = [
        await _cached(client, name, {"model": model, "input": prompt, "cache_salt": salt})
        for salt in (ours, ours, other)
    ]
    if None in cached:
        return Exposure(sound=True, what="does not tell what it had cached of a prompt: salts were not seen at work")
    if cached[-1]:
        return Exposure(sound=False, what=f"shares cached prompts between tenants' salts: install vLLM {VLLM}")
    if not cached[1]:
        return Exposure(sound=True, what="caches no prompt, so that no tenant can find another's")
    return Exposure(sound=True, what="keeps cached prompts apart by their salts")


async def _cached(client: EgressClient, name: str, request: dict[str, str]) -> int | None:
    """Return how many tokens of the prompt were cached. Responses always tell it, the other endpoints when asked."""
    body = json.dumps({**request, "max_output_tokens": 1, "store": False}).encode()
    said = await _told(client, name, "/v1/responses", body, seconds=_PROMPT_SECONDS)
    try:
        cached = said["usage"]["input_tokens_details"]["cached_tokens"]
    except (KeyError, TypeError):
        return None
    return cached if type(cached) is int else None


async def _told(
    client: EgressClient, name: str, path: str, body: bytes | None = None, *, seconds: float
) -> dict[str, Any]:
    """Return the object that a path answers with, or an empty one."""
    try:
        async with asyncio.timeout(seconds), client.call(name, path, body) as answer:
            said = json.loads(await answer.read(most=_ANSWER_BYTES)) if answer.status == 200 else {}
    except (GatewayError, TimeoutError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
