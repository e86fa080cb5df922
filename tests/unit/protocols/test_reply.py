"""How replies are read, whatever the endpoint."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.core.content import PartKind
from gateway.core.errors import BackendProtocolError, BackendUnavailable
from gateway.protocols import reply
from gateway.protocols.reply import Taker
from gateway.protocols.template import Slot


def test_texts_are_taken_out_in_order() -> None:
    taker = Taker()

    assert taker.take("a", "/x", "0/x") == Slot(index=0)
    assert taker.take("b", "/y", "0/y", PartKind.ARGUMENTS) == Slot(index=1)
    assert (taker.take(None, "/z", "0/z"), taker.take("", "/z", "0/z")) == (None, "")
    assert [(segment.pointer, segment.text.reveal()) for segment in taker.segments()] == [("/x", "a"), ("/y", "b")]
    assert [(delta.channel, delta.kind) for delta in taker.deltas()] == [
        ("0/x", PartKind.TEXT),
        ("0/y", PartKind.ARGUMENTS),
    ]
    assert not any(delta.repeated for delta in taker.deltas())
    assert all(delta.repeated for delta in taker.deltas(repeated=True))


@pytest.mark.parametrize("value", [7, True, ["a"], {"a": "b"}])
def test_a_text_of_another_type_is_the_servers_mistake(value: Any) -> None:
    with pytest.raises(BackendProtocolError, match="not a string"):
        Taker().take(value, "/x", "0/x")


def test_a_stop_string_is_text_and_a_stop_token_is_not() -> None:
    taker = Taker()

    assert taker.stop_reason(128_001, "/choices/0", "0") == 128_001
    assert taker.stop_reason("END", "/choices/0", "0") == Slot(index=0)
    assert taker.segments()[0].pointer == "/choices/0/stop_reason"


@pytest.mark.parametrize("raw", [b"", b"[]", b'"x"', b'{"a":1,"a":2}', b"{"])
def test_what_is_no_object_is_no_reply(raw: bytes) -> None:
    with pytest.raises(BackendProtocolError):
        reply.read_body(raw)


def test_an_error_in_a_stream_ends_it_without_its_text() -> None:
    with pytest.raises(BackendUnavailable) as raised:
        reply.read_data(b'{"error":{"message":"Maria"}}')

    assert "Maria" not in raised.value.message


def test_counts_are_counts() -> None:
    found = {"prompt_tokens": 3, "completion_tokens": -1, "total_tokens": True, "x": 9}
    details = {"prompt_tokens_details": {"cached_tokens": 2, "audio_tokens": None, "text": 1}}

    assert reply.usage(found | details) == {
        "prompt_tokens": 3,
        "prompt_tokens_details": {"cached_tokens": 2, "audio_tokens": None},
    }
    assert reply.totals(reply.usage(found | details)) == {"prompt_tokens": 3}
    assert reply.usage(None) is None
    assert [reply.count(value) for value in (7, -1, "7", True, 10**13)] == [7, 0, 0, 0, 0]


def test_a_name_that_no_request_could_bear_is_none() -> None:
    assert (reply.model("org/m-1"), reply.model("Maria Gonzalez"), reply.model(7)) == ("org/m-1", "", "")


@pytest.mark.parametrize("found", [-1, "0", True, 1.0, 100_000])
def test_an_index_is_a_small_number(found: Any) -> None:
    with pytest.raises(BackendProtocolError):
        reply.index({"index": found})


def test_an_unknown_reason_to_finish_is_the_servers_mistake() -> None:
    assert (reply.finish(None), reply.finish("stop")) == (None, "stop")
    with pytest.raises(BackendProtocolError):
        reply.finish("Maria")


def test_an_event_of_our_own_is_dated_like_its_neighbour() -> None:
    event = reply.END
    assert reply.same_head(event, "x") == {"id": None, "object": "x", "created": 0, "model": ""}
