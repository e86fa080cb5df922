"""Anthropic's Messages protocol, taken apart and put together again."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from gateway.core.errors import BackendProtocolError, BackendUnavailable, ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols import CountTokensLens, MessagesLens

LENS, COUNT = MessagesLens(), CountTokensLens()
EXCHANGE = uuid.UUID(int=7 << 76 | 2 << 62)
ASKED = {"model": "m", "messages": [{"role": "user", "content": "Dear Maria"}]}


def request(**fields: Any) -> bytes:
    return json.dumps({**ASKED, "max_tokens": 9, **fields}).encode()


def event(type_: str, **fields: Any) -> bytes:
    return json.dumps({"type": type_, **fields}).encode()


def test_what_is_written_is_what_was_read(root: Path) -> None:
    raw = (root / "tests/vectors/messages_request.json").read_bytes()
    asked = LENS.request(raw)
    written = json.loads(LENS.write(asked, [segment.text for segment in asked.segments]))

    left = {name: value for name, value in json.loads(raw).items() if f"/{name}" not in asked.dropped}
    assert written.keys() == left.keys()
    assert {written[name] == left[name] for name in ("tool_choice", "thinking", "output_config", "metadata")} == {True}
    assert written["messages"][1]["content"][3]["input"] == left["messages"][1]["content"][3]["input"]
    assert (asked.model, asked.streamed, asked.json_content) == ("tiny-moe", True, True)


def test_texts_are_put_where_they_were_and_the_salt_is_the_gateways() -> None:
    asked = LENS.request(request(system="Serve Maria", cache_salt="theirs"))
    written = json.loads(
        LENS.write(asked, [Sensitive("Dear <PERSON_1>"), Sensitive("Serve <PERSON_1>")], cache_salt="ours")
    )

    assert asked.dropped == ("/cache_salt",)
    assert written == {
        "model": "m",
        "messages": [{"role": "user", "content": "Dear <PERSON_1>"}],
        "max_tokens": 9,
        "system": "Serve <PERSON_1>",
        "cache_salt": "ours",
    }


def test_the_names_of_declared_tools_are_known() -> None:
    tools = [{"name": "send", "input_schema": {}}, {"name": "get", "input_schema": {}}]

    assert LENS.request(request(tools=tools)).tools.reveal() == {"send", "get"}
    assert LENS.request(request(tools=None)).tools.reveal() == frozenset()


@pytest.mark.parametrize(
    ("config", "asks"),
    [
        (None, False), ({"effort": "low"}, False), ({"format": None}, False), ({"format": {"schema": {}}}, False),
        ({"format": {"type": "json_schema", "schema": {"type": "object"}}}, True),
    ],
)  # fmt: skip
def test_a_schema_asks_for_a_document(config: Any, *, asks: bool) -> None:
    assert LENS.request(request(output_config=config)).json_content == asks


@pytest.mark.parametrize(("lens", "needed"), [(LENS, {"max_tokens": 9}), (COUNT, {})])
def test_options_of_a_template_do_not_steer(lens: Any, needed: dict[str, int]) -> None:
    with pytest.raises(ProtocolError, match="steer"):
        lens.request(json.dumps({**ASKED, **needed, "chat_template_kwargs": {"tokenize": True}}).encode())


def test_a_reply_is_made_anew() -> None:
    used = {"type": "tool_use", "id": "c", "name": "send", "input": {"to": "<PERSON_1>"}}
    content = [{"type": "text", "text": "Hi <PERSON_1>"}, used]
    reply = LENS.reply(
        json.dumps({"type": "message", "model": "m", "content": content, "stop_reason": "tool_use"}).encode()
    )
    texts = [Sensitive(text) for text in ("Hi Maria", "c", "send", '{"to":"Maria \\"M\\""}')]

    assert json.loads(LENS.write_reply(reply, texts, exchange=EXCHANGE)) == {
        "id": f"msg_{EXCHANGE}",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": "Hi Maria"}, {**used, "input": {"to": 'Maria "M"'}}],
        "stop_reason": "tool_use",
        "stop_sequence": None,
        "usage": {"input_tokens": 0, "output_tokens": 0},
    }


def test_a_stream_begins_with_the_exchanges_id() -> None:
    message = {"id": "chatcmpl-1", "type": "message", "role": "assistant", "content": [], "model": "m"}
    frame = LENS.write_event(LENS.event(event("message_start", message=message)), [], exchange=EXCHANGE)
    name, _, data = frame.partition(b"\ndata: ")

    assert name == b"event: message_start"
    assert data.endswith(b"}\n\n")
    assert json.loads(data)["message"] == message | {
        "id": f"msg_{EXCHANGE}",
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 0, "output_tokens": 0},
    }


def test_what_was_held_back_leaves_as_a_delta_of_its_block() -> None:
    stop = LENS.event(event("content_block_stop", index=3))

    assert LENS.flush_event(stop, "3/text", Sensitive("<PERSON"), exchange=EXCHANGE) == (
        b"event: content_block_delta\n"
        b'data: {"type":"content_block_delta","index":3,"delta":{"type":"text_delta","text":"<PERSON"}}\n\n'
    )


def test_the_end_mark_and_errors() -> None:
    end = LENS.event(event("message_stop"))

    assert (end.done, LENS.write_event(end, [])) == (True, b'event: message_stop\ndata: {"type":"message_stop"}\n\n')
    assert LENS.write_event(LENS.event(event("ping")), []) == b'event: ping\ndata: {"type":"ping"}\n\n'
    with pytest.raises(BackendUnavailable):
        LENS.event(event("error", error={"type": "internal_error", "message": "Maria"}))
    with pytest.raises(BackendProtocolError):
        LENS.reply(event("error", error={"type": "BadRequestError", "message": "Maria"}))


@pytest.mark.parametrize("lens", [LENS, COUNT])
def test_an_error_has_anthropics_shape(lens: Any) -> None:
    told = lens.error(ProtocolError("x"))

    error = {"type": "invalid_request_error", "message": "The request is not valid. x", "code": "invalid_request"}
    assert json.loads(told) == {"type": "error", "error": error}
    assert lens.error_event(ProtocolError("x")) == b"event: error\ndata: " + told + b"\n\n"


def test_a_count_is_asked_for_and_told_whole() -> None:
    asked = COUNT.request(json.dumps({**ASKED, "cache_salt": "theirs"}).encode())
    reply = COUNT.reply(b'{"input_tokens":21,"context_management":{"original_input_tokens":21}}')

    assert not asked.streamed
    assert json.loads(COUNT.write(asked, [Sensitive("Dear <PERSON_1>")], cache_salt="ours")) == {
        "model": "m",
        "messages": [{"role": "user", "content": "Dear <PERSON_1>"}],
    }
    assert COUNT.write_reply(reply, [], exchange=EXCHANGE) == b'{"input_tokens":21}'
    with pytest.raises(BackendProtocolError):
        COUNT.event(event("ping"))
