"""What a problem may show of the line where it stands.

Law: a line shows the words of the schema and the word that is wrong, and ``…`` for all others: a policy may hold what
not everybody may read who sees its mistakes, such as the names and passwords that it looks for. Of those that it finds
or lets through not even the wrong one is shown. However long a line is, a bounded part of it is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, Literal
from unicodedata import combining, east_asian_width

from gateway.policy.vocabulary import WORDS

_HIDDEN: Final = "…"
_LONGEST: Final = 60
"""Characters of a word that is shown."""

_AROUND: Final = 80
"""Characters that are read on each side of the word."""

_WORD: Final = re.compile(r""""(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?|[^\s,\[\]{}]+""")
_HARMLESS: Final = re.compile(r"""[-?:|>#.'"]{1,3}|[^\w\s]|[01](?:\.\d{1,3})?|P(?:\d{1,4}[YMWD]){1,4}""")
_SEVERAL: Final = re.compile(rf"{_HIDDEN}(?:\s+{_HIDDEN}(?!:))+")


Shown = Literal["word", "sign", "known", "nothing"]
"""What may be seen of the word that is wrong: all, its first character, what the schema knows, nothing."""


def excerpt(line: str, column: int, length: int, *, shown: Shown, words: Collection[str] = WORDS) -> tuple[str, str]:
    """Return what may be shown of a line, and what underlines the word in it.

    column: from 1. words: those that give nothing away.
    """
    start = min(column - 1, len(line))
    end = min(start + length, len(line))
    word = _word(line[start : min(end, start + _AROUND)], shown, words)
    before = _masked(line[max(0, start - _AROUND) : start], words)
    if start > _AROUND:
        before = f"{_HIDDEN} {before.lstrip()}"
    after = _masked(line[end : end + _AROUND], words) + (_HIDDEN if len(line) > end + _AROUND else "")
    return (before + word + after).rstrip(), " " * _width(before) + "^" * max(1, _width(word))


def _word(word: str, shown: Shown, words: Collection[str]) -> str:
    match shown:
        case "word":
            return visible(word)
        case "sign":
            return _visible(word[:1]) + (_HIDDEN if len(word) > 1 else "")
        case "known":
            return _visible(word) if word.isspace() else _masked(word, words)
        case "nothing":
            return _HIDDEN if word else ""


def _masked(text: str, words: Collection[str]) -> str:
    shown = _WORD.sub(lambda found: _mask(found[0], words), "".join(" " if each.isspace() else each for each in text))
    return _SEVERAL.sub(_HIDDEN, shown)


def _mask(word: str, words: Collection[str]) -> str:
    bare = word.removesuffix(":")
    return word if all(_is_known(part, words) for part in bare.split(":")) else _HIDDEN + word[len(bare) :]


def _is_known(word: str, words: Collection[str]) -> bool:
    bare = word.strip("\"'")
    return not bare or bare in words or (bare.isprintable() and bool(_HARMLESS.fullmatch(bare)))


def visible(word: str) -> str:
    """Return a word as a message quotes it: cut, and with nothing in it that nobody sees or that steers a terminal."""
    return _visible(word[:_LONGEST]) + (_HIDDEN if len(word) > _LONGEST else "")


def quoted(value: object) -> str:
    """Return a value in quotes, as far as a message quotes it."""
    return f'"{visible(str(value))}"'


def _visible(text: str) -> str:
    return "".join(
        "→" if each == "\t" else each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text
    )


def _width(text: str) -> int:
    """Return the columns of a terminal that a text takes."""
    return sum(0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in text)
