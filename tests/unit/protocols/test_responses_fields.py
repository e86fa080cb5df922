import json
from pathlib import Path
from typing import Any

import pytest

from gateway.core.errors import ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols import ResponsesLens
from gateway.protocols.fields import TEMPLATE_CALL
from gateway.protocols.responses_fields import INERT, KNOWN, REQUEST
from gateway.protocols.shapes import Refused

LENS = ResponsesLens()


def request(**fields: Any) -> bytes:
    return json.dumps({"model": "m", "input": "Hi", **fields}).encode()


def texts(**fields: Any) -> list[tuple[str, str]]:
    return [(segment.pointer, segment.text.reveal()) for segment in LENS.request(request(**fields)).segments]


def refused(**fields: Any) -> ProtocolError:
    with pytest.raises(ProtocolError) as caught:
        LENS.request(request(**fields))
    return caught.value


ASKING = {
    "top_logprobs": 5, "include": ["reasoning.encrypted_content"], "store": True, "background": True,
    "previous_response_id": "resp_1", "conversation": "conv_1", "prompt": {"id": "p"}, "moderation": {"model": "x"},
    "context_management": [{"type": "compaction"}], "previous_input_messages": [{"role": "user"}],
    "enable_response_messages": True, "kv_transfer_params": {}, "ec_transfer_params": {}, "vllm_xargs": {"a": 1},
    "priority": 1, "logprob_token_ids": [1], "stop_token_ids": [7], "allowed_token_ids": [7],
    "return_tokens_as_token_ids": True, "prompt_logprobs": 0, "echo": True, "return_token_ids": True,
    "return_token_offsets": True, "return_prompt_text": True, "return_mm_kwargs": True, "mm_payload": "x",
    "mm_processor_kwargs": {"a": 1}, "media_io_kwargs": {"a": {}}, "routed_experts_prompt_start": 1, "guided_json": {},
    "guided_regex": "x", "guided_choice": [], "guided_grammar": "x", "guided_decoding_backend": "x",
    "guided_whitespace_pattern": "x", "best_of": 2,
}  # fmt: skip


def test_every_refused_field_is_tried() -> None:
    assert set(ASKING) == {name for name, shape in REQUEST.fields.items() if isinstance(shape, Refused)}


@pytest.mark.parametrize("name", sorted(ASKING))
def test_a_refusal_names_the_field_and_says_why(name: str) -> None:
    error = refused(**{name: ASKING[name]})
    assert error.pointer == f"/{name}"
    assert len(error.detail) > 20


@pytest.mark.parametrize("name", ["store", "background", "previous_response_id", "conversation"])
def test_what_asks_for_a_store_is_told_that_there_is_none(name: str) -> None:
    assert "nothing is stored" in refused(**{name: ASKING[name]}).detail


@pytest.mark.parametrize(
    ("name", "value"), [("store", False), ("background", False), ("include", []), ("prompt", None)]
)
def test_what_asks_for_nothing_is_left_out(name: str, value: Any) -> None:
    assert LENS.request(request(**{name: value})).dropped == (f"/{name}",)


@pytest.mark.parametrize("name", ["max_tokens", "messages", "response_format", "n"])
def test_a_field_of_another_endpoint_is_named(name: str) -> None:
    error = refused(**{name: 1})
    assert f"'{name}'" in error.detail
    assert name not in REQUEST.fields


@pytest.mark.parametrize("name", sorted(TEMPLATE_CALL))
def test_options_of_a_template_are_no_arguments_of_the_servers_own_call(name: str) -> None:
    assert (
        refused(chat_template_kwargs={"enable_thinking": False, name: None}).pointer == f"/chat_template_kwargs/{name}"
    )


def test_an_input_is_a_text_or_items() -> None:
    assert texts(input="Dear Maria", instructions="Serve Bo") == [
        ("/input", "Dear Maria"),
        ("/instructions", "Serve Bo"),
    ]
    assert texts(input=[{"role": "user", "content": "Dear Maria"}]) == [("/input/0/content", "Dear Maria")]
    assert refused(input=7).pointer == "/input"
    assert refused(input=None).pointer == "/input"


def test_parts_of_one_message_are_read_joined_and_know_who_speaks() -> None:
    parts = [{"type": "input_text", "text": "Ma"}, {"type": "input_text", "text": "ria"}]
    segments = LENS.request(request(input=[{"role": "user", "content": parts}])).segments

    assert [(segment.whole, segment.role) for segment in segments] == [("/input/0/content", "user")] * 2


def test_parts_of_an_earlier_answer_are_of_its_own_types() -> None:
    parts = [{"type": "output_text", "text": "a", "annotations": [{"title": "b"}], "logprobs": []}]
    said = [{"type": "message", "role": "assistant", "content": [*parts, {"type": "refusal", "refusal": "c"}]}]

    assert texts(input=said) == [("/input/0/content/0/text", "a"), ("/input/0/content/1/refusal", "c")]
    assert refused(input=[{"role": "user", "content": parts}]).pointer == "/input/0/content/0/type"


def test_arguments_are_read_inside_and_results_as_text() -> None:
    call = {"type": "function_call", "call_id": "c", "name": "f", "arguments": '{"who": "Maria"}'}
    result = {"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "ok"}]}

    assert texts(input=[call, result]) == [
        ("/input/0/call_id", "c"), ("/input/0/name", "f"), ("/input/0/arguments#/who", "who"),
        ("/input/0/arguments#/who", "Maria"), ("/input/1/call_id", "c"), ("/input/1/output/0/text", "ok"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "pointer", "says"),
    [
        ({"role": "user", "content": [{"type": "input_image", "image_url": "x"}]}, "/content/0/image_url", "data: URL"),
        ({"role": "user", "content": [{"type": "input_file", "file_data": "x"}]}, "/content/0/type", "files"),
        ({"role": "tool", "content": "x"}, "/role", "function_call_output"),
        ({"role": "user"}, "/content", "needed"),
        ({"type": "item_reference", "id": "msg_1"}, "/type", "stored"),
        ({"type": "web_search_call", "id": "x"}, "/type", "tools run"),
        ({"type": "mcp_call", "arguments": "x"}, "/type", "tools run"),
        ({"type": "custom_tool_call", "input": "x"}, "/type", "does not support"),
        ({"type": "SECRET"}, "/type", "one of"),
        ({"type": None, "role": "user", "content": "x"}, "/type", "one of"),
        ({"type": "reasoning", "summary": [], "encrypted_content": "x"}, "/encrypted_content", "encrypted"),
        ({"type": "reasoning"}, "/summary", "needed"),
        (
            {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}", "namespace": "n"},
            "/namespace",
            "does not support",
        ),
        (
            {"type": "function_call_output", "call_id": "c", "output": [{"type": "input_image", "image_url": "x"}]},
            "/output/0/image_url",
            "data: URL",
        ),
        ({"type": "function_call_output", "call_id": "a b", "output": "x"}, "/call_id", "characters"),
    ],
)
def test_an_item_that_cannot_be_inspected_is_refused(item: dict[str, Any], pointer: str, says: str) -> None:
    error = refused(input=[item])

    assert error.pointer == f"/input/0{pointer}"
    assert says in error.detail
    assert "SECRET" not in error.message


@pytest.mark.parametrize(
    "kind", ["web_search", "file_search", "code_interpreter", "mcp", "computer", "image_generation", "shell"]
)
def test_tools_that_the_server_would_run_are_refused(kind: str) -> None:
    assert refused(tools=[{"type": kind}]).pointer == "/tools/0/type"
    assert "tools run" in refused(tool_choice={"type": kind}).detail


@pytest.mark.parametrize("kind", ["custom", "namespace", "allowed_tools"])
def test_other_tools_are_refused_for_now(kind: str) -> None:
    assert "does not support" in refused(tool_choice={"type": kind, "name": "f"}).detail


def test_the_whole_vector_goes_out_as_it_came_in_but_for_what_is_left_out(root: Path) -> None:
    raw = (root / "tests/vectors/responses_request.json").read_text(encoding="utf-8")
    asked = json.loads(raw.replace(r"\\u00fc", "ü"))  # needless escapes are undone
    request = LENS.request(json.dumps(asked).encode())
    written = json.loads(LENS.write(request, [segment.text for segment in request.segments]))

    assert written["store"] is False
    for pointer in request.dropped:
        *path, last = pointer.split("/")[1:]
        inside: Any = asked
        for step in path:
            inside = inside[int(step) if isinstance(inside, list) else step]
        del inside[last]
    assert written == asked | {"store": False}


def test_every_field_of_the_table_is_in_the_vector_or_refused(root: Path) -> None:
    asked = json.loads((root / "tests/vectors/responses_request.json").read_bytes())
    missing = REQUEST.fields.keys() - asked.keys() - ASKING.keys()

    assert missing == {"session_id", "prompt_cache_retention"}


def test_texts_are_replaced_wherever_they_stand(root: Path) -> None:
    request = LENS.request((root / "tests/vectors/responses_request.json").read_bytes())
    redone = LENS.write(request, [Sensitive(f"x{i}") for i in range(len(request.segments))])

    assert b"Alma" not in redone


def test_words_of_the_table_are_inert() -> None:
    assert {"input_text", "function_call_output", "instructions", "reasoning_text", "developer"} <= INERT
    assert KNOWN > INERT
