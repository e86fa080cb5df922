"""A person's given name or surname alone, where the full name stands in the request.

Law: the words of a full name are names by themselves, unless they are also words of everyday text: whoever is called
Mark Price would be in every other sentence. They are kept as members of the finding, so that they get a placeholder
only where they stand elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from gateway.core.findings import RecognizerResult

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


def with_parts(text: str, found: RecognizerResult) -> RecognizerResult:
    """Return what was found in a text, with the names that it is made of as members if it is a person's full name."""
    if found.entity_type != PERSON:
        return found
    words = list(_WORD.finditer(text, found.start, found.end))
    if not _FEWEST <= len(words) <= _MOST:
        return found
    parts = tuple(
        replace(found, start=word.start(), end=word.end(), members=())
        for word in words
        if len(word[0]) >= _SHORTEST and word[0][0].isupper() and word[0].lower() not in _NOT_ALONE
    )
    return replace(found, members=(*found.members, *parts))
