import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from gateway.core.backend import Backend
from gateway.core.errors import BackendUnreachable, NotFound
from gateway.forward import Pool, health
from gateway.forward.pool import Member
from gateway.protocols import Model


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "INTERVAL", 0.1)
    monkeypatch.setattr(health, "SHORTEST", 0.05)
    monkeypatch.setattr("gateway.forward.pool._TICK", 0.02)


@asynccontextmanager
async def running(door: Any) -> AsyncIterator[Pool]:
    pool = Pool(door)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.stop()


def names(members: list[Member]) -> set[str]:
    return {member.backend.name for member in members}


async def test_it_knows_who_serves_what(client: Any, recording_backend: Any, second: Any) -> None:
    recording_backend.models, second.models = ("a", "both"), ("b", "both")
    async with client(recording_backend, second) as door, running(door) as pool:
        assert names(pool.candidates("a")) == {"b0"}
        assert names(pool.candidates("b")) == {"b1"}
        assert names(pool.candidates("both")) == {"b0", "b1"}
        assert [model.id for model in pool.models()] == ["a", "b", "both"]
        assert pool.ready


async def test_a_model_that_nobody_serves_is_not_found(client: Any, recording_backend: Any) -> None:
    async with client(recording_backend) as door, running(door) as pool:
        with pytest.raises(NotFound) as refused:
            pool.candidates("planted-name")

    assert refused.value.pointer == "/model"
    assert "planted" not in refused.value.message


async def test_who_never_answered_may_serve_it(client: Any, recording_backend: Any) -> None:
    async with client(recording_backend, Backend(name="dead", url="http://127.0.0.1:9")) as door, running(door) as pool:
        assert pool.ready
        with pytest.raises(BackendUnreachable):
            pool.candidates("unheard-of")


async def test_nobody_works(client: Any) -> None:
    async with client(Backend(name="dead", url="http://127.0.0.1:9", models=("m",))) as door, running(door) as pool:
        assert not pool.ready
        assert pool.models() == ()
        with pytest.raises(BackendUnreachable):
            pool.candidates("m")
        with pytest.raises(NotFound):
            pool.candidates("other")


async def test_work_goes_to_the_least_busy(client: Any, recording_backend: Any, second: Any) -> None:
    async with client(recording_backend, second) as door, running(door) as pool:
        first = pool.candidates("tiny-moe")[0]
        with pool.busy(first):
            assert pool.candidates("tiny-moe")[0] is not first
        assert [member.outstanding for member in pool.candidates("tiny-moe")] == [0, 0]
        assert pool.candidates("tiny-moe")[0] is not first


@pytest.mark.usefixtures("quick")
async def test_a_backend_that_goes_and_comes_back(client: Any, wire: Any) -> None:
    backend = wire.RecordingBackend()
    await backend.listen()
    port = int(backend.url.rpartition(":")[2])
    async with client(backend) as door, running(door) as pool:
        await backend.close()
        await until(lambda: not pool.ready)
        with pytest.raises(BackendUnreachable):
            pool.candidates("tiny-moe")

        backend.models = ("tiny-moe", "new-moe")
        await backend.listen(port=port)
        await until(lambda: pool.ready)
        assert names(pool.candidates("new-moe")) == {"b0"}
        await backend.close()


def told(metric: str) -> float | None:
    return REGISTRY.get_sample_value(metric, {"backend": "b0"})


async def test_failures_put_a_backend_out_and_are_counted(client: Any, recording_backend: Any) -> None:
    before = told("cloister_backend_failures_total") or 0
    async with client(recording_backend) as door, running(door) as pool:
        (member,) = pool.candidates("tiny-moe")
        pool.failed(member)
        pool.answered(member)
        for _ in range(health.STRIKES - 1):
            pool.failed(member)
        assert (pool.ready, told("cloister_backend_out")) == (True, 0)
        pool.failed(member)
        assert (pool.ready, told("cloister_backend_out")) == (False, 1)
        with pytest.raises(BackendUnreachable) as refused:
            pool.candidates("tiny-moe")

    assert (refused.value.status, refused.value.code) == (503, "backend_unavailable")
    assert refused.value.retry_after
    assert told("cloister_backend_failures_total") == before + health.STRIKES + 1


@pytest.mark.usefixtures("quick")
async def test_at_rest_it_asks_no_more_and_still_chooses(client: Any, recording_backend: Any) -> None:
    async with client(recording_backend) as door, running(door) as pool:
        await until(lambda: len(recording_backend.probes) >= 3)
        pool.rest()
        await asyncio.sleep(0.05)
        asked = len(recording_backend.probes)
        await asyncio.sleep(0.3)

        assert names(pool.candidates("tiny-moe")) == {"b0"}
        assert len(recording_backend.probes) == asked


async def test_a_backend_that_drips_keeps_nobody_waiting(
    client: Any, recording_backend: Any, second: Any, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.forward.models.PROBE_SECONDS", 0.2)
    second.script = lambda _: wire.stream([b" "] * 1000, delay=0.02)
    async with client(recording_backend, second) as door, asyncio.timeout(2), running(door) as pool:
        assert names(pool.candidates("tiny-moe")) == {"b0"}


@pytest.mark.usefixtures("quick")
async def test_a_bug_puts_a_backend_out_and_does_not_end_its_watch(
    client: Any, recording_backend: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Any] = [KeyError(), KeyError(), (Model(id="m"),)]

    async def served(*_: Any) -> Any:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("gateway.forward.pool.served", served)
    with capture_logs() as lines:
        async with client(recording_backend) as door, running(door) as pool:
            assert not pool.ready
            await until(lambda: pool.ready)

    assert [line["event"] for line in lines] == ["backend.bug", "backend.bug", "backend.up"]


@pytest.mark.usefixtures("quick")
async def test_stopping_ends_the_asking(client: Any, recording_backend: Any) -> None:
    async with client(recording_backend) as door:
        async with running(door):
            await until(lambda: len(recording_backend.probes) >= 3)
        asked = len(recording_backend.probes)
        await asyncio.sleep(0.3)

    assert len(recording_backend.probes) == asked


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for is inside the pool
            await asyncio.sleep(0.01)
