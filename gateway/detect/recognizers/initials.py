"""An initial or a known given name, and a surname: ``J. Kowalski``, ``R.-M. de la Fuente``, ``Wietske Hoogland``.

Law: the surname must be neither an everyday word nor nobody's, and what stands before it neither an abbreviation nor
the letter of a list (``whole``); what is abbreviated itself, as journals are, or bears a company's ending, is
nobody. A given name must be nothing else, and what it makes with the surname no thing (``things``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gateway.detect.lexicon import is_everyday, is_given, is_place, traits
from gateway.detect.shelves import is_shelved
from gateway.detect.things import is_thing
from gateway.detect.vetoes import is_none
from gateway.detect.whole import CLEAR, COMPANY, INITIALS, SMALL, WORD, are_initials, whole
from gateway.detect.words import COMMON, PLACE

_FORM: Final = re.compile(
    rf"(?<![\w.&/@\u00b0-])(?P<initials>{INITIALS})"
    rf"(?:(?:{CLEAR}|{SMALL}|De|Del|Di|El|Van|Von)[ \u00a0])?(?P<word>{WORD})"
    r"(?![\w@])(?!\.\w)(?!\.[ ]?[^\W\d_]{1,5}\.)"
)
INITIALLED: Final = (r"\b[A-Za-z_]\.",)
"""What a text with initials holds (``detect.patterns``)."""

_PAIR: Final = re.compile(
    r"(?<![\w@./'\u2019-])(?P<given>[^\W\d_]{3,25}(?:-[^\W\d_]{2,25})?)[ \u00a0]{1,2}"
    rf"(?:(?:{CLEAR}|{SMALL})[ \u00a0])?(?P<word>{WORD})(?![\w@-])"
)
PAIRED: Final = (r"[A-Z_][A-Za-z_-]{2,50}[ ]{1,2}[A-Za-z_]",)
"""What a text with a given name and a surname holds."""

_SHORT: Final = 2
_LONG: Final = 5
"""Letters of a word in capitals that an abbreviation seldom has more of."""


def initialled(text: str) -> Iterator[tuple[int, int]]:
    """Yield where initials stand with a surname."""
    for match in _FORM.finditer(text):
        word = match["word"]
        if not word[0].isupper() and word[1:2] not in {"'", "\u2019"}:
            continue
        parts = [part for part in word.split("-") if len(part) > _SHORT]
        if len(word) <= _SHORT + 1 and traits(word) & COMMON:
            continue
        if any(map(is_everyday, parts)) or is_none(word) or is_place(word):
            continue
        if are_initials(text, *match.span("initials")) and not COMPANY.match(text, match.end()):
            yield match.span()


def paired(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a known given name stands with a surname, whole."""
    at = 0
    while pair := _PAIR.search(text, at):
        at = pair.end("given")
        if not _is_pair(pair["given"], pair["word"]) or COMPANY.match(text, pair.end()):
            continue
        start, end = whole(text, *pair.span())
        if not is_thing(text, start, end) and not is_shelved(text, start, end):
            yield start, end
            at = max(at, end)


def _is_pair(given: str, word: str) -> bool:
    """Whether one word is a given name and nothing else, and the other may be a surname; both in capitals, or it."""
    surname = word[2:] if word[1:2] in {"'", "\u2019"} else word
    loud = surname.isupper() and not given.isupper() and len(surname) > _LONG
    if not given[0].isupper() or not surname[:1].isupper() or (given.isupper() is not surname.isupper() and not loud):
        return False
    if not is_given(given) or any(traits(part) & (COMMON | PLACE) for part in given.split("-")) or is_none(given):
        return False
    return not (is_everyday(word) or is_none(word) or is_place(word))
