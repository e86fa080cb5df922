"""Long texts, in windows that overlap.

Law: whatever is no longer than the overlap stands whole in some window, and so does what is shorter than a window and
is a token (letters, digits and ``._~+/=-``) or a key between its two marks. A window ends at white space where there is
some near.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

SIZE: Final = 8000
OVERLAP: Final = 400
_IN_TOKENS: Final = frozenset("._~+/=-")
_BEGIN: Final = "-----BEGIN"
_END: Final = "-----END"


def windows(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each window begins, and the window."""
    start = 0
    while len(text) - start > SIZE:
        end = start + SIZE
        space = text.rfind(" ", end - OVERLAP // 2, end)
        end = space if space > 0 else end
        yield start, text[start:end]
        start = _next(text, start, end)
    yield start, text[start:]


def _next(text: str, start: int, end: int) -> int:
    """Return where the window after this one begins: early enough for what the end has cut."""
    usual = run = end - OVERLAP
    while run > start and (text[run - 1].isalnum() or text[run - 1] in _IN_TOKENS):
        run -= 1
    if run == start:
        run = usual
    key = text.rfind(_BEGIN, start + 1, end)
    if key < 0 or text.find(_END, key, end) >= 0:
        key = usual
    return min(usual, run, key)
