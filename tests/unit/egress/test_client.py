import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
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
    Misconfigured,
)
from gateway.egress import EgressClient, EgressLimits

CHAT = "/v1/chat/completions"


@asynccontextmanager
async def client(*backends: Backend, **limits: Any) -> AsyncIterator[EgressClient]:
    made = EgressClient(backends, limits=EgressLimits(**limits))
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


def at(backend: Any, **fields: Any) -> Backend:
    return Backend(name="a", url=backend.url, uds=backend.uds, **fields)


async def ask(backend: Any, body: bytes | None = b"{}", path: str = CHAT, **limits: Any) -> bytes:
    async with client(at(backend), **limits) as door, door.call("a", path, body) as answer:
        return await answer.read()


async def test_a_whole_answer_comes_back(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.whole(b'{"a":1}'))

    assert await ask(recording_backend, b'{"q":1}') == b'{"a":1}'
    assert recording_backend.received[0].body == b'{"q":1}'


async def test_a_unix_socket_is_as_good(recording_socket: Any, wire: Any) -> None:
    recording_socket.replies.append(wire.whole(b'{"a":1}'))

    assert await ask(recording_socket) == b'{"a":1}'


async def test_only_our_own_headers_leave(recording_backend: Any, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("s3cr3t\n")
    async with client(at(recording_backend, api_key_file=str(key))) as door:
        async with door.call("a", CHAT, b"{}", accept="text/event-stream"):
            pass
        async with door.call("a", "/health"):
            pass

    posted, probed = recording_backend.received[0].headers, recording_backend.probes[0].headers
    assert posted == {
        "host": recording_backend.url.removeprefix("http://"),
        "accept": "text/event-stream",
        "accept-encoding": "identity",
        "authorization": "Bearer s3cr3t",
        "content-type": "application/json",
        "content-length": "2",
    }
    assert set(probed) == {"host", "accept", "accept-encoding", "authorization"}


async def test_the_environment_has_no_effect(
    recording_backend: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login planted password planted\n")
    (tmp_path / ".netrc").chmod(0o600)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")

    await ask(recording_backend)

    assert b"planted" not in recording_backend.raw
    assert "authorization" not in recording_backend.received[0].headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(recording_backend: Any, wire: Any, status: int) -> None:
    target = f"{recording_backend.url}/v1/models"
    recording_backend.replies.append(wire.whole(b"", status=status, location=target, alt_svc='h2="169.254.169.254:80"'))

    with pytest.raises(BackendProtocolError, match="redirect"):
        await ask(recording_backend)

    assert len(recording_backend.received) == 1
    assert recording_backend.probes == []


async def test_a_cookie_is_not_kept(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.whole(b"{}", set_cookie="who=tenant-a"))
    named = recording_backend.url.replace("127.0.0.1", "localhost")  # a jar would keep no cookie of a bare address
    async with client(Backend(name="a", url=named)) as door:
        for _ in range(2):
            async with door.call("a", CHAT, b"{}") as answer:
                await answer.read()

    assert b"tenant-a" not in recording_backend.raw


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_an_encoded_answer_is_refused(recording_backend: Any, wire: Any, encoding: str) -> None:
    recording_backend.replies.append(wire.whole(b"\x1f\x8b", content_encoding=encoding))

    with pytest.raises(BackendProtocolError, match="encoded"):
        await ask(recording_backend)


HOSTILE = {
    "an endless status line": b"HTTP/1.1 200 " + b"A" * 20_000,
    "a huge header": b"HTTP/1.1 200 OK\r\nx: " + b"A" * 20_000 + b"\r\n\r\n",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 500 + b"\r\n",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
    "a length that is none": b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_hostile_head_is_refused(recording_backend: Any, what: str) -> None:
    recording_backend.replies.append(HOSTILE[what])

    with pytest.raises(GatewayError) as refused:
        await ask(recording_backend)

    assert isinstance(refused.value, BackendProtocolError)


async def test_an_answer_over_the_limit_is_refused_by_its_length(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.head(content_length="101") + b"\r\n")

    with pytest.raises(BackendProtocolError, match="longer than 100 bytes"):
        await ask(recording_backend, reply_bytes=100)


async def test_an_answer_over_the_limit_is_refused_as_it_comes(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.stream([b"x" * 60, b"x" * 60], hang=True, kind="application/json"))

    with pytest.raises(BackendProtocolError, match="longer than 100 bytes"):
        await ask(recording_backend, reply_bytes=100)


async def test_chunks_come_as_they_are_sent(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.stream([b"one", b"two"], delay=0.03))
    async with client(at(recording_backend)) as door, door.call("a", CHAT, b"{}") as answer:
        assert [chunk async for chunk in answer] == [b"one", b"two"]
        assert answer.content_type == "text/event-stream"


async def test_a_broken_answer_is_unavailable(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.stream([b"one"], delay=0.01, die=True))

    with pytest.raises(BackendUnavailable):
        await ask(recording_backend)


async def test_a_short_answer_is_unavailable(recording_backend: Any, wire: Any) -> None:
    async def short() -> AsyncIterator[bytes]:
        yield wire.head(content_length="10") + b"\r\nabc"
        raise wire.Die

    recording_backend.replies.append(short())

    with pytest.raises(BackendUnavailable):
        await ask(recording_backend)


async def test_silence_before_the_first_byte_is_a_timeout(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(silence())

    with pytest.raises(BackendTimeout):
        await ask(recording_backend, first_byte=0.05)


async def test_silence_in_the_middle_is_a_timeout(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.stream([b"one"], hang=True))

    with pytest.raises(BackendTimeout):
        await ask(recording_backend, idle=0.05)


async def silence() -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


async def test_nobody_listens() -> None:
    door = EgressClient((Backend(name="a", url="http://127.0.0.1:9"), Backend(name="b", uds="/nonexistent.sock")))
    await door.start()
    for name in ("a", "b"):
        with pytest.raises(BackendUnreachable):
            async with door.call(name, CHAT, b"{}"):
                pass
    await door.stop()


async def test_a_name_that_does_not_resolve_does_not_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise OSError

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", fail)
    async with client(Backend(name="a", url="http://vllm.corp.local:8000")) as door:
        with pytest.raises(BackendUnreachable):
            async with door.call("a", CHAT, b"{}"):
                pass


class Names:
    """A name server that leads to loopback once, and elsewhere from then on."""

    def __init__(self) -> None:
        self.asked = 0

    async def look_up(self, host: str, port: int, **_: Any) -> list[Any]:
        self.asked += 1
        address = "127.0.0.1" if self.asked == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]


@pytest.fixture
async def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    made = Names()
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", made.look_up)
    return made


@pytest.fixture
def named(recording_backend: Any) -> Backend:
    """The recording backend, under a name."""
    return Backend(name="a", url=recording_backend.url.replace("127.0.0.1", "vllm.corp.local"))


async def test_new_connections_go_where_the_first_went(
    recording_backend: Any, wire: Any, names: Any, named: Backend
) -> None:
    recording_backend.script = lambda _: wire.whole(b"{}", connection="close")
    async with client(named) as door:
        for _ in range(3):
            async with door.call("a", CHAT, b"{}") as answer:
                await answer.read()

    assert recording_backend.connections == 3
    assert names.asked == 1


async def test_no_socket_is_made_for_another_address(recording_backend: Any, names: Any, named: Backend) -> None:
    async with client(named) as door:
        pin = door._lines["a"]._pin
        assert pin is not None
        pin._pinned[0]["host"] = "169.254.169.254"
        with pytest.raises(EgressDenied):
            async with door.call("a", CHAT, b"{}"):
                pass

    assert recording_backend.connections == 0


async def test_what_is_not_configured_is_denied(recording_backend: Any) -> None:
    async with client(at(recording_backend)) as door:
        for name, path in (("b", CHAT), ("a", "/tokenize"), ("a", "http://169.254.169.254/")):
            with pytest.raises(EgressDenied):
                async with door.call(name, path, b"{}"):
                    pass

    assert recording_backend.connections == 0


async def test_leaving_early_closes_the_connection_at_once(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.stream([b"x"] * 1000, delay=0.01))
    async with client(at(recording_backend)) as door:
        async with door.call("a", CHAT, b"{}") as answer:
            await anext(answer)
        left = time.monotonic()
        await asyncio.wait_for(recording_backend.gone.wait(), 1)

    assert time.monotonic() - left < 0.5


async def test_cancelling_before_the_head_closes_the_connection(recording_backend: Any) -> None:
    recording_backend.replies.append(silence())
    async with client(at(recording_backend)) as door:

        async def wait() -> None:
            async with door.call("a", CHAT, b"{}"):
                pass

        task = asyncio.create_task(wait())
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait_for(recording_backend.gone.wait(), 1)
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_connections_are_used_again(recording_backend: Any) -> None:
    async with client(at(recording_backend)) as door:
        for _ in range(3):
            async with door.call("a", CHAT, b"{}") as answer:
                await answer.read()

    assert recording_backend.connections == 1


GAPS = (0.5, 3.0, 3.9, 3.99, 4.1, 4.5, 4.9, 4.99, 5.0, 5.01, 5.1, 5.5)
"""Seconds between two requests."""


async def test_a_connection_is_not_used_again_when_the_backend_may_be_closing_it(recording_backend: Any) -> None:
    recording_backend.idle = 5.0  # as vLLM does

    async def ask_twice(gap: float) -> None:
        async with client(at(recording_backend)) as door:
            for pause in (0, gap):
                await asyncio.sleep(pause)
                async with door.call("a", CHAT, b"{}") as answer:
                    assert await answer.read()

    await asyncio.gather(*(ask_twice(gap) for gap in GAPS))

    assert len(recording_backend.received) == 2 * len(GAPS), "one was sent again"
    assert recording_backend.connections == sum(1 if gap < 4 else 2 for gap in GAPS)


async def test_a_request_on_a_kept_connection_that_was_closed_is_sent_again(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.extend([wire.whole(b"{}"), dies(wire), wire.whole(b'"again"')])
    async with client(at(recording_backend)) as door:
        async with door.call("a", CHAT, b"{}") as answer:
            await answer.read()
        async with door.call("a", CHAT, b"{}") as answer:
            assert await answer.read() == b'"again"'

    assert len(recording_backend.received) == 3


async def test_a_request_on_a_new_connection_is_never_sent_again(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(dies(wire))

    with pytest.raises(BackendUnavailable):
        await ask(recording_backend)

    assert len(recording_backend.received) == 1


async def dies(wire: Any) -> AsyncIterator[bytes]:
    raise wire.Die
    yield b""


async def test_an_answer_that_began_is_never_asked_for_again(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.extend([wire.whole(b"{}"), wire.stream([b"one"], die=True)])
    async with client(at(recording_backend)) as door:
        async with door.call("a", CHAT, b"{}") as answer:
            await answer.read()
        with pytest.raises(BackendUnavailable):
            async with door.call("a", CHAT, b"{}") as answer:
                await answer.read()

    assert len(recording_backend.received) == 2


@pytest.mark.parametrize("content", [None, "", "two keys", "line\nbreak", "k\x00y", "sch\u00fcssel"])
async def test_a_key_file_that_holds_no_key_stops_the_start(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    door = EgressClient([Backend(name="a", url="http://127.0.0.1:9", api_key_file=str(file))])

    with pytest.raises(Misconfigured) as refused:
        await door.start()

    assert not content or content not in refused.value.message


async def test_errors_do_not_quote_the_backend(recording_backend: Any) -> None:
    recording_backend.replies.append(b"HTTP/1.1 planted-text\r\n\r\n")

    with pytest.raises(GatewayError) as refused:
        await ask(recording_backend)

    assert "planted" not in f"{refused.value} {refused.value.__cause__}"
    assert refused.value.__suppress_context__
