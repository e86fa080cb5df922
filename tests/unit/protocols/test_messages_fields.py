import json
from pathlib import Path
from typing import Any

import pytest

from gateway.core.errors import ProtocolError
from gateway.protocols import CountTokensLens, MessagesLens
from gateway.protocols.fields import REFUSED, TEMPLATE_CALL
from gateway.protocols.messages_fields import COUNT_REQUEST, INERT, KNOWN, REQUEST
from gateway.protocols.shapes import Dropped, Refused, words_of

LENS = MessagesLens()
TEXT = {"type": "text", "text": "Hi"}
USE = {"type": "tool_use", "id": "toolu_1", "name": "send", "input": {"to": "Alma"}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1"}
TOOL = {"name": "send", "input_schema": {"type": "object"}}


def request(**fields: Any) -> bytes:
    return json.dumps(
        {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}], **fields}
    ).encode()


def message(role: str, *blocks: Any) -> bytes:
    return request(messages=[{"role": role, "content": list(blocks)}])


def refused(raw: bytes) -> ProtocolError:
    with pytest.raises(ProtocolError) as caught:
        LENS.request(raw)
    return caught.value


def wholes(raw: bytes) -> dict[str, str]:
    return {segment.text.reveal(): segment.whole for segment in LENS.request(raw).segments}


def written(raw: bytes) -> Any:
    parsed = LENS.request(raw)
    return json.loads(LENS.write(parsed, [segment.text for segment in parsed.segments]))


ASKING = {
    "return_mm_kwargs": True, "mm_payload": "x", "kv_transfer_params": {}, "ec_transfer_params": {}, "vllm_xargs": {"a": 1},
    "priority": 1, "echo": True, "prompt_logprobs": 0, "return_token_ids": True, "store": True, "compaction": {},
    "container": {}, "fallbacks": [], "mcp_servers": [{}], "thread": {}, "output_format": {},
}  # fmt: skip


def test_every_field_that_is_refused_here_alone_is_tried() -> None:
    own = {name for name, shape in REQUEST.fields.items() if isinstance(shape, Refused)} - REFUSED.keys()

    assert own <= set(ASKING)


@pytest.mark.parametrize("name", sorted(ASKING))
def test_a_refusal_names_the_field_and_says_why(name: str) -> None:
    error = refused(request(**{name: ASKING[name]}))

    assert error.pointer == f"/{name}"
    assert len(error.detail) > 20


@pytest.mark.parametrize("name", sorted(TEMPLATE_CALL))
def test_options_of_a_template_are_no_arguments_of_the_servers_own_call(name: str) -> None:
    assert refused(request(chat_template_kwargs={name: None})).pointer == f"/chat_template_kwargs/{name}"


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"max_tokens": None}, "/max_tokens"), ({"max_tokens": 0}, "/max_tokens"), ({"model": "a name"}, "/model"),
        ({"messages": None}, "/messages"), ({"messages": [{"role": "Alma", "content": "x"}]}, "/messages/0/role"),
        ({"messages": [{"role": "user"}]}, "/messages/0/content"), ({"system": {"text": "x"}}, "/system"),
        ({"system": [USE]}, "/system/0/type"), ({"stop_sequences": "x"}, "/stop_sequences"), ({"top_k": "x"}, "/top_k"),
        ({"tools": [{"name": "x"}]}, "/tools/0/input_schema"), ({"tools": [{**TOOL, "input_schema": True}]}, "/tools/0/input_schema"),
        ({"tools": [{**TOOL, "type": "bash_20250124"}]}, "/tools/0/type"),
        ({"tools": [{**TOOL, "allowed_callers": ["code_execution"]}]}, "/tools/0/allowed_callers"),
        ({"tool_choice": "any"}, "/tool_choice"), ({"tool_choice": {"type": "tool"}}, "/tool_choice/name"),
        ({"tool_choice": {"type": "required"}}, "/tool_choice/type"), ({"thinking": {"type": "enabled"}}, "/thinking/budget_tokens"),
        ({"thinking": {"type": "between_tools"}}, "/thinking/type"), ({"thinking": {"type": "adaptive", "display": "x"}}, "/thinking/display"),
        ({"output_config": {"effort": "Alma"}}, "/output_config/effort"),
        ({"output_config": {"format": {"type": "json_schema"}}}, "/output_config/format/schema"),
        ({"structured_outputs": {"choice": ["x"]}}, ""), ({"Alma": 1}, ""),
    ],
)  # fmt: skip
def test_a_field_of_another_kind_is_refused(fields: dict[str, Any], where: str) -> None:
    error = refused(request(**fields))

    assert error.pointer == where
    assert "Alma" not in error.message


@pytest.mark.parametrize(
    ("role", "block", "where"),
    [
        ("user", "x", ""), ("user", {"text": "x"}, "/type"), ("user", {"type": "text"}, "/text"),
        ("user", {"type": "image", "source": {}}, "/source/type"), ("assistant", {"type": "image"}, "/type"), ("user", {"type": "document"}, "/type"),
        ("user", {"type": "search_result"}, "/type"), ("user", USE, "/type"), ("user", {"type": "thinking", "thinking": "x"}, "/type"),
        ("user", {**RESULT, "tool_use_id": "Alma Quist"}, "/tool_use_id"), ("user", {**RESULT, "is_error": "x"}, "/is_error"),
        ("user", {**RESULT, "content": [{"type": "tool_reference", "tool_name": "x"}]}, "/content/0/type"),
        ("user", {**RESULT, "content": [{"type": "image"}]}, "/content/0/source"),
        ("assistant", RESULT, "/type"), ("assistant", {**USE, "input": "{}"}, "/input"), ("assistant", {**USE, "input": None}, "/input"),
        ("assistant", {**USE, "toolset_name": "x"}, "/toolset_name"), ("assistant", {"type": "server_tool_use"}, "/type"),
        ("assistant", {"type": "thinking"}, "/thinking"), ("system", {"type": "tool_addition", "tool": {}}, "/type"),
        ("system", {"type": "tool_removal", "tool": {}}, "/type"), ("user", {**TEXT, "source": {}}, ""),
    ],
)  # fmt: skip
def test_a_block_of_another_kind_is_refused(role: str, block: Any, where: str) -> None:
    error = refused(message(role, block))

    assert error.pointer == f"/messages/0/content/0{where}"
    assert "Alma" not in error.message


def test_texts_of_a_message_are_read_as_one_and_its_calls_apart() -> None:
    assert wholes(message("assistant", {**TEXT, "text": "a"}, USE, {"type": "thinking", "thinking": "b"})) == {
        "a": "/messages/0/content",
        "b": "/messages/0/content#thinking",
        "toolu_1": "",
        "send": "",
        **dict.fromkeys(("to", "Alma"), "/messages/0/content/1/input"),
    }


def test_what_the_server_leaves_out_parts_no_texts() -> None:
    header = "x-anthropic-billing-header: cc_version=2.1; Alma"
    blocks = [{**TEXT, "text": text} for text in ("4111 1111", header, " 1111 1111")]

    assert wholes(request(system=blocks)) == {"4111 1111": "/system", " 1111 1111": "/system", header: "", "Hi": ""}
    assert set(wholes(message("user", *blocks)).values()) == {"/messages/0/content"}


def test_what_the_system_says_in_several_places_is_read_as_one() -> None:
    said = [
        {"role": "system", "content": [{**TEXT, "text": "b"}, {**TEXT, "text": "c"}]},
        {"role": "system", "content": "d"},
    ]
    asked = {"role": "user", "content": [{**TEXT, "text": "e"}]}

    for system in ("a", [{**TEXT, "text": "a"}]):
        assert wholes(request(system=system, messages=[*said, asked])) == {
            **dict.fromkeys("abcd", "/system"),
            "e": "/messages/2/content",
        }
    assert wholes(request(system="a", messages=[asked])) == {"a": "", "e": "/messages/0/content"}


def test_texts_of_a_result_are_read_as_one() -> None:
    raw = message("user", {**RESULT, "content": [TEXT]}, {**TEXT, "text": "b"})

    assert wholes(raw) == {"toolu_1": "", "Hi": "/messages/0/content/0/content", "b": "/messages/0/content"}
    assert wholes(request(system=[{**TEXT, "text": "a"}])) == {"a": "/system", "Hi": ""}


def test_what_is_opaque_is_left_out() -> None:
    thinking = {"type": "thinking", "thinking": "hm"}
    redacted = {"type": "redacted_thinking"}
    raw = message("assistant", {**thinking, "signature": "Alma"}, {**redacted, "data": "Alma"})

    assert written(raw)["messages"][0]["content"] == [thinking, redacted]
    assert LENS.request(raw).dropped == ("/messages/0/content/0/signature", "/messages/0/content/1/data")


def test_what_makes_the_prompt_may_be_counted_and_nothing_else() -> None:
    assert set(COUNT_REQUEST.fields) < set(REQUEST.fields)
    for name in ("stream", "max_tokens", "metadata", "stop_sequences"):
        with pytest.raises(ProtocolError, match=f"Unknown field: '{name}'"):
            CountTokensLens().request(json.dumps({name: None, "model": "m", "messages": []}).encode())


def test_every_field_that_is_forwarded_is_in_the_vector(root: Path) -> None:
    used = written((root / "tests/vectors/messages_request.json").read_bytes())

    assert set(used) == {name for name, shape in REQUEST.fields.items() if not isinstance(shape, Dropped | Refused)}


def test_inert_words_are_those_of_the_protocol() -> None:
    assert frozenset(words_of(COUNT_REQUEST)) <= INERT <= KNOWN
    assert {"tool_use", "input_schema", "budget_tokens", "json_schema"} <= INERT
    assert "structured_outputs" in KNOWN - INERT
