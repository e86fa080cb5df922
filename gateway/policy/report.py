"""The problems of one file, each in its place.

Law: a problem shows no more of its line than the word that is wrong and the words of the schema (``excerpt``). Of very
many the first are kept, and the last of these says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from gateway.core.errors import Problem
from gateway.core.findings import ENTITY_TYPES
from gateway.policy.excerpt import Shown, excerpt
from gateway.policy.vocabulary import WORDS

LARGEST: Final = 256 * 1024
"""Bytes of the largest file."""

MOST_PROBLEMS: Final = 1000
"""Problems of one file that are reported."""

_BREAK: Final = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: line and column from 1, and how many characters of the line it takes."""

    line: int
    column: int
    length: int = 1


WHOLE: Final = Place(1, 1, 0)
"""No word of a file, but all of it."""


class Report:
    """Collects the problems of one file. found: how many there are, of which only the first are kept.

    patterns: how many patterns the file has had so far. epochs: those of values that it marked so far. words: those
    that any line may show.

    entity_types: those that the present document may name. kind, label: of the present document, as messages name it.
    """

    def __init__(self, file: str, text: str, *, words: Collection[str] = WORDS) -> None:
        self.entity_types: Collection[str] = ENTITY_TYPES
        self.kind = self.label = ""
        self.patterns = 0
        self.epochs: set[str] = set()
        self.problems: list[Problem] = []
        self.found = 0
        self.file = file
        self._words = words
        self._text = text.removeprefix("\ufeff")[: LARGEST + 1]

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file, as far as it may be long."""
        return _BREAK.split(self._text)

    @property
    def full(self) -> bool:
        """Whether nothing more is kept, so that nothing more need be looked for."""
        return self.found > MOST_PROBLEMS

    def add(self, place: Place, code: str, message: str, suggestion: str = "", *, shown: Shown = "word") -> None:
        """Add a problem at a place. shown: how much of what stands there."""
        self.found += 1
        if self.found > MOST_PROBLEMS + 1:
            return
        if self.full:
            code, message, suggestion = "CL1014", f"more than {MOST_PROBLEMS} mistakes", "mend those above first"
        source, pointer = self._excerpt(place, shown)
        self.problems.append(
            Problem(
                file=self.file,
                line=place.line,
                column=place.column,
                code=code,
                message=message,
                source=source,
                length=place.length,
                suggestion=suggestion,
                pointer=pointer,
            )
        )

    def _excerpt(self, place: Place, shown: Shown) -> tuple[str, str]:
        if place == WHOLE or place.line > len(self.lines):
            return "", ""
        return excerpt(self.lines[place.line - 1], place.column, place.length, shown=shown, words=self._words)
