"""OpenAI's embeddings, taken apart and put together again."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from gateway.core.errors import BackendProtocolError, ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols import EmbeddingsLens
from gateway.protocols.lens import ParsedEvent

LENS = EmbeddingsLens()
EXCHANGE = uuid.UUID(int=7 << 76 | 2 << 62)
EVENT = ParsedEvent(body=None, deltas=(), closes=(), usage={})


def request(**given: Any) -> bytes:
    return json.dumps({"model": "m", "input": "Dear Maria", **given}).encode()


def body(*vectors: Any, **given: Any) -> bytes:
    data = [{"index": at, "object": "embedding", "embedding": vector} for at, vector in enumerate(vectors)]
    return json.dumps({"id": "embd-1", "object": "list", "created": 3, "model": "m", "data": data, **given}).encode()


@pytest.mark.parametrize(("given", "texts"), [("a", ["a"]), (["a", "b"], ["a", "b"])])
def test_what_is_embedded_is_text(given: Any, texts: list[str]) -> None:
    asked = LENS.request(request(input=given, encoding_format="base64", dimensions=8))

    assert [segment.text.reveal() for segment in asked.segments] == texts
    assert not asked.streamed
    written = json.loads(LENS.write(asked, [Sensitive("x") for _ in texts], cache_salt="ours"))
    assert written == {
        "model": "m",
        "input": "x" if isinstance(given, str) else ["x", "x"],
        "encoding_format": "base64",
        "dimensions": 8,
        "cache_salt": "ours",
    }


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"input": [1, 2]}, "/input/0"),
        ({"input": [[1, 2]]}, "/input/0"),
        ({"input": [{"role": "user", "content": "Maria"}]}, "/input/0"),
        ({"messages": [{"role": "user", "content": "Maria"}]}, "/messages"),
        ({"encoding_format": "bytes"}, "/encoding_format"),
        ({"stream": True}, ""),
        ({"priority": 1}, "/priority"),
    ],
)
def test_what_is_refused_is_named(given: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ProtocolError) as raised:
        LENS.request(request(**given))

    assert raised.value.pointer == pointer
    assert "Maria" not in raised.value.message


@pytest.mark.parametrize("vector", [[0.25, -1, 1e-7], "AAAAvwAAgD8="])
def test_a_vector_passes_as_it_is(vector: Any) -> None:
    reply = LENS.reply(body(vector, usage={"prompt_tokens": 3, "total_tokens": 3}, secret="Maria"))

    assert (reply.segments, reply.usage) == ((), {"prompt_tokens": 3, "total_tokens": 3})
    written = json.loads(LENS.write_reply(reply, [], exchange=EXCHANGE))
    assert written["data"] == [{"index": 0, "object": "embedding", "embedding": vector}]
    assert written["id"] == f"embd-{EXCHANGE}"
    assert "secret" not in written


@pytest.mark.parametrize("vector", [["Maria"], "Maria Gonzalez", {"a": 1}, [True], [[0.5]], None])
def test_what_is_no_vector_is_the_servers_mistake(vector: Any) -> None:
    with pytest.raises(BackendProtocolError):
        LENS.reply(body(vector))


def test_there_is_no_stream() -> None:
    with pytest.raises(BackendProtocolError):
        LENS.event(b"[DONE]")
    with pytest.raises(BackendProtocolError):
        LENS.flush_event(EVENT, "0", Sensitive("x"))
