"""Each rule is held against what its standard promises: which slips it notices, and numbers that are printed in it."""

import random
import string
from collections.abc import Callable
from itertools import pairwise

import pytest

from gateway.detect.checksums import (
    check_11,
    cross_summed,
    is_day,
    luhn,
    luhn_36,
    mod11_2,
    mod11_10,
    mod97,
    verhoeff,
    weighted,
)

CHANCE = random.Random(5)
ALNUM = string.digits + string.ascii_uppercase


def rest_1(number: str) -> bool:
    return mod97(number) == 1


RULES: list[tuple[Callable[[str], bool], str, str]] = [
    (luhn, string.digits, string.digits),
    (luhn_36, ALNUM, ALNUM),
    (rest_1, string.digits, string.digits),
    (mod11_2, string.digits, string.digits + "X"),
    (mod11_10, string.digits, string.digits),
    (verhoeff, string.digits, string.digits),
]


def valid(rule: Callable[[str], bool], letters: str, last: str) -> str:
    """Return a number that passes, its last characters chosen for that."""
    while True:
        body = "".join(CHANCE.choice(letters) for _ in range(10))
        for check in last:
            if rule(body + check):
                return body + check


@pytest.mark.parametrize(("rule", "letters", "last"), RULES, ids=lambda each: getattr(each, "__name__", ""))
def test_every_change_of_one_character_is_noticed(rule: Callable[[str], bool], letters: str, last: str) -> None:
    for _ in range(20):
        number = valid(rule, letters, last)
        for place, old in enumerate(number):
            for new in set(letters) - {old}:
                assert not rule(f"{number[:place]}{new}{number[place + 1 :]}"), (number, place, new)


@pytest.mark.parametrize("rule", [verhoeff, mod11_2, rest_1], ids=lambda each: each.__name__)
def test_two_neighbours_changed_places_are_noticed(rule: Callable[[str], bool]) -> None:
    for _ in range(50):
        number = valid(rule, string.digits, string.digits)
        for place, (one, other) in enumerate(pairwise(number)):
            if one != other:
                assert not rule(f"{number[:place]}{other}{one}{number[place + 2 :]}"), (number, place)


def test_luhn_misses_only_nine_and_nought_among_neighbours() -> None:
    for _ in range(50):
        number = valid(luhn, string.digits, string.digits)
        for place, pair in enumerate(pairwise(number)):
            swapped = f"{number[:place]}{pair[1]}{pair[0]}{number[place + 2 :]}"
            assert luhn(swapped) == (pair[0] == pair[1] or set(pair) == {"0", "9"})


@pytest.mark.parametrize(("rule", "letters", "last"), RULES, ids=lambda each: getattr(each, "__name__", ""))
def test_each_body_has_one_check_character_at_most(rule: Callable[[str], bool], letters: str, last: str) -> None:
    for _ in range(200):
        body = "".join(CHANCE.choice(letters) for _ in range(9))
        assert sum(rule(body + check) for check in last) <= 1


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        (luhn, "79927398713"),
        (verhoeff, "2363"),
        (mod11_2, "079X"),
        (mod11_2, "000000012095650X"),
        (mod11_10, "07945"),
        (rest_1, "3214282912345698765432161182"),
        (luhn_36, "27ABCPE1234F1ZB"),
    ],
)
def test_printed_examples_pass(rule: Callable[[str], bool], number: str) -> None:
    assert rule(number)


def test_letters_count_from_ten() -> None:
    assert weighted("0AZ", (1, 2, 3)) == 2 * 10 + 3 * 35
    assert mod97("A1") == 101 % 97
    assert weighted("123", (1,)) == 1


def test_products_are_summed_by_digits() -> None:
    assert cross_summed("59", (1, 2)) == 5 + 1 + 8


def test_the_digit_that_is_missing_by_eleven() -> None:
    for _ in range(50):
        body = "".join(CHANCE.choice(string.digits) for _ in range(8))
        assert (weighted(body, range(2, 10)) + check_11(body, range(2, 10))) % 11 == 0


@pytest.mark.parametrize(
    ("month", "day", "known"),
    [
        ("02", "29", True),
        ("02", "30", False),
        ("04", "31", False),
        ("12", "31", True),
        ("13", "01", False),
        ("01", "00", False),
    ],
)
def test_a_day_is_one_of_some_year(month: str, day: str, known: bool) -> None:
    assert is_day(month, day) == known
