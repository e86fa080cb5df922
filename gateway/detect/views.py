"""A text as it may be read, and where each of its characters stands in the text as it is written.

Law: what is found in a view stands, in the text itself, from where its first character begins to where its last one
ends: what was taken out between them belongs to it, what was taken out around it does not. A change costs as much time
as the text is long, however many places it touches.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Final, Self

BREAK: Final = r"(?:\r?\n|\\{1,8}[\x01\x02])"
"""In a pattern: a line ends, or one that was escaped does."""


@dataclass(frozen=True, slots=True)
class View:
    """A text. starts, ends: the place of each of its characters."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> Self:
        """Return a text as it is written."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of one character or more stands."""
        return self.starts[start], self.ends[end - 1]

    def rewritten(self, pattern: re.Pattern[str], reading: Callable[[re.Match[str]], str]) -> Self:
        """Return the view with another reading of what a pattern finds, each of whose characters stands for all of it.

        The view itself where nothing reads otherwise.
        """
        read = ((*match.span(), reading(match)) for match in pattern.finditer(self.text))
        return self.replaced(each for each in read if self.text[each[0] : each[1]] != each[2])

    def replaced(self, changes: Iterable[tuple[int, int, str]]) -> Self:
        """Return the view with stretches, in order and apart, read as something else."""
        texts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for start, end, read in changes:
            texts += (self.text[at:start], read)
            starts += self.starts[at:start]
            ends += self.ends[at:start]
            starts += repeat(self.starts[start], len(read))
            ends += repeat(self.ends[end - 1], len(read))
            at = end
        if not at:
            return self
        texts.append(self.text[at:])
        starts += self.starts[at:]
        ends += self.ends[at:]
        return type(self)("".join(texts), starts, ends)

    def respelled(self, text: str) -> Self:
        """Return the view with another text of its length."""
        return type(self)(text, self.starts, self.ends)
