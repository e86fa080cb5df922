import json
import uuid
from typing import Any

import pytest

from gateway.core.errors import BackendProtocolError
from gateway.protocols import ChatLens, SseParser
from gateway.restore import StreamRestorer


def frame(delta: dict[str, Any], finish: str | None = None, index: int = 0) -> bytes:
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    body = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def run(
    table: Any, policy: Any, *frames: bytes, tools: frozenset[str] = frozenset()
) -> tuple[list[Any], StreamRestorer]:
    restorer = StreamRestorer(ChatLens(), table, policy, json_content=False, tools=tools, exchange=uuid.uuid4())
    out = b"".join(frame for event in SseParser().feed(b"".join(frames)) for frame in restorer.feed(event))
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
    assert restorer.done
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


def test_arguments_are_escaped_for_declared_tools_only(table: Any, policy: Any) -> None:
    def call(name: str) -> list[bytes]:
        first = {"tool_calls": [{"index": 0, "id": "c", "type": "function", "function": {"name": name}}]}
        rest = [
            {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in ('{"to":"<PER', 'SON_2>"}')
        ]
        return [frame(first), *(frame(delta) for delta in rest), frame({}, "tool_calls")]

    def arguments(events: list[Any]) -> str:
        return "".join(
            made["function"].get("arguments") or ""
            for event in events
            for choice in event["choices"]
            for made in choice["delta"].get("tool_calls") or []
        )

    declared, _ = run(table, policy(), *call("send"), tools=frozenset({"send"}))
    undeclared, _ = run(table, policy(), *call("steal"), tools=frozenset({"send"}))

    assert json.loads(arguments(declared)) == {"to": 'Bob "B"\n'}
    assert json.loads(arguments(undeclared)) == {"to": "<PERSON_2>"}


@pytest.mark.timeout(20)
def test_a_stream_does_not_bring_ever_more_texts(table: Any, policy: Any) -> None:
    with pytest.raises(BackendProtocolError, match="1024"):
        run(table, policy(), *(frame({"content": "x"}, index=index) for index in range(20_000)))
