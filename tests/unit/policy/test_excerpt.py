import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.policy.excerpt import Shown, excerpt, visible
from gateway.policy.vocabulary import WORDS


def lines(line: str, word: str, shown: Shown = "word") -> list[str]:
    return list(excerpt(line, line.index(word) + 1, len(word), shown=shown))


@pytest.mark.parametrize(
    ("line", "word", "shown", "source", "pointer"),
    [
        ("  entites: [PERSON]", "entites", "word", "  entites: [PERSON]", "  ^^^^^^^"),
        ("  deny_list: [Blue, Whale]", "Blue", "nothing", "  deny_list: […, …]", "              ^"),
        ("  deny_list: [Blue, 7]  # of Ann", "7", "word", "  deny_list: […, 7]  # …", "                 ^"),
        ("  apps: *crm", "*crm", "sign", "  apps: *…", "        ^^"),
        ("  floor true", "floor", "known", "  floor true", "  ^^^^^"),
        ("  secret word", "secret", "known", "  … …", "  ^"),
        ("  mode:enforce", "mode:enforce", "known", "  mode:enforce", "  ^^^^^^^^^^^^"),
        ("mode:\tenforce", "\t", "word", "mode:→enforce", "     ^"),
        ("名前: 値", "値", "word", "…: 値", "   ^^"),
        ("name: 'Ann Lee', score: 0.5", "score", "word", "name: …, score: 0.5", "         ^^^^^"),
        ('keep: P6M, x: "P6M"', "keep", "word", 'keep: P6M, …: "P6M"', "^^^^"),
        ("spec:", ":", "known", "spec:", "    ^"),
    ],
)
def test_only_the_wrong_word_and_words_of_the_schema_are_shown(
    line: str, word: str, shown: Shown, source: str, pointer: str
) -> None:
    assert lines(line, word, shown) == [source, pointer]


def test_of_a_long_line_only_what_is_around_the_word_is_shown() -> None:
    line = "allow: {values: [" + "Person, " * 10_000 + "], patern: []}"

    source, pointer = lines(line, "patern")
    assert len(source) < 300
    assert source[len(pointer) - 6 : len(pointer)] == "patern"


def test_a_long_word_is_cut() -> None:
    source, pointer = excerpt("mode: " + "x" * 5000, 7, 5000, shown="word")

    assert source == "mode: " + "x" * 60 + "…"
    assert len(pointer) <= len(source)


def test_a_place_beyond_the_line_is_its_end() -> None:
    assert excerpt("mode:", 30, 1, shown="word") == ("mode:", "     ^")
    assert excerpt("", 1, 1, shown="word") == ("", "^")


@pytest.mark.parametrize("given", ["a\x1b[31mb", "a\u202eb", "a\u200bb", "a\nb", "a\x00b"])
def test_nothing_is_shown_that_steers_a_terminal(given: str) -> None:
    assert visible(given) == "a\ufffdb" or visible(given).replace("\ufffd", "").isprintable()
    source, _ = excerpt(given, 1, len(given), shown="word")
    assert source.isprintable()


@given(
    st.lists(st.text("abcXYZ:,[]{}'\"#- \t\\*&!é名\x00\u200b", min_size=1, max_size=12), max_size=12),
    st.integers(1, 60),
    st.integers(0, 20),
    st.sampled_from(["word", "sign", "known", "nothing"]),
)
def test_whatever_a_line_is_nothing_secret_is_shown(parts: list[str], column: int, length: int, shown: Shown) -> None:
    secret = "Geheimnis7"
    before, after = " ".join(parts), ", ".join(parts)
    line = f"{before} {secret} {after} {secret}"
    inside = range(column - 1, column - 1 + length)
    touched = [at for at in range(len(line)) if line.startswith(secret, at) and set(range(at, at + 10)) & set(inside)]

    source, pointer = excerpt(line, column, length, shown=shown)

    assert secret not in WORDS
    assert source.isprintable()
    assert set(pointer) <= {" ", "^"}
    if not touched:
        assert secret not in source
