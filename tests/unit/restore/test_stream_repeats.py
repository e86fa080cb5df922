"""A stream that says its text again as a whole: every repeat comes out as the pieces did."""

import json
import uuid
from typing import Any

import pytest

from gateway.protocols import ResponsesLens, SseParser
from gateway.restore import StreamRestorer

SPLIT = ("Dear <", "PER", "SON_1", ">, <", "PERSON_1> and <PERSON")
TEXT = "".join(SPLIT)
SAID = "Dear Maria, Maria and <PERSON"


def spoken(kind: str, **fields: Any) -> bytes:
    body = json.dumps({"type": f"response.{kind}", "sequence_number": 1, "output_index": 0, **fields})
    return f"event: response.{kind}\ndata: {body}\n\n".encode()


def message(text: str) -> dict[str, Any]:
    return {"type": "message", "content": [{"type": "output_text", "text": text}]}


def answer(item: dict[str, Any], *pieces: bytes) -> bytes:
    """A stream of one item, as vLLM sends it."""
    begun = {**item, "content": []} if item["type"] == "message" else {**item, "arguments": ""}
    ended = {"status": "completed", "output": [item], "usage": {"input_tokens": 1, "output_tokens": 2}}
    return b"".join(
        [
            spoken("created", response={"status": "in_progress", "output": []}),
            spoken("output_item.added", item=begun),
            *pieces,
            spoken("output_item.done", item=item),
            spoken("completed", response=ended),
        ]
    )


def texts_of(*pieces: str) -> bytes:
    whole = "".join(pieces)
    return answer(
        message(whole),
        spoken("content_part.added", content_index=0, part={"type": "output_text", "text": ""}),
        *(spoken("output_text.delta", content_index=0, delta=piece) for piece in pieces),
        spoken("output_text.done", content_index=0, text=whole),
        spoken("content_part.done", content_index=0, part={"type": "output_text", "text": whole}),
    )


def call_of(name: str, *pieces: str) -> bytes:
    whole = "".join(pieces)
    return answer(
        {"type": "function_call", "call_id": "c", "name": name, "arguments": whole},
        *(spoken("function_call_arguments.delta", delta=piece) for piece in pieces),
        spoken("function_call_arguments.done", arguments=whole, name="send"),
    )


def respond(
    table: Any, policy: Any, raw: bytes, *, size: int = 1 << 20, tools: frozenset[str] = frozenset(), **known: bool
) -> tuple[list[Any], StreamRestorer]:
    restorer = StreamRestorer(
        ResponsesLens(),
        table,
        policy,
        json_content=known.get("json_content", False),
        tools=tools,
        exchange=uuid.uuid4(),
    )
    parser = SseParser()
    chunks = (raw[i : i + size] for i in range(0, len(raw), size))
    out = b"".join(part for chunk in chunks for event in parser.feed(chunk) for part in restorer.feed(event))
    frames = (out + (restorer.end or b"")).split(b"\n\n")
    return [json.loads(part.partition(b"data: ")[2]) for part in frames if part], restorer


def repeats(events: list[Any]) -> list[str]:
    """Return a text each time it is said whole, and first what its pieces make."""
    by_type = {event["type"].removeprefix("response."): event for event in events}
    deltas = "".join(event["delta"] for event in events if "delta" in event)
    items = (by_type["output_item.done"]["item"], by_type["completed"]["response"]["output"][0])
    if items[0]["type"] == "function_call":
        return [deltas, by_type["function_call_arguments.done"]["arguments"], *(item["arguments"] for item in items)]
    said = (by_type["output_text.done"], by_type["content_part.done"]["part"], *(item["content"][0] for item in items))
    return [deltas, *(part["text"] for part in said)]


@pytest.mark.parametrize("size", [1, 7, 100, 1 << 20])
def test_a_text_that_is_repeated_is_restored_each_time_and_counted_once(table: Any, policy: Any, size: int) -> None:
    events, restorer = respond(table, policy(), texts_of(*SPLIT), size=size)

    assert repeats(events) == [SAID] * 5
    assert (restorer.counts.restored, restorer.counts.invented) == (2, 0)
    assert restorer.usage["output_tokens"] == 2
    assert events[-1]["type"] == "response.completed"
    assert [event["type"] for event in events].index(
        "response.output_text.done"
    ) == 9  # what was held back comes before


@pytest.mark.parametrize("cut", range(1, len(TEXT)))
def test_a_text_is_restored_wherever_it_is_cut(table: Any, policy: Any, cut: int) -> None:
    events, restorer = respond(table, policy(), texts_of(TEXT[:cut], TEXT[cut:]))

    assert repeats(events) == [SAID] * 5
    assert restorer.counts.restored == 2


def test_a_document_is_escaped_each_time(table: Any, policy: Any) -> None:
    events, _ = respond(table, policy(), texts_of('{"to":"<PER', 'SON_2>"}'), json_content=True)

    assert [json.loads(said) for said in repeats(events)] == [{"to": 'Bob "B"\n'}] * 5


@pytest.mark.parametrize(("tool", "to", "restored"), [("send", 'Bob "B"\n', 1), ("steal", "<PERSON_2>", 0)])
@pytest.mark.parametrize("size", [7, 1 << 20])
def test_arguments_are_restored_everywhere_or_nowhere(
    table: Any, policy: Any, tool: str, to: str, restored: int, size: int
) -> None:
    raw = call_of(tool, '{"to":"<PER', 'SON_2>"', "}")

    events, restorer = respond(table, policy(), raw, size=size, tools=frozenset({"send"}))

    assert [json.loads(said) for said in repeats(events)] == [{"to": to}] * 4
    assert restorer.counts.restored == restored
    assert sum(event.get("name") == "send" for event in events) == 0


def test_a_stream_may_bring_many_calls(table: Any, policy: Any) -> None:
    calls = [{"type": "function_call", "call_id": "c", "name": "send", "arguments": "{}"}] * 150
    frames = [
        frame
        for i, call in enumerate(calls)
        for frame in (
            spoken("output_item.added", output_index=i, item=call),
            spoken("output_item.done", output_index=i, item=call),
        )
    ]
    ended = spoken("completed", response={"status": "completed", "output": calls})

    events, _ = respond(table, policy(), b"".join([*frames, ended]))

    assert len(events) == 301
