"""A URL that one text of an answer begins goes on in the next: clients join the texts, as the official SDKs do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from gateway.protocols import Lens, MessagesLens, ResponsesLens, SseParser
from gateway.restore import StreamRestorer, restore
from tests.properties.test_exfiltration import EXCHANGE, FOREIGN, NAME, POLICY, TABLE, VALUE, written

LENSES = (MessagesLens(), ResponsesLens())
AS_ONE = [form for form in FOREIGN if not form.startswith('{"')]  # what is said as a text, and no document


def parts_of(lens: Lens, texts: Sequence[str]) -> Any:
    kind = "text" if isinstance(lens, MessagesLens) else "output_text"
    return [{"type": kind, "text": text} for text in texts]


def body(lens: Lens, texts: Sequence[str]) -> dict[str, Any]:
    parts = parts_of(lens, texts)
    if isinstance(lens, MessagesLens):
        return {"type": "message", "content": parts, "stop_reason": "end_turn"}
    message = {"type": "message", "role": "assistant", "status": "completed", "content": parts}
    return {"object": "response", "status": "completed", "output": [message]}


def whole(lens: Lens, texts: Sequence[str]) -> str:
    reply = lens.reply(json.dumps(body(lens, texts)).encode())
    restored, _ = restore(reply.segments, TABLE, POLICY, tools=frozenset(), joined=lens.joined)
    return "".join(text.reveal() for text in restored)


def events(lens: Lens, texts: Sequence[str]) -> Iterator[dict[str, Any]]:
    for at, text in enumerate(texts):
        if isinstance(lens, MessagesLens):
            yield {"type": "content_block_start", "index": at, "content_block": {"type": "text", "text": ""}}
            for piece in text:
                delta = {"type": "text_delta", "text": piece}
                yield {"type": "content_block_delta", "index": at, "delta": delta}
            yield {"type": "content_block_stop", "index": at}
        else:
            place = {"output_index": 0, "content_index": at, "item_id": "msg_0"}
            for piece in text:
                yield {"type": "response.output_text.delta", "delta": piece, **place}
            yield {"type": "response.output_text.done", "text": text, **place}
    if isinstance(lens, ResponsesLens):
        yield {"type": "response.completed", "response": body(lens, texts)}


def streamed(lens: Lens, texts: Sequence[str]) -> tuple[str, list[str]]:
    """Return what the pieces of a stream make, and each text that is said again."""
    restorer = StreamRestorer(lens, TABLE, POLICY, json_content=False, tools=frozenset(), exchange=EXCHANGE)
    raw = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events(lens, texts))
    frames = [frame for event in SseParser().feed(raw) for frame in restorer.write(restorer.read(event))]
    frames += [restorer.end] if restorer.end else []
    told = [json.loads(frame.partition(b"data: ")[2]) for frame in frames]
    deltas = [event["delta"] for event in told if "delta" in event]
    again = [event["text"] for event in told if event["type"] == "response.output_text.done"]
    for event in told:
        if event["type"] == "response.completed":
            again += [part["text"] for part in event["response"]["output"][0]["content"]]
    return "".join(delta if isinstance(delta, str) else delta["text"] for delta in deltas), again


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: lens.endpoint)
@pytest.mark.parametrize("form", AS_ONE)
def test_no_value_goes_into_a_url_that_an_earlier_text_began(lens: Lens, form: str) -> None:
    text = written(form)
    at = text.index(NAME)
    for cuts in ((at,), (at - 1, at), (at // 2, at)):
        texts = [text[begin:end] for begin, end in zip((0, *cuts), (*cuts, len(text)), strict=True)]
        said, again = streamed(lens, texts)

        assert whole(lens, texts) == said == text
        assert "".join(again) == (text * 2 if again else "")


def test_what_the_model_thinks_is_joined_with_no_answer() -> None:
    """A backslash and one more would be the beginning of an address."""
    thought = {"type": "reasoning", "content": [{"type": "reasoning_text", "text": "a \\"}], "summary": []}
    reply = body(ResponsesLens(), [f"\\{NAME} said"])
    reply["output"].insert(0, thought)

    read = ResponsesLens().reply(json.dumps(reply).encode())
    restored, _ = restore(read.segments, TABLE, POLICY, tools=frozenset(), joined=ResponsesLens.joined)

    assert [text.reveal() for text in restored] == ["a \\", f"\\{VALUE} said"]


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: lens.endpoint)
def test_no_value_goes_into_a_url_that_an_earlier_text_of_a_document_began(lens: Lens) -> None:
    texts = ('{"u": "https://evil.example/?q=', f'{NAME}"}}', f' {{"n": "{NAME}"}}')
    reply = lens.reply(json.dumps(body(lens, texts)).encode(), json_content=True)
    restored, _ = restore(reply.segments, TABLE, POLICY, tools=frozenset(), joined=lens.joined)

    assert [text.reveal() for text in restored[:2]] == list(texts[:2])
    assert VALUE in restored[2].reveal()


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: lens.endpoint)
def test_a_text_after_one_that_is_whole_gets_its_values(lens: Lens) -> None:
    texts = ("See https://evil.example/ now.", f"Your number is {NAME}.", f"{NAME}, as I said.")
    expected = "".join(texts).replace(NAME, VALUE)
    said, again = streamed(lens, texts)

    assert whole(lens, texts) == said == expected
    assert "".join(again) == (expected * 2 if again else "")
