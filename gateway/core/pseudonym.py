"""Placeholders, and the table that says what each stands for (GDPR Art. 4(5)).

Law: within one request the same value has the same placeholder everywhere, and two values never share one. The
table lives as long as its exchange, in memory, and is never stored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from gateway.core.findings import ENTITY_TYPES
from gateway.core.sensitive import Sensitive

NAME: Final = r"[A-Z][A-Z0-9_]{0,62}_(?:[1-9][0-9]{0,6}|[0-9A-HJKMNP-TV-Z]{13,26})"
PLACEHOLDER: Final = re.compile(f"<{NAME}>")
"""``<PERSON_1>``, or keyed: ``<PERSON_7Q4KX2M9ABCDE>`` (Crockford base32)."""

_MARK: Final = rf"\[(?:{'|'.join(ENTITY_TYPES)})(?::[0-9a-f]{{16}})?\]"
OURS: Final = re.compile(f"{PLACEHOLDER.pattern}|{_MARK}")
"""What the gateway itself writes in place of a value."""

INVENTED: Final = re.compile(f"<(?:{'|'.join(ENTITY_TYPES)})_[1-9][0-9]{{0,2}}>|{_MARK}")
"""What a model may write after the gateway's example: too little to hold a value."""

LONGEST_PLACEHOLDER: Final = 1 + 63 + 1 + 26 + 1
"""Characters of the longest text that ``PLACEHOLDER`` matches."""

_FOLDED: Final = frozenset({"PERSON", "EMAIL_ADDRESS", "LOCATION", "ORGANIZATION", "NRP", "MAC_ADDRESS"})
_SEPARATORS: Final = re.compile(r"[\s\-./()]+")
_COMPACT: Final = frozenset({"CREDIT_CARD", "IBAN_CODE", "PHONE_NUMBER", "US_SSN", "UK_NHS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pseudonym:
    """A placeholder and the value that it stands for, in the spelling in which it was first found."""

    placeholder: str
    entity_type: str
    original: Sensitive[str]


@dataclass(frozen=True, slots=True)
class PseudonymTable:
    """The pseudonyms of one request, by placeholder, in the order in which they were given."""

    pseudonyms: Mapping[str, Pseudonym]

    def __iter__(self) -> Iterator[Pseudonym]:
        return iter(self.pseudonyms.values())

    def __len__(self) -> int:
        return len(self.pseudonyms)

    def __contains__(self, placeholder: str) -> bool:
        """Tell whether a placeholder was given."""
        return placeholder in self.pseudonyms

    def get(self, placeholder: str) -> Pseudonym | None:
        """Return the pseudonym of a placeholder, None when the model made the placeholder up."""
        return self.pseudonyms.get(placeholder)


def normalise(entity_type: str, value: str) -> str:
    """Return what two spellings of one value have in common.

    Composed, wide and narrow forms and runs of white space are folded for every type; letter case only where it carries
    no meaning, and letter by letter (``ß`` is not ``ss``: they are two people); separators only inside numbers that
    people write with and without them.
    """
    text = " ".join(composed(value).split())
    if entity_type in _COMPACT:
        return _SEPARATORS.sub("", text).upper()
    return text.lower() if entity_type in _FOLDED else text


def composed(text: str) -> str:
    """Return a text in composed form (NFC), wide and narrow characters in their usual width."""
    if text.isascii():
        return text
    usual = "".join(
        unicodedata.normalize("NFKC", character)
        if unicodedata.decomposition(character).startswith(("<wide>", "<narrow>"))
        else character
        for character in text
    )
    return unicodedata.normalize("NFC", usual)
