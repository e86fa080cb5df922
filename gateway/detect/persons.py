"""A person's given name or surname alone, where the full name stands in the request.

Law: the words of a full name are names by themselves, unless they are also words of everyday text: whoever is called
Mark Price would be in every other sentence. They are kept as members of the finding, so that they get a placeholder
only where they stand elsewhere. Their other spellings in the text are members too: in capitals or not, with accents or
without, and with the endings of a case, as long as they begin with a capital and are no words of forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from gateway.core.findings import RecognizerResult
from gateway.detect.folding import folded
from gateway.detect.vetoes import is_none

PERSON: Final = "PERSON"
_LETTER: Final = r"[^\W\d_][\u0300-\u036f]*+"
_WORD: Final = re.compile(rf"(?:{_LETTER})+(?:(?!['\u2019]s\b)['\u2019.\-](?:{_LETTER})+)*")
"""Letters with their accents, which may stand alone; without the ``'s`` of English behind it."""

_FEWEST, _MOST, _SHORTEST = 2, 6, 3

_EVERYDAY: Final = Path(__file__).with_name("everyday_names.txt")


def _words(file: Path) -> frozenset[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


_NOT_ALONE: Final = _words(_EVERYDAY)


class Spellings:
    """The words of a text that begin with a capital, read when they are first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[str, dict[str, tuple[int, int]]] | None = None
        self._alike: dict[str, list[str]] = {}

    def places(self, word: str) -> Mapping[str, tuple[int, int]]:
        """Return where each spelling stands first of a word that is given in small letters without accents."""
        return self._read().get(word, {})

    def alike(self, word: str) -> Sequence[str]:
        """Return the words that begin like one, as far as a name must be long to be inflected."""
        self._read()
        return self._alike.get(word[:_LONG], ())

    def _read(self) -> dict[str, dict[str, tuple[int, int]]]:
        """Kept by hand: ``cached_property`` has one lock for the texts of all threads (until Python 3.12)."""
        if self._places is None:
            self._places = _spellings(self._text)
            for word in self._places:
                self._alike.setdefault(word[:_LONG], []).append(word)
        return self._places


def _spellings(text: str) -> dict[str, dict[str, tuple[int, int]]]:
    found: dict[str, dict[str, tuple[int, int]]] = {}
    seen: set[str] = set()
    for word in _WORD.finditer(text):
        if (spelling := word[0]) not in seen:
            seen.add(spelling)
            if _is_alone(spelling):
                found.setdefault(folded(spelling), {})[spelling] = word.span()
    return found


def with_parts(text: str, found: RecognizerResult, spellings: Spellings) -> RecognizerResult:
    """Return what was found in a text, with the names that it is made of as members if it is a person's name."""
    if found.entity_type != PERSON:
        return found
    words = list(_WORD.finditer(text, found.start, found.end))
    if len(words) > _MOST:
        return found
    names = [word for word in words if _is_alone(word[0])]
    places = [word.span() for word in names] if len(words) >= _FEWEST else []
    for word in names:
        places += _other_spellings(spellings, word[0])
    parts = tuple(replace(found, start=start, end=end, members=()) for start, end in dict.fromkeys(places))
    return replace(found, members=(*found.members, *parts))


def _is_alone(word: str) -> bool:
    return len(word) >= _SHORTEST and word[0].isupper() and word.lower() not in _NOT_ALONE


def _other_spellings(spellings: Spellings, name: str) -> Iterator[tuple[int, int]]:
    """Yield where the other spellings of a name stand first in a text."""
    plain = folded(name)
    stem = plain[:-1] if plain[-1] in _VOWELS and len(plain) > _LONG else plain
    for word in spellings.alike(plain):
        if word == plain or word.removeprefix(plain) in _CASES or word.removeprefix(stem) in _CASES:
            for spelling, place in spellings.places(word).items():
                if spelling != name and not (word != plain and is_none(spelling)):
                    yield place


_CASES: Final = frozenset((
    "s", "a", "u", "y", "i", "e", "em", "owi", "ovi", "ova", "ove", "ie", "iem", "om", "ego", "emu", "im", "ej",
    "iej",
))  # fmt: skip
"""Endings of the genitive, and of Slavic cases, of names that are long enough."""

_VOWELS: Final = "aeiouy"
_LONG: Final = 5
