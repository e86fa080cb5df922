"""What was probably meant.

Law: a suggestion is a word that would have been right. What fingers do most (a letter doubled, swapped with the next or
hit beside its key) counts least, and a word that is no misspelling is taken for what other products call the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from gateway.policy.synonyms import SYNONYMS

_LONGEST: Final = 100
"""Characters of a word that anything is suggested for."""

_SEPARATORS: Final = re.compile(r"[\W_]+")
_SLIP: Final = 1.2
"""What one mistake costs at most, and less than two."""

_KEYS: Final = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE: Final = frozenset(
    {
        pair
        for y, row in enumerate(_KEYS)
        for x, key in enumerate(row)
        for near in (row[x + 1 : x + 2], *(_KEYS[y + 1][max(0, x - 1) : x + 1] if y + 1 < len(_KEYS) else ""))
        if near
        for pair in (key + near, near + key)
    }
    | {"yz", "zy"}  # which German keyboards swap
)


def did_you_mean(word: str) -> str:
    """Return a question that names the word that was probably meant, "" where there is none."""
    return f'did you mean "{word}"?' if word else ""


def meant(word: str, known: Collection[str]) -> str:
    """Return the known word that was most probably meant, or "": all but for one slip, or what others call it."""
    if not (folded := _folded(word)):
        return ""
    best, cost = _nearest(word, folded, known)
    return best if cost <= _SLIP else next((each for each in SYNONYMS.get(folded, ()) if each in known), "")


def closest(word: str, known: Collection[str]) -> str:
    """Return the known word that was meant, or may have been: misspelt in several places, or a part of it."""
    if not (folded := _folded(word)):
        return ""
    return meant(word, known) or _nearest(word, folded, known)[0] or _by_part(word, known)


@lru_cache(maxsize=1024)
def _folded(word: str) -> str:
    """Return a word in small letters, without what separates its parts or is not seen; "" where it is too long."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", word).casefold()) if len(word) <= _LONGEST else ""


def _nearest(word: str, folded: str, known: Collection[str]) -> tuple[str, float]:
    """Return the word that takes the cheapest mistakes, with what they cost; "" where none is near."""
    others = {each: _folded(each) for each in known}
    near = process.extract(folded, others, scorer=OSA.distance, score_cutoff=max(1, len(folded) // 4), limit=10)
    costs = [
        (_cost(folded, other) + 0.01 * _apart(word, each), each)
        for other, mistakes, each in near
        if mistakes <= near[0][1] + 1  # so many that none of them costs less than the nearest
        and (len(other) > 2 or sorted(other) == sorted(folded))  # of two letters any other two are near
    ]
    cost, best = min(costs, key=lambda pair: pair[0], default=(float("inf"), ""))
    return best, cost


def _apart(word: str, other: str) -> int:
    """Return in how much two words differ that fold alike, case and separators included."""
    return int(OSA.distance(word, other)) + (word[:1].lower() != other[:1].lower())


def _cost(word: str, other: str) -> float:
    """Return what it costs to make one word of another (optimal string alignment, weighted)."""
    above, row = [0.0] * (len(other) + 1), [float(x) for x in range(len(other) + 1)]
    for y, letter in enumerate(word, 1):
        further, above, row = above, row, [float(y)]
        for x, wanted in enumerate(other, 1):
            cost = min(
                above[x] + (0.7 if y > 1 and word[y - 2] == letter else 0.9),  # a letter too many
                row[x - 1] + (0.7 if x > 1 and other[x - 2] == wanted else 0.9),  # one too few
                above[x - 1] + _swap(letter, wanted),
            )
            if y > 1 and x > 1 and letter == other[x - 2] and word[y - 2] == wanted:
                cost = min(cost, further[x - 2] + 0.7)
            row.append(cost)
    return row[-1]


def _swap(letter: str, wanted: str) -> float:
    if letter == wanted:
        return 0.0
    return 0.8 if letter + wanted in _BESIDE else 1.0


def _by_part(word: str, known: Collection[str]) -> str:
    """Return a known word of which the word is a whole part or the beginning, or that is one of it."""
    parts = _parts(word)
    by_parts = (each for each in known if parts and (parts <= _parts(each) or (_parts(each) and _parts(each) <= parts)))
    return next(by_parts, "") or next((each for each in known if _begins(each, word) or _begins(word, each)), "")


@lru_cache(maxsize=1024)
def _parts(word: str) -> frozenset[str]:
    return frozenset(_SEPARATORS.sub(" ", word.casefold()).split())


def _begins(word: str, other: str) -> bool:
    return len(word) > 3 and other.casefold().startswith(word.casefold())
