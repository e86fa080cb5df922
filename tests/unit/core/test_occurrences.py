import pytest

from gateway.core.occurrences import occurrences


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
        ("a@b.c,a@b.c", "a@b.c", [0, 6]),
        ("", "Bob", []),
    ],
)
def test_a_value_is_found_on_token_boundaries(text: str, value: str, places: list[int]) -> None:
    assert list(occurrences(text, value)) == places
