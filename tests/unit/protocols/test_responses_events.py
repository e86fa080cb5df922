import json
from typing import Any

import pytest
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from gateway.core.errors import BackendProtocolError, BackendUnavailable
from gateway.core.sensitive import Sensitive
from gateway.protocols import ResponsesLens
from gateway.protocols.responses_events import carrier, read_event

LENS = ResponsesLens()
SDK: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
MESSAGE = {"id": "msg_SECRET", "type": "message", "content": [{"type": "output_text", "text": "Hi"}]}
CALL = {"id": "fc_SECRET", "type": "function_call", "name": "send", "call_id": "c", "arguments": "{}"}
AT = {"output_index": 1, "item_id": "SECRET", "obfuscation": "SECRET", "logprobs": [{"token": "SECRET"}]}
TEXT = {**AT, "content_index": 2}
SUMMARY = {**AT, "summary_index": 2}
EVENTS: list[tuple[str, dict[str, Any], list[tuple[str, str, str]], tuple[str, ...]]] = [
    ("output_text.delta", {**TEXT, "delta": "x"}, [("1/2/output_text", "text", "x")], ()),
    ("output_text.done", {**TEXT, "text": "x"}, [("again/1/2/output_text", "text", "x")], ("1/2/output_text",)),
    ("refusal.delta", {**TEXT, "delta": "x"}, [("1/2/refusal", "text", "x")], ()),
    ("refusal.done", {**TEXT, "refusal": "x"}, [("again/1/2/refusal", "text", "x")], ("1/2/refusal",)),
    ("reasoning_text.delta", {**TEXT, "delta": "x"}, [("1/2/reasoning_text", "text", "x")], ()),
    (
        "reasoning_text.done",
        {**TEXT, "text": "x"},
        [("again/1/2/reasoning_text", "text", "x")],
        ("1/2/reasoning_text",),
    ),
    ("reasoning_summary_text.delta", {**SUMMARY, "delta": "x"}, [("1/2/summary_text", "text", "x")], ()),
    (
        "reasoning_summary_text.done",
        {**SUMMARY, "text": "x"},
        [("again/1/2/summary_text", "text", "x")],
        ("1/2/summary_text",),
    ),
    ("function_call_arguments.delta", {**AT, "delta": "{"}, [("1/arguments", "arguments", "{")], ()),
    (
        "function_call_arguments.done",
        {**AT, "arguments": "{}", "name": "SECRET"},
        [("1/arguments_again", "arguments", "{}")],
        ("1/arguments",),
    ),
    ("content_part.added", {**TEXT, "part": {"type": "output_text", "text": ""}}, [], ()),
    (
        "content_part.done",
        {**TEXT, "part": {"type": "reasoning_text", "text": "x"}},
        [("again/1/2/reasoning_text", "text", "x")],
        ("1/2/reasoning_text",),
    ),
    ("reasoning_summary_part.added", {**SUMMARY, "part": {"type": "summary_text", "text": ""}}, [], ()),
    (
        "reasoning_summary_part.done",
        {**SUMMARY, "part": {"type": "summary_text", "text": "x"}},
        [("again/1/2/summary_text", "text", "x")],
        ("1/2/summary_text",),
    ),
    (
        "output_item.added",
        {**AT, "item": CALL | {"arguments": ""}},
        [("1/name", "name", "send"), ("1/call_id", "name", "c")],
        ("1/name", "1/call_id"),
    ),
    ("output_item.done", {**AT, "item": MESSAGE}, [("again/1/0/output_text", "text", "Hi")], ("1",)),
    (
        "output_item.done",
        {**AT, "item": CALL},
        [("again/1/name", "name", "send"), ("again/1/call_id", "name", "c"), ("again/1/arguments", "arguments", "{}")],
        ("1",),
    ),
    ("created", {"response": {"status": "in_progress", "output": [], "instructions": "SECRET"}}, [], ()),
    ("in_progress", {"response": {"status": "in_progress", "output": [], "user": "SECRET"}}, [], ()),
    (
        "completed",
        {"response": {"status": "completed", "output": [MESSAGE], "tools": ["SECRET"]}},
        [("again/0/0/output_text", "text", "Hi")],
        ("",),
    ),
    ("incomplete", {"response": {"status": "incomplete", "output": [], "metadata": "SECRET"}}, [], ("",)),
]


def raw(kind: str, **fields: Any) -> bytes:
    return json.dumps({"type": kind, "sequence_number": 9, "SECRET": "SECRET", **fields}).encode()


@pytest.mark.parametrize(("kind", "fields", "found", "closes"), EVENTS)
def test_what_an_event_brings(
    kind: str, fields: dict[str, Any], found: list[tuple[str, str, str]], closes: tuple[str, ...]
) -> None:
    event = read_event(raw(f"response.{kind}", **fields), json_content=False)

    assert [(delta.channel, delta.kind.value, delta.text.reveal()) for delta in event.deltas] == found
    assert event.closes == closes
    assert event.done is (kind in {"completed", "incomplete"})
    whole = kind.endswith(".done") or kind in {"completed", "incomplete"}
    assert all(delta.repeated is whole for delta in event.deltas)


@pytest.mark.parametrize(("kind", "fields", "found", "closes"), EVENTS)
def test_an_event_is_made_anew_and_the_sdk_reads_it(
    kind: str, fields: dict[str, Any], found: list[Any], closes: tuple[str, ...]
) -> None:
    event = read_event(raw(f"response.{kind}", **fields), json_content=False)
    frame = LENS.write_event(event, [delta.text for delta in event.deltas])
    named, _, data = frame.partition(b"\ndata: ")

    assert named == f"event: response.{kind}".encode()
    assert b"SECRET" not in frame
    read = SDK.validate_json(data)
    assert (read.type, read.sequence_number) == (f"response.{kind}", 9)
    assert len(event.deltas) == len(found)
    assert len(event.closes) == len(closes)


@pytest.mark.parametrize("name", ["output_text.delta", "output_text.done", "content_part.done", "completed"])
def test_a_document_is_restored_as_one(name: str) -> None:
    fields = next(fields for kind, fields, _, _ in EVENTS if kind == name)
    fields = fields | ({"part": {"type": "output_text", "text": "x"}} if "part" in fields else {})
    event = read_event(raw(f"response.{name}", **fields), json_content=True)

    assert [delta.kind.value for delta in event.deltas] == ["arguments"]


def test_a_text_that_comes_with_its_beginning_is_the_first_piece() -> None:
    part = {**TEXT, "part": {"type": "output_text", "text": "x"}}
    events = [
        read_event(raw("response.content_part.added", **part), json_content=False),
        read_event(raw("response.output_item.added", **AT, item=CALL), json_content=False),
    ]

    assert [event.deltas[-1].channel for event in events] == ["1/2/output_text", "1/arguments"]
    assert not any(delta.repeated for event in events for delta in event.deltas)


def test_counts_come_with_the_last_event() -> None:
    ended = {"status": "completed", "output": [], "usage": {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}}

    event = read_event(raw("response.completed", response=ended), json_content=False)

    assert event.usage == {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}


@pytest.mark.parametrize("kind", ["response.failed", "error"])
def test_the_servers_error_ends_the_stream_without_its_text(kind: str) -> None:
    with pytest.raises(BackendUnavailable) as caught:
        read_event(raw(kind, message="SECRET", response={"error": {"message": "SECRET"}}), json_content=False)
    assert "SECRET" not in caught.value.message
    with pytest.raises(BackendUnavailable):
        read_event(b'{"error":{"message":"SECRET","code":500}}', json_content=False)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[DONE]", b"[]", b"{}", b'{"type":7}', b'{"type":["error"]}', b'{"type":"SECRET"}',
        raw("response.output_text"), raw("response.output_text.added", **TEXT), raw("response.output_item.delta", **AT),
        raw("response.mcp_call_arguments.delta", delta="SECRET"), raw("response.custom_tool_call_input.delta", delta="SECRET"),
        raw("response.code_interpreter_call_code.delta", delta="SECRET"),
        raw("response.output_text.annotation.added", annotation={"title": "SECRET"}),
        raw("response.output_text.delta", **TEXT | {"delta": {"SECRET": 1}}),
        raw("response.output_text.delta", **TEXT | {"content_index": "SECRET"}),
        raw("response.output_text.delta", **TEXT | {"output_index": -1}), raw("response.content_part.done", **TEXT),
        raw("response.content_part.done", **TEXT, part={"type": "SECRET"}), raw("response.output_item.done", **AT),
        raw("response.completed"), raw("response.completed", response={"status": "completed"}),
        raw("response.completed", response={"status": "in_progress", "output": []}),
    ],
)  # fmt: skip
def test_another_event_is_the_servers_mistake(data: bytes) -> None:
    with pytest.raises(BackendProtocolError) as caught:
        read_event(data, json_content=False)
    assert "SECRET" not in caught.value.message


@pytest.mark.parametrize(("kind", "fields", "found", "closes"), [event for event in EVENTS if ".delta" in event[0]])
def test_held_back_text_travels_in_an_event_of_its_own(
    kind: str, fields: dict[str, Any], found: list[tuple[str, str, str]], closes: tuple[str, ...]
) -> None:
    last = read_event(raw("response.completed", response={"status": "completed", "output": []}), json_content=False)
    channel = found[0][0]
    written = LENS.write_event(carrier(last, channel, Sensitive("Alma")), [Sensitive("Alma")])
    again = read_event(written.partition(b"data: ")[2].strip(), json_content=False)

    assert [(delta.channel, delta.text.reveal()) for delta in again.deltas] == [(channel, "Alma")]
    read = SDK.validate_json(written.partition(b"data: ")[2])
    assert (read.type, read.sequence_number, read.delta) == (f"response.{kind}", 9, "Alma")
    assert fields["output_index"] == read.output_index
    assert closes == ()
