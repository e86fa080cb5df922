import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.errors import BackendUnavailable, Misconfigured
from gateway.egress.raw import RawConnection

REQUEST = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}"


@pytest.fixture
async def connection(recording_backend: Any) -> AsyncIterator[RawConnection]:
    made = await RawConnection.open(recording_backend.url)
    yield made
    made.close()


async def test_a_whole_answer_is_timed(connection: RawConnection, recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.extend([wire.whole(wire.completion("hi")), wire.whole(b"", status=503)])

    good, bad = await connection.exchange(REQUEST), await connection.exchange(REQUEST)

    assert good.status == 200
    assert 0 < good.first <= good.last < 1
    assert (bad.status, bad.first) == (503, 0.0)
    assert recording_backend.connections == 1


async def test_the_first_text_of_a_stream_is_timed(
    connection: RawConnection, recording_backend: Any, wire: Any
) -> None:
    recording_backend.replies.append(wire.stream(wire.events("one", "two"), delay=0.05))

    timed = await connection.exchange(REQUEST)

    assert 0.1 <= timed.first < 0.19
    assert timed.last >= 0.2


async def test_the_chunks_of_a_stream_are_counted_and_the_time_between_them_is_noted(
    connection: RawConnection, recording_backend: Any, wire: Any
) -> None:
    recording_backend.replies.append(wire.stream(wire.events("data: one", "\ndata: two", "three"), delay=0.03))

    timed = await connection.exchange(REQUEST)

    assert timed.good
    assert timed.chunks == 5
    assert len(timed.gaps) >= 4
    assert 0.06 < sum(timed.gaps) <= timed.last - timed.first


async def test_a_whole_answer_has_no_chunks(connection: RawConnection, recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.extend([wire.whole(wire.completion("hi")), wire.whole(b"", status=503)])
    good, bad = await connection.exchange(REQUEST), await connection.exchange(REQUEST)

    assert (good.good, good.chunks, good.gaps) == (True, 0, ())
    assert (bad.good, bad.done) == (False, True)


async def test_a_stream_without_its_end_mark_is_not_done(
    connection: RawConnection, recording_backend: Any, wire: Any
) -> None:
    cut = wire.events("one", "says [DONE]", done=False)
    recording_backend.replies.append(wire.stream(cut))

    timed = await connection.exchange(REQUEST)

    assert (timed.status, timed.chunks, timed.done, timed.good) == (200, 3, False, False)


async def test_an_error_on_the_way_is_not_good_and_talk_of_one_is(
    connection: RawConnection, recording_backend: Any, wire: Any
) -> None:
    first, *_, done = wire.events("one")
    recording_backend.replies.append(wire.stream([first, b'data: {"error": {}}\n\n', done]))
    timed = await connection.exchange(REQUEST)

    assert (timed.done, timed.error, timed.good) == (True, True, False)

    recording_backend.replies.append(wire.stream(wire.events('{"error": 1}')))
    assert (await connection.exchange(REQUEST)).good


async def test_an_end_mark_may_come_in_two_chunks(connection: RawConnection, recording_backend: Any, wire: Any) -> None:
    *frames, _ = wire.events("one")
    recording_backend.replies.append(wire.stream([*frames, b"data: [DO", b"NE]\n\n"]))

    timed = await connection.exchange(REQUEST)

    assert (timed.chunks, timed.good) == (3, True)


async def test_chunks_that_are_not_http_are_told(connection: RawConnection, recording_backend: Any, wire: Any) -> None:
    head = wire.head(kind="text/event-stream", transfer_encoding="chunked")
    recording_backend.replies.append(head + b"\r\n-5\r\ndata: x\r\n0\r\n\r\n")

    with pytest.raises(BackendUnavailable):
        await connection.exchange(REQUEST)


async def test_a_body_in_pieces_is_waited_for(connection: RawConnection, recording_backend: Any, wire: Any) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        for piece in (b"HTTP/1.1 200 OK\r\ncontent-le", b"ngth: 4\r\n\r", b"\nab", b"cd"):
            yield piece
            await asyncio.sleep(0.02)

    recording_backend.replies.append(slowly())

    assert (await connection.exchange(REQUEST)).last > 0.05


async def test_a_connection_that_dies_is_told(connection: RawConnection, recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.stream([b"x"], die=True))
    with pytest.raises(BackendUnavailable):
        await connection.exchange(REQUEST)
    with pytest.raises(BackendUnavailable):
        await connection.exchange(REQUEST)


async def test_a_unix_socket_is_a_place(recording_socket: Any) -> None:
    connection = await RawConnection.open(f"unix:{recording_socket.uds}")

    assert (await connection.exchange(REQUEST)).status == 200
    connection.close()


@pytest.mark.parametrize("place", ["http://127.0.0.1:9", "unix:/nonexistent"])
async def test_nobody_listens(place: str) -> None:
    with pytest.raises(BackendUnavailable):
        await RawConnection.open(place)


@pytest.mark.parametrize("place", ["https://h", "h:80", "", "http://"])
async def test_other_places_are_refused(place: str) -> None:
    with pytest.raises(Misconfigured):
        await RawConnection.open(place)
