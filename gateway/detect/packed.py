"""Text packed into base64 or hexadecimal digits.

Law: only what becomes readable text: a picture, a hash, a key or a random token is none, which its first octets show.
What is packed in what was opened is opened as well, a few layers deep, each of which is shorter. What is packed counts
with the few words before it; what is found in it stands for all of it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final

from gateway.detect.views import View

_SHORTEST: Final = 16
_RUN: Final = re.compile(
    r"(?<![A-Za-z0-9+/_\-])[A-Za-z0-9+/_\-]{16,}(?:(?<=[A-Za-z0-9+/_\-]{56})(?:\r?\n|\\{1,8}[\x01\x02]{1,2})[A-Za-z0-9+/_\-]{4,})*={0,2}"
    r"|(?<![A-Za-z0-9+/_\-])[A-Za-z0-9+/_\-]{10,15}={1,2}(?![A-Za-z0-9=])"
)
"""Base64 in either alphabet, on one line or on lines of mail's length; hexadecimal digits are of its alphabet. What is
padded may be shorter."""

_HEX_LIST: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:0x|\\x)?[0-9A-Fa-f]{2}(?:[ :,]{1,2}(?:0x|\\x)?[0-9A-Fa-f]{2}){7,}(?![0-9A-Za-z])"
)
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2}){8,}")
HINTS: Final = (
    r"[A-Za-z0-9+/_\-]{16}|[A-Za-z0-9+/_\-]{10}={1,2}",
    r"[0-9A-Fa-f]{2}(?:[ :,]{1,2}(?:0x|\\x)?[0-9A-Fa-f]{2}){7}",
)
_BETWEEN: Final = re.compile("0x|[^0-9A-Za-z]")
_OTHERS: Final = re.compile("[^0-9A-Za-z+/]")
_PARTS: Final = re.compile(r"[A-Za-z0-9+]{16,}={0,2}")
_STANDARD: Final = str.maketrans("-_", "+/")
_PROBE: Final = 16
"""Characters that are decoded to see whether the rest is worth while."""

_LEAD: Final = 60
"""Characters before it that may say what it is."""

_READABLE: Final = re.compile(r"[\w\s@.,:;+\-/()\"'{}\[\]<>=&|#*!?%$€_]")
_SHARE: Final = 0.9
_HALF: Final = 3
"""Octets of a character that a window may have cut, at either end."""

_LAYERS: Final = 3


def unpacked(view: View) -> View:
    """Return a view of what is packed in a text and the words that lead to it, an empty one where nothing is."""
    pieces: list[tuple[int, int, str]] = []
    at = 0
    for start, end, text in opened(view.text):
        lead = max(at, start - _LEAD)
        pieces += [(at, lead, "\n")] if lead > at else []
        pieces.append((start, end, f"{text}\n"))
        at = end
    if not pieces:
        return View("", (), ())
    view = view.replaced([*pieces, (at, len(view.text), "")] if at < len(view.text) else pieces)
    for _ in range(1, _LAYERS):
        view = view.replaced(opened(view.text))
    return view


def opened(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where something readable is packed, and what it is."""
    found = sorted([*(run.span() for run in _RUN.finditer(text)), *(run.span() for run in _HEX_LIST.finditer(text))])
    at = 0
    for start, end in found:
        if start < at:
            continue
        for low, high, inner in _readings(text, start, end):
            yield low, high, inner
            at = high


def _readings(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield what a run holds: it, or parts of it where something that is no part of it is glued to it."""
    run = text[start:end]
    whole = _hex(run) or _base64(run)
    if not whole and start == 0:  # a window may begin anywhere in it
        whole = next(filter(None, (_base64(run[phase:]) for phase in (1, 2, 3))), "")
    if whole:
        yield start, end, whole
        return
    for part in _PARTS.finditer(run) if not run.isalnum() else ():
        inner = _hex(part[0]) or _base64(part[0])
        if inner:
            yield start + part.start(), start + part.end(), inner


def _hex(run: str) -> str:
    digits = run if run.isalnum() else _BETWEEN.sub("", run)
    return readable(bytes.fromhex(digits)) if _HEX.fullmatch(digits) else ""


def _base64(run: str) -> str:
    """Return what a run of either alphabet says, "" if nothing. The beginning is tried first."""
    first = _octets(run[:_PROBE])
    if not first or not readable(first, cut=True):
        return ""
    octets = _octets(_OTHERS.sub("", run.translate(_STANDARD)))
    return readable(octets, wide=octets[1::2].count(0) > len(octets) // 4)


def _octets(run: str) -> bytes:
    digits = run.translate(_STANDARD).rstrip("=")
    digits = digits[:-1] if len(digits) % 4 == 1 else digits
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4))
    except binascii.Error:
        return b""


def readable(octets: bytes, *, cut: bool = False, wide: bool = False) -> str:
    """Return octets as text, "" if they are none. cut: the last character may be half; wide: two octets a character."""
    if cut and octets[1::2].count(0) > len(octets) // 4:
        return "?"
    text = octets.decode("utf-16-le" if wide else "utf-8", "ignore")
    lost = 0 if wide else len(octets) - len(text.encode())
    if lost > (_HALF if cut else min(2 * _HALF, len(octets) // 16)):
        return ""
    return text if text and len(_READABLE.findall(text)) >= _SHARE * len(text) else ""
