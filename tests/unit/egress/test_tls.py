"""Against real TLS servers, with certificates made here."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from gateway.core.backend import Backend
from gateway.core.errors import BackendUnavailable, BackendUnreachable, Misconfigured
from gateway.egress import EgressClient
from tests.doubles.authority import Authority, Issued, server
from tests.waiting import until_async

CHAT = "/v1/chat/completions"
CLIENTS = 16
Serving = Callable[[ssl.SSLContext], Awaitable[Any]]


@pytest.fixture
def ours(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "ours")


@pytest.fixture
def theirs(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "theirs")


@pytest.fixture
async def serving(recording_backend: Any) -> Serving:
    """Puts the recording backend behind TLS."""

    async def serve(context: ssl.SSLContext) -> Any:
        await recording_backend.close()
        await recording_backend.listen(tls=context)
        return recording_backend

    return serve


def trusting(backend: Any, ca: Authority, own: Issued | None = None, **fields: str) -> Backend:
    mine = {"cert_file": str(own.cert), "key_file": str(own.key)} if own else {}
    return Backend(name="a", url=backend.url, ca_file=str(ca.file), **mine, **fields)


async def ask(backend: Backend) -> bytes:
    async with AsyncExitStack() as stack:
        door = EgressClient([backend])
        await door.start()
        stack.push_async_callback(door.stop)
        answer = await stack.enter_async_context(door.call("a", CHAT, b"{}"))
        return await answer.read()


async def refused(backend: Backend, double: Any) -> str:
    with pytest.raises(BackendUnreachable) as raised:
        await ask(backend)
    assert (double.received, double.raw, raised.value.status) == ([], b"", 503)
    return raised.value.message


async def test_a_backend_that_proves_its_name_is_used(serving: Serving, ours: Authority) -> None:
    backend = await serving(server(ours.issue("127.0.0.1")))

    assert await ask(trusting(backend, ours))


async def test_the_pinned_name_counts_and_not_the_address(serving: Serving, ours: Authority) -> None:
    backend = await serving(server(ours.issue("vllm.corp.local")))

    assert await ask(trusting(backend, ours, server_name="vllm.corp.local"))
    backend.received.clear()
    backend.raw.clear()
    assert "another name" in await refused(trusting(backend, ours), backend)


async def test_a_wrong_authority(
    serving: Serving, ours: Authority, theirs: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = await serving(server(theirs.issue("127.0.0.1")))
    monkeypatch.setenv("SSL_CERT_FILE", str(theirs.file))

    assert "not trusted" in await refused(trusting(backend, ours), backend)
    for url in (backend.url, backend.url.replace("https", "HTTPS")):
        assert "not trusted" in await refused(Backend(name="a", url=url), backend)


@pytest.mark.parametrize("names", [["127.0.0.2"], ["vllm.corp.local"], []])
async def test_a_wrong_name(serving: Serving, ours: Authority, names: list[str]) -> None:
    backend = await serving(server(ours.issue(*names, common="127.0.0.1")))

    assert "another name" in await refused(trusting(backend, ours), backend)


@pytest.mark.parametrize("pinned", ["other.corp.local", "corp.local", "*.corp.local", "127.0.0.1"])
async def test_a_wrong_pinned_name(serving: Serving, ours: Authority, pinned: str) -> None:
    backend = await serving(server(ours.issue("vllm.corp.local", "127.0.0.2", common=pinned)))

    await refused(trusting(backend, ours, server_name=pinned), backend)


async def test_a_common_name_is_no_name(serving: Serving, ours: Authority) -> None:
    backend = await serving(server(ours.issue(common="vllm.corp.local")))

    await refused(trusting(backend, ours, server_name="vllm.corp.local"), backend)


async def test_an_expired_certificate(serving: Serving, ours: Authority) -> None:
    backend = await serving(server(ours.issue("127.0.0.1", left=-timedelta(hours=1))))

    assert "not trusted" in await refused(trusting(backend, ours), backend)


async def test_tls_before_1_2_is_not_spoken(serving: Serving, ours: Authority) -> None:
    context = server(ours.issue("127.0.0.1"))
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    backend = await serving(context)

    await refused(trusting(backend, ours), backend)


async def test_plain_http_where_tls_is_configured(recording_backend: Any, ours: Authority) -> None:
    url = recording_backend.url.replace("http:", "https:")

    with pytest.raises(BackendUnreachable):
        await ask(Backend(name="a", url=url, ca_file=str(ours.file)))

    assert recording_backend.received == []


VERSIONS = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])


@VERSIONS
async def test_the_gateway_shows_its_certificate(serving: Serving, ours: Authority, version: ssl.TLSVersion) -> None:
    context = server(ours.issue("127.0.0.1"), ours)
    context.maximum_version = version
    backend = await serving(context)

    assert await ask(trusting(backend, ours, ours.issue("gateway")))


@VERSIONS
@pytest.mark.parametrize("shown", ["nothing", "one of another authority", "an expired one"])
async def test_a_backend_that_does_not_know_the_gateway_gets_nothing(
    serving: Serving, ours: Authority, theirs: Authority, version: ssl.TLSVersion, shown: str
) -> None:
    own = {
        "nothing": lambda: None,
        "one of another authority": lambda: theirs.issue("gateway"),
        "an expired one": lambda: ours.issue("gateway", left=-timedelta(hours=1)),
    }[shown]()
    context = server(ours.issue("127.0.0.1"), ours)
    context.maximum_version = version
    backend = await serving(context)

    with pytest.raises(BackendUnavailable):
        await ask(trusting(backend, ours, own))

    assert (backend.received, backend.raw) == ([], b"")


def spoilt(tmp_path: Path, content: str) -> str:
    file = tmp_path / "spoilt.pem"
    file.write_text(content)
    return str(file)


@pytest.mark.parametrize(
    ("fields", "mend"),
    [
        ({"ca_file": "/nowhere"}, "ca_file cannot be read"),
        ({"ca_file": "SPOILT"}, "ca_file cannot be read"),
        ({"cert_file": "CERT"}, "given together"),
        ({"key_file": "KEY"}, "given together"),
        ({"cert_file": "CERT", "key_file": "/nowhere"}, "cannot be read"),
        ({"cert_file": "SPOILT", "key_file": "KEY"}, "cannot be read"),
        ({"cert_file": "CERT", "key_file": "OTHER"}, "belong together"),
        ({"cert_file": "CERT", "key_file": "ENCRYPTED"}, "encrypted"),
        ({"server_name": ".corp.local"}, "server_name is no host name"),
        ({"server_name": "a" * 64 + ".local"}, "server_name is no host name"),
    ],
)
async def test_what_cannot_be_used_stops_the_start(
    tmp_path: Path, ours: Authority, fields: dict[str, str], mend: str
) -> None:
    own, other = ours.issue("gateway"), ours.issue("other")
    files = {
        "CERT": str(own.cert),
        "KEY": str(own.key),
        "OTHER": str(other.key),
        "ENCRYPTED": str(ours.issue("x", encryption=BestAvailableEncryption(b"secret")).key),
        "SPOILT": spoilt(tmp_path, "no certificate"),
    }
    door = EgressClient([Backend(name="a", url="https://h", **{k: files.get(v, v) for k, v in fields.items()})])

    with pytest.raises(Misconfigured, match=f"'a'.*{mend}"):
        await door.start()


@pytest.mark.parametrize("place", [{"url": "http://h"}, {"uds": "/run/vllm.sock"}])
@pytest.mark.parametrize("field", ["ca_file", "cert_file", "key_file", "server_name"])
async def test_what_would_have_no_effect_stops_the_start(place: dict[str, str], field: str) -> None:
    with pytest.raises(Misconfigured, match="https://"):
        await EgressClient([Backend(name="a", **place, **{field: "x"})]).start()


def problem() -> float | None:
    return REGISTRY.get_sample_value("cloister_backend_certificates_problem", {"backend": "a"})


async def test_renewed_files_count_for_new_connections_and_running_answers_end_as_they_began(
    serving: Serving, ours: Authority, theirs: Authority, wire: Any
) -> None:
    own, context = ours.issue("gateway", common="old"), server(ours.issue("127.0.0.1"), ours)
    backend = await serving(context)
    door = EgressClient([trusting(backend, ours, own)])
    await door.start()
    backend.replies.append(wire.stream([b"x"] * 20, delay=0.02))
    async with door.call("a", CHAT, b"{}") as running:
        assert await anext(running) == b"x"
        moved = theirs.issue("127.0.0.1")
        context.load_cert_chain(moved.cert, moved.key)
        context.load_verify_locations(theirs.file)
        own.replace(theirs.issue("gateway", common="new"))
        theirs.file.replace(ours.file)
        with capture_logs() as lines:
            door.renew()
            door.renew()
        async with door.call("a", CHAT, b"{}") as answer:
            assert await answer.read()
        assert b"".join([chunk async for chunk in running]) == b"x" * 19
    await door.stop()

    assert [line["event"] for line in lines] == ["backend.certificates_renewed"]
    assert problem() == 0
    assert backend.peers == {"old", "new"}


async def test_a_broken_renewal_keeps_what_there_was_and_says_so(serving: Serving, ours: Authority) -> None:
    own, other = ours.issue("gateway"), ours.issue("gateway")
    backend = await serving(server(ours.issue("127.0.0.1"), ours))
    door = EgressClient([trusting(backend, ours, own)])
    await door.start()
    other.key.replace(own.key)
    with capture_logs() as lines:
        door.renew()
        door.renew()
    (line,) = lines
    assert (line["event"], line["log_level"], problem()) == ("backend.certificates_kept", "warning", 1)
    assert "belong together" in line["reason"]
    async with door.call("a", CHAT, b"{}") as answer:
        assert await answer.read()

    other.cert.replace(own.cert)
    with capture_logs() as lines:
        door.renew()
    await door.stop()

    assert [line["event"] for line in lines] == ["backend.certificates_renewed"]
    assert problem() == 0


async def test_a_file_that_went_is_a_broken_renewal(serving: Serving, ours: Authority) -> None:
    backend = await serving(server(ours.issue("127.0.0.1")))
    door = EgressClient([trusting(backend, ours)])
    await door.start()
    ours.file.unlink()
    door.renew()
    async with door.call("a", CHAT, b"{}") as answer:
        assert await answer.read()
    await door.stop()

    assert problem() == 1


async def test_certificates_are_renewed_under_load_without_an_error(
    serving: Serving, ours: Authority, wire: Any
) -> None:
    own, context = ours.issue("gateway", common="old"), server(ours.issue("127.0.0.1"), ours)
    backend = await serving(context)
    backend.script = lambda _: wire.stream([b"x"] * 5, delay=0.01, kind="application/json")
    door = EgressClient([trusting(backend, ours, own)])
    await door.start()
    done = asyncio.Event()
    answered = 0

    async def load() -> None:
        nonlocal answered
        while not done.is_set():
            async with door.call("a", CHAT, b"{}") as answer:
                assert await answer.read() == b"x" * 5
                answered += 1

    tasks = [asyncio.create_task(load()) for _ in range(CLIENTS)]
    try:
        await until_async(lambda: answered > 2 * CLIENTS, 60)
        before = answered
        renewed = ours.issue("127.0.0.1")
        context.load_cert_chain(renewed.cert, renewed.key)
        own.replace(ours.issue("gateway", common="new"))
        await asyncio.to_thread(door.renew)
        await until_async(lambda: answered > before + 2 * CLIENTS and "new" in backend.peers, 60)
    finally:
        done.set()
        await asyncio.gather(*tasks)
        await door.stop()

    assert backend.peers == {"old", "new"}
    assert len(backend.received) == answered
