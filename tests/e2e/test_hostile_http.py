"""Hostile requests get a 4xx or a closed connection; nothing is forwarded, and nothing is a 500."""

import json
import socket
from typing import Any

import pytest

pytestmark = pytest.mark.integration

GOOD = b'{"model":"tiny-moe","messages":[{"role":"user","content":"hi"}]}'
BODIES = {
    "not UTF-8": b'{"model":"tiny-moe","messages":[{"role":"user","content":"\xff\xfe"}]}',
    "deep": b'{"model":"tiny-moe","messages":' + b"[" * 2000 + b"]" * 2000 + b"}",
    "very deep": b"[" * 1_000_000,
    "duplicate keys": b'{"model":"tiny-moe","model":"x","messages":[{"role":"user","content":"hi"}]}',
    "lone surrogate": b'{"model":"tiny-moe","messages":[{"role":"user","content":"\\ud800"}]}',
    "NaN": b'{"model":"tiny-moe","temperature":NaN,"messages":[{"role":"user","content":"hi"}]}',
    "huge number": b'{"model":"tiny-moe","seed":' + b"9" * 5000 + b',"messages":[{"role":"user","content":"hi"}]}',
    "trailing data": GOOD + b"{}",
    "no JSON": b"hello",
    "nothing": b"",
    "a list": b"[]",
    "unknown field": GOOD[:-1] + b',"prompt_logits":1}',
    "unknown role": GOOD.replace(b'"user"', b'"wizard"'),
    "no messages": b'{"model":"tiny-moe"}',
    "media": b'{"model":"tiny-moe","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://x/y"}}]}]}',
    "prompt back": GOOD[:-1] + b',"prompt_logprobs":1}',
    "nine choices": GOOD[:-1] + b',"n":9}',
    "wrong type": GOOD.replace(b'"hi"', b"7"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_the_clients_mistake(gateway: Any, name: str) -> None:
    status, headers, body = gateway.call("POST", "/v1/chat/completions", raw=BODIES[name])

    assert 400 <= status < 500, body
    assert set(json.loads(body)["error"]) == {"message", "type", "param", "code"}
    assert headers["x-cloister-decision"] == "deny"
    assert gateway.backend.received == []


def test_a_body_over_the_limit(gateway: Any) -> None:
    answer = raw(gateway, lines(gateway, b"content-length: 99999999"))

    assert answer.startswith(b"HTTP/1.1 413")


def test_a_compressed_body(gateway: Any) -> None:
    status, _, _ = gateway.call("POST", "/v1/chat/completions", raw=GOOD, **{"content-encoding": "gzip"})

    assert status == 400


def raw(gateway: Any, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as connection:
        connection.sendall(request)
        connection.settimeout(5)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
                if b"\r\n\r\n" in answer:
                    break
        except (TimeoutError, ConnectionError):
            pass
    return answer


def lines(gateway: Any, *extra: bytes, path: bytes = b"/v1/chat/completions", body: bytes = GOOD) -> bytes:
    key = b"authorization: Bearer " + gateway.keys["app"].encode()
    kind = b"content-type: application/json"
    return b"\r\n".join([b"POST " + path + b" HTTP/1.1", b"host: x", key, kind, *extra, b"", b""]) + body


def length(body: bytes = GOOD) -> bytes:
    return b"content-length: " + str(len(body)).encode()


@pytest.mark.parametrize(
    "extra",
    [
        (length(), b"transfer-encoding: chunked"),
        (length(), length(GOOD + b"x")),
        (b"content-length: -1",),
        (b"content-length: x",),
        (b"transfer-encoding: chunked, identity",),
        (b"transfer-encoding: gzip, chunked",),
        (length(), b"host: y"),
        (length(), b"authorization: Bearer other"),
        (length(), b"x: " + b"y" * 70_000),
        (length(), b" folded: line"),
        (length(), b"bad header"),
    ],
    ids=lambda extra: extra[-1][:24].decode(),
)
def test_a_malformed_head_is_refused_or_closed(gateway: Any, extra: tuple[bytes, ...]) -> None:
    answer = raw(gateway, lines(gateway, *extra))

    assert answer == b"" or b" 4" in answer[:13], answer[:200]
    assert gateway.backend.received == []


def test_a_malformed_chunk_is_not_forwarded(gateway: Any) -> None:
    answer = raw(gateway, lines(gateway, b"transfer-encoding: chunked", body=b"zz\r\n" + GOOD + b"\r\n0\r\n\r\n"))

    assert answer == b"" or b" 4" in answer[:13], answer[:200]
    assert gateway.backend.received == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/moderations",
        "/v1/",
        "/tokenize",
        "/v1/chat/completions/batch",
        "/invocations",
        "/v1/chat/../models/x",
        "/metrics/x",
        "//v1/chat/completions",
        "/v1/chat%2fcompletions",
        "/v1/chat/completions/",
    ],
)
def test_every_other_path_is_unknown(gateway: Any, path: str) -> None:
    status, _, body = gateway.call("POST", path, {})

    assert status in {404, 405}
    assert json.loads(body)
    assert gateway.backend.received == []


def test_another_method_is_refused(gateway: Any) -> None:
    status, _, body = gateway.call("GET", "/v1/chat/completions")

    assert (status, json.loads(body)["error"]["code"]) == (405, "method_not_allowed")


def test_client_headers_do_not_reach_the_backend(gateway: Any) -> None:
    gateway.call(
        "POST",
        "/v1/chat/completions",
        raw=GOOD,
        **{
            "x-request-id": "MARK",
            "x-session-id": "MARK",
            "cookie": "MARK",
            "x-vllm-priority": "MARK",
            "user-agent": "MARK",
        },
    )

    assert len(gateway.backend.received) == 1
    assert b"MARK" not in bytes(gateway.backend.raw)
    assert gateway.keys["app"].encode() not in bytes(gateway.backend.raw)
