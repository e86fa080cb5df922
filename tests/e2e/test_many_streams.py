"""Five hundred answers at once through one worker: each is its asker's own, whole, restored and on record.

The backend lets no answer go on before all of them have begun, so that all are open at once however fast the machine.
"""

from __future__ import annotations

import asyncio
import json
import resource
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway.bench.echo import pieces_of
from tests.doubles.recording_backend import Received, chunk, events, head, whole
from tests.e2e.gateways import Gateway, running

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

STREAMS = 500
SECONDS = 120.0
"""For all of them together, from the first question to the last end mark."""

USUAL_FILES = 1024
"""What most systems let a service open that asks for no more: fewer than so many streams need, two for each."""

ROOM = {
    "CLOISTER_LIMITS__CONCURRENT_REQUESTS": str(STREAMS),
    "CLOISTER_LIMITS__CONCURRENT_PER_TENANT": str(STREAMS),
    "CLOISTER_LIMITS__CONCURRENT_PER_KEY": str(STREAMS),
    "CLOISTER_DETECT__ENGINE": "patterns",
    "CLOISTER_DETECT__DEADLINE": "30",
    "CLOISTER_AUDIT__DEADLINE": "30",
}
"""What one application has to be given to hold so many streams; see docs/bench.md."""


@dataclass
class Together:
    """A backend that echoes, in pieces that cut placeholders, and goes on when so many answers have begun."""

    begun: int = 0
    all: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self, request: Received) -> Any:
        if request.method == "GET":
            return whole(b"", kind="text/plain")
        return self.answer(request.json["messages"][0]["content"])

    async def answer(self, heard: str) -> AsyncIterator[bytes]:
        first, second, *rest = events(*pieces_of(heard))
        yield head(kind="text/event-stream", transfer_encoding="chunked") + b"\r\n" + chunk(first) + chunk(second)
        self.begun += 1
        if self.begun == STREAMS:
            self.all.set()
        await asyncio.wait_for(self.all.wait(), SECONDS)
        for frame in rest:
            yield chunk(frame)
        yield chunk(b"")


@dataclass(frozen=True)
class Ended:
    """An answer, as its asker saw it. said: its text, put together. done: it had its end mark, once, at the end."""

    exchange: str
    said: str
    done: bool


def question(number: int) -> str:
    return f"Anna wrote from anna.{number}@example.com at 10.7.{number // 250}.{number % 250 + 1}. " * 3


@pytest.fixture
def roomy(root: Path, tmp_path: Path) -> Iterator[Gateway]:
    with ExitStack() as stack:
        with few_files():
            gateway = stack.enter_context(running(tmp_path, root, **ROOM))
        yield gateway


@contextmanager
def few_files() -> Iterator[None]:
    """Let what is started in the block have the usual number of open files, and the right to ask for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (USUAL_FILES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def ask(session: aiohttp.ClientSession, gateway: Gateway, number: int) -> Ended:
    body = {"model": "tiny-moe", "messages": [{"role": "user", "content": question(number)}], "stream": True}
    headers = {"authorization": f"Bearer {gateway.keys['app']}"}
    async with session.post(f"{gateway.url}/v1/chat/completions", json=body, headers=headers) as answer:
        exchange, text = answer.headers["x-cloister-exchange"], await answer.text()
    assert answer.status == 200, text
    frames = [frame.removeprefix("data: ") for frame in text.removesuffix("data: [DONE]\n\n").split("\n\n") if frame]
    said = "".join(content_of(frame) for frame in frames)
    return Ended(exchange=exchange, said=said, done=text.endswith("\n\ndata: [DONE]\n\n"))


def content_of(frame: str) -> str:
    """The text of an event; an error's is the event itself."""
    event = json.loads(frame)
    return str(event["choices"][0]["delta"].get("content", "")) if "choices" in event else frame


async def ask_all(gateway: Gateway) -> list[Ended]:
    async with (
        asyncio.timeout(SECONDS),
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), trust_env=False) as session,
        asyncio.TaskGroup() as group,  # one that is refused ends the others, who would wait for it
    ):
        asked = [group.create_task(ask(session, gateway, number)) for number in range(STREAMS)]
    return [each.result() for each in asked]


async def test_five_hundred_streams_at_once_are_each_whole_and_on_record(roomy: Gateway) -> None:
    roomy.backend.script = Together()
    ended = await ask_all(roomy)

    assert [answer.said for answer in ended] == [question(number) for number in range(STREAMS)]
    assert all(answer.done for answer in ended)
    assert not any(b"@example.com" in request.body or b"10.7." in request.body for request in roomy.backend.received)

    found = json.loads(roomy.cloister("audit", "query", "--limit", "10000", "--json").stdout)
    assert Counter((event["exchange"], event["action"], event["outcome"]) for event in found if event["exchange"]) == {
        (answer.exchange, action, "success"): 1 for answer in ended for action in ("exchange.open", "exchange.close")
    }
    roomy.cloister("audit", "verify")
