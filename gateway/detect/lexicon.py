"""What the shipped list of words knows of one word.

Law: the list is read once in a process, by whoever asks first, and held once, for the model and for the rules. What
``given.txt`` adds is a given name, and neither an everyday word nor a place; what ``common.txt`` adds is an everyday
word alone. A word is everyday only if it is nobody's given name or surname as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from gateway.detect.folding import words_of
from gateway.detect.words import COMMON, GIVEN, PLACE, SURNAME, read_words

SHIPPED: Final = Path(__file__).parent / "model" / "words.txt"
_GIVEN: Final = Path(__file__).with_name("given.txt")
_COMMON: Final = Path(__file__).with_name("common.txt")
_NAMES: Final = GIVEN | SURNAME


@lru_cache(maxsize=2)
def known(file: Path = SHIPPED) -> Mapping[str, int]:
    """Return what a list knows, by words in small letters."""
    listed = read_words(file)
    listed.update({name: listed.get(name, 0) & SURNAME | GIVEN for name in words_of(_GIVEN)})
    listed.update(dict.fromkeys(words_of(_COMMON), COMMON))
    return listed


def traits(word: str) -> int:
    """Return what is known of a word, in whichever letters; nothing of most."""
    listed = known(SHIPPED)
    mask = listed.get(word.lower(), 0)
    if mask or word.isascii() or "\u0130" not in word:
        return mask
    return listed.get(word.replace("\u0130", "i").lower(), 0)


def is_everyday(word: str) -> bool:
    """Whether it is a word of everyday text, and no name."""
    mask = traits(word)
    return bool(mask & COMMON) and not mask & _NAMES


def is_given(word: str) -> bool:
    """Whether it is a given name; each part of ``Anne-Marie`` must be."""
    return all(traits(part) & GIVEN for part in word.split("-"))


def is_name(word: str) -> bool:
    """Whether it is a given name or a surname."""
    return all(traits(part) & _NAMES for part in word.split("-"))


def is_place(word: str) -> bool:
    """Whether it is a place, and no name."""
    mask = traits(word)
    return bool(mask & PLACE) and not mask & _NAMES
