import pytest
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


@pytest.mark.parametrize("before", [*range(0, 9000, 331), 6900, 7599, 7600, 7601, 7999, 8000])
@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN RSA PRIVATE KEY-----\n" + "A" * 64 + ("\n" + "B" * 64) * 40 + "\n-----END RSA PRIVATE KEY-----",
        "eyJ" + "c" * 900 + "." + "d" * 4000 + "." + "e" * 900,
    ],
    ids=["key", "token"],
)
def test_a_secret_stands_whole_in_some_window(secret: str, before: int) -> None:
    for unit in ("prose ", '{"a":1},'):
        text = (unit * 2000)[:before] + '"' + secret + '"' + unit * 3000

        assert any(secret in piece for _, piece in windows(text))


@pytest.mark.parametrize("unit", ["x", "x ", "-----BEGIN ", "-----BEGIN " + "x" * 7000, " " + "x" * 7990])
def test_hostile_text_is_not_read_again_and_again(unit: str) -> None:
    text = (unit * 400_000)[:400_000]

    assert sum(len(piece) for _, piece in windows(text)) < 3 * len(text)


@pytest.mark.parametrize("length", [401, 700, 1500, 3000, 7000])
@pytest.mark.parametrize("lead", ["Authorization: Bearer ", "my password: "])
def test_a_long_token_stands_in_one_window_with_the_words_that_lead_to_it(length: int, lead: str) -> None:
    for before in (7200, 7500, 7590, 7900):
        text = "word " * (before // 5) + lead + "x7" * (length // 2) + " and so on" * 50

        assert any(lead + "x7" * (length // 2) in window for _, window in windows(text))


def test_a_key_longer_than_a_window_stands_in_one() -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\n" + ("k7" * 32 + "\n") * 190 + "-----END RSA PRIVATE KEY-----"

    assert any(key in window for _, window in windows("word " * 1500 + key + " and so on" * 50))
