"""Readable text in encodings that detection does not undo: packed in layers, base32, base85, ROT13.

Law: a run is one of them only if it becomes readable text, of letters for the most part, which neither a hash nor a
key nor an identifier does by chance. What costs is done on runs whose beginning was tried first.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final

from gateway.detect.packed import opened, readable

Place = tuple[int, int]

_BASE32: Final = re.compile(r"(?<![A-Za-z0-9+/_\-])(?:[A-Z2-7]{24,}+|[a-z2-7]{24,}+)={0,6}+(?![A-Za-z0-9+/_\-=])")
_BASE85: Final = re.compile(
    r"(?<![0-9A-Za-z!#$%&()*+\-;<=>?@^_`{|}~])(?:[A-Za-e][0-9A-Za-z!#$%&()*+\-;<=>?@^_`{|}~]{4}){4}"
    r"[0-9A-Za-z!#$%&()*+\-;<=>?@^_`{|}~]*+"
)
_ASCII85: Final = re.compile(r"<~\s?([!-uz\s]{10,}+)~>|(?<!\S)((?:[+-I][!-u]{4}){4}[!-uz]*+)(?!\S)")
"""Of both, the first of each five is what ASCII begins with."""

_THRICE: Final = re.compile(r"(?:%2525(?:[46][1-9A-Fa-f]|[57][0-9Aa]|3[0-9]|40)[\w.\-]{0,8}){3,}")
"""Letters and digits: an address of a page within one within a third encodes its marks alone."""

_SHIFTED: Final = re.compile(
    r"(?i)\b(?:gur|naq|sbe|lbh|lbhe|jvgu|guvf|gung|unir|sebz|cyrnfr|jvyy|anzr|jevgr|pnyy|ner|abg|uvf|ure|znvy|rznvy|cubar)\b"
)
_SHIFTED_ADDRESS: Final = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){0,4}\.(?:pbz|rqh|tbi|vasb)\b")
_NEAR: Final = 120
_MOST: Final = 0.8
_AROUND: Final = 8
"""Characters beside what is packed again: quotes, a line end. A certificate in a configuration has more."""

_PROBE: Final = 20
_LETTERS: Final = re.compile(r"[^\W_]| ")
HINTS: Final = {
    "layers": (r"[A-Za-z0-9+/_\-]{22}", r"[0-9A-Fa-f]{2}(?:[ :,]{1,2}(?:0x|\\x)?[0-9A-Fa-f]{2}){15}"),
    "base32": (r"[A-Z2-7]{24}", r"[a-z2-7]{24}"),
    "base85": (r"(?:[A-Za-e][0-9A-Za-z!#$%&()*+\-;<=>?@^_`{|}~]{4}){4}",),
    "ascii85": (r"<~\s?[!-uz\s]{10}", r"(?:^|\s)(?:[+-I][!-u]{4}){4}"),
    "percent": (r"%2525[0-9A-Fa-f]{2}",),
    "shifted": (
        r"(?i)\b(?:naq|sbe|lbh|lbhe|jvgu|guvf|gung|unir|sebz|cyrnfr|jvyy|anzr|jevgr|pnyy)\b",
        r"\.(?:pbz|rqh|tbi|vasb)\b",
    ),
}


def layered(text: str) -> Iterator[Place]:
    """Yield where all of what is packed is packed again."""
    for start, end, inner in opened(text):
        if _is_packed(inner.strip()):
            yield start, end


def base32(text: str) -> Iterator[Place]:
    """Yield runs of base32 (RFC 4648), in either case of letters."""
    return _runs(_BASE32, text, _from_base32)


def base85(text: str) -> Iterator[Place]:
    """Yield runs of base85 as Python and Git have it."""
    return _runs(_BASE85, text, _from_base85)


def ascii85(text: str) -> Iterator[Place]:
    """Yield runs of ASCII85, in Adobe's brackets or between spaces."""
    return _runs(_ASCII85, text, _from_ascii85)


def percent(text: str) -> Iterator[Place]:
    """Yield letters that were encoded for a URL three times."""
    return (found.span() for found in _THRICE.finditer(text))


def shifted(text: str) -> Iterator[Place]:
    """Yield English in ROT13, by its commonest words, and addresses."""
    yield from (found.span() for found in _SHIFTED_ADDRESS.finditer(text))
    words = list(_SHIFTED.finditer(text))
    for row in zip(words, words[1:], words[2:], strict=False):
        different = {word[0].lower() for word in row}
        if len(different) == len(row) and row[-1].end() - row[0].start() <= _NEAR:
            yield row[0].start(), row[-1].end()


def _is_packed(inner: str) -> bool:
    runs = chain(((start, end) for start, end, _ in opened(inner)), base32(inner), base85(inner), ascii85(inner))
    return any(end - start >= len(inner) - _AROUND for start, end in runs)


def _runs(pattern: re.Pattern[str], text: str, decode: Callable[[str], bytes]) -> Iterator[Place]:
    for found in pattern.finditer(text):
        run = next(filter(None, found.groups()), found[0])
        if _says(decode, run[:_PROBE]) and _says(decode, run):
            yield found.span()


def _says(decode: Callable[[str], bytes], run: str) -> bool:
    """Whether a run is readable, and most of it letters."""
    try:
        text = readable(decode(run))
    except ValueError:
        return False
    return bool(text) and len(_LETTERS.findall(text)) >= _MOST * len(text)


def _from_base32(run: str) -> bytes:
    digits = run.rstrip("=")
    digits = digits[: len(digits) - (len(digits) % 8 in {1, 3, 6})]
    return base64.b32decode(digits + "=" * (-len(digits) % 8), casefold=True)


def _from_base85(run: str) -> bytes:
    return base64.b85decode(run[: len(run) - (len(run) % 5 == 1)])


def _from_ascii85(run: str) -> bytes:
    digits = "".join(run.split())
    return base64.a85decode(digits[: len(digits) - (len(digits) % 5 == 1)])
