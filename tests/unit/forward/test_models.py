import asyncio
from typing import Any

import pytest

from gateway.core.backend import Backend
from gateway.core.errors import BackendProtocolError, BackendTimeout, BackendUnavailable
from gateway.forward.models import served


async def test_a_backend_is_asked_for_its_list(client: Any, recording_backend: Any) -> None:
    recording_backend.models = ("tiny-moe", "big-moe")
    async with client(recording_backend) as door:
        assert [model.id for model in await served(door, door.backends[0])] == ["tiny-moe", "big-moe"]


async def test_configured_models_are_not_asked_for_but_health_is(client: Any, recording_backend: Any) -> None:
    backend = Backend(name="a", url=recording_backend.url, models=("m",))
    async with client(backend) as door:
        assert [model.id for model in await served(door, backend)] == ["m"]

    assert [probe.path for probe in recording_backend.probes] == ["/health"]


@pytest.mark.parametrize("models", [(), ("m",)])
@pytest.mark.parametrize("status", [401, 404, 500, 503])
async def test_another_status_means_that_it_does_not_work(
    client: Any, recording_backend: Any, wire: Any, models: tuple[str, ...], status: int
) -> None:
    recording_backend.script = lambda _: wire.whole(b"planted", status=status)
    backend = Backend(name="a", url=recording_backend.url, models=models)
    async with client(backend) as door:
        with pytest.raises(BackendUnavailable) as refused:
            await served(door, backend)

    assert str(status) in refused.value.message
    assert "planted" not in refused.value.message


@pytest.mark.parametrize("body", [b"planted", b"[]", b'{"data": 1}'])
async def test_another_list_means_that_it_does_not_work(
    client: Any, recording_backend: Any, wire: Any, body: bytes
) -> None:
    recording_backend.script = lambda _: wire.whole(body)
    async with client(recording_backend) as door:
        with pytest.raises(BackendProtocolError):
            await served(door, door.backends[0])


@pytest.mark.parametrize("models", [(), ("m",)])
async def test_an_answer_that_drips_is_given_up(
    client: Any, recording_backend: Any, wire: Any, monkeypatch: pytest.MonkeyPatch, models: tuple[str, ...]
) -> None:
    monkeypatch.setattr("gateway.forward.models.PROBE_SECONDS", 0.2)
    recording_backend.script = lambda _: wire.stream([b" "] * 1000, delay=0.02)
    async with client(Backend(name="a", url=recording_backend.url, models=models)) as door:
        async with asyncio.timeout(2):
            with pytest.raises(BackendTimeout):
                await served(door, door.backends[0])


async def test_an_answer_that_floods_is_given_up(client: Any, recording_backend: Any, wire: Any) -> None:
    recording_backend.script = lambda _: wire.stream([b" " * 65536] * 32)
    async with client(recording_backend) as door:
        with pytest.raises(BackendProtocolError, match="1048576"):
            await served(door, door.backends[0])
