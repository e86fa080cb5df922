import asyncio
import socket
from typing import Any

import pytest

from gateway.core.errors import EgressDenied
from gateway.egress.pin import Pin


class Names:
    """A name server that changes its mind."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: list[str] | Exception) -> None:
        self.answers = list(answers)
        self.asked = 0
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", self.look_up)

    async def look_up(self, host: str, port: int, **_: Any) -> list[Any]:
        self.asked += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answer]


def to(address: str, port: int = 8000) -> tuple[int, int, int, str, tuple[object, ...]]:
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))


async def test_a_name_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch, ["10.0.0.1", "10.0.0.2"], ["169.254.169.254"])
    pin = Pin("vllm", 8000, seconds=1)

    first = await pin.resolve("vllm", 8000)
    again = await asyncio.gather(*(pin.resolve("vllm", 8000) for _ in range(5)))

    assert [result["host"] for result in first] == ["10.0.0.1", "10.0.0.2"]
    assert all(result == first for result in again)
    assert names.asked == 1


async def test_a_name_that_does_not_resolve_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, OSError("no such name"), ["10.0.0.1"])
    pin = Pin("vllm", 8000, seconds=1)

    with pytest.raises(OSError, match="no such name"):
        await pin.resolve("vllm", 8000)

    assert [result["host"] for result in await pin.resolve("vllm", 8000)] == ["10.0.0.1"]


async def test_a_name_server_that_hangs_does_not_hang_the_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: Any, **__: Any) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", hang)

    with pytest.raises(TimeoutError):
        await Pin("vllm", 8000, seconds=0.05).resolve("vllm", 8000)


@pytest.mark.parametrize(("host", "port"), [("other", 8000), ("vllm", 8001)])
async def test_another_name_is_not_resolved(host: str, port: int) -> None:
    with pytest.raises(EgressDenied):
        await Pin("vllm", 8000, seconds=1).resolve(host, port)


async def test_a_socket_is_made_for_a_pinned_address_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, ["10.0.0.1"])
    pin = Pin("vllm", 8000, seconds=1)
    with pytest.raises(EgressDenied):
        pin.socket(to("10.0.0.1"))

    await pin.resolve("vllm", 8000)

    pin.socket(to("10.0.0.1")).close()
    for address, port in (("169.254.169.254", 8000), ("10.0.0.1", 22)):
        with pytest.raises(EgressDenied):
            pin.socket(to(address, port))


async def test_an_address_needs_no_name_server() -> None:
    pin = Pin("127.0.0.1", 8000, seconds=1)

    pin.socket(to("127.0.0.1")).close()
    await pin.close()
