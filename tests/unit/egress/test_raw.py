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
