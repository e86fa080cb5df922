"""What a real vLLM 0.32.0 server said at /v1/responses, read by the lens and told again, and read by the official SDK."""

import itertools
import json
import uuid
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from gateway.core.errors import BackendProtocolError, ProtocolError
from gateway.core.policy import Policy
from gateway.core.pseudonym import Pseudonym, PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.protocols import ResponsesLens, SseParser
from gateway.protocols.responses_fields import REQUEST
from gateway.restore import StreamRestorer

LENS = ResponsesLens()
SDK: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
ECHOES = ("instructions", "metadata", "user", "tools", "text")


@pytest.fixture
def wire(shared: Path) -> Path:
    """The recorded exchanges of the server."""
    return shared / "vllm/wire"


def requests(wire: Path) -> list[Path]:
    return [file for file in sorted(wire.glob("*/*.req")) if file.read_bytes().startswith(b"POST /v1/responses HTTP")]


def bodies(wire: Path, begin: bytes) -> list[bytes]:
    found = [file.with_suffix(".body").read_bytes() for file in requests(wire)]
    return [body for body in found if body.startswith(begin)]


def told(raw: bytes, size: int = 1 << 20) -> list[bytes]:
    """Return a stream as the lens tells it, read in chunks of so many bytes."""
    parser, frames = SseParser(), []
    for i in range(0, len(raw), size):
        for sse in parser.feed(raw[i : i + size]):
            event = LENS.event(sse.data)
            frames.append(LENS.write_event(event, [delta.text for delta in event.deltas]))
    return frames


def events_in(raw: bytes) -> list[dict[str, Any]]:
    return [json.loads(part.partition(b"data: ")[2]) for part in raw.split(b"\n\n") if part]


def texts_of(item: dict[str, Any]) -> list[Any]:
    """Return all of an item that a client reads."""
    parts = [(part["type"], part.get("text"), part.get("refusal")) for part in item.get("content") or []]
    return [item["type"], item.get("name"), item.get("call_id"), item.get("arguments"), *parts]


def said(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Join what each text brought in pieces, and keep what was said whole."""
    found: dict[str, Any] = defaultdict(str)
    for event in events:
        where = f"{event.get('output_index')}/{event.get('content_index')}"
        kind = event["type"]
        if "delta" in event:
            found[f"{kind} {where}"] += event["delta"]
        for field in ("text", "arguments", "item", "part", "response"):
            value = event.get(field)
            if isinstance(value, dict):
                items = value["output"] if field == "response" else [value]
                value = [texts_of(item) if field != "part" else item["text"] for item in items]
            found[f"{kind} {where} {field}"] += json.dumps(value)
    return found


def test_every_field_of_the_server_is_in_the_table(wire: Path) -> None:
    schemas = json.loads((wire / "openapi.json").read_bytes())["components"]["schemas"]
    assert set(schemas["ResponsesRequest"]["properties"]) <= set(REQUEST.fields)


def test_requests_come_out_as_they_went_in(wire: Path) -> None:
    count = 0
    for file in requests(wire):
        raw = file.read_bytes().partition(b"\r\n\r\n")[2]
        try:
            request = LENS.request(raw)
        except ProtocolError:
            continue
        left = {name: value for name, value in json.loads(raw).items() if f"/{name}" not in request.dropped}
        written = json.loads(LENS.write(request, [segment.text for segment in request.segments]))
        assert written == left | {"store": False}
        count += 1
    assert count >= 20


def test_only_what_should_be_is_refused(wire: Path) -> None:
    refused = set()
    for file in requests(wire):
        try:
            LENS.request(file.read_bytes().partition(b"\r\n\r\n")[2])
        except ProtocolError as error:
            if "_err_" not in file.stem:
                refused.add(f"{file.parent.name}/{file.stem[:3]} {error.pointer}")
    assert refused == {
        "A_base/073 /store", "A_base/074 /background", "A_base/075 /previous_response_id",
        "A_base/078 /enable_response_messages", "A_base/079 /include",
    }  # fmt: skip


def test_whole_replies_keep_their_texts_and_the_sdk_reads_them(wire: Path) -> None:
    found = bodies(wire, b'{"id"')
    assert len(found) >= 10
    for raw in found:
        reply, before = LENS.reply(raw), json.loads(raw)
        written = LENS.write_reply(reply, [segment.text for segment in reply.segments])
        after = json.loads(written)
        assert [texts_of(item) for item in after["output"]] == [texts_of(item) for item in before["output"]]
        assert (after["status"], after["incomplete_details"]) == (before["status"], before["incomplete_details"])
        assert reply.usage == {name: count for name, count in before["usage"].items() if isinstance(count, int)}
        assert not any(after[name] for name in ECHOES)
        read = Response.model_validate_json(written)
        assert read.to_dict(exclude_unset=True) == after


def test_streams_keep_their_texts_however_they_are_cut(wire: Path) -> None:
    found = bodies(wire, b"event: ")
    assert len(found) >= 6
    for raw, size in itertools.product(found, (7, 217, 1 << 20)):
        frames = told(raw, size)
        before, after = events_in(raw), events_in(b"".join(frames))
        assert said(after) == said(before)
        assert [event["type"] for event in after] == [event["type"] for event in before]
        assert [event["sequence_number"] for event in after] == [event["sequence_number"] for event in before]
        assert all(
            frame.startswith(f"event: {event['type']}\n".encode()) for frame, event in zip(frames, after, strict=True)
        )


def test_the_sdk_reads_every_event(wire: Path) -> None:
    for raw in bodies(wire, b"event: "):
        for frame in told(raw):
            data = frame.partition(b"data: ")[2]
            assert SDK.validate_json(data).to_dict(exclude_unset=True) == json.loads(data)


def test_every_channel_ends_before_the_stream_does(wire: Path) -> None:
    for raw in bodies(wire, b"event: "):
        events = [LENS.event(sse.data) for sse in SseParser().feed(raw)]
        assert [event.done for event in events] == [False] * (len(events) - 1) + [True]
        last = {delta.channel: i for i, event in enumerate(events) for delta in event.deltas if not delta.repeated}
        assert last
        for channel, i in last.items():
            ends = [k for k, event in enumerate(events[:-1]) if event.ends(channel)]
            assert ends
            assert min(ends) >= i


@pytest.mark.parametrize("name", ["C_tools/017_forced_text_responses_stream", "C_tools/011_responses_required_stream"])
@pytest.mark.parametrize("size", [1, 50, 1 << 20])
def test_a_real_stream_is_restored_in_its_pieces_and_its_repeats(wire: Path, name: str, size: int) -> None:
    raw = (wire / f"{name}.body").read_bytes()
    placeholders = ("<PERSON_1>", "<PERSON_2>", "<EMAIL_ADDRESS_1>", "<EMAIL_ADDRESS_2>", "<LOCATION_1>")
    table = PseudonymTable(
        {
            mark: Pseudonym(placeholder=mark, entity_type=mark[1:-3], original=Sensitive(f"Original {mark[1:-1]}"))
            for mark in placeholders
        }
    )
    policy = Policy(name="p", digest="0" * 64, entities={})
    restorer = StreamRestorer(
        LENS, table, policy, json_content=False, tools=frozenset({"send_mail"}), exchange=uuid.uuid4()
    )
    parser = SseParser()
    chunks = (raw[i : i + size] for i in range(0, len(raw), size))
    frames = [
        frame for chunk in chunks for event in parser.feed(chunk) for frame in restorer.write(restorer.read(event))
    ]
    assert restorer.end is not None
    out = b"".join([*frames, restorer.end])

    whole = said(events_in(raw))
    for mark in placeholders:
        whole = {where: text.replace(mark, f"Original {mark[1:-1]}") for where, text in whole.items()}
    assert said(events_in(out)) == whole
    marks = sum(text.count("Original") for where, text in whole.items() if "delta" in where)
    assert restorer.counts.restored == marks > 0


def test_a_server_killed_midstream_sends_no_end_mark(wire: Path) -> None:
    raw = (wire / "E_killed_midstream/v1_responsesTrue.resp").read_bytes().partition(b"\r\n\r\n")[2]
    lines = [line.strip() for line in raw.split(b"\n") if line.startswith(b"data: ")]
    events = [LENS.event(line[6:]) for line in lines]
    assert len(events) > 100
    assert not any(event.done for event in events)


def test_error_bodies_are_no_replies(wire: Path) -> None:
    errors = bodies(wire, b'{"error"')
    assert len(errors) >= 5
    for raw in errors:
        with pytest.raises(BackendProtocolError):
            LENS.reply(raw)
