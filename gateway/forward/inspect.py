"""What a model server shows to whoever reaches it without a key.

Law: it asks and sends no text. What is found open is named with its mend; what vLLM always leaves open is named too,
because only the network can close it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Final

from gateway.core.backend import Backend
from gateway.core.errors import GatewayError
from gateway.egress import EgressClient, EgressLimits

_SECONDS: Final = 5.0
_DOCS: Final = ("/docs", "/openapi.json")
_DEVELOPMENT: Final = "/server_info"
_ALWAYS: Final = ("/metrics", "/version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """One thing that was looked at. what: and, where it is not sound, the mend."""

    sound: bool
    what: str


async def exposures(backend: Backend, limits: EgressLimits) -> list[Exposure]:
    """Look at a backend that answers, without its key."""
    client = EgressClient((replace(backend, api_key_file=""),), limits=limits, inspecting=True)
    try:
        await client.start()
        paths = ("/v1/models", *_DOCS, _DEVELOPMENT, *_ALWAYS)
        answers = await asyncio.gather(*(_answers(client, backend.name, path) for path in paths))
    finally:
        await client.stop()
    opened = {path for path, answered in zip(paths, answers, strict=True) if answered}
    return [_key(backend, opened), _pages(opened), _development(opened), _rest(opened)]


async def _answers(client: EgressClient, name: str, path: str) -> bool:
    try:
        async with asyncio.timeout(_SECONDS), client.call(name, path) as answer:
            return answer.status == 200
    except (GatewayError, TimeoutError):
        return False


def _key(backend: Backend, opened: set[str]) -> Exposure:
    if "/v1/models" not in opened:
        return Exposure(sound=True, what="asks for a key")
    if backend.uds:
        return Exposure(sound=True, what="asks for no key: its socket is the key, keep it to the gateway")
    return Exposure(sound=False, what="answers without a key: start it with --api-key, name the file in api_key_file")


def _pages(opened: set[str]) -> Exposure:
    if opened.isdisjoint(_DOCS):
        return Exposure(sound=True, what="shows no pages about its routes")
    return Exposure(sound=False, what="shows pages about its routes: start it with --disable-fastapi-docs")


def _development(opened: set[str]) -> Exposure:
    if _DEVELOPMENT not in opened:
        return Exposure(sound=True, what="has no routes for development")
    return Exposure(sound=False, what="has routes for development: unset VLLM_SERVER_DEV_MODE")


def _rest(opened: set[str]) -> Exposure:
    always = ", ".join(path for path in _ALWAYS if path in opened) or "nothing"
    return Exposure(sound=True, what=f"shows to whoever reaches it: {always}; let the gateway alone reach it")
