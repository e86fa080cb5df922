import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core import tokens as cutting
from gateway.core.tokens import Tokens, tokens

_TEXT = st.lists(
    st.sampled_from(
        ["a", "bc", " ", "\n", "\\", "\\\\", '"', "\x01", "\u0301", "é", "王", "\uff21", "\u3000", ".", "\\n"]
    ),
    max_size=40,
).map("".join)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bob and Bob.", ("Bob", " ", "and", " ", "Bob", ".")),
        ("user_Bob-x1", ("user", "_", "Bob", "-", "x1")),
        ("王伟 来", ("王", "伟", " ", "来")),
        ("Jose\u0301 \n\t García", ("José", " ", "García")),
        (r"a\nb", ("a", " ", "b")),
        (r"say \"it\"", ("say", " ", '"', "it", '"')),
        (r"c:\\dir", ("c", ":", "\\", "dir")),
        ("\uff21b", ("Ab",)),
        ("", ()),
    ],
)
def test_a_text_is_cut_into_what_is_compared(text: str, words: tuple[str, ...]) -> None:
    assert tokens(text) == words
    assert tuple(Tokens(text).words) == words


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Bob, Al", [(0, 3), (3, 4), (4, 5), (5, 7)]),
        ("Jose\u0301  x", [(0, 5), (5, 7), (7, 8)]),
        (r"a\\nb", [(0, 1), (1, 4), (4, 5)]),
        ("\u3000\uff21", [(0, 1), (1, 2)]),
    ],
)
def test_a_token_is_known_by_its_place_in_the_text_as_it_came(text: str, places: list[tuple[int, int]]) -> None:
    cut = Tokens(text)

    assert [(cut.start(each), cut.end(each)) for each in range(len(cut.words))] == places


@given(_TEXT)
def test_tokens_cover_a_text(text: str) -> None:
    cut = Tokens(text)
    count = len(cut.words)

    assert all(cut.start(each) <= cut.end(each - 1) <= cut.end(each) for each in range(1, count))
    assert not count or (cut.start(0), cut.end(count - 1)) == (0, len(text))
    assert cut.different == frozenset(cut.words)


@given(_TEXT, st.integers(1, 9))
def test_where_a_stretch_ends_cuts_no_token(text: str, stretch: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "_STRETCH", stretch)

        assert tuple(Tokens(text).words) == tokens(text)


def test_a_word_longer_than_a_stretch_is_one() -> None:
    assert Tokens("x" * 100_000 + " y").words == ["x" * 100_000, " ", "y"]
