import json
import os
from typing import Any
from unittest.mock import ANY

import pytest

from gateway.bench.load import PROMPT, Plan, Target, request_to, volley, volleys
from gateway.core.errors import BackendUnavailable
from gateway.core.sensitive import Sensitive

SIX = [
    "maria.gonzalez@example.com",
    "4111 1111 1111 1111",
    "192.168.14.77",
    "DE89 3704",
    "(212) 555-0143",
    "536-22-8147",
]


def at(backend: Any, name: str = "a", **fields: Any) -> Target:
    return Target(name=name, place=backend.url, model="tiny-moe", **fields)


def test_the_prompt_holds_six_things_to_find() -> None:
    assert all(value in PROMPT for value in SIX)
    assert 1000 < len(PROMPT) < 1300


async def test_the_request_is_what_an_application_sends(recording_backend: Any) -> None:
    await volley(at(recording_backend, key=Sensitive("s3cr3t")), clients=1, streamed=True, seconds=0.02)

    first, second = recording_backend.received[:2]
    assert first.headers["authorization"] == "Bearer s3cr3t"
    assert first.json == {
        "model": "tiny-moe",
        "messages": [{"role": "user", "content": ANY}],
        "max_tokens": 256,
        "stream": True,
    }
    said = [received.json["messages"][0]["content"] for received in (first, second)]
    assert [text.partition("\n\n(")[0] for text in said] == [PROMPT, PROMPT]
    assert said[0] != said[1]


def test_a_request_holds_the_fields_of_its_target() -> None:
    request = request_to(Target(name="a", place="", model="m", fields={"top_k": 1}), PROMPT, streamed=False)

    assert json.loads(request.partition(b"\r\n\r\n")[2])["top_k"] == 1


def test_without_a_key_there_is_no_header() -> None:
    request = request_to(Target(name="a", place="", model="m"), PROMPT, streamed=False)

    assert b"authorization" not in request
    assert "stream" not in json.loads(request.partition(b"\r\n\r\n")[2])


async def test_clients_keep_their_connections(recording_backend: Any) -> None:
    measured = await volley(at(recording_backend), clients=3, streamed=False, seconds=0.1)

    assert recording_backend.connections == 3
    assert len(measured.answers) == len(recording_backend.received) > 3
    assert measured.failures == 0
    assert measured.processor is None


async def test_processor_time_is_the_targets(recording_backend: Any) -> None:
    measured = await volley(at(recording_backend, roots=(os.getpid(),)), clients=1, streamed=False, seconds=0.1)

    assert measured.processor is not None
    assert 0 < measured.processor < 1


async def test_failures_are_counted_and_not_timed(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.extend([wire.whole(b"", status=500), wire.stream([b"x"], die=True)])
    measured = await volley(at(recording_backend), clients=1, streamed=False, seconds=0.1)

    assert measured.failures == 2
    assert len(measured.answers) == len(recording_backend.received) - 2


async def test_a_truncated_stream_is_a_failure(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.extend([wire.stream(wire.events("one", done=False)), wire.whole(b"", status=500)])
    measured = await volley(at(recording_backend), clients=1, streamed=True, seconds=0.1)

    assert (measured.failures, measured.truncated) == (2, 1)
    assert len(measured.answers) == len(recording_backend.received) - 2


async def test_targets_take_turns(recording_backend: Any) -> None:
    targets = [at(recording_backend, name) for name in "ab"]
    plan = Plan(clients=(1, 2), streamed=(False, True), rounds=2, seconds=0.01, warm_up=0.01)
    seen = [(one.streamed, one.clients, one.target) async for one in volleys(targets, plan)]

    assert seen == [
        (streamed, clients, target)
        for order in ("ab", "ba")
        for streamed in (False, True)
        for clients in (1, 2)
        for target in order
    ]


async def test_nobody_listens() -> None:
    with pytest.raises(BackendUnavailable):
        await volley(Target(name="a", place="http://127.0.0.1:9", model="m"), clients=1, streamed=False, seconds=0.01)
