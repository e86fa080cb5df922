"""Sender, client and a backend in another process: the echo, killed and brought back; and hostile streams."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.core.backend import Backend
from gateway.core.errors import BackendProtocolError, BackendUnavailable
from gateway.core.sensitive import Sensitive
from gateway.egress import EgressClient
from gateway.forward import Route, Sender
from gateway.forward.health import STRIKES
from gateway.protocols import SseParser
from tests.waiting import until_async

pytestmark = pytest.mark.integration


def to(model: str) -> Route:
    return Route(model=model, path="/v1/chat/completions")


def body(text: str = "Hi <PERSON_1>", **fields: Any) -> Sensitive[bytes]:
    request = {"model": "echo", "messages": [{"role": "user", "content": text}], **fields}
    return Sensitive(json.dumps(request).encode())


async def untouched(raw: bytes) -> bytes:
    return raw


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts echo backends, by the names of their sockets."""
    started: list[subprocess.Popen[bytes]] = []

    def make(name: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "gateway.bench.backend", "--uds", str(tmp_path / name), *options]
        started.append(subprocess.Popen(command))
        return started[-1]

    yield make
    for process in started:
        process.kill()
        process.wait(5)


@asynccontextmanager
async def sending(tmp_path: Path, *names: str) -> AsyncIterator[Sender]:
    client = EgressClient([Backend(name=name, uds=str(tmp_path / name)) for name in names])
    sender = Sender(client)
    await client.start()
    await sender.start()
    try:
        await until_async(lambda: sender.ready)
        yield sender
    finally:
        await sender.stop()
        await client.stop()


async def test_an_exchange_with_another_process(start: Any, tmp_path: Path) -> None:
    start("echo")
    async with sending(tmp_path, "echo") as sender:
        answer = await sender.send(body(), to("echo"), untouched)
        async with sender.stream(body(stream=True), to("echo"), untouched) as stream:
            parser = SseParser()
            events = [event.data async for chunk in stream.chunks for event in parser.feed(chunk)]

    assert json.loads(answer.body)["choices"][0]["message"]["content"] == "You said: Hi <PERSON_1>"
    assert events[-1] == b"[DONE]"


async def test_many_at_once(start: Any, tmp_path: Path) -> None:
    start("echo")
    async with sending(tmp_path, "echo") as sender:
        answers = await asyncio.gather(*(sender.send(body(f"number {n}"), to("echo"), untouched) for n in range(300)))

    for number, answer in enumerate(answers):
        assert json.loads(answer.body)["choices"][0]["message"]["content"] == f"You said: number {number}"


async def test_a_backend_is_killed_in_the_middle_and_comes_back(start: Any, tmp_path: Path) -> None:
    process = start("echo", "--pause", "0.05")
    async with sending(tmp_path, "echo") as sender:
        with pytest.raises(BackendUnavailable):
            await streamed(sender, body(stream=True), "echo", lambda _: process.kill())
        process.wait(5)
        for _ in range(STRIKES):  # at first a connection that is kept may still look alive
            with pytest.raises(BackendUnavailable):
                await sender.send(body(), to("echo"), untouched)
        assert not sender.ready

        (tmp_path / "echo").unlink()
        start("echo")
        await until_async(lambda: sender.ready)
        answer = await sender.send(body(), to("echo"), untouched)

    assert answer.backend == "echo"


async def streamed(sender: Sender, request: Sensitive[bytes], model: str, each: Callable[[bytes], object]) -> None:
    async with sender.stream(request, to(model), untouched) as stream:
        async for chunk in stream.chunks:
            each(chunk)


async def test_one_of_two_is_killed_and_no_request_fails(start: Any, tmp_path: Path) -> None:
    victim, _ = start("one"), start("two")
    async with sending(tmp_path, "one", "two") as sender:
        await until_async(lambda: len(sender._pool.candidates("echo")) == 2)
        victim.kill()
        victim.wait(5)
        answers = [await sender.send(body(), to("echo"), untouched) for _ in range(20)]

    assert {answer.backend for answer in answers} == {"two"}


HOSTILE = {
    "a line without end": [b"data: " + b"x" * (1 << 20)] * 3,
    "an event without end": [b"data: " + b"x" * 1000 + b"\n"] * 5000,
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_hostile_stream_ends_at_a_limit(recording_backend: Any, wire: Any, what: str) -> None:
    recording_backend.replies.append(wire.stream(HOSTILE[what], hang=True))
    client = EgressClient([Backend(name="a", url=recording_backend.url)])
    sender, parser = Sender(client), SseParser()
    await client.start()
    await sender.start()
    with pytest.raises(BackendProtocolError):
        await streamed(sender, body(), "tiny-moe", lambda chunk: list(parser.feed(chunk)))
    await asyncio.wait_for(recording_backend.gone.wait(), 1)
    await sender.stop()
    await client.stop()
