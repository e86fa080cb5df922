"""International bank account numbers (ISO 13616), exactly as long as their country has them.

Law: two letters and two digits begin one; so many letters and digits as the country's have follow, in any groups, with
one sign between at most, and the whole passes the check (ISO 7064, MOD 97-10). What stands behind it is none of it.
"""

from __future__ import annotations

import re
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.detect.recognizers.generic import located

_LENGTHS: Final = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE",), 16),
    **dict.fromkeys(("DK", "FI", "FK", "FO", "GL", "NL", "SD"), 18),
    **dict.fromkeys(("MK", "SI"), 19),
    **dict.fromkeys(("AT", "BA", "EE", "KZ", "LT", "LU", "MN", "XK"), 20),
    **dict.fromkeys(("CH", "CR", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "BH", "DE", "GB", "GE", "IE", "ME", "RS", "VA"), 22),
    **dict.fromkeys(("AE", "GI", "IL", "IQ", "OM", "SO", "TL"), 23),
    **dict.fromkeys(("AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK", "TN", "VG"), 24),
    **dict.fromkeys(("LY", "PT", "ST"), 25),
    **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(("BI", "DJ", "FR", "GR", "IT", "MC", "MR", "SM"), 27),
    **dict.fromkeys(("AL", "AZ", "BY", "CY", "DO", "GT", "HN", "HU", "LB", "NI", "PL", "SV"), 28),
    **dict.fromkeys(("BR", "EG", "PS", "QA", "UA"), 29),
    **dict.fromkeys(("JO", "KW", "MU", "YE"), 30),
    **dict.fromkeys(("MT", "SC"), 31),
    **dict.fromkeys(("LC",), 32),
    **dict.fromkeys(("RU",), 33),
}
"""Characters by country, of the registry of SWIFT."""

_HEAD: Final = r"(?<![^\W_])(?:[A-Z]{2}[ \-.]?[0-9]{2}|[a-z]{2}[ \-.]?[0-9]{2})(?=[ \-.]?[A-Za-z0-9])"
_START: Final = re.compile(_HEAD)
_SIGNS: Final = re.compile(r"(?:[ \-.\u00a0]?[A-Za-z0-9])*")
_LONGEST: Final = 2 * max(_LENGTHS.values())
_SCORE: Final = 1.0


class InternationalAccountRecognizer(EntityRecognizer):  # type: ignore[misc]  # Presidio is not typed
    """Finds them."""

    needs = (r"[A-Za-z]{2}[ \-.]?[0-9]{2}(?:\W?[A-Za-z0-9]){11}",)

    def __init__(self) -> None:
        super().__init__(supported_entities=["IBAN_CODE"], supported_language="en", name="CloisterIbanRecognizer")

    def load(self) -> None:
        """Do nothing: the patterns are compiled."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ANN401, ARG002 - Presidio's signature
        """Return every account."""
        ends = ((head.start(), _end(text, head.start())) for head in _START.finditer(text))
        return [located(self, start, end, _SCORE) for start, end in ends if end]


def _end(text: str, start: int) -> int:
    """Return where the account ends that begins somewhere, 0 if none does."""
    length = _LENGTHS.get(text[start : start + 2].upper(), 0)
    run = _SIGNS.match(text, start, start + _LONGEST)
    places = [at for at in range(start, run.end()) if text[at].isalnum()] if run and length else []
    if len(places) < length or not length:
        return 0
    end = places[length - 1] + 1
    account = "".join(text[at] for at in places[:length])
    whole = end == len(text) or not text[end].isalnum()
    return end if whole and passes(account) else 0


def passes(account: str) -> bool:
    """Whether an account without signs passes the check."""
    return int("".join(str(int(each, 36)) for each in account[4:] + account[:4])) % 97 == 1
