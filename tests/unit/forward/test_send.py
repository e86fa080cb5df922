import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from gateway.core.backend import Backend
from gateway.core.errors import (
    BackendProtocolError,
    BackendTimeout,
    BackendUnavailable,
    BackendUnreachable,
    EgressDenied,
    GatewayError,
    NotFound,
    Overloaded,
    PayloadTooLarge,
    ProtocolError,
)
from gateway.core.sensitive import Sensitive
from gateway.forward import Route, Sender, health, send


def to(model: str) -> Route:
    return Route(model=model, path="/v1/chat/completions")


BODY = Sensitive(b'{"model":"tiny-moe"}')


@asynccontextmanager
async def sending(door: Any) -> AsyncIterator[Sender]:
    sender = Sender(door)
    await sender.start()
    try:
        yield sender
    finally:
        await sender.stop()


async def untouched(body: bytes) -> bytes:
    return body


async def test_a_whole_answer(client: Any, recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.whole(b'{"id":1}'))
    async with client(recording_backend) as door, sending(door) as sender:
        answer = await sender.send(BODY, to("tiny-moe"), untouched)

    assert (answer.body, answer.backend) == (b'{"id":1}', "b0")
    assert "id" not in repr(answer)
    assert recording_backend.received[0].headers["accept"] == "application/json"


async def test_a_stream(client: Any, recording_backend: Any, wire: Any) -> None:
    frames = wire.events("Dear <PER", "SON_1>")
    recording_backend.replies.append(wire.stream(frames, delay=0.005))
    async with (
        client(recording_backend) as door,
        sending(door) as sender,
        sender.stream(BODY, to("tiny-moe"), untouched) as answer,
    ):
        assert answer.backend == "b0"
        assert b"".join([chunk async for chunk in answer.chunks]) == b"".join(frames)

    assert recording_backend.received[0].headers["accept"] == "text/event-stream"


async def test_what_the_last_look_gives_is_what_leaves(client: Any, recording_backend: Any) -> None:
    async def replace(body: bytes) -> bytes:
        return body.replace(b"Maria", b"<PERSON_1>")

    async with client(recording_backend) as door, sending(door) as sender:
        await sender.send(
            Sensitive(b'"Maria"'),
            to("tiny-moe"),
            replace,
        )

    assert recording_backend.received[0].body == b'"<PERSON_1>"'
    assert b"Maria" not in recording_backend.raw


async def test_nothing_leaves_when_the_last_look_refuses(client: Any, recording_backend: Any) -> None:
    async def refuse(_: bytes) -> bytes:
        raise EgressDenied

    async with client(recording_backend) as door, sending(door) as sender:
        with pytest.raises(EgressDenied):
            await sender.send(BODY, to("tiny-moe"), refuse)
        with pytest.raises(EgressDenied):
            async with sender.stream(BODY, to("tiny-moe"), refuse):
                pass

    assert recording_backend.received == []


async def test_an_unknown_model_is_not_found_before_a_byte_leaves(client: Any, recording_backend: Any) -> None:
    async with client(recording_backend) as door, sending(door) as sender:
        with pytest.raises(NotFound):
            sender.require("other")
        with pytest.raises(NotFound):
            await sender.send(BODY, to("other"), untouched)

    assert recording_backend.received == []


REFUSED = [
    (400, ProtocolError),
    (401, BackendUnavailable),
    (403, BackendUnavailable),
    (404, NotFound),
    (408, BackendTimeout),
    (413, PayloadTooLarge),
    (418, BackendProtocolError),
    (422, ProtocolError),
    (429, Overloaded),
    (500, BackendUnavailable),
    (502, BackendUnavailable),
    (503, BackendUnavailable),
    (504, BackendTimeout),
    (204, BackendProtocolError),
    (206, BackendProtocolError),
]


@pytest.mark.parametrize("refusal", REFUSED)
@pytest.mark.parametrize("streamed", [False, True])
async def test_a_refusal_is_told_in_our_own_words(
    client: Any, recording_backend: Any, wire: Any, refusal: tuple[int, type[GatewayError]], streamed: bool
) -> None:
    status, kind = refusal
    recording_backend.replies.append(wire.whole({"error": {"message": "planted"}}, status=status))
    async with client(recording_backend) as door, sending(door) as sender:
        with pytest.raises(GatewayError) as refused:
            await answered(sender, streamed=streamed)

    assert type(refused.value) is kind
    assert "planted" not in refused.value.message


async def answered(sender: Sender, *, streamed: bool, seen: list[bytes] | None = None) -> None:
    if not streamed:
        await sender.send(BODY, to("tiny-moe"), untouched)
        return
    async with sender.stream(BODY, to("tiny-moe"), untouched) as answer:
        async for chunk in answer.chunks:
            if seen is not None:
                seen.append(chunk)


@pytest.mark.parametrize("status", list(send.REFUSALS))
def test_every_refusal_in_the_table_is_an_error_of_ours(status: int) -> None:
    kind, detail = send.REFUSALS[status]

    assert issubclass(kind, GatewayError)
    assert kind(detail).message


@pytest.mark.parametrize(
    ("streamed", "kind"), [(True, "application/json"), (False, "text/event-stream"), (False, "text/html")]
)
async def test_an_answer_of_another_kind_is_refused(
    client: Any, recording_backend: Any, wire: Any, streamed: bool, kind: str
) -> None:
    recording_backend.replies.append(wire.whole(b"{}", kind=kind))
    async with client(recording_backend) as door, sending(door) as sender:
        with pytest.raises(BackendProtocolError):
            await answered(sender, streamed=streamed)


async def test_death_in_the_middle_of_a_stream(client: Any, recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.stream(wire.events("one", done=False), delay=0.01, die=True))
    seen: list[bytes] = []
    async with client(recording_backend) as door, sending(door) as sender:
        with pytest.raises(BackendUnavailable):
            await answered(sender, streamed=True, seen=seen)

    assert b"one" in b"".join(seen)


async def test_silence_in_the_middle_of_a_stream(client: Any, recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.stream(wire.events("one", done=False), hang=True))
    async with client(recording_backend, idle=0.1) as door, sending(door) as sender:
        with pytest.raises(BackendTimeout):
            await answered(sender, streamed=True)


@pytest.mark.parametrize("way", ["leave", "fail", "cancel"])
async def test_the_backend_learns_at_once_that_nobody_listens_any_more(
    client: Any, recording_backend: Any, wire: Any, way: str
) -> None:
    recording_backend.replies.append(wire.stream([b"data: x\n\n"] * 10_000, delay=0.005))

    async def listen(sender: Sender) -> None:
        async with sender.stream(BODY, to("tiny-moe"), untouched) as answer:
            async for _ in answer.chunks:
                if way == "leave":
                    return
                if way == "fail":
                    raise ProtocolError

    async with client(recording_backend) as door, sending(door) as sender:
        task = asyncio.create_task(listen(sender))
        await asyncio.sleep(0.1)
        if way == "cancel":
            task.cancel()
        left = time.monotonic()
        await asyncio.wait_for(recording_backend.gone.wait(), 1)
        took = time.monotonic() - left
        await asyncio.gather(task, return_exceptions=True)

    assert took < 1


async def test_another_backend_takes_over_where_the_first_cannot_be_reached(
    client: Any, recording_backend: Any, second: Any
) -> None:
    async with client(recording_backend, second) as door, sending(door) as sender:
        await recording_backend.close()
        answers = [await sender.send(BODY, to("tiny-moe"), untouched) for _ in range(4)]

    assert [answer.backend for answer in answers] == ["b1"] * 4
    assert recording_backend.received == []


async def dies(wire: Any) -> AsyncIterator[bytes]:
    raise wire.Die
    yield b""


FAILURES: dict[str, Callable[[Any], Any]] = {
    "it closes": dies,
    "its head comes, and no more": lambda wire: wire.stream([], die=True),
    "it says 500": lambda wire: wire.whole(b"{}", status=500),
    "it says 503": lambda wire: wire.whole(b"{}", status=503),
    "it does not take the key": lambda wire: wire.whole(b"{}", status=401),
}


@asynccontextmanager
async def three(client: Any, wire: Any) -> AsyncIterator[tuple[Sender, list[Any]]]:
    doubles = [wire.RecordingBackend() for _ in range(3)]
    for double in doubles:
        await double.listen()
    async with client(*doubles) as door, sending(door) as sender:
        yield sender, doubles
    for double in doubles:
        await double.close()


@pytest.mark.parametrize("how", FAILURES)
async def test_what_fails_before_the_first_byte_is_sent_to_one_other_backend(client: Any, wire: Any, how: str) -> None:
    async with three(client, wire) as (sender, doubles):
        doubles[0].script = lambda request: FAILURES[how](wire)
        doubles[1].script = doubles[2].script = lambda _: wire.stream([b"x"])
        for _ in range(6):
            seen: list[bytes] = []
            await answered(sender, streamed=True, seen=seen)
            assert seen == [b"x"]

    assert len(doubles[0].received) >= 2
    assert len(doubles[1].received) + len(doubles[2].received) == 6


@pytest.mark.parametrize("how", FAILURES)
async def test_no_third_backend_is_tried(client: Any, wire: Any, how: str) -> None:
    async with three(client, wire) as (sender, doubles):
        for double in doubles:
            double.script = lambda _: FAILURES[how](wire)
        with pytest.raises(BackendUnavailable):
            await answered(sender, streamed=True)

    assert sorted(bool(double.received) for double in doubles) == [False, True, True]


async def test_an_answer_that_began_goes_nowhere_else(
    client: Any, recording_backend: Any, second: Any, wire: Any
) -> None:
    seen: list[bytes] = []
    async with client(recording_backend, second) as door, sending(door) as sender:
        for double in (recording_backend, second):
            double.replies.append(wire.stream([b"x"], delay=0.01, die=True))
        with pytest.raises(BackendUnavailable):
            await answered(sender, streamed=True, seen=seen)

    assert seen == [b"x"]
    assert len(recording_backend.received) + len(second.received) == 1


@pytest.mark.parametrize("started", [False, True])
async def test_after_a_timeout_no_other_backend_is_kept_waiting(
    client: Any, recording_backend: Any, second: Any, wire: Any, started: bool
) -> None:
    async with client(recording_backend, second, first_byte=0.1) as door, sending(door) as sender:
        for double in (recording_backend, second):
            double.replies.append(wire.stream([], hang=True) if started else silence())
        with pytest.raises(BackendTimeout):
            await answered(sender, streamed=True)

    assert len(recording_backend.received) + len(second.received) == 1


async def silence() -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


@pytest.mark.parametrize("status", [400, 404, 413, 422, 429])
async def test_what_one_backend_refuses_another_would_refuse_too(
    client: Any, recording_backend: Any, second: Any, wire: Any, status: int
) -> None:
    async with client(recording_backend, second) as door, sending(door) as sender:
        for double in (recording_backend, second):
            double.replies.extend([wire.whole(b"{}", status=status)] * 2 * health.STRIKES)
        for _ in range(2 * health.STRIKES):
            with pytest.raises(GatewayError):
                await answered(sender, streamed=False)
        assert sender.ready

    assert len(recording_backend.received) + len(second.received) == 2 * health.STRIKES


@pytest.mark.parametrize("status", [401, 500, 502, 503])
async def test_a_request_that_is_answered_badly_everywhere_puts_nobody_out(
    client: Any, recording_backend: Any, second: Any, wire: Any, status: int
) -> None:
    for double in (recording_backend, second):
        double.script = lambda request: well(wire) if request.method == "GET" else wire.whole(b"", status=status)
    async with client(recording_backend, second) as door, sending(door) as sender:
        for _ in range(3 * health.STRIKES):
            with pytest.raises(BackendUnavailable):
                await answered(sender, streamed=False)
        assert all(member.health.usable for member in sender._pool._members)

    assert len(recording_backend.received) == len(second.received) == 3 * health.STRIKES


async def test_a_backend_that_fails_all_it_gets_is_left_alone_until_it_is_well(
    client: Any, recording_backend: Any, second: Any, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "SHORTEST", health.LONGEST)
    recording_backend.script = lambda request: well(wire) if request.method == "GET" else dies(wire)
    async with client(recording_backend, second) as door, sending(door) as sender:
        for _ in range(20):
            await answered(sender, streamed=False)
        failed = len(recording_backend.received)
        recording_backend.script = None
        for member in sender._pool._members:
            member.health._due = 0.0
        async with asyncio.timeout(10):
            while len(recording_backend.received) == failed:
                await answered(sender, streamed=False)
                await asyncio.sleep(0.02)

    assert health.STRIKES <= failed <= health.STRIKES + 1  # a kept connection that was cut may be an idle one


def well(wire: Any) -> bytes:
    return wire.whole({"object": "list", "data": [{"id": "tiny-moe", "object": "model"}]})


async def test_all_out_is_told_at_once_and_nothing_is_sent(client: Any, recording_backend: Any, wire: Any) -> None:
    recording_backend.script = lambda request: well(wire) if request.method == "GET" else dies(wire)
    async with client(recording_backend) as door, sending(door) as sender:
        for _ in range(health.STRIKES):
            with pytest.raises(BackendUnavailable):
                await answered(sender, streamed=False)
        with pytest.raises(BackendUnreachable):
            await answered(sender, streamed=False)
        with pytest.raises(BackendUnreachable):
            sender.require("tiny-moe")

    assert health.STRIKES <= len(recording_backend.received) <= health.STRIKES + 1


async def test_load_is_given_back(client: Any, recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.extend([wire.whole(b"{}", status=500), wire.whole(b"{}"), wire.stream([b"x"], hang=True)])
    async with client(recording_backend) as door, sending(door) as sender:
        with pytest.raises(BackendUnavailable):
            await answered(sender, streamed=False)
        await answered(sender, streamed=False)
        async with sender.stream(BODY, to("tiny-moe"), untouched):
            assert sender._pool.candidates("tiny-moe")[0].outstanding == 1

        assert sender._pool.candidates("tiny-moe")[0].outstanding == 0


async def test_it_says_what_is_served(client: Any) -> None:
    async with client(Backend(name="a", url="http://127.0.0.1:9")) as door, sending(door) as sender:
        assert sender.models() == ()
        assert not sender.ready
