import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path

import pytest

from gateway.core.errors import ProtocolError
from gateway.egress.outside import WAYS, Way, place, proxies, routers, tried


def way(by: str, to: str = "127.0.0.1", port: int = 0, ask: bytes = b"") -> Way:
    return Way(by=by, to=to, port=port, what="here", ask=ask)  # type: ignore[arg-type]


async def why(*ways: Way, seconds: float = 2.0) -> list[str]:
    return [each.why for each in await tried(ways, seconds=seconds)]


@pytest.fixture
def packets() -> Iterator[socket.socket]:
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as here:
        here.bind(("127.0.0.1", 0))
        yield here


async def test_a_place_that_accepts_is_open_and_gets_no_byte() -> None:
    received: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.set_result(await reader.read())
        writer.close()

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]

        assert await why(way("tcp", port=9), way("tcp", port=port)) == ["Connection refused", ""]
        assert await received == b""


async def test_a_place_that_drops_what_comes_is_given_up() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            began = time.monotonic()

            assert await why(way("tcp", port=port), way("tcp", port=port), seconds=0.2) == ["no answer in 0.2 s"] * 2
            assert time.monotonic() - began < 2


async def test_a_packet_gets_out_where_it_is_answered(packets: socket.socket) -> None:
    asked = []

    def answer() -> None:
        question, client = packets.recvfrom(99)
        asked.append(question)
        packets.sendto(b"yes", client)

    thread = threading.Thread(target=answer)
    thread.start()

    assert await why(way("udp", port=packets.getsockname()[1], ask=b"who is there?")) == [""]
    thread.join(5)
    assert asked == [b"who is there?"]


async def test_a_packet_that_nobody_answers_did_not(packets: socket.socket) -> None:
    port = packets.getsockname()[1]

    assert await why(way("udp", port=port, ask=b"?"), seconds=0.1) == ["no answer in 0.1 s"]


async def test_a_name_that_is_found_is_a_way() -> None:
    assert await why(way("name", to="localhost")) == [""]


async def test_a_resolver_that_hangs_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: given_up.wait(20) and [])
    began = time.monotonic()

    assert await why(way("name", to="a.example."), seconds=0.1) == ["no answer in 0.1 s"]

    given_up.set()
    assert time.monotonic() - began < 5


async def test_a_resolver_that_refuses_is_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    assert await why(way("name", to="a.example.")) == ["Name or service not known"]


async def test_a_socket_by_its_path(tmp_path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as engine:
        engine.bind(str(tmp_path / "engine.sock"))
        engine.listen()

        found = await why(way("unix", str(tmp_path / "engine.sock")), way("unix", str(tmp_path / "none.sock")))

    assert found == ["", "No such file or directory"]


def test_what_is_tried_names_no_host_but_one_and_asks_what_it_must() -> None:
    for each in WAYS:
        assert each.by in {"name", "unix"} or ip_address(each.to)
        assert bool(each.ask) == (each.by in {"udp", "icmp"})
    assert len({each.name for each in WAYS}) == len(WAYS) >= 12
    assert {each.by for each in WAYS} == {"tcp", "udp", "icmp", "name", "unix"}
    assert [each.to for each in WAYS if each.by == "name"] == ["a.root-servers.net."]


def test_proxies_of_the_environment() -> None:
    named = {
        "HTTPS_PROXY": "http://user:hunter2@proxy.example:3128",
        "all_proxy": "socks5h://10.0.0.1",
        "http_proxy": "10.0.0.2:8080",
        "NO_PROXY": "localhost",
        "FTP_PROXY": "",
        "RSYNC_PROXY": "http://[broken",
        "PATH": "/bin",
    }
    found = list(proxies(named))

    assert [(each.to, each.port) for each in found] == [("proxy.example", 3128), ("10.0.0.1", 1080), ("10.0.0.2", 8080)]
    assert found[0].name == "tcp proxy.example port 3128 (the proxy of HTTPS_PROXY)"


def test_the_router(tmp_path: Path) -> None:
    head = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    network = "eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n"
    default = "eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
    (tmp_path / "none").write_text(head)
    (tmp_path / "one").write_text(head + network + default)

    assert list(routers(tmp_path / "absent")) == list(routers(tmp_path / "none")) == []
    assert [(each.to, each.port) for each in routers(tmp_path / "one")] == [("172.17.0.1", 22), ("172.17.0.1", 443)]


@pytest.mark.parametrize(("text", "host"), [("10.0.0.1:22", "10.0.0.1"), ("[fd00::1]:22", "fd00::1")])
def test_a_place_of_the_operators(text: str, host: str) -> None:
    assert place(text) == Way(by="tcp", to=host, port=22, what="named by --try")


@pytest.mark.parametrize("text", ["10.0.0.1", "10.0.0.1:0", "db.corp.local:5432", ":22", "10.0.0.1:port", "[::1"])
def test_what_is_no_place(text: str) -> None:
    with pytest.raises(ProtocolError, match="--try"):
        place(text)
