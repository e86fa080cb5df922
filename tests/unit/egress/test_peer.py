import asyncio
import os
import socket
import sys
import time
from pathlib import Path

from gateway.egress.peer import listener

LISTEN = (
    "import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print(flush=True); input()"
)


async def test_a_listener_is_known_by_its_process(tmp_path: Path) -> None:
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", LISTEN, str(tmp_path / "s"), **pipes)
    assert other.stdout
    await other.stdout.readline()

    assert await listener(str(tmp_path / "s")) == other.pid
    await other.communicate(b"\n")


async def test_it_is_sent_no_byte(tmp_path: Path) -> None:
    received: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.set_result(await reader.read())
        writer.close()

    async with await asyncio.start_unix_server(accept, tmp_path / "s"):
        assert await listener(str(tmp_path / "s")) == os.getpid()
        assert await received == b""


async def test_nobody_listens_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert [await listener(str(tmp_path / name)) for name in ("away", "file", "x" * 200)] == [0, 0, 0]


async def test_a_listener_that_takes_nobody_is_given_up(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as full, socket.socket(socket.AF_UNIX) as first:
        full.bind(str(tmp_path / "s"))
        full.listen(0)
        first.connect(str(tmp_path / "s"))
        began = time.monotonic()

        assert await listener(str(tmp_path / "s"), seconds=0.2) == 0
        assert time.monotonic() - began < 2
