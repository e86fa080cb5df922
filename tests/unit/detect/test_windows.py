from hypothesis import given
from hypothesis import strategies as st

from gateway.detect.windows import OVERLAP, SIZE, windows


@given(st.integers(0, 40_000), st.integers(0, 40_000), st.sampled_from(["x", "x ", "word ", "\n"]))
def test_whatever_is_no_longer_than_the_overlap_stands_whole_somewhere(length: int, start: int, unit: str) -> None:
    text = (unit * length)[:length]
    end = min(len(text), start + OVERLAP // 2)

    assert start >= end or any(first <= start and end <= first + len(piece) for first, piece in windows(text))


@given(st.text(max_size=50), st.integers(0, 800))
def test_windows_are_pieces_of_the_text(unit: str, times: int) -> None:
    text = unit * times

    for first, piece in windows(text):
        assert text[first : first + len(piece)] == piece
        assert len(piece) <= SIZE


def test_a_short_text_is_one_window() -> None:
    assert list(windows("short")) == [(0, "short")]
