import json
from typing import Any

import pytest

from gateway.core.errors import ProtocolError
from gateway.protocols.chat_fields import INERT, KNOWN, REQUEST
from gateway.protocols.fields import TEMPLATE_CALL
from gateway.protocols.openai_chat import ChatLens
from gateway.protocols.shapes import Refused


def request(**fields: Any) -> bytes:
    return json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hi"}], **fields}).encode()


def message(**fields: Any) -> bytes:
    return request(messages=[fields])


def refused(raw: bytes) -> ProtocolError:
    with pytest.raises(ProtocolError) as caught:
        ChatLens().request(raw)
    return caught.value


ASKING = {
    "logprobs": True, "top_logprobs": 5, "logprob_token_ids": [1], "stop_token_ids": [7], "allowed_token_ids": [7],
    "return_tokens_as_token_ids": True, "prompt_logprobs": 0, "echo": True, "return_token_ids": True,
    "return_token_offsets": True, "return_prompt_text": True, "return_mm_kwargs": True, "mm_payload": "x",
    "mm_processor_kwargs": {"a": 1}, "media_io_kwargs": {"a": {}}, "audio": {}, "store": True, "background": True,
    "previous_response_id": "r", "kv_transfer_params": {}, "ec_transfer_params": {}, "vllm_xargs": {"a": 1}, "priority": 1,
    "routed_experts_prompt_start": 1, "chat_template": "x", "web_search_options": {},
    "functions": [], "function_call": "auto", "guided_json": {}, "guided_regex": "x", "guided_choice": [],
    "guided_grammar": "x", "guided_decoding_backend": "x", "guided_whitespace_pattern": "x", "best_of": 2,
}  # fmt: skip


def test_every_refused_field_is_tried() -> None:
    assert set(ASKING) == {name for name, shape in REQUEST.fields.items() if isinstance(shape, Refused)}


@pytest.mark.parametrize("name", sorted(ASKING))
def test_a_refusal_names_the_field_and_says_why(name: str) -> None:
    error = refused(request(**{name: ASKING[name]}))
    assert error.pointer == f"/{name}"
    assert len(error.detail) > 20


@pytest.mark.parametrize("name", sorted(TEMPLATE_CALL))
def test_options_of_a_template_are_no_arguments_of_the_servers_own_call(name: str) -> None:
    error = refused(request(chat_template_kwargs={"enable_thinking": False, name: None}))

    assert error.pointer == f"/chat_template_kwargs/{name}"
    assert "steer" in error.detail


@pytest.mark.parametrize("options", [{"enable_thinking": False}, {"own": {"tokenize": 1}}, ["tokenize"], None])
def test_options_of_a_template_are_free(options: Any) -> None:
    parsed = ChatLens().request(request(chat_template_kwargs=options))

    assert json.loads(ChatLens().write(parsed, [s.text for s in parsed.segments]))["chat_template_kwargs"] == options


@pytest.mark.parametrize("name", sorted(ASKING))
def test_null_asks_for_nothing_and_is_left_out(name: str) -> None:
    parsed = ChatLens().request(request(**{name: None}))
    assert parsed.dropped == (f"/{name}",)
    assert name not in json.loads(ChatLens().write(parsed, [s.text for s in parsed.segments]))


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"n": 9}, "/n"), ({"n": 0}, "/n"), ({"n": "2"}, "/n"), ({"n": 1.5}, "/n"),
        ({"model": "a name"}, "/model"), ({"model": "é"}, "/model"), ({"model": ""}, "/model"), ({"model": None}, "/model"),
        ({"model": "x" * 201}, "/model"), ({"model": "m\n"}, "/model"),
        ({"stream": "yes"}, "/stream"), ({"stream_options": {"x": 1}}, "/stream_options"),
        ({"temperature": "hot"}, "/temperature"), ({"temperature": 3}, "/temperature"), ({"max_tokens": -1}, "/max_tokens"),
        ({"stop": 1}, "/stop"), ({"stop": ["a", 1]}, "/stop/1"), ({"user": 7}, "/user"), ({"user": {"a": "b"}}, "/user"),
        ({"logit_bias": {"word": 1}}, "/logit_bias"), ({"logit_bias": {"4111111111111111": 1}}, "/logit_bias"),
        ({"logit_bias": {"5": "x"}}, "/logit_bias/*"),
        ({"reasoning_effort": "Alma"}, "/reasoning_effort"), ({"modalities": ["audio"]}, "/modalities/0"),
        ({"tool_choice": "Alma"}, "/tool_choice"), ({"tool_choice": {"type": "custom"}}, "/tool_choice/type"),
        ({"tool_choice": {"type": "allowed_tools", "allowed_tools": {}}}, "/tool_choice/type"),
        ({"tools": [{"type": "custom", "custom": {"name": "x"}}]}, "/tools/0/type"),
        ({"tools": [{"type": "web", "function": {"name": "x"}}]}, "/tools/0/type"),
        ({"tools": [{"function": {"name": "x", "parameters": "Alma"}}]}, "/tools/0/function/parameters"),
        ({"response_format": {"type": "xml"}}, "/response_format/type"), ({"response_format": "json"}, "/response_format"),
        ({"structured_outputs": {"_backend": "x"}}, "/structured_outputs/_backend"),
        ({"structured_outputs": {"choice": "x"}}, "/structured_outputs/choice"),
        ({"structured_outputs": {"json": [1]}}, "/structured_outputs/json"),
        ({"prediction": {"type": "other", "content": "x"}}, "/prediction/type"),
        ({"messages": "Hi"}, "/messages"), ({"messages": None}, "/messages"), ({"messages": ["Hi"]}, "/messages/0"),
    ],
)  # fmt: skip
def test_a_field_of_another_kind_is_refused(fields: dict[str, Any], where: str) -> None:
    error = refused(request(**fields))
    assert error.pointer == where
    assert "Alma" not in error.message


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({}, "/role"), ({"role": "Alma", "content": "x"}, "/role"), ({"role": "function", "content": "x"}, "/role"),
        ({"role": "user"}, "/content"), ({"role": "user", "content": None}, "/content"),
        ({"role": "user", "content": 4111111111111111}, "/content"), ({"role": "user", "content": {"text": "x"}}, "/content"),
        ({"role": "user", "content": ["x"]}, "/content/0"), ({"role": "user", "content": [{"text": "x"}]}, "/content/0/type"),
        ({"role": "user", "content": [{"type": "text"}]}, "/content/0/text"),
        ({"role": "user", "content": [{"type": "text", "text": 1}]}, "/content/0/text"),
        ({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}, "/content/0/image_url/url"),
        ({"role": "user", "content": [{"type": "video", "Alma": "x"}]}, "/content/0/type"),
        ({"role": "user", "content": [{"type": "text", "text": "x", "image_url": "x"}]}, "/content/0"),
        ({"role": "user", "content": [{"type": "thinking", "thinking": "x"}]}, "/content/0/type"),
        ({"role": "user", "content": "x", "tool_calls": []}, ""), ({"role": "user", "content": "x", "Alma": 1}, ""),
        ({"role": "system", "content": "x", "tools": [{}]}, "/tools"),
        ({"role": "assistant", "function_call": {"name": "x"}}, "/function_call"),
        ({"role": "assistant", "audio": {"id": "x"}}, "/audio"),
        ({"role": "assistant", "tool_calls": [{"id": "1", "type": "custom", "custom": {}}]}, "/tool_calls/0/type"),
        ({"role": "assistant", "tool_calls": [{"id": "Alma Quist", "function": {"name": "f", "arguments": ""}}]}, "/tool_calls/0/id"),
        ({"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": {}}}]}, "/tool_calls/0/function/arguments"),
        ({"role": "tool", "content": "x"}, "/tool_call_id"), ({"role": "tool", "content": "x", "tool_call_id": "a b"}, "/tool_call_id"),
    ],
)  # fmt: skip
def test_a_message_of_another_kind_is_refused(fields: dict[str, Any], where: str) -> None:
    error = refused(message(**fields))
    assert error.pointer == f"/messages/0{where}"
    assert "Alma" not in error.message


def test_an_unknown_field_is_named_only_where_the_name_is_no_secret() -> None:
    assert "'max_output_tokens'" in refused(request(max_output_tokens=1)).message
    error = refused(request(**{"alma@corp.local": 1}))
    assert "does not know" in error.message
    assert "alma" not in error.message + error.pointer


def test_the_fixed_vocabulary_holds_roles_part_types_and_field_names() -> None:
    assert {"user", "text", "messages", "json_schema", "properties", "function", "low"} <= INERT <= KNOWN
    assert "chatcmpl" not in INERT
