"""What the model takes for a person, and no person can be.

Law: a finding is dropped only if none of its words could be a name: each is a word of forms, mail, calendars or
programs, a German noun by its ending, or written as only code is. A word that is also a name, or an everyday one,
counts as none only beside one that is not; small letters count for nothing beside capitals. An illness that bears a
name is nobody.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from gateway.detect.folding import folded, words_of
from gateway.detect.lexicon import is_everyday, is_name

_NEVER: Final = words_of(Path(__file__).with_name("not_names.txt"))
_HALF: Final = words_of(Path(__file__).with_name("half_names.txt"))
_WORD: Final = re.compile(r"[^\s,;:!?/|&\"()\[\]<>*]+")
_NOUN: Final = re.compile(
    r"\w{5,40}(?:ung|ungen)|\w{3,40}(?:heit|heiten|keit|keiten|schaft|schaften|ismus|itat|itaten)"
    r"|\w{4,40}(?:tion|tionen|tions|cion|ciones|zione|zioni|coes|heid|teit)"
    r"|\w{4,40}(?:nummer|anzeige|bericht|antrag|vertrag|daten|schein|raum|frist|liste|karte|schreiben|bestand|betrag"
    r"|kosten|gericht|erfahrung|anweisung|sicherung|einsatz|kasse|stelle|zeichen|programm|system|expert(?:e|in)|beauftragter?"
    r"|angestellter?|techniker(?:in)?|treuhander(?:in)?|spezialist(?:in)?|ingenieur(?:in)?|verwalter(?:in)?)"
    r"|\w{4,40}(?:mottagning|avdelning|avdeling|afdeling|forvaltning|myndighet|namnden?|enhet|kontor|central|sjukhus)"
    r"(?:en|et|s)?"
    r"|\w{4,40}(?:administratie|dienst|beheer|bureau|konsulent|medarbejder|medarbetare|assistent|sekretariat)"
    r"|\w{3,40}(?:itis|ektomie|ectomy|pathie|pathy|skopie|scopy|graphie|plasie|insuffizienz)"
)
_CODE: Final = re.compile(
    r".*[_=(){}<>@\\/].*|.*\d.*|[a-z]+[A-Z].*|[A-Z][a-z]{2,}(?<!Mac)(?<!Fitz)[A-Z]\w*|\w{2,}\.\w{2,}.*|[A-Z]{1,3}"
)
_TITLES: Final = frozenset((
    "mr", "mrs", "ms", "dr", "dra", "prof", "sr", "sra", "srta", "mag", "mgr", "ing", "dott", "sig", "el", "la", "il",
    "de", "der", "die",
))  # fmt: skip
"""Titles and what stands before them, which are nobody alone."""

_SHORT: Final = 2
_ILL: Final = re.compile(
    r"(?i)(?:morbus|maladie|enfermedad|ziekte|malattia|morbo|doen\u00e7a|choroba|nemoc|syndrome?|s\u00edndrome"
    r"|sindrome)(?:[ _]|$)"
)
_ILL_BEFORE: Final = re.compile(
    r"(?i)(?:morbus|maladie de|maladie d['\u2019]|enfermedad de|ziekte van|malattia di|morbo di|doen\u00e7a de"
    r"|choroba|syndrome de"
    r"|s\u00edndrome de|sindrome di|syndrom|nemoc)\s{1,2}\Z"
)
_ILL_BEHIND: Final = re.compile(
    r"(?i)['\u2019]?s?\s{1,2}(?:disease|syndrome|lymphoma|palsy|sign|test|sjukdom|sygdom|syndrom|hastali\w{0,4}"
    r"|thyroiditis|score|scale)\b"
)


def is_person(text: str, start: int, end: int) -> bool:
    """Whether what the model found there may be a person."""
    value = text[start:end]
    words = _WORD.findall(value)
    capitals = [word for word in words if word[:1].isupper()]
    if not capitals:
        return not all(folded(word.strip(".'")) in _NEVER for word in words) and not _is_code(words)
    never = [word for word in capitals if is_none(word)]
    others = [word for word in capitals if word not in never]
    if never and (all(map(_is_half, others)) or _is_compound(never, others)):
        return False
    if all(folded(word.strip(".'")) in _TITLES for word in words):
        return False
    ill = _ILL.match(value) or (len(others) == 1 and _is_illness(text, start, end))
    return bool(others) and not ill


def _is_compound(never: list[str], others: list[str]) -> bool:
    """Whether most words are none, one of them by its ending, and no other is a known name."""
    nouns = any(_NOUN.fullmatch(folded(word)) for word in never)
    return nouns and len(never) > len(others) and not any(map(is_name, others))


def _is_half(word: str) -> bool:
    """Whether a word says nothing of a name beside one that is none: an everyday one, a half, a letter."""
    bare = word.strip(".'")
    return folded(bare) in _HALF or len(bare) < _SHORT or is_everyday(bare)


def is_none(word: str) -> bool:
    """Whether a word with a capital is nobody's name."""
    bare = word.strip(".'\u2019-")
    plain = folded(bare)
    return plain in _NEVER or bool(_NOUN.fullmatch(plain)) or bool(_CODE.fullmatch(bare) and len(bare) > _SHORT)


def _is_code(words: list[str]) -> bool:
    return len(words) == 1 and bool(_CODE.fullmatch(words[0]))


def _is_illness(text: str, start: int, end: int) -> bool:
    return bool(_ILL_BEFORE.search(text, max(0, start - 24), start) or _ILL_BEHIND.match(text, end))
