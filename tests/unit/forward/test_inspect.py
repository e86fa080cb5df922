"""What a model server shows, asked from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.core.backend import Backend
from gateway.core.errors import EgressDenied
from gateway.egress import EgressLimits
from gateway.egress.guard import INSPECTED
from gateway.forward.inspect import exposures
from gateway.protocols import VLLM
from tests.doubles.recording_backend import Received, RecordingBackend, whole

ALWAYS = {"/detokenize", "/invocations", "/load", "/metrics", "/tokenize", "/version"}
ACTING = {"/collective_rpc", "/reset_prefix_cache", "/sleep", "/start_profile", "/tokenize", "/v1/load_lora_adapter"}
"""Routes that take POST alone: a GET is answered 405."""

SOUND = 9
"""How many things are looked at where a model is named."""


def showing(paths: set[str], *, version: str = VLLM, caching: Any = True, key: str = "") -> Any:
    """Answer some paths, and the others as vLLM does. caching: whether it knows salts, or what it tells of a cache."""
    known: list[tuple[str, str]] = []

    def script(request: Received) -> Any:
        if key and request.path.startswith("/v1") and request.headers.get("authorization") != f"Bearer {key}":
            return whole({"error": "Unauthorized"}, status=401)
        if request.path == "/v1/responses":
            return whole(cached(request.json))
        if request.path not in paths:
            return whole({"detail": "Not Found"}, status=404)
        if request.path in ACTING:
            return whole({"detail": "Method Not Allowed"}, status=405)
        return whole({"version": version} if request.path == "/version" else {})

    def cached(asked: Any) -> Any:
        if not isinstance(caching, bool):
            return caching
        known.append((asked["input"], asked["cache_salt"] if caching else ""))
        return {"usage": {"input_tokens_details": {"cached_tokens": 512 * (known.count(known[-1]) > 1)}}}

    return script


async def looked_at(backend: RecordingBackend, *, model: str = "tiny-moe", **place: str) -> list[tuple[bool, str]]:
    asked = Backend(name="b0", **(place or {"url": backend.url}))
    return [(each.sound, each.what) for each in await exposures(asked, EgressLimits(), model=model)]


def mends(found: list[tuple[bool, str]]) -> list[str]:
    return [what for sound, what in found if not sound]


async def test_an_open_server_is_found_with_its_mends(recording_backend: Any, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret-key")
    recording_backend.script = showing({"/v1/models", *INSPECTED}, version="0.31.2", caching=False)

    found = await looked_at(recording_backend, url=recording_backend.url, api_key_file=str(tmp_path / "key"))

    named = (
        "VLLM_API_KEY",
        "(/docs, /openapi.json, /redoc): start it with --disable-fastapi-docs",
        "(/collective_rpc, /reset_prefix_cache, /server_info, /sleep, /update_weights): unset VLLM_SERVER_DEV_MODE",
        "unset VLLM_ALLOW_RUNTIME_LORA_UPDATING",
        "without --enable-tokenizer-info-endpoint",
        "without --profiler-config",
        f"is version 0.31.2: install {VLLM}",
        "shares cached prompts between tenants' salts",
    )
    assert len(mends(found)) == len(named)
    assert all(mend in what for mend, what in zip(named, mends(found), strict=True))
    assert found[-1][1].count("/") == len(ALWAYS)


async def test_a_hardened_server_is_sound(recording_backend: Any, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret-key")
    recording_backend.script = showing({"/v1/models", *ALWAYS}, key="secret-key", version=f"{VLLM}+cpu")

    found = await looked_at(recording_backend, url=recording_backend.url, api_key_file=str(tmp_path / "key"))

    assert (len(found), mends(found)) == (SOUND, [])
    assert found[0][1] == "asks for a key"
    assert "keeps cached prompts apart by their salts" in found[-2][1]


async def test_routes_behind_the_key_are_found_with_it(recording_backend: Any, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret-key")
    recording_backend.script = showing({"/v1/models", "/v1/load_lora_adapter"}, key="secret-key")

    found = await looked_at(recording_backend, url=recording_backend.url, api_key_file=str(tmp_path / "key"))

    [adapters] = mends(found)
    assert "(/v1/load_lora_adapter)" in adapters


async def test_it_acts_on_nothing_and_sends_one_prompt_of_its_own(recording_backend: Any) -> None:
    recording_backend.script = showing({"/v1/models", *INSPECTED})

    await looked_at(recording_backend)

    assert {probe.path for probe in recording_backend.probes} == {"/v1/models", *INSPECTED}
    assert not any(probe.body for probe in recording_backend.probes)
    assert [request.path for request in recording_backend.received] == ["/v1/responses"] * 3
    prompts = {request.json["input"] for request in recording_backend.received}
    salts = [request.json["cache_salt"] for request in recording_backend.received]
    assert (len(prompts), salts[0] == salts[1] != salts[2]) == (1, True)
    assert all(request.json["max_output_tokens"] == 1 for request in recording_backend.received)


@pytest.mark.parametrize(
    ("caching", "said"),
    [
        ({"usage": {"input_tokens_details": {"cached_tokens": 0}}}, "caches no prompt"),
        ({"usage": {"input_tokens_details": {"cached_tokens": "many"}}}, "salts were not seen at work"),
        ({"usage": None}, "salts were not seen at work"),
        ([], "salts were not seen at work"),
    ],
)
async def test_a_server_that_tells_of_no_cache_is_not_blamed(recording_backend: Any, caching: Any, said: str) -> None:
    recording_backend.script = showing(ALWAYS, caching=caching)

    found = await looked_at(recording_backend)

    assert mends(found) == []
    assert said in found[-2][1]


@pytest.mark.parametrize("version", ["", "0.32.0 <script>", "x" * 100])
async def test_a_version_that_is_none_is_not_repeated(recording_backend: Any, version: str) -> None:
    recording_backend.script = showing(ALWAYS, version=version)

    found = await looked_at(recording_backend)

    assert (True, f"does not tell its version; the gateway knows vLLM {VLLM}") in found


async def test_a_socket_is_a_key(tmp_path: Path) -> None:
    backend = RecordingBackend(script=showing({"/v1/models"}))
    await backend.listen(uds=tmp_path / "b.sock")

    (first, *_) = await looked_at(backend, model="", uds=backend.uds)
    await backend.close()

    assert first == (True, "asks for no key: its socket is the key, keep it to the gateway")
    assert backend.received == []


async def test_a_server_that_does_not_answer_shows_nothing(tmp_path: Path) -> None:
    found = await exposures(Backend(name="b0", uds=str(tmp_path / "away")), EgressLimits(), model="m")

    assert [each.sound for each in found] == [True] * SOUND


async def test_the_paths_are_open_to_the_inspection_alone(client: Any, recording_backend: Any) -> None:
    async with client(recording_backend) as door:
        for path in INSPECTED:
            with pytest.raises(EgressDenied):
                async with door.call("b0", path):
                    pass
