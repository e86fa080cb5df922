import json
from typing import Any

import pytest

from gateway.core.content import PartKind
from gateway.core.errors import BackendProtocolError, BackendUnavailable
from gateway.core.sensitive import Sensitive
from gateway.protocols.anthropic_messages import MessagesLens
from gateway.protocols.messages_reply import carrier, read_count, read_event, read_reply

CONTENT = [
    {"type": "thinking", "thinking": "hm", "signature": "SECRET"},
    {"type": "text", "text": "Dear <PERSON_1>", "citations": [{"cited_text": "SECRET"}]},
    {"type": "tool_use", "id": "toolu-1", "name": "send", "input": {"<PERSON_1>": ["x", 1]}, "caller": {"SECRET": 1}},
]
USAGE = {"input_tokens": 3, "output_tokens": 4, "cache_read_input_tokens": 2, "cache_creation_input_tokens": 1}
REPLY = {
    "id": "chatcmpl-SECRET", "type": "message", "role": "SECRET", "model": "tiny-moe", "content": CONTENT,
    "stop_reason": "stop_sequence", "stop_sequence": "café", "kv_transfer_params": {"remote": "SECRET"}, "SECRET": 1,
    "usage": {**USAGE, "service_tier": "SECRET", "SECRET": 1},
}  # fmt: skip


def raw(value: Any) -> bytes:
    return json.dumps(value).encode()


def event(type_: str, **fields: Any) -> bytes:
    return raw({"type": type_, **fields})


def start(**block: Any) -> bytes:
    return event("content_block_start", index=2, content_block=block)


def delta(**fields: Any) -> bytes:
    return event("content_block_delta", index=2, delta=fields)


def message_delta(**fields: Any) -> bytes:
    return event("message_delta", delta=fields, usage={"output_tokens": 4})


def deltas(data: bytes) -> list[tuple[str, str, str]]:
    return [
        (delta.channel, delta.kind.value, delta.text.reveal()) for delta in read_event(data, json_content=False).deltas
    ]


def closes(data: bytes) -> tuple[str, ...]:
    return read_event(data, json_content=False).closes


def told(data: bytes) -> Any:
    parsed = read_event(data, json_content=False)
    frame = MessagesLens().write_event(parsed, [delta.text for delta in parsed.deltas])
    return json.loads(frame.partition(b"\ndata: ")[2])


def test_text_of_a_message_stands_in_six_places() -> None:
    reply = read_reply(raw(REPLY), json_content=False)

    assert [(s.pointer, s.kind.value, s.text.reveal()) for s in reply.segments] == [
        ("/content/0/thinking", "text", "hm"),
        ("/content/1/text", "text", "Dear <PERSON_1>"),
        ("/content/2/id", "name", "toolu-1"),
        ("/content/2/name", "name", "send"),
        ("/content/2/arguments", "arguments", '{"<PERSON_1>":["x",1]}'),
        ("/stop_sequence", "text", "café"),
    ]
    assert reply.usage == USAGE


def test_nothing_else_passes() -> None:
    reply = read_reply(raw(REPLY), json_content=False)
    written = json.loads(MessagesLens().write_reply(reply, [segment.text for segment in reply.segments]))

    assert "SECRET" not in json.dumps(written)
    assert (written["usage"], written["role"], written["stop_reason"]) == (USAGE, "assistant", "stop_sequence")
    assert written["content"][0] == {"type": "thinking", "thinking": "hm", "signature": ""}
    assert written["content"][2] == {"type": "tool_use", "id": "toolu-1", "name": "send", "input": CONTENT[2]["input"]}


def test_a_message_that_did_not_say_why_it_ended_or_what_it_took_is_one() -> None:
    reply = read_reply(raw({"type": "message", "content": [{"type": "text", "text": ""}]}), json_content=False)
    written = json.loads(MessagesLens().write_reply(reply, []))

    assert (written["stop_reason"], written["stop_sequence"]) == (None, None)
    assert written["usage"] == {"input_tokens": 0, "output_tokens": 0}
    assert written["content"] == [{"type": "text", "text": ""}]


def test_json_content_is_of_the_kind_that_is_escaped() -> None:
    kinds = [segment.kind for segment in read_reply(raw(REPLY), json_content=True).segments]

    assert kinds[:2] == [PartKind.TEXT, PartKind.ARGUMENTS]
    assert read_event(delta(type="text_delta", text="x"), json_content=True).deltas[0].kind is PartKind.ARGUMENTS


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "error"}, {"type": None}, {"content": None}, {"content": "SECRET"}, {"content": ["SECRET"]},
        {"content": [{"type": "image"}]}, {"content": [{"type": ["text"]}]}, {"content": [{"type": "redacted_thinking", "data": "x"}]},
        {"content": [{"type": "text"}]}, {"content": [{"type": "text", "text": {"SECRET": 1}}]},
        {"content": [{"type": "tool_use", "id": "1", "name": "f"}]}, {"content": [{"type": "tool_use", "id": "1", "name": "f", "input": "{}"}]},
        {"content": [{"type": "tool_use", "id": "1", "input": {}}]}, {"stop_reason": "SECRET"}, {"stop_reason": ["end_turn"]},
        {"stop_sequence": 7},
    ],
)  # fmt: skip
def test_another_shape_is_the_servers_error(changes: dict[str, Any]) -> None:
    with pytest.raises(BackendProtocolError) as caught:
        read_reply(raw(REPLY | changes), json_content=False)
    assert "SECRET" not in caught.value.message


def test_a_count_is_a_number_and_nothing_else() -> None:
    reply = read_count(raw({"input_tokens": 21, "context_management": {"SECRET": 1}}))

    assert (reply.body, reply.segments, reply.usage) == ({"input_tokens": 21}, (), {})


@pytest.mark.parametrize("body", [{}, {"input_tokens": "21"}, {"input_tokens": True}, {"input_tokens": -1}, []])
def test_a_count_that_is_none_is_the_servers_error(body: Any) -> None:
    with pytest.raises(BackendProtocolError):
        read_count(raw(body))


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (event("ping"), []),
        (start(type="text", text=""), []),
        (start(type="text", text="x"), [("2/text", "text", "x")]),
        (start(type="thinking", thinking=""), []),
        (start(type="tool_use", id="c", name="f", input={}), [("2/id", "name", "c"), ("2/name", "name", "f")]),
        (delta(type="text_delta", text="x"), [("2/text", "text", "x")]),
        (delta(type="thinking_delta", thinking="x"), [("2/thinking", "text", "x")]),
        (delta(type="input_json_delta", partial_json='{"'), [("2/arguments", "arguments", '{"')]),
        (delta(type="signature_delta", signature="SECRET"), []),
        (event("content_block_stop", index=2), []),
        (message_delta(stop_reason="stop_sequence", stop_sequence="é"), [("stop_sequence", "text", "é")]),
        (event("message_stop"), []),
    ],
)
def test_what_an_event_brings(data: bytes, found: list[tuple[str, str, str]]) -> None:
    assert deltas(data) == found


def test_signatures_are_empty() -> None:
    assert told(delta(type="signature_delta", signature="SECRET"))["delta"] == {
        "type": "signature_delta",
        "signature": "",
    }
    assert told(start(type="thinking", thinking=""))["content_block"]["signature"] == ""


def test_channels_end_with_their_block_and_the_message_ends_all() -> None:
    stop = read_event(event("content_block_stop", index=2), json_content=False)

    assert (stop.ends("2/text"), stop.ends("2/arguments"), stop.ends("20/text")) == (True, True, False)
    assert closes(start(type="tool_use", id="c", name="f", input={})) == ("2/id", "2/name")
    assert closes(start(type="text", text="x")) == closes(delta(type="text_delta", text="x")) == ()
    assert closes(message_delta(stop_reason="end_turn")) == closes(event("message_stop")) == ("",)
    assert read_event(event("message_stop"), json_content=False).done


def test_usage_is_read_off_the_events_that_have_it() -> None:
    message = {"type": "message", "content": [], "model": "m", "usage": {"input_tokens": 3, "x": "SECRET"}}
    began = event("message_start", message=message)

    assert read_event(began, json_content=False).usage == {"input_tokens": 3}
    assert told(began)["message"]["usage"] == {"input_tokens": 3, "output_tokens": 0}
    assert read_event(message_delta(), json_content=False).usage == {"output_tokens": 4}
    assert told(message_delta())["usage"] == {"output_tokens": 4}
    assert read_event(event("ping"), json_content=False).usage == {}


def test_the_servers_error_ends_the_stream_without_its_text() -> None:
    with pytest.raises(BackendUnavailable) as caught:
        read_event(event("error", error={"type": "internal_error", "message": "SECRET"}), json_content=False)
    assert "SECRET" not in caught.value.message


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"[DONE]", b"{}", event("SECRET"), raw({"type": ["ping"]}), event("message_start"),
        event("message_start", message={"type": "message", "content": [{"type": "text", "text": "SECRET"}]}),
        event("message_start", message="SECRET"), start(type="image"), start(type="text"),
        start(type="tool_use", id="c", name="f", input={"SECRET": 1}), delta(type="citations_delta"), delta(), delta(type=[]),
        delta(type="text_delta"), delta(type="text_delta", text=["SECRET"]), event("content_block_stop", index="SECRET"),
        message_delta(stop_reason="SECRET"),
    ],
)  # fmt: skip
def test_another_event_is_the_servers_mistake(data: bytes) -> None:
    with pytest.raises(BackendProtocolError) as caught:
        read_event(data, json_content=False)
    assert "SECRET" not in caught.value.message


@pytest.mark.parametrize(
    ("channel", "delta"),
    [
        ("2/text", {"type": "text_delta", "text": "Alma"}),
        ("2/thinking", {"type": "thinking_delta", "thinking": "Alma"}),
        ("2/arguments", {"type": "input_json_delta", "partial_json": "Alma"}),
    ],
)
def test_held_back_text_travels_in_a_delta_of_its_block(channel: str, delta: dict[str, str]) -> None:
    frame = MessagesLens().write_event(carrier(channel, Sensitive("Alma")), [Sensitive("Alma")])
    body = frame.removeprefix(b"event: content_block_delta\ndata: ")

    assert json.loads(body) == {"type": "content_block_delta", "index": 2, "delta": delta}
    assert deltas(body)[0][::2] == (channel, "Alma")
