"""How a value is hidden: by accident, on purpose, and so that nobody who does not know it would find it.

Law: three groups, told apart honestly. What is *normalisable* reads the same to a person; what is *decodable* does so
once a well-known code is undone; what lies *beyond* is not undone by this gateway. A disguise counts as undone for the
types of which ``detect.readings`` believes it there, and lies beyond for all others.
"""

from __future__ import annotations

import base64
import codecs
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from gateway.detect.lookalikes import LATIN
from gateway.detect.readings import CHECKED, STRICT

Hide = Callable[[str, Random], str]
"""Writes a value otherwise; returns it as it is where it cannot be hidden so."""


class Group(StrEnum):
    """What the gateway undertakes."""

    PLAIN = "plain"
    NORMALISABLE = "normalisable"
    DECODABLE = "decodable"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disguise:
    """One way of hiding. believed: the types that it is undone for, None for all.

    whole: it is put on a sentence with the value, because the value alone would be too short to be noticed.
    everywhere: it is also undone where the value stands without the words that say what it is, and another text has
    told it.
    """

    name: str
    group: Group
    hide: Hide
    believed: frozenset[str] | None = None
    whole: bool = False

    @property
    def everywhere(self) -> bool:
        """Whether it is undone letter by letter."""
        return self.name in _EVERYWHERE

    def group_for(self, kind: str) -> Group:
        """Return the group that it is in for a type."""
        undone = self.believed is None or kind in self.believed
        return self.group if undone else Group.BEYOND


def _inserted(mark: str) -> Hide:
    """Put a mark into three places."""

    def hide(value: str, chance: Random) -> str:
        for at in sorted(chance.sample(range(1, len(value)), min(3, len(value) - 1)), reverse=True):
            value = value[:at] + mark + value[at:]
        return value

    return hide


def _mapped(letters: Callable[[str], str]) -> Hide:
    return lambda value, _: "".join(map(letters, value))


def _packed(pack: Callable[[bytes], str]) -> Hide:
    return lambda text, _: pack(text.encode())


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _apart(separator: str) -> Hide:
    def hide(value: str, _: Random) -> str:
        plain = value.replace(" ", "")
        return separator.join(plain[at : at + 4] for at in range(0, len(plain), 4))

    return hide


def _marked(value: str, chance: Random) -> str:
    at = chance.randrange(2, len(value) - 1)
    return f"{value[:at]}**{value[at:]}"


def _wide(letter: str) -> str:
    return chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter.replace(" ", "\u3000")


def _styled(letter: str) -> str:
    if letter in _DIGITS:
        return chr(0x1D7CE + int(letter))
    return chr(0x1D41A + ord(letter) - ord("a")) if "a" <= letter <= "z" else letter


def _wrapped(value: str, chance: Random) -> str:
    plain = value.replace(" ", "")
    at = plain.index("@") if "@" in plain else chance.randrange(len(plain) // 3, 2 * len(plain) // 3)
    return f"{plain[:at]}\n{plain[at:]}"


def _looking_alike(value: str, chance: Random) -> str:
    places = [at for at, letter in enumerate(value) if letter in _GLYPHS]
    taken = set(chance.sample(places, min(2, len(places))))
    return "".join(chance.choice(_GLYPHS[letter]) if at in taken else letter for at, letter in enumerate(value))


def _in_words(value: str, _: Random) -> str:
    return " ".join(_ENGLISH[int(letter)] for letter in value.replace(" ", ""))


def _cut(value: str, _: Random) -> str:
    """Say half of it, and the rest later."""
    return f"{value[: len(value) // 2]} and after that comes {value[len(value) // 2 :]}"


def _dashed(value: str, _: Random) -> str:
    return value.replace("-" if "-" in value else " ", "\u2013")


_DIGITS: Final = "0123456789"
_GLYPHS: Final = {latin: [other for other in LATIN if LATIN[other] == latin] for latin in LATIN.values()}
_ENGLISH: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_LEET: Final = str.maketrans("aeiostAEIOST", "431057431057")
_CARDS: Final = frozenset({"CREDIT_CARD", "IBAN_CODE"})
_EMAIL: Final = frozenset({"EMAIL_ADDRESS"})
_EVERYWHERE: Final = frozenset(
    {"none", "zero-width space", "soft hyphen", "byte order mark", "no-break space", "thin space", "wide", "decomposed"}
    | {"break within", "styled", "circled", "Arabic digits", "struck through", "tags", "entities", "entities for all"}
    | {"percent", "percent for all", "percent twice", "escapes", "JSON escapes"}
)
_DIGITAL: Final = CHECKED - {"ES_NIE", "ES_NIF", "FI_PERSONAL_IDENTITY_CODE", "IT_FISCAL_CODE"}


def _disguise(
    group: Group, name: str, hide: Hide, believed: frozenset[str] | None = None, *, whole: bool = False
) -> Disguise:
    return Disguise(name=name, group=group, hide=hide, believed=believed, whole=whole)


_ALL: Final = (
    _disguise(Group.PLAIN, "none", lambda value, _: value),
    _disguise(Group.NORMALISABLE, "zero-width space", _inserted("\u200b")),
    _disguise(Group.NORMALISABLE, "soft hyphen", _inserted("\u00ad")),
    _disguise(Group.NORMALISABLE, "byte order mark", _inserted("\ufeff")),
    _disguise(Group.NORMALISABLE, "no-break space", lambda value, _: value.replace(" ", "\u00a0")),
    _disguise(Group.NORMALISABLE, "thin space", lambda value, _: value.replace(" ", "\u2009")),
    _disguise(Group.NORMALISABLE, "wide", _mapped(_wide)),
    _disguise(Group.NORMALISABLE, "decomposed", lambda value, _: unicodedata.normalize("NFD", value)),
    _disguise(Group.NORMALISABLE, "dashes", _dashed, _CARDS | {"US_SSN"}),
    _disguise(Group.NORMALISABLE, "bold within", _marked, STRICT),
    _disguise(Group.NORMALISABLE, "break within", _inserted("<wbr>")),
    _disguise(Group.NORMALISABLE, "dots", _apart("."), _CARDS),
    _disguise(Group.NORMALISABLE, "slashes", _apart("/"), _CARDS | {"IN_AADHAAR"}),
    _disguise(Group.NORMALISABLE, "underscores", _apart("_"), _CARDS | {"IN_AADHAAR"}),
    _disguise(Group.NORMALISABLE, "two lines", _wrapped, _CARDS | _EMAIL),
    _disguise(Group.NORMALISABLE, "look-alikes", _looking_alike),
    _disguise(Group.NORMALISABLE, "styled", _mapped(_styled)),
    _disguise(
        Group.NORMALISABLE, "circled", _mapped(lambda each: chr(0x245F + int(each)) if each in "123456789" else each)
    ),
    _disguise(
        Group.NORMALISABLE, "Arabic digits", _mapped(lambda each: chr(0x660 + int(each)) if each in _DIGITS else each)
    ),
    _disguise(Group.NORMALISABLE, "struck through", _mapped(lambda each: f"{each}\u0336" if each.isalnum() else each)),
    _disguise(Group.NORMALISABLE, "tags", _mapped(lambda each: chr(0xE0000 + ord(each)) if each.isascii() else each)),
    _disguise(
        Group.NORMALISABLE,
        "at and dot",
        lambda value, _: value.replace("@", " [at] ").replace(".", " dot ") if "@" in value else value,
        _EMAIL,
    ),
    _disguise(
        Group.NORMALISABLE,
        "AT and DOT",
        lambda value, _: value.replace("@", " AT ").replace(".", " DOT ") if "@" in value else value,
        _EMAIL,
    ),
    _disguise(Group.NORMALISABLE, "one by one", lambda value, _: " ".join(value.replace(" ", "")), _DIGITAL),
    _disguise(
        Group.NORMALISABLE,
        "letters for digits",
        lambda value, _: value[:2] + value[2:].replace("0", "O").replace("1", "l"),
        _CARDS,
    ),
    _disguise(
        Group.NORMALISABLE,
        "in words",
        lambda value, chance: _in_words(value, chance) if value.replace(" ", "").isdecimal() else value,
        CHECKED,
    ),
    _disguise(Group.DECODABLE, "entities", _mapped(lambda each: each if each.isalnum() else f"&#{ord(each)};")),
    _disguise(Group.DECODABLE, "entities for all", _mapped(lambda each: f"&#x{ord(each):x};")),
    _disguise(
        Group.DECODABLE,
        "percent",
        _mapped(lambda each: each if each.isalnum() or each in " .-" else f"%{ord(each):02X}"),
    ),
    _disguise(Group.DECODABLE, "percent for all", lambda value, _: _percent(value, "%")),
    _disguise(Group.DECODABLE, "percent twice", lambda value, _: _percent(value, "%25")),
    _disguise(Group.DECODABLE, "escapes", lambda value, _: _percent(value, "\\x")),
    _disguise(
        Group.DECODABLE, "JSON escapes", _mapped(lambda each: f"\\u{ord(each):04x}" if each < "\U00010000" else each)
    ),
    _disguise(Group.DECODABLE, "quoted-printable", _inserted("=\n")),
    _disguise(Group.DECODABLE, "base64", _packed(_base64), whole=True),
    _disguise(
        Group.DECODABLE,
        "base64 for URLs",
        _packed(lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("=")),
        whole=True,
    ),
    _disguise(Group.DECODABLE, "hexadecimal", _packed(bytes.hex), whole=True),
    _disguise(Group.DECODABLE, "base64 twice", _packed(lambda raw: _base64(_base64(raw).encode())), whole=True),
    _disguise(Group.DECODABLE, "hexadecimal in base64", _packed(lambda raw: _base64(raw.hex().encode())), whole=True),
    _disguise(Group.DECODABLE, "base64 in hexadecimal", _packed(lambda raw: _base64(raw).encode().hex()), whole=True),
    _disguise(
        Group.DECODABLE,
        "entities in base64",
        _packed(lambda raw: _base64("".join(f"&#{ord(each)};" for each in raw.decode()).encode())),
        whole=True,
    ),
    _disguise(Group.BEYOND, "digits for letters", lambda value, _: value.translate(_LEET)),
    _disguise(Group.BEYOND, "backwards", lambda value, _: value[::-1]),
    _disguise(Group.BEYOND, "a letter at a time", lambda value, _: "-".join(value.replace(" ", ""))),
    _disguise(Group.BEYOND, "cut", _cut),
    _disguise(Group.BEYOND, "ROT13", lambda value, _: codecs.encode(value, "rot13")),
    _disguise(Group.BEYOND, "base32", _packed(lambda raw: base64.b32encode(raw).decode()), whole=True),
)


def _percent(value: str, mark: str) -> str:
    """Write each byte of a value in two hexadecimal digits behind a mark."""
    return "".join(f"{mark}{byte:02x}" for byte in value.encode())


DISGUISES: Final = {disguise.name: disguise for disguise in _ALL}
"""All of them, by name, ``none`` first."""
