"""What a real vLLM 0.32.0 server said at ``/v1/messages``, read by the lens and told again."""

import itertools
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.core.errors import BackendProtocolError, BackendUnavailable, ProtocolError
from gateway.protocols import CountTokensLens, Lens, MessagesLens, SseParser
from gateway.protocols.messages_fields import COUNT_REQUEST, INERT, REQUEST

LENS, COUNT = MessagesLens(), CountTokensLens()
PIECES = {"text_delta": "text", "thinking_delta": "thinking", "input_json_delta": "partial_json"}
NOT_FORWARDED = {"tool_name"}
"""Fields of blocks that are refused: images and tool references. (``tool`` is one too, and a word of tool_choice.)"""


@pytest.fixture
def wire(shared: Path) -> Path:
    """The recorded exchanges of the server."""
    return shared / "vllm/wire"


def recorded(wire: Path) -> Iterator[tuple[Path, Lens, bytes, bytes]]:
    """Yield the file, the lens, the request and the answer of each exchange."""
    for file in sorted(wire.glob("*/*.req")):
        head, _, asked = file.read_bytes().partition(b"\r\n\r\n")
        for lens in (LENS, COUNT):
            if head.startswith(f"POST {lens.endpoint} HTTP".encode()):
                yield file, lens, asked, file.with_suffix(".body").read_bytes()


def streams(wire: Path) -> list[bytes]:
    return [answer for *_, answer in recorded(wire) if answer.startswith(b"event: ")]


def events_in(stream: bytes) -> list[dict[str, Any]]:
    return [json.loads(part.partition("\ndata: ")[2]) for part in stream.decode().split("\n\n") if part]


def said(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Join what each block brought, with its tool's name and why the message ended."""
    blocks: dict[str, Any] = defaultdict(str)
    for event in events:
        match event:
            case {"type": "content_block_start", "index": index, "content_block": block}:
                blocks[f"{index}"] += f"{block['type']} {block.get('id')} {block.get('name')} "
            case {"type": "content_block_delta", "index": index, "delta": {"type": kind} as delta} if kind in PIECES:
                blocks[f"{index}"] += delta[PIECES[kind]]
            case {"type": "message_delta"}:
                blocks["end"] = (event["delta"], event["usage"])
    return blocks


def told(raw: bytes, size: int) -> bytes:
    parser, frames = SseParser(), []
    for i in range(0, len(raw), size):
        for sse in parser.feed(raw[i : i + size]):
            event = LENS.event(sse.data)
            frames.append(LENS.write_event(event, [delta.text for delta in event.deltas]))
    return b"".join(frames)


def test_every_field_of_the_server_is_in_the_table(wire: Path) -> None:
    schemas = json.loads((wire / "openapi.json").read_bytes())["components"]["schemas"]
    assert set(schemas["AnthropicMessagesRequest"]["properties"]) <= set(REQUEST.fields)
    assert set(schemas["AnthropicCountTokensRequest"]["properties"]) <= set(COUNT_REQUEST.fields)
    parts = ("ContentBlock", "Message", "Tool", "ToolChoice", "OutputConfig", "JsonOutputFormat")
    thinking = ("ThinkingConfigEnabled", "ThinkingConfigDisabled", "ThinkingConfigAdaptive")
    fields = {name for part in parts + thinking for name in schemas[f"Anthropic{part}"]["properties"]}
    assert fields - INERT == NOT_FORWARDED


def test_requests_come_out_as_they_went_in(wire: Path) -> None:
    count = 0
    for _, lens, asked, _ in recorded(wire):
        try:
            request = lens.request(asked)
        except ProtocolError:
            continue
        assert request.dropped == ()
        assert json.loads(lens.write(request, [segment.text for segment in request.segments])) == json.loads(asked)
        count += 1
    assert count >= 20


def test_only_what_should_be_is_refused(wire: Path) -> None:
    refused = {}
    for file, lens, asked, _ in recorded(wire):
        try:
            lens.request(asked)
        except ProtocolError as error:
            refused[f"{file.parent.name}/{file.stem[:3]}"] = error.pointer
    assert refused == {
        "A_base/110": "",  # no JSON
        "A_base/137": "/max_tokens",
        "A_base/138": "/max_tokens",
        "C_tools/018": "",  # structured_outputs, which the server ignores here
    }


def test_whole_messages_keep_their_texts(wire: Path) -> None:
    count = 0
    for _, lens, _, answer in recorded(wire):
        if not answer.startswith(b'{"id"'):
            continue
        reply, before = lens.reply(answer), json.loads(answer)
        after = json.loads(lens.write_reply(reply, [segment.text for segment in reply.segments]))
        for block in itertools.chain(before["content"], after["content"]):
            block.pop("signature", None)
        same = ("type", "role", "model", "content", "stop_reason", "usage")
        assert [after[name] for name in same] == [before[name] for name in same]
        assert set(after) == {*same, "id", "stop_sequence"}
        count += 1
    assert count >= 10


def test_a_count_is_told_as_it_is(wire: Path) -> None:
    answers = [answer for _, lens, _, answer in recorded(wire) if lens is COUNT]
    assert [COUNT.write_reply(COUNT.reply(answer), []) for answer in answers] == [b'{"input_tokens":21}']


def test_streams_keep_their_texts_however_they_are_cut(wire: Path) -> None:
    bodies = streams(wire)
    assert len(bodies) >= 5
    for raw, size in itertools.product(bodies, (7, 217, 1 << 20)):
        before, after = events_in(raw), events_in(told(raw, size))
        assert [event["type"] for event in after] == [event["type"] for event in before]
        assert said(after) == said(before)
        assert after[-1] == {"type": "message_stop"}
        assert "chatcmpl-" not in json.dumps(after[0])


def test_every_channel_ends_before_the_message_does(wire: Path) -> None:
    for raw in streams(wire):
        events = [LENS.event(sse.data) for sse in SseParser().feed(raw)]
        last = {delta.channel: i for i, event in enumerate(events) for delta in event.deltas}
        for channel, i in last.items():
            ends = [k for k, event in enumerate(events[:-2]) if event.ends(channel)]
            assert ends
            assert min(ends) >= i


def test_a_server_killed_midstream_is_an_error(wire: Path) -> None:
    raw = (wire / "E_killed_midstream/v1_messagesTrue.resp").read_bytes().partition(b"\r\n\r\n")[2]
    lines = [line.strip() for line in raw.split(b"\n") if line.startswith(b"data: ")]
    for line in lines[:-1]:
        LENS.event(line[6:])
    with pytest.raises(BackendUnavailable) as caught:
        LENS.event(lines[-1][6:])
    assert "pydantic" not in caught.value.message


def test_error_bodies_are_no_replies(wire: Path) -> None:
    errors = [(lens, answer) for _, lens, _, answer in recorded(wire) if b'"error":' in answer[:40]]
    assert len(errors) >= 6
    for lens, answer in errors:
        with pytest.raises(BackendProtocolError):
            lens.reply(answer)
