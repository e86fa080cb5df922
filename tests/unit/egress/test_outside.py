import asyncio
import socket
import time

from gateway.egress.outside import OUTSIDE, reached


async def test_a_place_that_accepts_is_reached_and_gets_no_byte() -> None:
    received: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.set_result(await reader.read())
        writer.close()

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]

        assert await reached([("127.0.0.1", 9), ("127.0.0.1", port)]) == [f"127.0.0.1 port {port}"]
        assert await received == b""


async def test_a_place_that_drops_what_comes_is_given_up() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        place = full.getsockname()
        with socket.create_connection(place):
            began = time.monotonic()

            assert await reached([place, place], seconds=0.2) == []
            assert time.monotonic() - began < 2


def test_the_places_are_addresses_so_that_no_name_is_looked_up() -> None:
    for host, _ in OUTSIDE:
        assert socket.getaddrinfo(host, 0, flags=socket.AI_NUMERICHOST)
