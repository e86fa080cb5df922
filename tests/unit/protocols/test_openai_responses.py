"""OpenAI's Responses, taken apart and put together again, and their streams restored."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from openai.types.responses import Response, ResponseErrorEvent

from gateway.core.errors import BackendUnavailable, ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols import ResponsesLens

LENS = ResponsesLens()
EXCHANGE = uuid.UUID(int=7 << 76 | 2 << 62)
MESSAGE = {"type": "message", "content": [{"type": "output_text", "text": "Hi <PERSON_1>"}]}
CALL = {"type": "function_call", "name": "send", "call_id": "c", "arguments": "{}"}
BODY = {"id": "theirs", "model": "m", "created_at": 3, "status": "completed", "output": [MESSAGE, CALL]}


def request(**fields: Any) -> bytes:
    return json.dumps({"model": "m", "input": "Dear Maria", **fields}).encode()


def data_of(frame: bytes) -> Any:
    return json.loads(frame.partition(b"data: ")[2])


def test_what_is_written_is_what_was_read_but_for_the_gateways_own() -> None:
    asked = LENS.request(request(stream=True, cache_salt="theirs", store=None))
    written = json.loads(LENS.write(asked, [Sensitive("Dear <PERSON_1>")], cache_salt="ours"))

    assert written == {"model": "m", "input": "Dear <PERSON_1>", "stream": True, "store": False, "cache_salt": "ours"}
    assert (asked.model, asked.streamed, asked.json_content) == ("m", True, False)
    assert asked.dropped == ("/cache_salt", "/store")


def test_declared_tools_are_known_by_name() -> None:
    tools = [{"type": "function", "name": "send"}, {"type": "function", "name": "read", "parameters": {}}]

    assert LENS.request(request(tools=tools)).tools == Sensitive(frozenset({"send", "read"}))
    assert LENS.request(request(tools=None)).tools == Sensitive(frozenset())


@pytest.mark.parametrize(
    ("fields", "json_content"),
    [
        ({"text": None}, False),
        ({"text": {"verbosity": "low"}}, False),
        ({"text": {"format": {"type": "text"}}}, False),
        ({"text": {"format": {"type": "json_object"}}}, True),
        ({"text": {"format": {"type": "json_schema", "name": "x", "schema": {}}}}, True),
        ({"structured_outputs": {"json": {}}}, True),
        ({"structured_outputs": {"choice": ["x"]}}, False),
    ],
)
def test_who_asks_for_a_document(fields: dict[str, Any], json_content: bool) -> None:
    assert LENS.request(request(**fields)).json_content is json_content


def test_options_of_a_template_are_looked_at() -> None:
    with pytest.raises(ProtocolError, match="steer"):
        LENS.request(request(chat_template_kwargs={"tools": []}))


def test_a_reply_and_its_items_are_known_by_the_exchange() -> None:
    reply = LENS.reply(json.dumps(BODY).encode())
    written = LENS.write_reply(
        reply, [Sensitive("Hi Maria"), *(piece.text for piece in reply.segments[1:])], exchange=EXCHANGE
    )

    read = Response.model_validate_json(written)
    assert (read.id, read.output_text) == (f"resp_{EXCHANGE}", "Hi Maria")
    assert [item.id for item in read.output] == [f"msg_{EXCHANGE}_0", f"fc_{EXCHANGE}_1"]


def test_events_bear_the_same_ids_as_the_reply() -> None:
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": BODY | {"status": "in_progress", "output": []}},
        {"type": "response.output_item.added", "output_index": 1, "item": CALL},
        {"type": "response.function_call_arguments.delta", "output_index": 1, "item_id": "theirs", "delta": "{}"},
        {"type": "response.completed", "response": BODY},
    ]
    read = [LENS.event(json.dumps(event).encode()) for event in events]
    written = [
        data_of(LENS.write_event(event, [delta.text for delta in event.deltas], exchange=EXCHANGE)) for event in read
    ]

    assert {event["response"]["id"] for event in (written[0], written[3])} == {f"resp_{EXCHANGE}"}
    assert written[3]["response"]["output"][1]["id"] == f"fc_{EXCHANGE}_1"
    assert written[1]["item"]["id"] == written[2]["item_id"] == f"fc_{EXCHANGE}_1"


def test_what_was_held_back_leaves_in_an_event_of_its_own() -> None:
    done = {
        "type": "response.output_text.done",
        "sequence_number": 7,
        "output_index": 1,
        "content_index": 0,
        "text": "x",
    }
    frame = LENS.flush_event(
        LENS.event(json.dumps(done).encode()), "1/0/output_text", Sensitive("<PER"), exchange=EXCHANGE
    )

    assert frame.startswith(b"event: response.output_text.delta\ndata: ")
    assert data_of(frame) == {
        "type": "response.output_text.delta", "sequence_number": 7, "item_id": f"msg_{EXCHANGE}_1", "output_index": 1,
        "content_index": 0, "delta": "<PER", "logprobs": [],
    }  # fmt: skip


def test_an_error_has_the_shape_of_its_place() -> None:
    error = BackendUnavailable("It is gone.")
    frame = LENS.error_event(error)

    assert json.loads(LENS.error(error))["error"]["code"] == "backend_unavailable"
    assert frame.startswith(b"event: error\ndata: ")
    read = ResponseErrorEvent.model_validate(data_of(frame))
    assert (read.code, read.message, read.sequence_number) == ("backend_unavailable", error.message, 0)
