"""Text that is written so that others do not read it: what a policy flags or blocks (``suspicious_encoding``).

Law: what is named here has no innocent use that is common; a disguise that detection undoes and that also comes about
by accident is none of it. A text without any sign of it costs one pass. What is yielded is bounded, and so is the work.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from typing import Final

from gateway.core.findings import SUSPICIOUS
from gateway.detect import ciphers
from gateway.detect.ciphers import Place
from gateway.detect.hints import Hints
from gateway.detect.lookalikes import LATIN
from gateway.detect.raw import Raw

_MOST: Final = 50
"""Findings of each kind in one text: the next ones say nothing new."""

_TAGS: Final = re.compile(
    "(?<![\U000e0020-\U000e007e\U0001f3f4])[\U000e0020-\U000e007e]{3,}|(?<=\U0001f3f4)[\U000e0020-\U000e007e]{8,}"
    "|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}"
)
"""Those of a flag are six at most. Selectors of variants carry octets likewise."""

_ZERO: Final = "[\u200b-\u200d\u2060-\u2064\ufeff]"
_SPRINKLED: Final = re.compile(rf"(?<=[A-Za-z0-9])(?:{_ZERO}{{1,8}}[A-Za-z0-9@.]{{1,12}}){{3,}}|{_ZERO}{{8,}}")
_TURNED: Final = re.compile("\u202e(?=[A-Za-z0-9@.]{2})|(?<=[A-Za-z0-9])[\u202a-\u202e\u2066-\u2069]+(?=[A-Za-z0-9])")
"""An override to the left before Latin text, and any sign of direction within a word. Address books put others around
numbers."""

_FORMULAS: Final = frozenset("\u03b1\u03b3\u03ba\u03bd\u03c1\u03c3\u03c4\u03c7\u03c9\u03f0\u03f1\u03f2")
"""Greek letters that stand in the names of genes, particles and quantities."""

_OWN: Final = frozenset({"LATIN", "MATHEMATICAL", "ROMAN", "SMALL"})
_FOREIGN: Final = frozenset(each for each in LATIN if unicodedata.name(each).split()[0] not in _OWN) - _FORMULAS
_CLASS: Final = f"[{''.join(sorted(each for each in _FOREIGN if each <= chr(0xFFFF)))}]"
_SEAM: Final = re.compile(rf"{_CLASS}[A-Za-z]")
_TAIL: Final = re.compile(r"[^\W\d_]*$")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_LATIN_END: Final = "\u024f"
_SHORTEST, _LONGEST = 4, 40

_TOP: Final = r"(?:moc|gro|ude|vog|ofni|zib|ten|li[.]oc|ku[.]oc|lacol|elpmaxe)"
_BACKWARDS: Final = re.compile(
    rf"(?<![\w.@\-]){_TOP}\.[a-z0-9\-]{{2,63}}(?:\.[a-z0-9\-]{{1,63}}){{0,3}}@[A-Za-z][\w+\-]{{1,63}}"
    r"(?:\.[A-Za-z][\w+\-]{1,63}){0,3}(?![\w@\-]|\.\w)"
)
_KNOWN_TOP: Final = re.compile(r"@[^@]*\.(?:com|org|net|edu|gov|info|biz|local|example|[a-z]{2})$")
_NAMES_BACKWARDS: Final = re.compile(r"(?<![\w\-.$])[a-z]{3,15}[A-W] [a-z]{3,15}[A-W](?![\w\-(.=])")
_APART: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z](?P<sign>[ \-.*|~+])(?P=sign)?[A-Za-z](?:(?P=sign){1,3}[A-Za-z])+(?![A-Za-z0-9])"
)
_BY_HYPHEN, _BY_OTHERS = 4, 6
"""Letters that are spelled out, at least."""

_DISTINCT: Final = 4
_VOWELS: Final = frozenset("aeiouy")
_LEET: Final = re.compile(
    r"@[A-Za-z0-9\-]{1,63}\.(?:c0m|0rg|n3t|c0[.]uk)\b|[\[(]\s?(?:4t|@t|d0t)\s?[\])]"
    r"|(?<![\w.@\-])[A-Z](?:[a-z]{0,8}[0134578$@]){1,3}[a-z]{2,8} "
    r"[A-Z](?:[a-z]{0,8}[0134578$@]){1,3}[a-z]{2,8}(?![\w@\-.=(])"
)

_HINTS: Final = Hints(
    {
        **ciphers.HINTS,
        "backwards": (rf"\b{_TOP}\.[a-z0-9.\-]+@",),
        "names": (r"\b[a-z]{3,15}[A-W] [a-z]{3,15}[A-W]\b",),
        "apart": (r"\b[A-Za-z](?:[ \-.*|~+]{1,3}[A-Za-z]){3}\b",),
        "leet": (
            r"\.(?:c0m|0rg|n3t|c0\.uk)\b|[\[(]\s?(?:4t|@t|d0t)\s?[\])]",
            r"[a-z0-9$@] [A-Z][a-z]{0,8}[0134578$@][a-z]",
        ),
    }
)


def suspicions(text: str) -> Iterator[Raw]:
    """Yield what is suspicious as findings of one type, whose recognizer says what it is."""
    hints = _HINTS.of(text)
    ways = {name: way for name, way in _WAYS.items() if name in hints}
    for name, way in (ways if text.isascii() else ways | _BEYOND_ASCII).items():
        for start, end in islice(way(text), _MOST):
            yield SUSPICIOUS, start, end, 1.0, f"Suspicion:{name}"


def _matches(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Place]]:
    return lambda text: (found.span() for found in pattern.finditer(text))


def _mixed(text: str) -> Iterator[Place]:
    """Yield words of Latin letters and of others that look so.

    A Latin stem with an ending of another writing is slang.
    """
    at = 0
    for seam in _SEAM.finditer(text):
        if seam.start() < at:
            continue
        before = _TAIL.search(text, max(at, seam.start() - _LONGEST), seam.start())
        word = _LETTERS.match(text, before.start() if before else seam.start())
        if word is None:
            continue
        at = word.end()
        if _SHORTEST <= len(word[0]) <= _LONGEST and all(each <= _LATIN_END or each in _FOREIGN for each in word[0]):
            yield word.span()


def _backwards(text: str) -> Iterator[Place]:
    """Yield addresses that end where others begin."""
    return (found.span() for found in _BACKWARDS.finditer(text) if not _KNOWN_TOP.search(found[0]))


def _names(text: str) -> Iterator[Place]:
    """Yield pairs of words whose last letter is a capital; the same word twice numbers something."""
    for found in _NAMES_BACKWARDS.finditer(text):
        first, second = found[0].split(" ")
        if first[:-1] != second[:-1]:
            yield found.span()


def _apart(text: str) -> Iterator[Place]:
    """Yield words that are written a letter at a time."""
    for found in _APART.finditer(text):
        letters = "".join(filter(str.isalpha, found[0]))
        if len(letters) >= (_BY_HYPHEN if found["sign"] == "-" else _BY_OTHERS) and _is_word(letters):
            yield found.span()


def _is_word(letters: str) -> bool:
    """Whether letters may be a word: no heading in capitals, no list of letters in their order."""
    small = letters.lower()
    in_order = sum(abs(ord(after) - ord(before)) == 1 for before, after in pairwise(small))
    vowels = sum(map(_VOWELS.__contains__, small))
    return (
        not letters.isupper()
        and len(set(small)) >= _DISTINCT
        and list(small) != sorted(small)
        and 2 * in_order < len(small) - 1
        and len(small) <= 6 * vowels <= 5 * len(small)
    )


_WAYS: Final[dict[str, Callable[[str], Iterator[Place]]]] = {
    "layers": ciphers.layered,
    "base32": ciphers.base32,
    "base85": ciphers.base85,
    "ascii85": ciphers.ascii85,
    "percent": ciphers.percent,
    "shifted": ciphers.shifted,
    "backwards": _backwards,
    "names": _names,
    "apart": _apart,
    "leet": _matches(_LEET),
}
_BEYOND_ASCII: Final[dict[str, Callable[[str], Iterator[Place]]]] = {
    "tags": _matches(_TAGS),
    "sprinkled": _matches(_SPRINKLED),
    "turned": _matches(_TURNED),
    "mixed": _mixed,
}
"""What no hint is needed for: its characters are rare."""
