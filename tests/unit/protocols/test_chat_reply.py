import json
from typing import Any

import pytest

from gateway.core.content import PartKind
from gateway.core.errors import BackendProtocolError, BackendUnavailable
from gateway.core.sensitive import Sensitive
from gateway.protocols.chat_reply import read_event, read_reply
from gateway.protocols.openai_chat import ChatLens

CALL = {"id": "call-1", "type": "function", "function": {"name": "send", "arguments": '{"to": "<PERSON_1>"}', "x": "y"}}
MESSAGE = {
    "role": "assistant", "content": "Dear <PERSON_1>", "refusal": "no", "reasoning": "hm", "reasoning_content": "hmm",
    "tool_calls": [CALL], "annotations": [{"url": "SECRET"}], "audio": {"data": "SECRET"}, "function_call": {"name": "SECRET"},
}  # fmt: skip
CHOICE = {
    "index": 0, "message": MESSAGE, "logprobs": {"content": [{"token": "SECRET"}]}, "finish_reason": "tool_calls",
    "stop_reason": "café", "token_ids": [1], "routed_experts": "SECRET",
}  # fmt: skip
REPLY = {
    "id": "chatcmpl-SECRET", "object": "SECRET", "created": 17, "model": "tiny-moe", "choices": [CHOICE],
    "system_fingerprint": "SECRET", "prompt_text": "SECRET", "prompt_token_ids": [1], "prompt_logprobs": [{"SECRET": 1}],
    "kv_transfer_params": {"remote": "SECRET"}, "metrics": {"SECRET": 1}, "SECRET": "SECRET", "service_tier": "SECRET",
    "usage": {
        "prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7, "SECRET": 1, "note": "SECRET",
        "prompt_tokens_details": {"cached_tokens": 2, "multimodal_tokens": None, "SECRET": 1},
        "completion_tokens_details": None,
    },
}  # fmt: skip


def raw(value: Any) -> bytes:
    return json.dumps(value).encode()


def chunk(**choice: Any) -> bytes:
    return raw(
        {"id": "SECRET", "object": "x", "created": 1, "model": "m", "choices": [{"index": 0, "delta": {}, **choice}]}
    )


def deltas(data: bytes) -> list[tuple[str, str, str]]:
    return [
        (delta.channel, delta.kind.value, delta.text.reveal()) for delta in read_event(data, json_content=False).deltas
    ]


def test_text_of_a_reply_stands_in_six_places() -> None:
    reply = read_reply(raw(REPLY), json_content=False)
    assert [(s.pointer, s.kind.value, s.text.reveal()) for s in reply.segments] == [
        ("/choices/0/message/content", "text", "Dear <PERSON_1>"),
        ("/choices/0/message/refusal", "text", "no"),
        ("/choices/0/message/reasoning", "text", "hm"),
        ("/choices/0/message/reasoning_content", "text", "hmm"),
        ("/choices/0/message/tool_calls/0/id", "name", "call-1"),
        ("/choices/0/message/tool_calls/0/function/name", "name", "send"),
        ("/choices/0/message/tool_calls/0/function/arguments", "arguments", '{"to": "<PERSON_1>"}'),
        ("/choices/0/stop_reason", "text", "café"),
    ]
    assert reply.usage == {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}


def test_nothing_else_passes() -> None:
    reply = read_reply(raw(REPLY), json_content=False)
    written = ChatLens().write_reply(reply, [segment.text for segment in reply.segments])
    assert b"SECRET" not in written
    assert json.loads(written)["choices"][0]["finish_reason"] == "tool_calls"
    assert json.loads(written)["usage"] == {
        "prompt_tokens": 3,
        "completion_tokens": 4,
        "total_tokens": 7,
        "prompt_tokens_details": {"cached_tokens": 2, "multimodal_tokens": None},
    }


def test_json_content_is_of_the_kind_that_is_escaped() -> None:
    assert read_reply(raw(REPLY), json_content=True).segments[0].kind is PartKind.ARGUMENTS
    assert read_event(chunk(delta={"content": "x"}), json_content=True).deltas[0].kind is PartKind.ARGUMENTS


@pytest.mark.parametrize(
    "reply",
    [
        [], "x", {}, {"choices": None}, {"choices": {}}, {"choices": ["x"]}, {"choices": [{}]},
        {"choices": [{"message": {"content": 1}}]}, {"choices": [{"message": {"content": [{"text": "x"}]}}]},
        {"choices": [{"message": {"tool_calls": "x"}}]}, {"choices": [{"message": {"tool_calls": ["x"]}}]},
        {"choices": [{"message": {"tool_calls": [{"function": {"arguments": {"a": "b"}}}]}}]},
        {"choices": [{"message": {}, "finish_reason": "SECRET"}]}, {"choices": [{"message": {}, "stop_reason": {"SECRET": 1}}]},
        {"choices": [{"message": {}, "index": "SECRET"}]}, {"choices": [{"message": {}, "index": -1}]},
    ],
)  # fmt: skip
def test_another_shape_is_the_servers_error(reply: Any) -> None:
    with pytest.raises(BackendProtocolError) as caught:
        read_reply(raw(reply), json_content=False)
    assert "SECRET" not in caught.value.message


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (chunk(delta={"role": "assistant", "content": ""}), []),
        (chunk(delta={}), []),
        (chunk(delta={"content": None}), []),
        (chunk(delta={"content": "x"}), [("0/content", "text", "x")]),
        (chunk(delta={"reasoning": "x", "refusal": "y"}), [("0/refusal", "text", "y"), ("0/reasoning", "text", "x")]),
        (chunk(index=3, delta={"reasoning_content": "x"}), [("3/reasoning_content", "text", "x")]),
        (
            chunk(delta={"tool_calls": [{"id": "c", "type": "function", "index": 1, "function": {"name": "f"}}]}),
            [("0/tool_calls/1/id", "name", "c"), ("0/tool_calls/1/name", "name", "f")],
        ),
        (
            chunk(delta={"tool_calls": [{"index": 1, "function": {"arguments": '{"'}}]}),
            [("0/tool_calls/1/arguments", "arguments", '{"')],
        ),
        (
            chunk(delta={"content": "x"}, finish_reason="stop", stop_reason="é"),
            [("0/content", "text", "x"), ("0/stop_reason", "text", "é")],
        ),
        (raw({"choices": [], "usage": {"total_tokens": 3}}), []),
    ],
)
def test_what_an_event_brings(data: bytes, found: list[tuple[str, str, str]]) -> None:
    assert deltas(data) == found


def test_channels_end_with_their_choice_and_the_stream_ends_all() -> None:
    end = read_event(chunk(index=1, finish_reason="length"), json_content=False)
    assert end.closes == ("1",)
    assert end.ends("1/content")
    assert end.ends("1/tool_calls/0/arguments")
    assert not end.ends("10/content")
    done = read_event(b"[DONE]", json_content=False)
    assert done.done
    assert done.ends("7/content")
    assert read_event(chunk(delta={"content": "x"}), json_content=False).closes == ()


def test_the_name_and_the_id_of_a_tool_call_come_whole() -> None:
    event = read_event(
        chunk(delta={"tool_calls": [{"index": 0, "id": "c", "function": {"name": "f"}}]}), json_content=False
    )
    assert event.closes == ("0/tool_calls/0/id", "0/tool_calls/0/name")


def test_an_event_brings_a_bounded_number_of_tool_calls() -> None:
    calls = [{"index": 0, "id": "c"}]

    assert len(read_event(chunk(delta={"tool_calls": calls * 1024}), json_content=False).deltas) == 1024
    with pytest.raises(BackendProtocolError):
        read_event(chunk(delta={"tool_calls": calls * 1025}), json_content=False)


def test_usage_is_read_off_any_event() -> None:
    event = read_event(raw({"choices": [], "usage": {"total_tokens": 3, "x": "SECRET"}}), json_content=False)
    assert event.usage == {"total_tokens": 3}
    assert json.loads(ChatLens().write_event(event, [])[6:])["usage"] == {"total_tokens": 3}


@pytest.mark.parametrize("count", [-1, 10**12 + 1, 2**63, True, 1.5, "3"])
def test_a_count_that_is_none_is_left_out(count: Any) -> None:
    usage = {"total_tokens": count, "prompt_tokens": 3, "prompt_tokens_details": {"cached_tokens": count}}

    assert read_event(raw({"choices": [], "usage": usage}), json_content=False).usage == {"prompt_tokens": 3}


def test_the_servers_error_ends_the_stream_without_its_text() -> None:
    with pytest.raises(BackendUnavailable) as caught:
        read_event(raw({"error": {"message": "SECRET", "code": 500}}), json_content=False)
    assert "SECRET" not in caught.value.message


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"a":1,"a":2}',
        b"{}",
        b'{"choices":[{"delta":1}]}',
        b'{"choices":[{"delta":{"content":[]}}]}',
    ],
)
def test_another_event_is_the_servers_mistake(data: bytes) -> None:
    with pytest.raises(BackendProtocolError):
        read_event(data, json_content=False)


@pytest.mark.parametrize(
    ("channel", "choice"),
    [
        ("2/content", {"index": 2, "delta": {"content": "Alma"}}),
        ("0/reasoning", {"index": 0, "delta": {"reasoning": "Alma"}}),
        (
            "0/tool_calls/1/arguments",
            {"index": 0, "delta": {"tool_calls": [{"index": 1, "function": {"arguments": "Alma"}}]}},
        ),
        ("0/tool_calls/1/id", {"index": 0, "delta": {"tool_calls": [{"index": 1, "id": "Alma"}]}}),
    ],
)
@pytest.mark.parametrize("before", [chunk(finish_reason="stop"), b"[DONE]"])
def test_held_back_text_travels_in_an_event_of_its_own(channel: str, choice: dict[str, Any], before: bytes) -> None:
    event = read_event(before, json_content=False)
    frame = ChatLens().flush_event(event, channel, Sensitive("Alma"))
    body = json.loads(frame.removeprefix(b"data: "))
    assert body["choices"] == [{"logprobs": None, "finish_reason": None, **choice}]
    assert body["object"] == "chat.completion.chunk"
    assert deltas(frame.removeprefix(b"data: ").strip())[0][::2] == (channel, "Alma")
