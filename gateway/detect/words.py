"""A text as words, and a word as numbers: what the embedded model reads.

Law: the tokens of a text, laid end to end, are the text, so that places follow from lengths; each is bounded, and they
are found in time linear in the text. What a word is turned into depends on that word alone. Numbers are read by their
length and never by their digits, but for years.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple
from zlib import crc32

WORD_ROWS: Final = 1 << 16
PART_ROWS: Final = 1 << 17
TRAIT_ROWS: Final = 1 << 11
TRAITS: Final = 6
GIVEN, SURNAME, COMMON, PLACE = 1, 2, 4, 8
"""What a list of words may know of one: it is a given name, a surname, an everyday word, a place."""

_UNSPACED: Final = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN: Final = re.compile(
    r"\n"
    r"|[^\S\n]{2,16}"
    rf"|[^\S\n]?(?:[{_UNSPACED}]|[^\W\d_{_UNSPACED}](?:[^\W\d_{_UNSPACED}]|[\u0300-\u036f]){{0,39}}"
    r"|\d{1,20}|[-=*#~._]{2,16}|[^\w\s]|_)"
    r"|[^\S\n]"
)
_YEAR: Final = re.compile(r"(?:1[89]|20)\d\d")
_CHARACTERS: Final = 24
"""Of a word that its parts are made from."""


class Features(NamedTuple):
    """Rows of the three tables: of the word itself, of its parts, of its traits (always ``TRAITS`` of them)."""

    word: tuple[int, int]
    parts: tuple[int, ...]
    traits: tuple[int, ...]


def tokens(text: str) -> list[str]:
    """Cut a text into words, numbers, marks and white space; a word keeps the one space before it."""
    return _TOKEN.findall(text)


def plain(token: str) -> str:
    """Return the token as it is looked up: a number by its length, with the space before it."""
    core = token.lstrip()
    if not core:
        return token[:2]
    if not core[0].isdecimal():
        return token if len(token) - len(core) < 2 else core
    number = "Y" + core[:2] if _YEAR.fullmatch(core) else "0" * min(len(core), 9)
    return " " + number if len(core) < len(token) else number


def features(token: str, known: Mapping[str, int]) -> Features:
    """Return the rows of a token, as ``plain`` gives it. known: what the list of words knows of lower-case words."""
    core = token.lstrip() or token
    lower = small(core)
    row = crc32(lower.encode())
    mask = known.get(lower, 0)
    case, shape = _case(core), _shape(core)
    traits = (
        f"shape {shape}",
        f"case {case} {'spaced' if core is not token and len(core) < len(token) else 'joined'}",
        f"length {min(len(core), 14)}",
        f"known {mask} {case}",
        f"mark {core if not core[0].isalnum() else ''}",
        f"script {_script(core)}",
    )
    return Features(
        word=(row % WORD_ROWS, (row * 2654435761 >> 15) % WORD_ROWS),
        parts=_parts(lower),
        traits=tuple(map(_trait, traits)),
    )


def small(word: str) -> str:
    """Return a word in lower case, as lists of words hold it: the capital I of Turkish that has a dot is an i."""
    return word.lower().replace("i\u0307", "i")


@lru_cache(maxsize=4096)
def _trait(trait: str) -> int:
    return crc32(trait.encode()) % TRAIT_ROWS


def read_words(file: Path) -> dict[str, int]:
    """Read a list of words: a line ``# MASK``, and below it, the words of which that is known."""
    known: dict[str, int] = {}
    mask = 0
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            mask = int(line[2:])
        else:
            known.update(dict.fromkeys(line.split(), mask))
    return known


def _parts(lower: str) -> tuple[int, ...]:
    """Return the rows of the beginnings, ends and middles of a word, of up to four characters, without accents."""
    bare = lower[:_CHARACTERS]
    if not bare.isascii():
        bare = "".join(each for each in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(each))
    word = f"<{bare[:_CHARACTERS]}>"
    if not word.isascii():
        return tuple(crc32(word[each].encode()) % PART_ROWS for each in _cuts(len(word)))
    written = word.encode()
    return tuple([crc32(written[each]) % PART_ROWS for each in _cuts(len(word))])


@lru_cache(maxsize=_CHARACTERS + 3)
def _cuts(length: int) -> tuple[slice, ...]:
    """Return where the parts of a word of some length lie."""
    ends = [slice(2), slice(3), slice(-2, None), slice(-3, None), slice(-5, None)]
    middles = [slice(at, at + size) for size in (3, 4) for at in range(max(length - size + 1, 1))]
    return (*ends, *middles)


def _case(core: str) -> str:
    if not core[0].isalpha():
        return "none"
    if core.islower() or not (core.isupper() or core.istitle() or core[0].isupper() or not core.islower()):
        return "lower"
    if len(core) == 1:
        return "initial" if core.isupper() else "lower"
    if core.isupper():
        return "upper"
    return "title" if core[0].isupper() and core[1:].islower() else "mixed"


def _shape(core: str) -> str:
    """Return the classes of its characters, runs cut to three."""
    core = core[:_CHARACTERS]
    if core.islower() and core.isalpha():
        return "xxx"[: len(core)]
    if core.istitle() and core.isalpha():
        return "X" + "xxx"[: len(core) - 1]
    return "".join(kind * min(3, sum(1 for _ in run)) for kind, run in groupby(map(_class, core)))[:12]


def _class(character: str) -> str:
    if character.isdecimal():
        return "0"
    if character.isupper():
        return "X"
    if character.isalpha():
        return "x"
    return "_" if character.isspace() else "."


def _script(core: str) -> str:
    if core.isascii():
        return "ascii"
    highest = max(core)
    if highest < "\u0250":
        return "latin"
    return "other" if highest < "\u3000" else "wide"
