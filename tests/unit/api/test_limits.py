import asyncio
from collections.abc import Awaitable, Callable

import pytest

from gateway.api import limits
from gateway.api.limits import BodyLimits, Message, Turnstile, read_body, read_headers
from gateway.core.errors import Overloaded, PayloadTooLarge, ProtocolError
from gateway.core.exchange import ClientGone

JSON = {b"content-type": b"application/json"}
SMALL = BodyLimits(size=10, seconds=1.0)


def receiver(*messages: Message) -> Callable[[], Awaitable[Message]]:
    left = list(messages)

    async def receive() -> Message:
        if not left:
            await asyncio.sleep(60)
        return left.pop(0)

    return receive


def piece(data: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": data, "more_body": more}


async def test_pieces_are_joined() -> None:
    assert await read_body(JSON, receiver(piece(b"12345", more=True), piece(b"67")), SMALL) == b"1234567"


async def test_a_body_over_the_limit_is_refused_by_its_header_and_by_its_bytes() -> None:
    with pytest.raises(PayloadTooLarge, match=r"limits\.body_bytes"):
        await read_body(JSON | {b"content-length": b"11"}, receiver(), SMALL)
    with pytest.raises(PayloadTooLarge):
        await read_body(JSON, receiver(piece(b"123456", more=True), piece(b"78901")), SMALL)


async def test_a_slow_body_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_GRACE", 0.05)

    with pytest.raises(ProtocolError, match="bytes a second"):
        await read_body(JSON, receiver(piece(b"1", more=True)), SMALL)


async def test_a_client_that_goes_away_is_no_error_of_its_own() -> None:
    with pytest.raises(ClientGone):
        await read_body(JSON, receiver(piece(b"1", more=True), {"type": "http.disconnect"}), SMALL)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {b"content-type": b"text/plain"},
        {b"content-type": b"multipart/form-data; boundary=x"},
        JSON | {b"content-encoding": b"gzip"},
        JSON | {b"transfer-encoding": b"gzip, chunked"},
        JSON | {b"transfer-encoding": b"identity"},
    ],
)
async def test_only_plain_json_is_taken(headers: dict[bytes, bytes]) -> None:
    with pytest.raises(ProtocolError):
        await read_body(headers, receiver(piece(b"{}")), SMALL)


async def test_json_with_a_charset_is_taken() -> None:
    headers = {b"content-type": b"Application/JSON; charset=utf-8"}

    assert await read_body(headers, receiver(piece(b"{}")), SMALL) == b"{}"


async def test_a_body_in_chunks_is_taken() -> None:
    headers = JSON | {b"transfer-encoding": b"Chunked"}

    assert await read_body(headers, receiver(piece(b"{}")), SMALL) == b"{}"


@pytest.mark.parametrize(
    "pairs",
    [
        [(b"host", b"a"), (b"Host", b"b")],
        [(b"authorization", b"Bearer x"), (b"authorization", b"Bearer y")],
        [(b"content-length", b"1"), (b"transfer-encoding", b"chunked")],
        [(b"transfer-encoding", b"gzip"), (b"transfer-encoding", b"chunked")],
        [(b"x", b"y" * 17_000)],
        [(b"x", b"y")] * 101,
    ],
)
def test_headers_that_two_servers_read_in_two_ways_are_refused(pairs: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(ProtocolError):
        read_headers({"headers": pairs})


def test_the_turnstile_counts_by_key_and_in_all() -> None:
    turnstile = Turnstile(total=3, per_tenant=2, per_key=1)

    with turnstile.enter("t", "a"):
        with pytest.raises(Overloaded, match="per_key"), turnstile.enter("t", "a"):
            pass
        with turnstile.enter("t", "b"):
            with pytest.raises(Overloaded, match="per_tenant"), turnstile.enter("t", "c"):
                pass
            with turnstile.enter("u", "a"):
                assert turnstile.inside == 3
                with pytest.raises(Overloaded, match="requests"), turnstile.enter("v", "a"):
                    pass

    assert turnstile.inside == 0
    with turnstile.enter("t", "a"):
        assert turnstile.inside == 1
