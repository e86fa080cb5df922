"""Long texts, in windows that overlap.

Law: whatever is no longer than the overlap stands whole in some window, and so does a token (letters, digits and
``._~+/=-``) that is shorter than a window, together with the words that lead to it, and a key between its two marks. A
window ends at white space where there is some near.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

SIZE: Final = 8000
OVERLAP: Final = 400
_LEAD: Final = 80
"""Characters before a token that may say what it is."""

_LONGEST_KEY: Final = 16_000
_IN_TOKENS: Final = frozenset("._~+/=-")
_BEGIN: Final = "-----BEGIN"
_END: Final = "-----END"
_MARK: Final = 50
"""Characters of the longer mark."""


def windows(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each window begins, and the window."""
    start = 0
    while len(text) - start > SIZE:
        end = start + SIZE
        if text.startswith(_BEGIN, start):
            end = max(end, text.find(_END, end, start + _LONGEST_KEY) + _MARK)
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
    run = run - _LEAD if run - _LEAD > start else usual
    key = text.rfind(_BEGIN, start + 1, end)
    if key < 0 or text.find(_END, key, end) >= 0:
        key = usual
    return min(usual, run, key)
