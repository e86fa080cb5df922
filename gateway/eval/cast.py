"""Who and what appears in one document: people, places and numbers, made up from the lists of ``documents``.

Law: within a document a number means one and the same thing (``PERSON#1`` and ``EMAIL_ADDRESS#1`` belong together), and
a seed gives the same cast again. Most people bear names of the document's language, some from elsewhere.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from gateway.eval.issued import ISSUED, digits, filled, iban, luhn, vin

DOCUMENTS: Final = Path(__file__).parent / "documents"
_FOREIGN: Final = 0.2
_OLDEST: Final = date(1944, 1, 1)
_DAYS: Final = 22_000
_BARE: Final = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "\u0131": "i", "æ": "ae", "đ": "d", "ð": "d"}
)
_IDS: Final = frozenset({"NATIONAL_ID", "TAX_ID", "HEALTH_ID", "DRIVER_LICENSE"})
_DRAWN: Final = {
    "LICENSE_PLATE": "plates",
    "ORGANIZATION": "companies",
    "PHONE_NUMBER": "phones",
    "STREET_ADDRESS": "streets",
}
_PLACED: Final = {"LOCATION": "cities", "POSTAL_CODE": "postal"}


class Person(NamedTuple):
    """Somebody who does not exist."""

    given: str
    family: str
    born: date


@cache
def lists() -> dict[str, dict[str, Any]]:
    """Return what to draw from, by language."""
    return tomllib.loads((DOCUMENTS / "values.toml").read_text(encoding="utf-8"))


class Cast:
    """The values of one document."""

    def __init__(self, language: str, chance: Random) -> None:
        self._lists = lists()[language]
        self._chance = chance
        self._people: dict[int, Person] = {}
        self._places: dict[int, int] = {}
        self._known: dict[tuple[str, ...], str] = {}
        self._others = 0
        self._makers: dict[str, Callable[[int, str], str]] = {
            "CREDIT_CARD": self._card,
            "DATE_OF_BIRTH": self._born,
            "DEVICE_ID": lambda *_: luhn("35" + digits(chance, 12)),
            "EMAIL_ADDRESS": self._email,
            "IBAN_CODE": lambda *_: iban(chance, language),
            "IP_ADDRESS": lambda *_: filled(chance, "203.0.113.1##"),
            "MAC_ADDRESS": lambda *_: ":".join(f"{chance.randrange(256):02x}" for _ in range(6)),
            "USERNAME": self._username,
            "VEHICLE_ID": lambda *_: vin(chance),
        }

    def value(self, label: str, number: int, forms: tuple[str, ...]) -> str:
        """Return a value. number: whose it is; 0 for a new one, but for places, of which 0 is one."""
        if number == 0 and label not in {"LOCATION", "POSTAL_CODE", "STREET_ADDRESS"}:
            self._others -= 1
            number = self._others
        shape, case = (forms[0] if forms and forms[0] not in _CASES else ""), (forms[-1] if forms else "")
        key = (label, str(number), shape)
        if key not in self._known:
            self._known[key] = self._new(label, number, shape)
        return _CASES.get(case, str)(self._known[key])

    def literal(self, pattern: str) -> str:
        """Return what was written by hand, its marks filled in once."""
        return self._known.setdefault(("", pattern), filled(self._chance, pattern))

    def _new(self, label: str, number: int, shape: str) -> str:
        if label == "PERSON":
            return _NAMES[shape](self._person(number))
        if label in _IDS:
            return ISSUED[shape](self._chance, self._person(number).born)
        if label in _DRAWN:
            return filled(self._chance, self._chance.choice(self._lists[_DRAWN[label]]))
        if label in _PLACED:
            return self._place(_PLACED[label], number)
        return self._makers[label](number, shape)

    def _person(self, number: int) -> Person:
        if number not in self._people:
            source = lists()["world"] if self._chance.random() < _FOREIGN else self._lists
            born = _OLDEST + timedelta(days=self._chance.randrange(_DAYS))
            self._people[number] = Person(
                self._chance.choice(source["given"]), self._chance.choice(source["family"]), born
            )
        return self._people[number]

    def _place(self, name: str, number: int) -> str:
        known = self._places.setdefault(number, self._chance.randrange(len(self._lists["cities"])))
        return filled(self._chance, self._lists[name][known])

    def _email(self, number: int, _: str) -> str:
        person = self._person(number)
        given, family = _plain(person.given), _plain(person.family)
        local = self._chance.choice(
            (f"{given}.{family}", f"{given[0]}{family}", f"{family}_{given[:3]}{digits(self._chance, 2)}")
        )
        return f"{local}@{self._chance.choice(self._lists['domains'])}"

    def _username(self, number: int, _: str) -> str:
        person = self._person(number)
        given, family = _plain(person.given), _plain(person.family)
        return self._chance.choice(
            (f"{given[0]}{family}", f"{given}.{family}", f"{family[:6]}{digits(self._chance, 2)}")
        )

    def _born(self, number: int, _: str) -> str:
        return self._person(number).born.strftime(self._chance.choice(self._lists["births"]))

    def _card(self, _: int, shape: str) -> str:
        number = luhn(self._lists["card"] + digits(self._chance, 11))
        return number if shape == "plain" else " ".join(number[at : at + 4] for at in range(0, 16, 4))


_CASES: Final[dict[str, Callable[[str], str]]] = {"lower": str.lower, "upper": str.upper}
_NAMES: Final[dict[str, Callable[[Person], str]]] = {
    "": lambda person: f"{person.given} {person.family}",
    "given": lambda person: person.given,
    "family": lambda person: person.family,
    "initial": lambda person: f"{person.given[0]}. {person.family}",
    "reversed": lambda person: f"{person.family}, {person.given}",
    "spelled": lambda person: "-".join(letter for letter in person.family.upper() if letter.isalpha()),
}


def _plain(name: str) -> str:
    """Return a name as it would stand in an address."""
    letters = unicodedata.normalize("NFKD", name.translate(_BARE)).encode("ascii", "ignore").decode()
    return "".join(letter for letter in letters.lower() if letter.isalpha() or letter == "-")
