"""Calls to a real server on loopback, which says whatever the test wants."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.core.errors import GatewayAway, Misconfigured
from gateway.core.sensitive import Sensitive
from gateway.egress import admin
from gateway.egress.admin import call_gateway
from tests.doubles.authority import Authority, server
from tests.doubles.recording_backend import RecordingBackend

KEY = Sensitive("s3cr3t")


@pytest.fixture
async def behind_tls(tmp_path: Path) -> Any:
    backend = RecordingBackend()
    await backend.listen(tls=server(Authority(tmp_path).issue("127.0.0.1")))
    yield backend
    await backend.close()


async def test_a_call_bears_the_key_and_the_body(recording_backend: Any, wire: Any) -> None:
    recording_backend.replies.append(wire.whole({"a": 1}, status=201))
    answer = await call_gateway(f"{recording_backend.url}/", KEY, "POST", "/api/policies/plans", {"b": "é"})

    assert answer == (201, {"a": 1})
    (request,) = recording_backend.received
    assert (request.method, request.path, request.json) == ("POST", "/api/policies/plans", {"b": "é"})
    assert request.headers["authorization"] == "Bearer s3cr3t"
    assert request.headers["content-type"] == "application/json"


async def test_a_question_has_no_body_and_may_have_a_query(recording_backend: Any, wire: Any) -> None:
    recording_backend.script = lambda request: wire.whole({"path": request.path})
    _, answer = await call_gateway(f"{recording_backend.url}/behind/", KEY, "GET", "/api/policies/versions?after=3")

    assert answer == {"path": "/behind/api/policies/versions?after=3"}
    assert recording_backend.probes[0].body == b""


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500, 503])
async def test_a_refusal_is_an_answer(recording_backend: Any, wire: Any, status: int) -> None:
    told = {"code": "not_found", "detail": "There is no such resource."}
    recording_backend.replies.append(wire.whole(told, status=status, kind="application/problem+json"))

    assert await call_gateway(recording_backend.url, KEY, "POST", "/x", {}) == (status, told)


@pytest.mark.parametrize("size", [1, 1000, 70_000])
async def test_an_answer_is_read_whole_however_it_comes(recording_backend: Any, wire: Any, size: int) -> None:
    said = {"text": "x" * 200_000}
    raw = json.dumps(said).encode()
    pieces = [raw[:20], *(raw[at : at + size] for at in range(20, 20 + 40 * size, size)), raw[20 + 40 * size :]]
    recording_backend.replies.append(
        wire.stream([each for each in pieces if each], delay=0.0005, kind="application/json")
    )

    assert await call_gateway(recording_backend.url, KEY, "POST", "/x", {}) == (200, said)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{", b"\xff", b"[" * 200_000, b'{"a":1}{', gzip.compress(b'{"a":1}')], ids=range(7)
)
async def test_what_is_no_json_is_nothing(recording_backend: Any, wire: Any, body: bytes) -> None:
    encoding = {"content_encoding": "gzip"} if body.startswith(b"\x1f\x8b") else {}
    recording_backend.replies.append(wire.whole(body, kind="text/html", **encoding))

    assert await call_gateway(recording_backend.url, KEY, "POST", "/x", {}) == (200, None)


async def test_what_is_too_long_is_not_read_to_its_end(
    recording_backend: Any, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin, "_LARGEST", 100_000)
    recording_backend.replies.append(wire.whole(b'"' + b"x" * 99_998 + b'"'))
    recording_backend.replies.append(wire.whole(b'"' + b"x" * 99_999 + b'"'))
    recording_backend.replies.append(wire.stream([b"x" * 50_000] * 3, hang=True))

    assert await call_gateway(recording_backend.url, KEY, "POST", "/x", {}) == (200, "x" * 99_998)
    assert await call_gateway(recording_backend.url, KEY, "POST", "/x", {}) == (200, None)
    assert await call_gateway(recording_backend.url, KEY, "POST", "/x", {}) == (200, None)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(recording_backend: Any, wire: Any, status: int) -> None:
    recording_backend.replies.append(wire.whole(b"", status=status, location=f"{recording_backend.url}/v1/models"))

    assert await call_gateway(recording_backend.url, KEY, "POST", "/x", {}) == (status, None)
    assert (len(recording_backend.received), recording_backend.probes) == (1, [])


async def test_a_proxy_of_the_environment_is_not_used(recording_backend: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert (await call_gateway(recording_backend.url, KEY, "GET", "/v1/models"))[0] == 200


async def test_a_password_of_the_home_is_not_used(
    recording_backend: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ann password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    await call_gateway(recording_backend.url, KEY, "POST", "/x", {})

    assert recording_backend.received[0].headers["authorization"] == "Bearer s3cr3t"


async def test_nobody_is_there() -> None:
    with pytest.raises(GatewayAway) as raised:
        await call_gateway("http://127.0.0.1:9", KEY, "GET", "/x")

    assert (raised.value.exit_code, "s3cr3t" in raised.value.message) == (69, False)


@pytest.mark.parametrize("said", ["nothing", "head", "half"])
async def test_whoever_breaks_off_has_not_answered(recording_backend: Any, wire: Any, said: str) -> None:
    async def broken() -> Any:
        if said != "nothing":
            yield wire.head(200, content_length="100")
        if said == "half":
            yield b"\r\n{"
        raise wire.Die

    recording_backend.script = lambda _: broken()
    with pytest.raises(GatewayAway):
        await call_gateway(recording_backend.url, KEY, "POST", "/x", {})


async def test_whoever_is_silent_has_not_answered(
    recording_backend: Any, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin, "_SECONDS", 0.2)
    recording_backend.replies.append(wire.stream([b"{"], hang=True))

    with pytest.raises(GatewayAway):
        await call_gateway(recording_backend.url, KEY, "POST", "/x", {})


async def test_a_certificate_that_nobody_trusts_gets_no_key(behind_tls: Any) -> None:
    with pytest.raises(GatewayAway, match="certificate is not trusted"):
        await call_gateway(behind_tls.url, KEY, "POST", "/x", {})

    assert (behind_tls.received, bytes(behind_tls.raw)) == ([], b"")


async def test_without_tls_on_the_other_side_there_is_none(recording_backend: Any) -> None:
    recording_backend.idle = 0.1
    with pytest.raises(GatewayAway):
        await call_gateway(recording_backend.url.replace("http", "https"), KEY, "POST", "/x", {})

    assert b"s3cr3t" not in recording_backend.raw


@pytest.mark.parametrize(
    "url",
    [
        "",
        "gateway",
        "gateway:8080",
        "ftp://gateway",
        "file:///etc/passwd",
        "http://",
        "http://:8080",
        "http://gateway:port",
        "http://gateway:99999",
        "http://gateway:0",
        "http://[::1",
        "http://ann:s3cr3t@gateway",
        "http://:s3cr3t@gateway",
        "http://ann@gateway",
        "http://gateway?s3cr3t",
        "http://gateway/#s3cr3t",
        "http://gate way",
        "http://gateway\n.example",
        "http://gateway\x00",
    ],
)
async def test_what_is_no_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        await call_gateway(url, KEY, "GET", "/x")

    assert raised.value.detail.startswith("--url: ")
    assert "s3cr3t" not in raised.value.message
