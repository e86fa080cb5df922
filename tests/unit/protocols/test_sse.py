import itertools
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.errors import BackendProtocolError
from gateway.protocols.sse import SseEvent, SseParser, frame

HOSTILE = (
    b'\xef\xbb\xbf: hello\ndata: {"a":1}\n\nid: 7\nevent: x\nretry: 1\rdata:two\r\ndata: lines\r\r'
    b": keep-alive\n\ndata\n\ndata: \xc3\xbc\x00\n\ndata: [DONE]\n\n"
)
DATA = [b'{"a":1}', b"two\nlines", b"", b"\xc3\xbc\x00", b"[DONE]"]


def parsed(chunks: list[bytes]) -> list[bytes]:
    parser = SseParser()
    return [event.data for chunk in chunks for event in parser.feed(chunk)]


def test_comments_and_other_fields_are_left_out() -> None:
    assert parsed([HOSTILE]) == DATA


def test_one_byte_at_a_time() -> None:
    assert parsed([bytes([byte]) for byte in HOSTILE]) == DATA


@given(st.lists(st.integers(0, len(HOSTILE)), max_size=12).map(sorted))
def test_any_cut_gives_the_same_events(cuts: list[int]) -> None:
    edges = [0, *cuts, len(HOSTILE)]
    assert parsed([HOSTILE[a:b] for a, b in itertools.pairwise(edges)]) == DATA


@given(
    st.lists(st.sampled_from([b"data: x", b"data:", b":", b"\r", b"\n", b"\r\n", b"\xef\xbb\xbf", b"id: 1", b"\x00"])),
    st.data(),
)
def test_any_cut_of_anything_gives_the_same_events(parts: list[bytes], data: st.DataObject) -> None:
    raw = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=6)))
    edges = [0, *cuts, len(raw)]
    whole, cut = SseParser(), SseParser()
    once = list(whole.feed(raw))
    assert [event for a, b in itertools.pairwise(edges) for event in cut.feed(raw[a:b])] == once


@given(st.lists(st.binary(max_size=40).filter(lambda data: b"\n" not in data and b"\r" not in data)))
def test_frames_are_read_again(datas: list[bytes]) -> None:
    assert parsed([b"".join(map(frame, datas))]) == datas


def test_an_event_goes_out_with_its_last_byte() -> None:
    parser = SseParser()
    assert list(parser.feed(b"data: x\r\n")) == []
    assert list(parser.feed(b"\r")) == [SseEvent(b"x")]
    assert list(parser.feed(b"\n")) == []


@pytest.mark.parametrize("rest", [b"data: x", b"data: x\n", b": comment", b"dat"])
def test_an_end_in_the_middle_gives_no_event(rest: bytes) -> None:
    assert parsed([b"data: a\n\n" + rest]) == [b"a"]


def test_a_long_line_is_an_error_before_it_ends() -> None:
    parser = SseParser(line=100)
    list(parser.feed(b"data: " + b"x" * 90))
    with pytest.raises(BackendProtocolError, match="longer than 100"):
        list(parser.feed(b"x" * 10))


def test_a_long_line_without_data_is_an_error_too() -> None:
    with pytest.raises(BackendProtocolError):
        list(SseParser(line=100).feed(b":" * 101))


def test_a_long_event_is_an_error() -> None:
    parser = SseParser(event=100)
    with pytest.raises(BackendProtocolError, match="longer than 100"):
        list(parser.feed(b"data: 0123456789\n" * 10))


def test_the_limit_counts_one_event_at_a_time() -> None:
    assert len(list(SseParser(event=20).feed(b"data: 0123456789\n\n" * 10))) == 10


def test_what_stands_before_a_mistake_is_given() -> None:
    events = SseParser(line=100).feed(b"data: a\n\n" + b"x" * 101)

    assert next(events) == SseEvent(b"a")
    with pytest.raises(BackendProtocolError):
        next(events)


def test_an_events_data_is_not_shown() -> None:
    assert "Alma" not in repr(SseEvent(b"Alma"))


def test_a_frame_may_name_its_event() -> None:
    assert frame(b"{}", "response.created") == b"event: response.created\ndata: {}\n\n"
    assert parsed([frame(b"{}", "response.created")]) == [b"{}"]


def test_many_short_lines_take_no_more_memory_than_one_long_one() -> None:
    parser, lines = SseParser(), b"data: xy\n" * 10_000
    tracemalloc.start()
    try:
        for _ in range(100):  # three million bytes of data
            assert list(parser.feed(lines)) == []
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert held < 8 << 20
