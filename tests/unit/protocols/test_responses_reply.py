import json
from typing import Any

import pytest
from openai.types.responses import Response

from gateway.core.errors import BackendProtocolError, BackendUnavailable
from gateway.protocols import ResponsesLens
from gateway.protocols.responses_items import ItemTaker
from gateway.protocols.responses_reply import read_reply, response, totals

USAGE = {
    "input_tokens": 3, "output_tokens": 4, "total_tokens": 7,
    "input_tokens_details": {"cached_tokens": 2, "cache_write_tokens": 0, "input_tokens_per_turn": [3], "SECRET": 1},
    "output_tokens_details": {"reasoning_tokens": 1, "tool_output_tokens": 0},
}  # fmt: skip
REPLY = {
    "id": "resp_SECRET", "object": "SECRET", "created_at": 17, "model": "tiny-moe", "status": "completed",
    "incomplete_details": None, "instructions": "SECRET", "metadata": {"SECRET": "SECRET"}, "user": "SECRET",
    "tools": [{"type": "function", "name": "SECRET"}], "tool_choice": {"type": "function", "name": "SECRET"},
    "text": {"format": {"type": "json_schema", "name": "SECRET"}}, "reasoning": {"effort": "SECRET"},
    "previous_response_id": "SECRET", "prompt": {"id": "SECRET"}, "service_tier": "SECRET", "truncation": "SECRET",
    "input_messages": [{"message": "SECRET"}], "output_messages": [{"message": "SECRET"}], "metrics": {"SECRET": 1},
    "kv_transfer_params": {"SECRET": 1}, "SECRET": "SECRET", "parallel_tool_calls": False, "usage": USAGE,
    "output": [
        {"id": "msg_SECRET", "type": "message", "content": [{"type": "output_text", "text": "Dear <PERSON_1>"}]},
        {"type": "function_call", "name": "send", "call_id": "c", "arguments": "{}"},
    ],
}  # fmt: skip


def raw(**fields: Any) -> bytes:
    return json.dumps(REPLY | fields).encode()


def test_texts_of_a_reply_have_their_places() -> None:
    reply = read_reply(raw(), json_content=False)

    assert [(segment.pointer, segment.text.reveal()) for segment in reply.segments] == [
        ("/output/0/content/0/text", "Dear <PERSON_1>"),
        ("/output/1/name", "send"),
        ("/output/1/call_id", "c"),
        ("/output/1/arguments", "{}"),
    ]
    assert reply.usage == {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}


def test_nothing_of_the_request_comes_back_and_the_sdk_reads_the_rest() -> None:
    reply = read_reply(raw(), json_content=False)
    written = ResponsesLens().write_reply(reply, [segment.text for segment in reply.segments])

    assert b"SECRET" not in written
    read = Response.model_validate_json(written)
    assert (read.output_text, read.tools, read.metadata, read.tool_choice) == ("Dear <PERSON_1>", [], {}, "auto")
    assert read.parallel_tool_calls is False
    assert read.usage is not None
    assert (read.usage.total_tokens, read.usage.input_tokens_details.cached_tokens) == (7, 2)


@pytest.mark.parametrize(
    ("details", "why"),
    [
        ({"reason": "content_filter"}, {"reason": "content_filter"}),
        ({"reason": "SECRET"}, {"reason": "max_output_tokens"}),
        (None, None),
    ],
)
def test_a_reply_that_was_cut_says_why(details: Any, why: Any) -> None:
    reply = read_reply(raw(status="incomplete", incomplete_details=details), json_content=False)
    written = json.loads(ResponsesLens().write_reply(reply, [segment.text for segment in reply.segments]))

    assert (written["status"], written["incomplete_details"]) == ("incomplete", why)


@pytest.mark.parametrize(
    "fields",
    [{"status": None}, {"status": "in_progress"}, {"status": "SECRET"}, {"status": ["completed"]}, {"output": None},
     {"output": {}}, {"output": ["SECRET"]}],
)  # fmt: skip
def test_another_shape_is_the_servers_error(fields: dict[str, Any]) -> None:
    with pytest.raises(BackendProtocolError) as caught:
        read_reply(raw(**fields), json_content=False)
    assert "SECRET" not in caught.value.message


def test_a_reply_that_failed_is_no_reply() -> None:
    with pytest.raises(BackendUnavailable) as caught:
        read_reply(raw(status="failed", error={"message": "SECRET"}), json_content=False)
    assert "SECRET" not in caught.value.message


def test_a_response_that_goes_on_has_no_counts() -> None:
    begun: dict[str, Any] = {"output": [], "status": "in_progress", "usage": None}

    assert response(ItemTaker(json_content=False), begun, "again/")["status"] == "in_progress"
    assert totals(begun) == {}


@pytest.mark.parametrize("count", [-1, 10**12 + 1, True, 1.5, "SECRET", None])
def test_a_count_that_is_none_is_0_for_the_sdk_needs_one(count: Any) -> None:
    assert totals({"usage": {"input_tokens": count, "output_tokens": 4}}) == {
        "input_tokens": 0,
        "output_tokens": 4,
        "total_tokens": 0,
    }
