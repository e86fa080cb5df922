import json
import uuid
from typing import Any

import pytest

from gateway.core.errors import BackendProtocolError
from gateway.protocols import ChatLens, MessagesLens, ResponsesLens, SseEvent, SseParser
from gateway.restore import StreamRestorer


def frame(delta: dict[str, Any], finish: str | None = None, index: int = 0) -> bytes:
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    body = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def run(
    table: Any, policy: Any, *frames: bytes, tools: frozenset[str] = frozenset()
) -> tuple[list[Any], StreamRestorer]:
    restorer = StreamRestorer(ChatLens(), table, policy, json_content=False, tools=tools, exchange=uuid.uuid4())
    out = b"".join(
        frame for event in SseParser().feed(b"".join(frames)) for frame in restorer.write(restorer.read(event))
    )
    return [json.loads(part.removeprefix(b"data: ")) for part in out.split(b"\n\n") if part], restorer


def content(events: list[Any], index: int = 0) -> str:
    return "".join(
        choice["delta"].get("content") or ""
        for event in events
        for choice in event["choices"]
        if choice["index"] == index
    )


def test_a_placeholder_split_over_events_comes_back(table: Any, policy: Any) -> None:
    pieces = [frame({"content": piece}) for piece in ("Dear <", "PER", "SON_1", ">, hi")]

    events, restorer = run(table, policy(), *pieces, frame({}, "stop"), b"data: [DONE]\n\n")

    assert content(events) == "Dear Maria, hi"
    assert restorer.end == b"data: [DONE]\n\n"
    assert restorer.counts.restored == 1


def test_what_is_held_back_leaves_before_the_channel_ends(table: Any, policy: Any) -> None:
    events, _ = run(table, policy(), frame({"content": "a <PERSON"}), frame({}, "stop"), b"data: [DONE]\n\n")

    assert content(events) == "a <PERSON"
    assert events[-1]["choices"][0]["finish_reason"] == "stop"


def test_choices_do_not_mix(table: Any, policy: Any) -> None:
    frames = [
        frame({"content": "<PERSON"}, index=0),
        frame({"content": "_1> x"}, index=1),
        frame({"content": "_1> y"}, index=0),
    ]

    events, _ = run(table, policy(), *frames, frame({}, "stop", 0), frame({}, "stop", 1))

    assert (content(events, 0), content(events, 1)) == ("Maria y", "_1> x")


def test_what_one_event_brings_of_a_text_is_read_as_one(table: Any, policy: Any) -> None:
    choices = [
        {"index": 0, "delta": {"content": "Dear <PER"}, "finish_reason": None},
        {"index": 0, "delta": {"content": "SON_1>"}, "finish_reason": "stop"},
    ]

    events, _ = run(table, policy(), b"data: " + json.dumps({"choices": choices}).encode() + b"\n\n")

    assert content(events) == "Dear Maria"


def test_nothing_is_read_after_the_end_mark(table: Any, policy: Any) -> None:
    events, restorer = run(table, policy(), b"data: [DONE]\n\n", frame({"content": "late"}))

    assert (events, restorer.end) == ([], b"data: [DONE]\n\n")


def called(name: str) -> dict[str, Any]:
    return {"tool_calls": [{"index": 0, "id": "c", "type": "function", "function": {"name": name}}]}


def given(arguments: str) -> dict[str, Any]:
    return {"tool_calls": [{"index": 0, "function": {"arguments": arguments}}]}


def arguments(events: list[Any]) -> str:
    return "".join(
        made.get("function", {}).get("arguments") or ""
        for event in events
        for choice in event["choices"]
        for made in choice["delta"].get("tool_calls") or []
    )


PIECES = (given('{"to":"<PER'), given('SON_2>"}'))


@pytest.mark.parametrize("place", range(3))
def test_arguments_are_restored_and_escaped_wherever_the_name_of_a_declared_tool_stands(
    table: Any, policy: Any, place: int
) -> None:
    deltas = [*PIECES[:place], called("send"), *PIECES[place:], {}]
    frames = [frame(delta, None if delta else "tool_calls") for delta in deltas]

    events, restorer = run(table, policy(), *frames, tools=frozenset({"send"}))

    assert json.loads(arguments(events)) == {"to": 'Bob "B"\n'}
    assert events[-1]["choices"][0]["finish_reason"] == "tool_calls"
    assert restorer.counts.restored == 1


@pytest.mark.parametrize("before", [[called("steal")], []])
def test_arguments_of_no_declared_tool_stay(table: Any, policy: Any, before: list[Any]) -> None:
    frames = [frame(delta) for delta in (*before, *PIECES)]

    events, _ = run(table, policy(), *frames, frame({}, "tool_calls"), tools=frozenset({"send"}))

    assert json.loads(arguments(events)) == {"to": "<PERSON_2>"}


def test_a_name_that_goes_on_after_its_arguments_is_refused(table: Any, policy: Any) -> None:
    calls: list[Any] = [
        {"id": "c", "function": {"name": "send", "arguments": '{"to": "'}},
        {"function": {"name": "_elsewhere", "arguments": '<PERSON_1>"}'}},
    ]
    frames = [frame({"tool_calls": [{"index": 0, **call}]}) for call in calls]

    with pytest.raises(BackendProtocolError, match="name"):
        run(table, policy(), *frames, tools=frozenset({"send"}))


def test_a_stream_does_not_bring_ever_more_arguments_without_a_name(table: Any, policy: Any) -> None:
    with pytest.raises(BackendProtocolError, match="65536"):
        run(table, policy(), *(frame(given("x" * 1000)) for _ in range(70)))


@pytest.mark.timeout(20)
def test_a_stream_does_not_bring_ever_more_texts(table: Any, policy: Any) -> None:
    with pytest.raises(BackendProtocolError, match="1024"):
        run(table, policy(), *(frame({"content": "x"}, index=index) for index in range(20_000)))


def test_a_name_that_never_ends_is_refused(table: Any, policy: Any) -> None:
    piece = {"tool_calls": [{"index": 0, "function": {"name": "n" * 300}}]}

    with pytest.raises(BackendProtocolError, match="512 characters"):
        run(table, policy(), frame(piece), frame(piece))


def messages(table: Any, policy: Any, *events: dict[str, Any], tools: frozenset[str] = frozenset()) -> list[Any]:
    """Return the events of a stream of Anthropic's, its end mark included."""
    restorer = StreamRestorer(MessagesLens(), table, policy, json_content=False, tools=tools, exchange=uuid.uuid4())
    frames = [
        frame for event in events for frame in restorer.write(restorer.read(SseEvent(json.dumps(event).encode())))
    ]
    return [json.loads(frame.partition(b"\ndata: ")[2]) for frame in [*frames, restorer.end or b"\ndata: null"]]


BLOCKS = (
    ({"type": "thinking", "thinking": ""}, "thinking_delta", "thinking", "is it <PERSON_1>?"),
    ({"type": "text", "text": ""}, "text_delta", "text", "Dear <PERSON_1>, <PERSON_7> <PER"),
    ({"type": "tool_use", "id": "c", "name": "send", "input": {}}, "input_json_delta", "partial_json", '{"<PERSON_1>":"<PERSON_2>"}'),
)  # fmt: skip
SAID_IN = {
    "thinking": "is it Maria?",
    "text": "Dear Maria, <PERSON_7> <PER",
    "partial_json": '{"Maria":"Bob \\"B\\"\\n"}',
}


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 100])
@pytest.mark.parametrize("stops", [True, False])
def test_blocks_of_a_message_are_restored_however_they_are_cut(
    table: Any, policy: Any, size: int, *, stops: bool
) -> None:
    events: list[dict[str, Any]] = []
    for index, (block, kind, field, text) in enumerate(BLOCKS):
        events.append({"type": "content_block_start", "index": index, "content_block": block})
        events += [
            {"type": "content_block_delta", "index": index, "delta": {"type": kind, field: text[at : at + size]}}
            for at in range(0, len(text), size)
        ]
        events += [{"type": "content_block_stop", "index": index}] * stops
    events += [{"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {}}, {"type": "message_stop"}]

    told = messages(table, policy(), *events, tools=frozenset({"send"}))

    for index, (_, _, field, _) in enumerate(BLOCKS):
        own = [event for event in told if event.get("index") == index]
        assert "".join(event["delta"][field] for event in own if "delta" in event) == SAID_IN[field]
        assert (own[-1]["type"] == "content_block_stop") == stops
    assert [event["type"] for event in told[-2:]] == ["message_delta", "message_stop"]


def test_the_input_of_no_declared_tool_stays(table: Any, policy: Any) -> None:
    block, kind, field, text = BLOCKS[2]
    events = [
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "content_block_delta", "index": 0, "delta": {"type": kind, field: text}},
    ]

    assert messages(table, policy(), *events)[1]["delta"][field] == text


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
    out = b"".join(
        part for chunk in chunks for event in parser.feed(chunk) for part in restorer.write(restorer.read(event))
    )
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


def test_names_of_a_stream_are_restored_to_those_of_declared_tools(table: Any, policy: Any) -> None:
    calls = [
        {"index": i, "id": "call_<PERSON_1>", "type": "function", "function": {"name": name}}
        for i, name in enumerate(["<PERSON_1>", "send_<PERSON_1>"])
    ]
    frames = [frame({"tool_calls": [call]}) for call in calls]

    events, restorer = run(table, policy(), *frames, frame({}, "tool_calls"), tools=frozenset({"Maria"}))

    said = [call for event in events for choice in event["choices"] for call in choice["delta"].get("tool_calls", [])]
    assert [call["function"]["name"] for call in said] == ["Maria", "send_<PERSON_1>"]
    assert {call["id"] for call in said} == {"call_<PERSON_1>"}
    assert (restorer.counts.restored, restorer.counts.withheld) == (1, 3)
