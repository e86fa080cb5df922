"""What a real vLLM 0.32.0 server said, read by the lens and told again."""

import itertools
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from gateway.core.errors import BackendProtocolError, BackendUnavailable, ProtocolError
from gateway.protocols import ChatLens, SseParser, models_in
from gateway.protocols.chat_fields import REQUEST

LENS = ChatLens()
TEXTS = ("content", "reasoning", "refusal")


@pytest.fixture
def wire(shared: Path) -> Path:
    """The recorded exchanges of the server."""
    return shared / "vllm/wire"


def requests_to(wire: Path, route: str) -> list[Path]:
    files = sorted(wire.glob("*/*.req"))
    return [file for file in files if file.read_bytes().startswith(f"POST {route} HTTP".encode())]


def body_of(file: Path) -> bytes:
    return file.with_suffix(".body").read_bytes()


def streams(wire: Path) -> list[bytes]:
    bodies = map(body_of, requests_to(wire, "/v1/chat/completions"))
    return [body for body in bodies if body.startswith(b"data: ")]


def said(events: list[dict[str, Any]]) -> dict[str, str]:
    """Join what each channel brought."""
    channels: dict[str, str] = defaultdict(str)
    for choice in itertools.chain.from_iterable(event["choices"] for event in events):
        for name in TEXTS:
            channels[f"{choice['index']}/{name}"] += choice["delta"].get(name) or ""
        for call in choice["delta"].get("tool_calls") or []:
            for name, text in call.get("function", {}).items():
                channels[f"{choice['index']}/tool_calls/{call['index']}/{name}"] += text
    return channels


def test_every_field_of_the_server_is_in_the_table(wire: Path) -> None:
    schemas = json.loads((wire / "openapi.json").read_bytes())["components"]["schemas"]
    assert set(schemas["ChatCompletionRequest"]["properties"]) <= set(REQUEST.fields)


def test_requests_come_out_as_they_went_in(wire: Path) -> None:
    count = 0
    for file in requests_to(wire, "/v1/chat/completions"):
        raw = file.read_bytes().partition(b"\r\n\r\n")[2]
        try:
            request = LENS.request(raw)
        except ProtocolError:
            continue
        left = {name: value for name, value in json.loads(raw).items() if f"/{name}" not in request.dropped}
        assert json.loads(LENS.write(request, [segment.text for segment in request.segments])) == left
        count += 1
    assert count >= 30


def test_only_what_should_be_is_refused(wire: Path) -> None:
    refused = set()
    for file in requests_to(wire, "/v1/chat/completions"):
        try:
            LENS.request(file.read_bytes().partition(b"\r\n\r\n")[2])
        except ProtocolError as error:
            if "_err_" not in file.stem:
                refused.add(f"{file.parent.name}/{file.stem[:3]} {error.pointer}")
    assert refused == {
        "A_base/017 /logprobs", "A_base/018 /prompt_logprobs", "A_base/019 /return_token_ids",
        "A_base/020 /return_prompt_text", "A_base/021 /return_token_offsets", "A_base/022 /return_mm_kwargs",
        "A_base/023 /echo", "A_base/024 /kv_transfer_params", "A_base/032 /logprobs", "A_base/033 /return_token_ids",
        "A_base/050 /messages/0/content/0/image_url/url", "A_base/052 ", "A_base/054 /model", "A_base/055 /priority",
        "C_tools/022 /logprobs", "C_tools/023 /prompt_logprobs", "C_tools/024 /echo", "C_tools/025 /return_prompt_text",
        "C_tools/026 /priority",
    }  # fmt: skip


def test_whole_replies_keep_their_texts(wire: Path) -> None:
    count = 0
    for raw in map(body_of, requests_to(wire, "/v1/chat/completions")):
        if not raw.startswith(b'{"id"'):
            continue
        reply, before = LENS.reply(raw), json.loads(raw)
        after = json.loads(LENS.write_reply(reply, [segment.text for segment in reply.segments]))
        for old, new in zip(before["choices"], after["choices"], strict=True):
            assert all(old["message"].get(name) == new["message"].get(name) for name in TEXTS)
            assert old["message"].get("tool_calls") == new["message"].get("tool_calls")
            assert (old["finish_reason"], old["stop_reason"]) == (new["finish_reason"], new["stop_reason"])
        assert before["usage"] | after["usage"] == before["usage"]
        assert set(after) == {"id", "object", "created", "model", "choices", "usage"}
        count += 1
    assert count >= 30


def test_streams_keep_their_texts_however_they_are_cut(wire: Path) -> None:
    bodies = streams(wire)
    assert len(bodies) >= 15
    for raw, size in itertools.product(bodies, (7, 217, 1 << 20)):
        parser = SseParser()
        told: list[bytes] = []
        for i in range(0, len(raw), size):
            for sse in parser.feed(raw[i : i + size]):
                event = LENS.event(sse.data)
                told.append(LENS.write_event(event, [delta.text for delta in event.deltas]))
        assert told[-1] == b"data: [DONE]\n\n"
        before = [json.loads(line[6:]) for line in raw.decode().split("\n\n") if line.startswith("data: {")]
        after = [json.loads(line[6:]) for line in told[:-1]]
        assert said(after) == said(before)
        assert not any(name in b"".join(told) for name in (b"token_ids", b"prompt_text", b"fingerprint"))


def test_every_channel_ends_before_the_stream_does(wire: Path) -> None:
    for raw in streams(wire):
        events = [LENS.event(sse.data) for sse in SseParser().feed(raw)]
        last = {delta.channel: i for i, event in enumerate(events) for delta in event.deltas}
        for channel, i in last.items():
            ends = [k for k, event in enumerate(events[:-1]) if event.ends(channel)]
            assert ends
            assert min(ends) >= i


def test_a_server_killed_midstream_is_an_error(wire: Path) -> None:
    raw = (wire / "E_killed_midstream/v1_chat_completionsTrue.resp").read_bytes().partition(b"\r\n\r\n")[2]
    lines = [line for line in raw.split(b"\r\n") if line.startswith(b"data: ")]
    errors = 0
    for line in lines:
        try:
            LENS.event(line.strip()[6:])
        except BackendUnavailable:
            errors += 1
    assert errors == 1


def test_error_bodies_are_no_replies(wire: Path) -> None:
    errors = [raw for raw in map(body_of, requests_to(wire, "/v1/chat/completions")) if raw.startswith(b'{"error"')]
    assert errors
    for raw in errors:
        try:
            LENS.reply(raw)
        except BackendProtocolError:
            continue
        raise AssertionError(raw[:40])


def test_the_list_of_models(wire: Path) -> None:
    (model,) = models_in((wire / "A_base/001_models.body").read_bytes())
    assert (model.id, model.max_model_len) == ("tiny-moe", 2048)
