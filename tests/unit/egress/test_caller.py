from typing import Any

import pytest

from gateway.core.errors import BackendUnavailable
from gateway.core.sensitive import Sensitive
from gateway.egress.caller import caller


async def test_a_call_bears_the_key_and_the_body(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.whole(b'{"a":1}', status=201, x_cloister_exchange="e"))
    async with caller(f"{recording_backend.url}/", Sensitive("s3cr3t")) as gateway:
        answer = await gateway.call("POST", "/api/policies", b"{}")

    assert (answer.status, answer.body) == (201, b'{"a":1}')
    assert answer.headers["x-cloister-exchange"] == "e"
    request = recording_backend.received[0]
    assert (request.path, request.body) == ("/api/policies", b"{}")
    assert request.headers["authorization"] == "Bearer s3cr3t"
    assert request.headers["content-type"] == "application/json"


async def test_without_a_key_none_is_sent(recording_socket: Any) -> None:
    async with caller("http://gateway", Sensitive(""), uds=recording_socket.uds) as gateway:
        assert (await gateway.call("GET", "/health")).status == 200

    assert "authorization" not in recording_socket.probes[0].headers


async def test_a_redirect_is_not_followed(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.whole(b"", status=302, location=f"{recording_backend.url}/v1/models"))
    async with caller(recording_backend.url, Sensitive("s3cr3t")) as gateway:
        assert (await gateway.call("POST", "/x", b"{}")).status == 302

    assert recording_backend.probes == []


async def test_a_proxy_of_the_environment_is_not_used(recording_backend: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with caller(recording_backend.url, Sensitive("")) as gateway:
        assert (await gateway.call("GET", "/health")).status == 200


async def test_nobody_answers() -> None:
    async with caller("http://127.0.0.1:9", Sensitive("s3cr3t")) as gateway:
        with pytest.raises(BackendUnavailable) as refused:
            await gateway.call("GET", "/health")

    assert "s3cr3t" not in refused.value.message
