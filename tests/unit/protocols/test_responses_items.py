from typing import Any

import pytest

from gateway.core.errors import BackendProtocolError
from gateway.protocols.responses_items import ItemTaker, item_id, kind_of, one_of
from gateway.protocols.template import Slot

CALL = {
    "arguments": '{"to": "<PERSON_1>"}', "call_id": "call-1", "name": "send", "type": "function_call", "id": "fc_SECRET",
    "status": "completed", "caller": {"type": "SECRET"}, "namespace": "SECRET",
}  # fmt: skip
THOUGHT = {
    "id": "rs_SECRET", "type": "reasoning", "summary": [{"type": "summary_text", "text": "short"}],
    "content": [{"type": "reasoning_text", "text": "long"}], "encrypted_content": "SECRET", "status": None,
}  # fmt: skip
MESSAGE = {
    "id": "msg_SECRET", "type": "message", "role": "SECRET", "status": "SECRET", "phase": "SECRET",
    "content": [
        {"type": "output_text", "text": "Hi", "annotations": [{"title": "SECRET"}], "logprobs": [{"token": "SECRET"}]},
        {"type": "refusal", "refusal": "no"},
    ],
}  # fmt: skip


def taken(item: Any, *, json_content: bool = False) -> tuple[dict[str, Any], list[tuple[str, str, str, str]]]:
    taker = ItemTaker(json_content=json_content)
    left = taker.item(item, 2, "/item", "2")
    return left, [(piece.pointer, piece.channel, piece.kind.value, piece.text.reveal()) for piece in taker.pieces]


def test_the_name_of_a_call_comes_before_its_arguments() -> None:
    left, pieces = taken(CALL)

    assert pieces == [
        ("/item/name", "2/name", "name", "send"),
        ("/item/call_id", "2/call_id", "name", "call-1"),
        ("/item/arguments", "2/arguments", "arguments", '{"to": "<PERSON_1>"}'),
    ]
    assert left == {
        "id": "fc_2", "type": "function_call", "status": "completed",
        "name": Slot(index=0), "call_id": Slot(index=1), "arguments": Slot(index=2),
    }  # fmt: skip


def test_a_thought_has_a_summary_and_a_content() -> None:
    left, pieces = taken(THOUGHT)

    assert [piece[1:] for piece in pieces] == [
        ("2/0/summary_text", "text", "short"),
        ("2/0/reasoning_text", "text", "long"),
    ]
    assert left == {
        "id": "rs_2", "type": "reasoning", "status": "completed", "encrypted_content": None,
        "summary": [{"type": "summary_text", "text": Slot(index=0)}],
        "content": [{"type": "reasoning_text", "text": Slot(index=1)}],
    }  # fmt: skip


def test_a_message_has_parts_without_citations_and_probabilities() -> None:
    left, pieces = taken(MESSAGE)

    assert [piece[1:] for piece in pieces] == [("2/0/output_text", "text", "Hi"), ("2/1/refusal", "text", "no")]
    assert left == {
        "id": "msg_2", "type": "message", "role": "assistant", "status": "completed",
        "content": [
            {"type": "output_text", "text": Slot(index=0), "annotations": [], "logprobs": []},
            {"type": "refusal", "refusal": Slot(index=1)},
        ],
    }  # fmt: skip


def test_a_document_is_restored_as_one() -> None:
    assert [piece[2] for piece in taken(MESSAGE, json_content=True)[1]] == ["arguments", "text"]


def test_what_has_not_begun_is_empty() -> None:
    assert taken({"type": "message", "content": []})[0]["content"] == []
    assert taken({"type": "reasoning", "content": None, "status": "in_progress"})[0]["status"] == "in_progress"
    assert taken({"type": "function_call", "name": "f"})[0]["arguments"] == ""


@pytest.mark.parametrize(
    "item",
    [
        {}, {"type": "SECRET"}, {"type": ["message"]}, {"type": "mcp_call"}, {"type": "custom_tool_call", "input": "SECRET"},
        {"type": "message", "content": "SECRET"}, {"type": "message", "content": ["SECRET"]},
        {"type": "message", "content": [{"type": "SECRET"}]}, {"type": "message", "content": [{"type": "output_text", "text": 7}]},
        {"type": "function_call", "arguments": {"SECRET": 1}}, {"type": "reasoning", "summary": [{"text": "SECRET"}]},
        {"type": "reasoning", "summary": [{"type": "output_text", "text": "SECRET"}]},
        {"type": "reasoning", "summary": [{"type": "reasoning_text", "text": "SECRET"}]},
        {"type": "reasoning", "content": [{"type": "summary_text", "text": "SECRET"}]},
        {"type": "message", "content": [{"type": "reasoning_text", "text": "SECRET"}]},
    ],
)  # fmt: skip
def test_another_shape_is_the_servers_error(item: Any) -> None:
    with pytest.raises(BackendProtocolError) as caught:
        taken(item)
    assert "SECRET" not in caught.value.message


def test_ids_are_of_the_items_kind_and_number() -> None:
    assert [item_id(kind, 3) for kind in ("output_text", "summary_text", "arguments")] == ["msg_3", "rs_3", "fc_3"]
    assert kind_of({"type": "refusal"}) == "refusal"
    assert [one_of(frozenset({"a"}), value, "b") for value in ("a", "c", None, ["a"])] == ["a", "b", "b", "b"]
