"""Names and everyday words: what the list of words knows, and what names are swapped for.

Law: names come from Faker (MIT) alone, of every locale that writes them in Latin letters; a word is an everyday one if
the collections hold it in lower case often enough.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from gateway.detect.words import COMMON, GIVEN, PLACE, SURNAME, small

_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff][A-Za-z\u00c0-\u024f\u1e00-\u1eff'\u2019 -]{1,24}")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_PARTICLES: Final = frozenset(
    "von van de der den di da do dos das del della la le du ter ten zu zum vom al el bin ibn af av und the of and y e i".split()
)
_OFTEN: Final = 6
"""Times that a word stands in lower case before it is an everyday one."""

Names = dict[str, tuple[list[str], list[str]]]
"""Given names and surnames of each locale."""


@cache
def faker_names() -> Names:
    """Return the names of every locale."""
    found: Names = {}
    for locale, provider in _providers("person"):
        given, surnames = _values(provider, r"\w*first\w*name"), _values(provider, r"\w*last\w*name")
        if len(given) > 20 and len(surnames) > 20:
            found[locale] = given, surnames
    return found


@cache
def faker_places() -> frozenset[str]:
    """Return cities, states and countries."""
    return frozenset(
        place for _, each in _providers("address") for place in _values(each, r"(cities|states|countries|towns)$")
    )


def _providers(kind: str) -> Iterator[tuple[str, Any]]:
    package = importlib.import_module(f"faker.providers.{kind}")
    for module in sorted(each.name for each in pkgutil.iter_modules(package.__path__)):
        yield module, importlib.import_module(f"faker.providers.{kind}.{module}").Provider


def _values(provider: Any, pattern: str) -> list[str]:
    found: set[str] = set()
    for name in dir(provider):
        if re.match(pattern, name) and isinstance(value := getattr(provider, name), list | tuple | dict | set):
            found |= {each.strip() for each in value if isinstance(each, str) and _LATIN.fullmatch(each.strip())}
    return sorted(found)


def common_words(texts: Iterable[str]) -> Counter[str]:
    """Count words in lower case."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(word for word in _WORD.findall(text) if word.islower())
    return Counter({word: count for word, count in counts.items() if count >= _OFTEN})


def known_words(texts: Iterable[str]) -> dict[str, int]:
    """Return what the list of words is to hold."""
    known: dict[str, int] = {}
    lists = [(GIVEN, given) for given, _ in faker_names().values()]
    lists += [(SURNAME, surnames) for _, surnames in faker_names().values()]
    lists += [(PLACE, list(faker_places())), (COMMON, list(common_words(texts)))]
    for bit, values in lists:
        for word in (small(word) for value in values for word in _WORD.findall(value)):
            if bit == COMMON or word not in _PARTICLES:
                known[word] = known.get(word, 0) | bit
    return known


def write_words(known: dict[str, int], file: Path) -> None:
    """Write a list that ``words.read_words`` reads."""
    lines = []
    for mask in sorted(set(known.values())):
        lines += [f"# {mask}", " ".join(sorted(word for word, each in known.items() if each == mask))]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Inventor:
    """Makes up names that no list holds, of the letters that follow each other in those of a locale."""

    def __init__(self, values: list[str], order: int = 3) -> None:
        self._order = order
        self._next: dict[str, list[str]] = {}
        for value in values:
            word = "^" * order + value + "$"
            for at in range(order, len(word)):
                self._next.setdefault(word[at - order : at], []).append(word[at])

    def name(self, chance: Random) -> str:
        """Return a name."""
        for _ in range(20):
            made = "^" * self._order
            while not made.endswith("$") and len(made) < 18:
                made += chance.choice(self._next[made[-self._order :]])
            if 3 <= len(name := made.strip("^$")) <= 12:
                return name
        return "Orsay"


class NameMaker:
    """Given names and surnames by chance, of one locale at a time."""

    def __init__(self, chance: Random, *, invented: float = 0.25) -> None:
        self._chance, self._invented = chance, invented
        self._names = faker_names()
        self._inventors: dict[tuple[str, int], Inventor] = {}
        self.locale = "en_US"

    def settle(self, language: str = "") -> None:
        """Choose a locale, mostly one of the language."""
        near = [each for each in self._names if language and each.startswith(language)]
        chance = self._chance
        self.locale = chance.choice(near) if near and chance.random() < 0.6 else chance.choice(list(self._names))

    def given(self) -> str:
        """Return a given name."""
        return self._name(0)

    def surname(self) -> str:
        """Return a surname."""
        return self._name(1)

    def _name(self, kind: int) -> str:
        if self._chance.random() >= self._invented:
            return self._chance.choice(self._names[self.locale][kind])
        if (self.locale, kind) not in self._inventors:
            self._inventors[self.locale, kind] = Inventor(self._names[self.locale][kind])
        return self._inventors[self.locale, kind].name(self._chance)
