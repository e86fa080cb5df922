"""How else a text may be read: what is disguised in it, by accident or on purpose, as it would be without.

Law: a text without any mark of a disguise has no other reading. Each reading says what may be believed of it: a name
only where its letters are written otherwise than they read; of numbers that were put together, what a checksum or a
very strict form speaks for; of an address that was put together, an address. What is found in any of them counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.core.tokens import WITHOUT_SPACES
from gateway.detect import encodings, joining, marked, packed, scanned, spelled
from gateway.detect.encodings import decoded, from_mail
from gateway.detect.hints import Hints
from gateway.detect.joining import from_words, joined
from gateway.detect.lookalikes import plain
from gateway.detect.marked import unmarked
from gateway.detect.packed import unpacked
from gateway.detect.scanned import mended
from gateway.detect.spelled import addressed, unwrapped
from gateway.detect.views import View

CHECKED: Final = frozenset(
    {
        "AU_MEDICARE",
        "CREDIT_CARD",
        "ES_NIE",
        "ES_NIF",
        "FI_PERSONAL_IDENTITY_CODE",
        "IBAN_CODE",
        "IMEI",
        "IN_AADHAAR",
        "IT_FISCAL_CODE",
        "PL_PESEL",
        "UK_NHS",
    }
)
"""Types that a checksum speaks for, or a very strict form: they are believed of digits that were put together."""

STRICT: Final = CHECKED | {
    "CRYPTO",
    "EMAIL_ADDRESS",
    "IP_ADDRESS",
    "MAC_ADDRESS",
    "PHONE_NUMBER",
    "SECRET",
    "US_ITIN",
    "US_SSN",
}
"""Types that are believed of a value whose marks were taken out."""

_ADDRESSES: Final = frozenset({"EMAIL_ADDRESS"})
_UNSPACED: Final = re.compile(f"[{WITHOUT_SPACES}]")
_PLAIN_SPACES: Final = frozenset({" ", "%20", "\u3000"})
"""What parts words, or those of writings without any, where nobody hides a name."""

_GLUED: Final = re.compile(f"[{WITHOUT_SPACES}][0-9A-Za-z+]|[0-9A-Za-z][{WITHOUT_SPACES}]")


_HINTS: Final = Hints(
    {
        "addresses": spelled.HINTS,
        "mail": encodings.MAIL_HINTS,
        "marks": marked.HINTS,
        "numbers": joining.HINTS,
        "packed": packed.HINTS,
        "scan": scanned.HINTS,
        "wraps": spelled.WRAP_HINTS,
        "words": joining.WORD_HINTS,
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """Another text. believed: the types that count in it, None for all; names: whether names count, too."""

    view: View
    believed: frozenset[str] | None = None
    names: bool = False

    def wanted(self, types: frozenset[str]) -> frozenset[str]:
        """Return which of some types count in it."""
        return types if self.believed is None else types & self.believed


def readings(text: str) -> Iterator[Reading]:
    """Yield how else a text may be read, without it as it is written."""
    written, usual = View.of(text), as_read(text)
    hints = _HINTS.of(usual.text)
    mail = plain(from_mail(usual)) if "mail" in hints else usual
    strict = unmarked(usual) if "marks" in hints else usual
    numbers = from_words(strict) if "words" in hints else strict
    numbers = joined(numbers) if "numbers" in hints else numbers
    address = unwrapped(strict) if "wraps" in hints else strict
    address = addressed(address) if "addresses" in hints else address
    opened = plain(decoded(unpacked(written))) if "packed" in hints else written
    paper = mended(usual) if "scan" in hints else usual
    seen = {"", text}
    for view, believed, names in (
        (usual, None, True),
        (mail, None, True),
        (_unglued(written), None, False),
        (_unglued(usual), None, False),
        (strict, STRICT, False),
        (numbers, CHECKED, False),
        (address, _ADDRESSES, False),
        (opened, None, True),
        (paper, None, True),
    ):
        if view.text not in seen:
            seen.add(view.text)
            yield Reading(view, believed, names and respelled(view, text, 0, len(view.text)))


def as_read(text: str) -> View:
    """Return a text as it reads: encodings undone, and characters as what they look like."""
    return plain(decoded(View.of(text)))


def respelled(view: View, text: str, start: int, end: int) -> bool:
    """Whether a letter of a stretch is written otherwise in the text, or something stands between two of its letters.

    A space as URLs have it (``%20``) is no disguise of a name.
    """
    before = False
    for at in range(start, end):
        read, low, high = view.text[at], view.starts[at], view.ends[at]
        letter = read.isalpha()
        if letter and (text[low:high] != read or (before and at > start and low > view.ends[at - 1])):
            return True
        if read == " " and before and text[low:high] not in _PLAIN_SPACES and view.text[at + 1 : at + 2].isalpha():
            return True
        before = letter
    return False


def _unglued(view: View) -> View:
    """Return a view in which writing without spaces is blank, itself where nothing else is glued to it.

    Recognizers take such letters for a part of the word beside them, and find no number in it.
    """
    return view.respelled(_UNSPACED.sub(" ", view.text)) if _GLUED.search(view.text) else view
