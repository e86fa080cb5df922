from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.cli import address
from gateway.cli.address import claimed
from gateway.cli.main import main
from gateway.core.errors import Misconfigured

HOST = "127.0.0.1"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody who shares the port that is listened on, as granian does."""
    with socket.socket() as made:
        for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
            made.setsockopt(socket.SOL_SOCKET, option, 1)
        made.bind(("127.0.0.1", 0))
        made.listen()
        yield made


def port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::"])  # noqa: S104 - nothing listens there
def test_a_port_in_use_is_refused_even_where_it_would_be_shared(listener: socket.socket, host: str) -> None:
    port = port_of(listener)

    with (
        pytest.raises(Misconfigured, match=f"port {port} is in use.*--port"),
        claimed(host, port),
    ):
        pytest.fail("it was to be had")


def test_a_port_that_is_free_can_be_shared_by_the_workers(listener: socket.socket) -> None:
    port = port_of(listener)
    listener.close()

    with claimed(HOST, port):
        workers = [socket.socket() for _ in range(2)]
        for worker in workers:
            worker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            worker.bind(("127.0.0.1", port))
            worker.listen()
        for worker in workers:
            worker.close()


def test_a_port_that_connections_linger_on_is_free(listener: socket.socket) -> None:
    port = port_of(listener)
    with socket.create_connection(("127.0.0.1", port)):
        listener.accept()[0].close()
        listener.close()

    with claimed(HOST, port):
        pass


def test_of_two_that_start_at_once_one_is_refused(listener: socket.socket) -> None:
    port = port_of(listener)
    listener.close()

    with claimed(HOST, port), pytest.raises(Misconfigured, match="in use"), claimed(HOST, port):
        pytest.fail("both had it")
    with claimed(HOST, port):
        pass


@pytest.mark.parametrize("host", ["nonsense", "192.0.2.1", ""])
def test_an_address_that_is_not_this_hosts_is_refused(listener: socket.socket, host: str) -> None:
    with pytest.raises(Misconfigured, match="--host"), claimed(host, port_of(listener)):
        pytest.fail("it was to be had")


def test_the_socket_of_a_living_gateway_is_refused_and_left(tmp_path: Path) -> None:
    path = tmp_path / "door.sock"
    with socket.socket(socket.AF_UNIX) as living:
        living.bind(str(path))
        living.listen()
        with pytest.raises(Misconfigured, match="is in use"), claimed(HOST, 0, str(path)):
            pytest.fail("it was to be had")
        assert path.is_socket()


def test_the_socket_of_a_busy_gateway_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "_ANSWER_SECONDS", 0.05)
    path = tmp_path / "door.sock"
    with socket.socket(socket.AF_UNIX) as busy, socket.socket(socket.AF_UNIX) as waiting:
        busy.bind(str(path))
        busy.listen(0)
        waiting.connect(str(path))
        with pytest.raises(Misconfigured, match="is in use"), claimed(HOST, 0, str(path)):
            pytest.fail("it was to be had")


def test_the_socket_of_a_killed_gateway_goes(tmp_path: Path) -> None:
    path = tmp_path / "door.sock"
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(path))

    with claimed(HOST, 0, str(path)):
        assert not path.exists()


def test_a_file_that_is_no_socket_is_left(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine")

    with pytest.raises(Misconfigured, match="is in use"), claimed(HOST, 0, str(path)):
        pytest.fail("it was to be had")
    assert path.read_text() == "mine"


@pytest.mark.parametrize("name", ["nowhere/door.sock", "x" * 120])
def test_a_path_that_no_socket_can_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Misconfigured, match=r"server\.uds"), claimed(HOST, 0, str(tmp_path / name)):
        pytest.fail("it was to be had")


def test_a_port_in_use_is_exit_78_before_anything_is_prepared(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, listener: socket.socket
) -> None:
    monkeypatch.setattr("gateway.cli.serve.prepare", lambda settings: pytest.fail("it was prepared"))
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path))
    monkeypatch.setenv("CLOISTER_BACKENDS", '[{"name": "a", "url": "http://127.0.0.1:9"}]')
    monkeypatch.setenv("CLOISTER_SERVER__PORT", "0")

    assert main(["serve", "--port", str(port_of(listener))]) == 78
    assert "--port" in capsys.readouterr().err
