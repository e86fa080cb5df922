import pytest

from gateway.protocols import ChatLens, CountTokensLens, EmbeddingsLens, MessagesLens, ResponsesLens
from gateway.protocols.coverage import Treatment
from gateway.protocols.observed import event_rows, event_treatments, reply_rows, reply_treatments


def chat(message: dict[str, object], **fields: object) -> dict[str, object]:
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"object": "chat.completion", "model": "m", "choices": [choice], **fields}


def test_a_text_is_restored_and_what_is_on_no_list_is_left_out() -> None:
    seen = reply_treatments(ChatLens(), chat({"role": "assistant", "content": "x", "secret": "y"}, more={"a": 1}))

    assert seen["choices", "*", "message", "content"] is Treatment.RESTORED
    assert seen["choices", "*", "message", "secret"] is Treatment.LEFT_OUT
    assert seen["model",] is Treatment.CHECKED
    assert seen["more", "a"] is Treatment.LEFT_OUT


def test_what_is_left_out_in_one_event_and_not_in_another_is_not_left_out() -> None:
    events = [{"type": "ping", "index": 1}, {"type": "content_block_stop", "index": 3}, {"type": "ping"}]

    assert event_treatments(MessagesLens(), events) == {
        "ping": {("type",): Treatment.CHECKED, ("index",): Treatment.LEFT_OUT},
        "content_block_stop": {("type",): Treatment.CHECKED, ("index",): Treatment.CHECKED},
    }


def test_rows_name_what_is_left_out_as_a_whole_once() -> None:
    rows = {row.path: row.treatment for row in reply_rows(ChatLens())}

    assert rows["/choices/*/logprobs"] is Treatment.LEFT_OUT
    assert not [path for path in rows if path.startswith("/choices/*/logprobs/")]
    assert rows["/usage/prompt_tokens_details/cached_tokens"] is Treatment.CHECKED
    assert rows["/choices/*/message/tool_calls/*/function/arguments"] is Treatment.RESTORED
    assert rows["/choices/*/message/tool_calls/*/function/name"] is Treatment.RESTORED


@pytest.mark.parametrize("lens", [ChatLens(), ResponsesLens(), MessagesLens()])
def test_the_ids_of_calls_are_not_said_to_be_restored(lens: ChatLens | ResponsesLens | MessagesLens) -> None:
    passed = {row.path for rows in (reply_rows(lens), event_rows(lens)) for row in rows if row.treatment == "passed on"}

    assert passed
    assert {path.rpartition("/")[2] for path in passed} <= {"id", "call_id"}


def test_events_are_told_by_their_types() -> None:
    rows = {row.path: row.treatment for row in event_rows(MessagesLens())}

    assert rows["content_block_delta /delta/partial_json"] is Treatment.RESTORED
    assert rows["content_block_delta /delta/signature"] is Treatment.LEFT_OUT


@pytest.mark.parametrize("lens", [EmbeddingsLens(), CountTokensLens()])
def test_where_there_is_no_stream_none_is_told(lens: EmbeddingsLens | CountTokensLens) -> None:
    assert list(event_rows(lens)) == []
