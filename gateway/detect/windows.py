"""Long texts, in windows that overlap.

Law: whatever is no longer than the overlap stands whole in some window; a window ends at white space where there is
some near.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

SIZE: Final = 8000
OVERLAP: Final = 400


def windows(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each window begins, and the window."""
    start = 0
    while len(text) - start > SIZE:
        end = start + SIZE
        space = text.rfind(" ", end - OVERLAP // 2, end)
        end = space if space > 0 else end
        yield start, text[start:end]
        start = end - OVERLAP
    yield start, text[start:]
