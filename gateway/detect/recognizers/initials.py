"""An initial and a surname: ``J. Kowalski``, ``R.-M. de la Fuente``.

Law: the surname must be neither an everyday word nor nobody's, and what stands before it neither an abbreviation nor
the letter of a list (``whole``); what is abbreviated itself, as journals are, or bears a company's ending, is nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gateway.detect.lexicon import is_everyday, is_place, traits
from gateway.detect.vetoes import is_none
from gateway.detect.whole import CLEAR, COMPANY, INITIALS, SMALL, WORD, are_initials
from gateway.detect.words import COMMON

_FORM: Final = re.compile(
    rf"(?<![\w.&/@\u00b0-])(?P<initials>{INITIALS})"
    rf"(?:(?:{CLEAR}|{SMALL}|De|Del|Di|El|Van|Von)[ \u00a0])?(?P<word>{WORD})"
    r"(?![\w@])(?!\.\w)(?!\.[ ]?[^\W\d_]{1,5}\.)"
)
INITIALLED: Final = (r"\b[A-Za-z_]\.",)
"""What a text with initials holds (``detect.patterns``)."""

_SHORT: Final = 2


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
