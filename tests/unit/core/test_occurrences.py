import itertools
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.occurrences import SHORTEST, Occurrence, Occurrences
from gateway.core.tokens import Tokens


@pytest.mark.parametrize(
    ("text", "value", "places"),
    [
        ("Bob and Bob.", "Bob", [0, 8]),
        ("Bobby Bob", "Bob", [6]),
        ("kebob", "bob", []),
        ("user_Bob-x", "Bob", [5]),
        ("call +1 212, +1 212", "+1 212", [5, 13]),
        ("x+1 212", "+1 212", [1]),
        ("王伟明天来", "王伟", [0]),
        ("aaa", "aa", []),
        ("x y x", "x", []),
        ("a@b.c,a@b.c", "a@b.c", [0, 6]),
        ("", "Bob", []),
    ],
)
def test_a_value_is_found_on_token_boundaries(text: str, value: str, places: list[int]) -> None:
    assert [place.start for place in Occurrences([value]).places(Tokens(text))] == places


def test_of_two_that_overlap_the_later_counts_and_the_longest_there() -> None:
    known = Occurrences(["Ann Lee", "Lee Kim", "Kim"])

    assert known.places(Tokens("Ann Lee Kim, Ann Lee")) == [(4, 11, "Lee Kim"), (13, 20, "Ann Lee")]


def test_what_is_taken_is_not_touched() -> None:
    known = Occurrences(["Ann", "Ann Lee"])

    taken = [Occurrence(2, 5, ""), Occurrence(12, 15, "")]

    assert known.places(Tokens("Ann Lee Ann Lee"), taken) == [(8, 11, "Ann")]


@pytest.mark.parametrize(
    "text",
    [
        "Jose\u0301  Garci\u0301a", "José\nGarcía", r"José\nGarcía", r"x\tJosé\r\nGarcía", "José\u00a0García",
        "\uff2aosé\u3000García", "王José García明",
    ],
)  # fmt: skip
def test_spellings_of_one_value_are_one(text: str) -> None:
    (place,) = Occurrences(["José García", "4111"]).places(Tokens(text))

    assert place.value == "José García"


@pytest.mark.parametrize("text", ["josé garcía", "Jose García", "JoséGarcía", "José García\u0301a", "xJosé García"])
def test_other_words_are_not(text: str) -> None:
    assert Occurrences(["José García"]).places(Tokens(text)) == []


@given(
    st.lists(st.text("ab .é王", min_size=SHORTEST, max_size=6), min_size=1, max_size=6), st.text("ab .é王", max_size=40)
)
def test_many_values_are_found_as_a_search_for_each_would(values: list[str], text: str) -> None:
    def apart(left: str, right: str) -> bool:
        word = re.fullmatch(r"[^\W_\u0e00-\U0010ffff]{2}", left + right)
        return not (word or (left.isspace() and right.isspace()))

    each = {
        (at, at + len(value))
        for value in values
        for at in range(len(text))
        if text.startswith(value, at)
        and apart(text[at - 1 : at] if at else "", value[0])
        and apart(value[-1], text[at + len(value) : at + len(value) + 1])
    }
    found = Occurrences(values).places(Tokens(text))
    places = [(start, end) for start, end, _ in found]

    assert all(re.sub(" +", " ", text[start:end]) == re.sub(" +", " ", value) for start, end, value in found)
    assert all(any(start < end_ and start_ < end for start_, end_ in places) for start, end in each)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(places))


@pytest.mark.parametrize(
    ("values", "text", "firsts"),
    [
        (["Garcia", "Garcia Lopez", "Lopez"], "Garcia Lopez, Garcia", {"Garcia": 0, "Garcia Lopez": 0, "Lopez": 7}),
        (["a b", "b cc", "cc"], "x a b cc", {"a b": 2, "b cc": 4, "cc": 6}),
        (["Lopez", "Garcia-Lopez"], "Lopez and Garcia-Lopez", {"Lopez": 0, "Garcia-Lopez": 10}),
        (["Eve"], "Evelyn", {}),
        ([], "Eve", {}),
    ],
)
def test_the_first_place_of_a_value_does_not_depend_on_the_others(
    values: list[str], text: str, firsts: dict[str, int]
) -> None:
    assert Occurrences(values).firsts(Tokens(text)) == firsts


@given(st.lists(st.text("ab .-", min_size=SHORTEST, max_size=6), min_size=1, max_size=6), st.text("ab .-", max_size=40))
def test_each_value_is_found_where_it_would_be_alone(values: list[str], text: str) -> None:
    spelled = {re.sub(" +", " ", value): value for value in reversed(values)}
    alone = {value: found[0].start for value in spelled.values() if (found := _alone(value, text))}

    assert Occurrences(spelled.values()).firsts(Tokens(text)) == alone


def _alone(value: str, text: str) -> list[Occurrence]:
    firsts = Occurrences([value]).firsts(Tokens(text))
    return [Occurrence(start, start, value) for start in firsts.values()]


def test_what_is_taken_is_no_first_place() -> None:
    assert Occurrences(["Eve"]).firsts(Tokens("Eve, Eve"), [Occurrence(0, 3, "")]) == {"Eve": 5}


def test_a_text_is_read_once_however_values_repeat_themselves() -> None:
    known = Occurrences([*("a " * count + "b" for count in range(1, 300)), *(f"u{each}@x.y" for each in range(10_000))])

    assert len(known.places(Tokens("a " * 100_000 + "b"))) == 1


@pytest.mark.parametrize(
    "value",
    [
        "Nguy\u1ec5n Th\u1ecb H\u1ed3ng",
        "M\u1eadtkh\u1ea9u99",
        "\u1f08\u03b8\u03b7\u03bd\u1fb6",
        "\uae40\ucca0\uc218",
        "\u30d0\u30ab1234",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_composition_is_folded_in_every_alphabet(value: str, form: str) -> None:
    other = unicodedata.normalize(form, value)
    text = f"({other})"
    for known in (value, unicodedata.normalize("NFD", value)):
        (place,) = Occurrences([known]).places(Tokens(text))
        assert text[place.start : place.end] == other


def test_half_width_kana_with_voicing_marks_are_folded() -> None:
    (place,) = Occurrences(["\u30d0\u30ab1234"]).places(Tokens("x: \uff8a\uff9e\uff761234."))

    assert (place.start, place.end) == (3, 10)


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ("ab\\cd12ef77", r'{"a":"ab\\cd12ef77"}'),
        ("ab\\cd12ef77", r'{"a":"{\"b\":\"ab\\\\cd12ef77\"}"}'),
        ('Tr0"ub4dor77x', r'{"a":"Tr0\"ub4dor77x"}'),
        ("Tr0'ub4dor77x", r"Tr0\'ub4dor77x"),
    ],
)
def test_backslashes_and_quotes_are_known_however_often_they_are_escaped(known: str, text: str) -> None:
    assert len(Occurrences([known]).places(Tokens(text))) == 1


def test_a_word_of_vietnamese_has_boundaries() -> None:
    assert Occurrences(["Th\u1ecb"]).places(Tokens("Th\u1ecbnh")) == []
