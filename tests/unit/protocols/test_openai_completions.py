"""OpenAI's older completions, taken apart and put together again."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from gateway.core.content import PartKind
from gateway.core.errors import BackendProtocolError, BackendUnavailable, ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols import CompletionsLens

LENS = CompletionsLens()
EXCHANGE = uuid.UUID(int=7 << 76 | 2 << 62)


def request(**fields: Any) -> bytes:
    return json.dumps({"model": "m", "prompt": "Dear Maria", **fields}).encode()


def texts(**fields: Any) -> list[str]:
    return [segment.text.reveal() for segment in LENS.request(request(**fields)).segments]


def choice(text: str, **fields: Any) -> dict[str, Any]:
    return {"index": 0, "text": text, "logprobs": None, "finish_reason": None, "stop_reason": None} | fields


def body(*choices: dict[str, Any], **fields: Any) -> bytes:
    known = {"id": "cmpl-1", "object": "text_completion", "created": 3, "model": "m", "system_fingerprint": "x"}
    return json.dumps({**known, "choices": choices, **fields}).encode()


def test_prompts_suffix_and_stops_are_text() -> None:
    assert texts() == ["Dear Maria"]
    assert texts(prompt=["a", "b"], suffix="c", stop=["d"], user="e") == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("fields", "pointer", "says"),
    [
        ({"prompt": [1, 2]}, "/prompt/0", "token ids"),
        ({"prompt": [[1, 2]]}, "/prompt/0", "token ids"),
        ({"prompt": 7}, "/prompt", "Expected a string or a list"),
        ({"prompt": None}, "/prompt", "needed"),
        ({"echo": True}, "/echo", "returns the prompt"),
        ({"logprobs": 0}, "/logprobs", "cannot be inspected"),
        ({"prompt_logprobs": 0}, "/prompt_logprobs", "returns the prompt"),
        ({"prompt_embeds": "AAAA"}, "/prompt_embeds", "cannot be inspected"),
        ({"best_of": 2}, "/best_of", "does not support"),
        ({"messages": []}, "", "Unknown field: 'messages'"),
    ],
)
def test_what_is_refused_is_named(fields: dict[str, Any], pointer: str, says: str) -> None:
    with pytest.raises(ProtocolError, match=says) as raised:
        LENS.request(request(**fields))

    assert raised.value.pointer == pointer


def test_what_is_written_is_what_was_read() -> None:
    asked = LENS.request(request(prompt=["Dear Maria", "hi"], max_tokens=5, cache_salt="theirs"))
    written = json.loads(LENS.write(asked, [Sensitive("Dear <PERSON_1>"), Sensitive("hi")], cache_salt="ours"))

    assert written == {"model": "m", "prompt": ["Dear <PERSON_1>", "hi"], "max_tokens": 5, "cache_salt": "ours"}
    assert asked.dropped == ("/cache_salt",)
    assert (asked.model, asked.streamed) == ("m", False)


def test_a_reply_is_made_anew() -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}
    reply = LENS.reply(
        body(
            choice("Hi <PERSON_1>", finish_reason="stop", stop_reason="END", token_ids=[1], prompt_logprobs=[{}]),
            choice("", index=1, finish_reason="length", stop_reason=3),
            usage=usage,
        )
    )

    assert [segment.text.reveal() for segment in reply.segments] == ["Hi <PERSON_1>", "END"]
    assert reply.usage == usage
    assert json.loads(LENS.write_reply(reply, [Sensitive("Hi Maria"), Sensitive("END")], exchange=EXCHANGE)) == {
        "id": f"cmpl-{EXCHANGE}",
        "object": "text_completion",
        "created": 3,
        "model": "m",
        "choices": [
            choice("Hi Maria", finish_reason="stop", stop_reason="END"),
            choice("", index=1, finish_reason="length", stop_reason=3),
        ],
        "usage": usage,
    }


def test_an_event_brings_a_piece_of_each_choice() -> None:
    event = LENS.event(body(choice("<PER"), choice("x", index=1, finish_reason="stop"), usage=None))

    assert [(delta.channel, delta.text.reveal()) for delta in event.deltas] == [("0/text", "<PER"), ("1/text", "x")]
    assert event.closes == ("1",)
    written = json.loads(LENS.write_event(event, [Sensitive(""), Sensitive("x")])[6:])
    assert [piece["text"] for piece in written["choices"]] == ["", "x"]
    assert written["usage"] is None


def test_a_document_is_restored_as_one() -> None:
    event = LENS.event(body(choice('{"a":')), json_content=True)

    assert event.deltas[0].kind is PartKind.ARGUMENTS
    assert LENS.request(request(response_format={"type": "json_object"})).json_content


def test_what_was_held_back_leaves_in_an_event_of_its_own() -> None:
    event = LENS.event(body(choice("", finish_reason="stop")))
    frame = LENS.flush_event(event, "0/text", Sensitive("<PERSON"), exchange=EXCHANGE)

    assert json.loads(frame[6:]) == {
        "id": f"cmpl-{EXCHANGE}",
        "object": "text_completion",
        "created": 3,
        "model": "m",
        "choices": [{"index": 0, "text": "<PERSON", "logprobs": None, "finish_reason": None}],
    }


def test_the_end_mark_and_errors() -> None:
    assert LENS.write_event(LENS.event(b"[DONE]"), []) == b"data: [DONE]\n\n"
    with pytest.raises(BackendUnavailable):
        LENS.event(b'{"error":{"message":"Maria","code":500}}')
    with pytest.raises(BackendProtocolError):
        LENS.reply(body({"index": 0, "text": ["Maria"]}))
