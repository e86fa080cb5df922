"""Check digits, as standards define them.

Law: pure functions over digits and capitals of ASCII; each says whether a whole number, its check digits included, is
consistent, or gives the figure that an authority's own rule goes on with. What is no digit where one is needed raises
``ValueError``: the forms of ``recognizers`` let none through.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TURNS: Final = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)
"""Verhoeff's permutation, raised to the powers 0 to 7."""

_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def weighted(number: Iterable[str], weights: Iterable[int]) -> int:
    """Return the sum of the characters' values (digits, then A to Z from 10) times the weights, as far as both go."""
    return sum(_LETTERS.index(character) * weight for character, weight in zip(number, weights, strict=False))


def cross_summed(number: Iterable[str], weights: Iterable[int]) -> int:
    """Return the sum of the digits of the products."""
    products = (int(digit) * weight for digit, weight in zip(number, weights, strict=False))
    return sum(value // 10 + value % 10 for value in products)


def luhn(number: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    return cross_summed(reversed(number), (1, 2) * len(number)) % 10 == 0


def luhn_36(number: str) -> bool:
    """Luhn's rule over digits and letters, as India's GSTIN has it: products are split into quotient and rest by 36."""
    values = (_LETTERS.index(character) * (1 + place % 2) for place, character in enumerate(reversed(number)))
    return sum(value // 36 + value % 36 for value in values) % 36 == 0


def mod97(number: str) -> int:
    """Return the rest by 97, letters as two digits (ISO/IEC 7064 MOD 97-10, ISO 13616)."""
    return int("".join(str(_LETTERS.index(character)) for character in number)) % 97


def mod11_2(number: str) -> bool:
    """ISO/IEC 7064 MOD 11-2: the last character may be X, which is 10."""
    total = 0
    for digit in number[:-1]:
        total = (total + int(digit)) * 2 % 11
    return (total + (10 if number[-1] == "X" else int(number[-1]))) % 11 == 1


def mod11_10(number: str) -> bool:
    """ISO/IEC 7064 MOD 11,10."""
    product = 10
    for digit in number[:-1]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (product + int(number[-1])) % 10 == 1


def verhoeff(number: str) -> bool:
    """Verhoeff's rule over the dihedral group of ten (J. Verhoeff, Error detecting decimal codes, 1969)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        total = _dihedral(total, _TURNS[place % 8][int(digit)])
    return total == 0


def _dihedral(one: int, other: int) -> int:
    """Multiply two symmetries of a pentagon: 0 to 4 turn it, 5 to 9 turn it over."""
    if one < 5:
        return (one + other) % 5 if other < 5 else 5 + (one + other - 5) % 5
    return 5 + (one - 5 - other) % 5 if other < 5 else (one - other) % 5


def check_11(number: str, weights: Iterable[int]) -> int:
    """Return the digit that makes the weighted sum divisible by 11: 0 to 10."""
    return -weighted(number, weights) % 11


def is_day(month: str, day: str) -> bool:
    """Say whether there is such a day in some year."""
    return 1 <= int(month) <= 12 and 1 <= int(day) <= _DAYS[int(month) - 1]
