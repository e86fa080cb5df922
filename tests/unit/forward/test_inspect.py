"""What a model server shows without a key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.core.backend import Backend
from gateway.core.errors import EgressDenied
from gateway.egress import EgressLimits
from gateway.forward.inspect import exposures
from tests.doubles.recording_backend import Received, RecordingBackend, whole

OPEN = {"/v1/models", "/docs", "/openapi.json", "/server_info", "/metrics", "/version"}


def showing(paths: set[str]) -> Any:
    """Answer some paths, and the others as vLLM does."""

    def script(request: Received) -> Any:
        if request.path == "/v1/models" and request.path not in paths:
            return whole({"error": "Unauthorized"}, status=401)
        return whole({}) if request.path in paths else whole({"detail": "Not Found"}, status=404)

    return script


async def looked_at(backend: RecordingBackend, **place: str) -> list[tuple[bool, str]]:
    found = await exposures(Backend(name="b0", **(place or {"url": backend.url})), EgressLimits())
    return [(each.sound, each.what) for each in found]


async def test_an_open_server_is_found_with_its_mends(recording_backend: Any, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret-key")
    recording_backend.script = showing(OPEN)

    found = await looked_at(recording_backend, url=recording_backend.url, api_key_file=str(tmp_path / "key"))

    assert [sound for sound, _ in found] == [False, False, False, True]
    mends = ("--api-key", "--disable-fastapi-docs", "VLLM_SERVER_DEV_MODE", "/metrics, /version")
    assert all(mend in what for mend, (_, what) in zip(mends, found, strict=True))
    assert b"secret-key" not in recording_backend.raw


async def test_a_hardened_server_is_sound(recording_backend: Any) -> None:
    recording_backend.script = showing({"/metrics", "/version"})

    assert [sound for sound, _ in await looked_at(recording_backend)] == [True] * 4


async def test_a_socket_is_a_key(tmp_path: Path) -> None:
    backend = RecordingBackend(script=showing({"/v1/models"}))
    await backend.listen(uds=tmp_path / "b.sock")

    (first, *_) = await looked_at(backend, uds=backend.uds)
    await backend.close()

    assert first == (True, "asks for no key: its socket is the key, keep it to the gateway")


async def test_a_server_that_does_not_answer_shows_nothing(tmp_path: Path) -> None:
    found = await exposures(Backend(name="b0", uds=str(tmp_path / "away")), EgressLimits())

    assert [each.sound for each in found] == [True] * 4


async def test_the_paths_are_open_to_the_inspection_alone(client: Any, recording_backend: Any) -> None:
    async with client(recording_backend) as door:
        with pytest.raises(EgressDenied):
            async with door.call("b0", "/docs"):
                pass
