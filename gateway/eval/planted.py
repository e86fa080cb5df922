"""Values of every type that points at somebody by itself, each in a sentence that says what it is.

Law: what has a check passes it; what a seed draws it draws again; nothing is anybody's but by chance.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from random import Random
from typing import Final, NamedTuple

from gateway.core.findings import ENTITY_TYPES
from gateway.detect.recognizers.americas import AMERICAS
from gateway.detect.recognizers.asia import ASIA
from gateway.detect.recognizers.elsewhere import ELSEWHERE
from gateway.detect.recognizers.europe import EUROPE
from gateway.detect.recognizers.issued import compact
from gateway.eval.cast import DOCUMENTS, Cast
from gateway.eval.issued import digits, filled, luhn, vin
from gateway.eval.office import QUASI

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ234567"
_CHECKS: Final = {row.type: row.check for row in (*EUROPE, *AMERICAS, *ASIA, *ELSEWHERE) if row.check}
_DRAWS: Final = 100_000

KINDS: Final = tuple(sorted(ENTITY_TYPES.keys() - QUASI - {"DATE_TIME", "NRP", "URL"}))
"""The types that are planted: all but those that tell about a person only together with something else."""


class Planted(NamedTuple):
    """A value, and a sentence with a place for it."""

    kind: str
    value: str
    sentence: str

    def said(self, written: str) -> str:
        """Return the sentence with the value as it is written."""
        return self.sentence.replace("{}", written)


def planted(kind: str, chance: Random) -> Planted:
    """Draw a value of a type."""
    if kind in _DRAWN:
        sentence, draw = _DRAWN[kind]
        return Planted(kind, draw(chance), sentence)
    sentence, *forms = _forms()[kind]
    return Planted(kind, _issued(kind, chance.choice(forms), chance), sentence)


@cache
def _forms() -> dict[str, list[str]]:
    return tomllib.loads((DOCUMENTS / "planted.toml").read_text(encoding="utf-8"))


def _issued(kind: str, form: str, chance: Random) -> str:
    """Fill a form until its issuer would take the number."""
    check = _CHECKS.get(kind)
    for _ in range(_DRAWS):
        number = filled(chance, form)
        if check is None or check(compact(number)):
            return number
    message = f"{kind}: no number of the form passes its check"
    raise ValueError(message)


def _card(chance: Random) -> str:
    number = luhn("45" + digits(chance, 13))
    return " ".join(number[at : at + 4] for at in range(0, 16, 4))


def _wallet(chance: Random) -> str:
    """Return a wallet's address (Base58Check, version 0)."""
    body = b"\0" + chance.randbytes(20)
    number = int.from_bytes(body + sha256(sha256(body).digest()).digest()[:4], "big")
    text = ""
    while number:
        number, place = divmod(number, 58)
        text = _BASE58[place] + text
    return "1" + text


def _of(label: str, *forms: str) -> Callable[[Random], str]:
    """Draw as the office documents do, in one of their languages."""
    return lambda chance: Cast(chance.choice(("en", "de", "es", "pl")), chance).value(label, 1, forms)


_DRAWN: Final[dict[str, tuple[str, Callable[[Random], str]]]] = {
    "CREDIT_CARD": ("Please charge {} today.", _card),
    "CRYPTO": ("Send it to the wallet {} now.", _wallet),
    "EMAIL_ADDRESS": ("Please forward it to {} today.", _of("EMAIL_ADDRESS")),
    "IBAN_CODE": ("It goes to {} as agreed.", _of("IBAN_CODE")),
    "IP_ADDRESS": ("The login came from {} at night.", lambda chance: f"203.0.113.{chance.randint(100, 254)}"),
    "MAC_ADDRESS": ("The card has the address {} since then.", _of("MAC_ADDRESS")),
    "PERSON": ("Please write to {} today.", _of("PERSON")),
    "PHONE_NUMBER": ("Call me back on {}, please.", _of("PHONE_NUMBER")),
    "SECRET": ("The key is {} for now.", lambda chance: "AKIA" + "".join(chance.choices(_LETTERS, k=16))),
    "USERNAME": ("Her username: {} was locked.", _of("USERNAME")),
    "VEHICLE_VIN": ("Its VIN is {}.", vin),
}
