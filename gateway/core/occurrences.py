"""Where a value occurs in a text, on token boundaries.

Law: an occurrence does not begin or end inside a longer word. Letters and digits make words; writing systems without
spaces between words have no such boundary, so there every occurrence counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

SHORTEST: Final = 2
"""Characters of the shortest value that is looked for beyond the place where it was found."""

_NO_SPACES: Final = "\u0e00"
"""From Thai on, Unicode's blocks of South East and East Asia; alphabets with spaces lie before them, but for Hangul."""


def occurrences(text: str, value: str) -> Iterator[int]:
    """Yield where ``value`` begins in ``text``, from left to right, without overlaps."""
    at = text.find(value)
    while at >= 0:
        end = at + len(value)
        if not _joined(text[at - 1 : at], value[0]) and not _joined(value[-1], text[end : end + 1]):
            yield at
            at = text.find(value, end)
        else:
            at = text.find(value, at + 1)


def _joined(left: str, right: str) -> bool:
    """Whether two neighbouring characters (one of them perhaps missing) belong to one word."""
    return left.isalnum() and right.isalnum() and left < _NO_SPACES and right < _NO_SPACES
