"""Made-up numbers with the check digits of whoever would issue them.

Law: each is valid by its issuer's own rule, and drawn from the chance that is handed over, so that a seed gives the
same numbers again.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable
from datetime import date
from random import Random
from typing import Final

_BANKS: Final = {
    "de": ("DE", "##################"),
    "en": ("GB", "NWBK##############"),
    "fr": ("FR", "#######################"),
    "es": ("ES", "####################"),
    "it": ("IT", "X######################"),
    "nl": ("NL", "INGB##########"),
    "pt": ("PT", "#####################"),
    "pl": ("PL", "########################"),
    "sv": ("SE", "####################"),
    "da": ("DK", "##############"),
    "tr": ("TR", "#####0################"),
    "cs": ("CZ", "####################"),
}
_SPAIN: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_ITALY_MONTHS: Final = "ABCDEHLMPRST"
_ITALY_ODD: Final = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_VIN_VALUES: Final = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), 1, 2, 3, 4, 5, 7, 9, *range(2, 10)), strict=True)
)
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def digits(chance: Random, count: int) -> str:
    """Return so many digits, of which the first is not 0."""
    return str(chance.randint(10 ** (count - 1), 10**count - 1))


def filled(chance: Random, pattern: str) -> str:
    """Return the pattern with a digit for each ``#`` and a capital for each ``¤``."""
    drawn = {"#": lambda: str(chance.randrange(10)), "¤": lambda: chance.choice("ABCDEFGHJKLMNPRSTVWXYZ")}
    return "".join(drawn[mark]() if mark in drawn else mark for mark in pattern)


def luhn(number: str) -> str:
    """Return the number with its check digit (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(number)))
    return number + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def iban(chance: Random, language: str) -> str:
    """Return an account number in groups of four (ISO 13616); the account itself need not exist."""
    country, pattern = _BANKS[language]
    account = filled(chance, pattern)
    checked = int("".join(str(int(each, 36)) for each in f"{account}{country}00"))
    whole = f"{country}{98 - checked % 97:02}{account}"
    return " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))


def vin(chance: Random) -> str:
    """Return a vehicle's number with the check digit of 49 CFR 565."""
    body = [chance.choice("ABCDEFGHJKLMNPRSTUVWXYZ0123456789") for _ in range(11)] + list(digits(chance, 6))
    values = [_VIN_VALUES.get(each) or int(each) for each in body]
    body[8] = "0123456789X"[_weighed(values, _VIN_WEIGHTS) % 11]
    return "".join(body)


def _weighed(number: Iterable[int | str], weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True))


def _cross_summed(number: str, weights: Iterable[int]) -> int:
    """Return the last digit of the sum of all digits of the products."""
    values = (int(digit) * weight for digit, weight in zip(number, weights, strict=True))
    return sum(value // 10 + value % 10 for value in values) % 10


def _until(chance: Random, count: int, check: Callable[[str], int]) -> str:
    """Draw until the check gives one digit, and append it."""
    while True:
        body = digits(chance, count)
        if (last := check(body)) < 10:
            return f"{body}{last}"


def _steuer(chance: Random, _: date) -> str:
    """German tax number: one digit twice, ISO/IEC 7064 MOD 11,10."""
    body = chance.sample("123456789", 9)
    body.insert(chance.randrange(2, 9), body[0])
    product = 10
    for digit in body:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    whole = "".join(body) + str((11 - product) % 10)
    return f"{whole[:2]} {whole[2:5]} {whole[5:8]} {whole[8:]}"


def _sv(chance: Random, born: date) -> str:
    """German social insurance number."""
    area, letter, serial = digits(chance, 2), chance.choice(string.ascii_uppercase), f"{chance.randrange(50):02}"
    body = f"{area}{born:%d%m%y}{ord(letter) - 64:02}{serial}"
    return f"{area} {born:%d%m%y} {letter} {serial}{_cross_summed(body, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1))}"


def _kvnr(chance: Random, _: date) -> str:
    """German health insurance number."""
    letter, body = chance.choice(string.ascii_uppercase), digits(chance, 8)
    return f"{letter}{body}{_cross_summed(f'{ord(letter) - 64:02}{body}', (1, 2) * 5)}"


def _ssn(chance: Random, _: date) -> str:
    return f"{chance.randint(100, 665)}-{chance.randint(10, 99)}-{digits(chance, 4)}"


def _nino(chance: Random, _: date) -> str:
    number = filled(chance, "## ## ##")
    return f"{chance.choice(('AB', 'JK', 'PW', 'SR'))} {number} {chance.choice('ABCD')}"


def _nhs(chance: Random, _: date) -> str:
    whole = _until(chance, 9, lambda body: (11 - _weighed(body, range(10, 1, -1)) % 11) % 11)
    return f"{whole[:3]} {whole[3:6]} {whole[6:]}"


def _uk_licence(chance: Random, born: date) -> str:
    name = "".join(chance.choice("BCDMNRSTW") for _ in range(5))
    return f"{name}{born.year % 100 // 10}{born:%m%d}{born.year % 10}{filled(chance, '¤')}99{filled(chance, '¤¤')}"


def _nir(chance: Random, born: date) -> str:
    body = f"{chance.choice('12')}{born:%y%m}{chance.randint(10, 19)}{filled(chance, '###')}{filled(chance, '###')}"
    key = 97 - int(body) % 97
    return f"{body[0]} {body[1:3]} {body[3:5]} {body[5:7]} {body[7:10]} {body[10:]} {key:02}"


def _dni(chance: Random, _: date) -> str:
    body = digits(chance, 8)
    return body + _SPAIN[int(body) % 23]


def _nie(chance: Random, _: date) -> str:
    first, body = chance.choice("XYZ"), digits(chance, 7)
    return f"{first}-{body}-{_SPAIN[int(str('XYZ'.index(first)) + body) % 23]}"


def _codice_fiscale(chance: Random, born: date) -> str:
    letters = "".join(chance.choice("BCDFGLMNPRSTVZ") for _ in range(6))
    body = f"{letters}{born:%y}{_ITALY_MONTHS[born.month - 1]}{born:%d}{chance.choice('AFHL')}{digits(chance, 3)}"
    values = [int(each) if each.isdigit() else ord(each) - 65 for each in body]
    total = sum(value if place % 2 else _ITALY_ODD[value] for place, value in enumerate(values))
    return body + string.ascii_uppercase[total % 26]


def _bsn(chance: Random, _: date) -> str:
    return _until(chance, 8, lambda body: _weighed(body, range(9, 1, -1)) % 11)


def _nif(chance: Random, _: date) -> str:
    body = "2" + filled(chance, "#######")
    check = 11 - _weighed(body, range(9, 1, -1)) % 11
    return f"{body}{check if check < 10 else 0}"


def _cpf(chance: Random, _: date) -> str:
    body = digits(chance, 9)
    for count in (9, 10):
        check = _weighed(body, range(count + 1, 1, -1)) * 10 % 11
        body += str(check % 10)
    return f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"


def _pesel(chance: Random, born: date) -> str:
    body = f"{born:%y}{born.month + (20 if born.year > 1999 else 0):02}{born:%d}{filled(chance, '####')}"
    return body + str(-_weighed(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10)


def _personnummer(chance: Random, born: date) -> str:
    whole = luhn(f"{born:%y%m%d}{filled(chance, '###')}")
    return f"{born:%Y%m%d}-{whole[-4:]}"


def _cpr(chance: Random, born: date) -> str:
    return f"{born:%d%m%y}-{filled(chance, '####')}"


def _tckn(chance: Random, _: date) -> str:
    body = [int(digit) for digit in digits(chance, 9)]
    body.append((sum(body[0:9:2]) * 7 - sum(body[1:8:2])) % 10)
    return "".join(map(str, [*body, sum(body) % 10]))


def _rodne_cislo(chance: Random, born: date) -> str:
    while True:
        whole = f"{born:%y}{born.month + chance.choice((0, 50)):02}{born:%d}{filled(chance, '####')}"
        if int(whole) % 11 == 0:
            return f"{whole[:6]}/{whole[6:]}"


ISSUED: Final[dict[str, Callable[[Random, date], str]]] = {
    "bsn": _bsn,
    "cf": _codice_fiscale,
    "cpf": _cpf,
    "cpr": _cpr,
    "dni": _dni,
    "kvnr": _kvnr,
    "nhs": _nhs,
    "nie": _nie,
    "nif": _nif,
    "nino": _nino,
    "nir": _nir,
    "personnummer": _personnummer,
    "pesel": _pesel,
    "rc": _rodne_cislo,
    "ssn": _ssn,
    "steuer": _steuer,
    "sv": _sv,
    "tckn": _tckn,
    "uk": _uk_licence,
}
"""What writes a number of each form, for somebody born on a day."""
