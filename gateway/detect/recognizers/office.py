"""Names of accounts and places on the map.

Law: an account's name is what stands behind its word, in a home folder, or behind ``@`` in a sentence, which is not
where a decorator, an annotation, a package's scope or a rule of CSS stands. Accounts of machines are nobody's. A
position is known by its decimals, or behind its word.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from gateway.detect.folding import words_of
from gateway.detect.recognizers.labels import Kind, LabelledRecognizer, labelled

_LOGIN: Final = (
    r"(?:login(?=[\"']?:\s)|user[\s_-]?(?:names?|login)|login[\s_-]?(?:name|id)|log[\s-]?on[\s_-]?name"
    r"|samaccountname|screen[\s_-]?name"
    r"|nick(?:name)?"
    r"|(?:twitter|instagram|github|slack|telegram|skype|social(?: media)?)[\s_-]?(?:handle|name|id|user)|handle"
    r"|benutzer(?:name|kennung)"
    r"|anmeldename|nutzer(?:name|kennung)|kurzel|windows-?(?:kennung|konto)|nom d['\u2019]utilisateur"
    r"|identifiant(?! d)|pseudo(?:nyme)?"
    r"|nombre de usuario|nome utente|gebruikers-?naam|inlog-?naam|nazwa uzytkownika|nome de (?:utilizador|usuario)"
    r"|anvandar-?namn"
    r"|bruger-?navn|bruker-?navn|kullanici(?: adi|adi)|uzivatelske jmeno|kayttaja-?(?:tunnus|nimi))"
)
_USER: Final = (
    r"(?:user(?:s|[\s_-]?ids?)?|usr|uid|login|logon|account|username|benutzer(?:konto)?|nutzer|anwender|konto"
    r"|utilisateur|compte|usuarios?"
    r"|cuenta|utente|account|gebruiker|uzytkownik(?:a|owi)?|konto|utilizador|conta|anvandare|bruger|bruker|kullanici"
    r"|hesap|uzivatel|ucet"
    r"|reporter|assignee|reported by|assigned to|owner|author|committer|gemeldet von|bearbeiter|sachbearbeiter"
    r"|zustandig|kayttaja)"
    r"(?![^\W_])"
)
_SET: Final = r"(?:user|usr|login|uid|suser|duser|benutzer|utilisateur|usuario|utente|gebruiker|db_?user)(?=[\"']?\s?=)"
_SIGN: Final = re.compile(
    r"[\s\"'`*\]]{0,3}(?:[:=>|]=?|\b(?:is|ist|lautet|est|es|jest|je|ar|er)(?=\s))[\s\"'`*@>|]{0,4}"
)
_EQUALS: Final = re.compile(r"[\"']?\s?=\s?[\"']?")
_SET_TO: Final = re.compile(
    r"(?!(?:self|this|request|req|ctx|session|current|get|new|old|user|args|kwargs|config|settings|env|os|process"
    r"|data|db"
    r"|obj|instance|client|event|row|item|params|opts|options|input|form|auth|context)(?:[._]|\b))"
    r"[A-Za-z_](?:\w|[.-](?=\w)){1,38}(?![\w(@/\\%\[])"
)
"""What is no expression of a program."""

_SPACE: Final = re.compile(r"[\s\"'`*:=>|@(]{1,6}")
_HANDLE: Final = re.compile(r"[A-Za-z_](?:\w|[.-](?=\w)){1,38}(?![\w(@/\\%])")
_DISTINCT: Final = re.compile(
    r"(?=\D*\d|[a-z]+[._][a-z])(?!.*\.(?:py|js|ts|json|ya?ml|txt|md|csv|com|org|net|de|io|local|xml|html?|sql|sh)$)"
)

NOBODY: Final = words_of(Path(__file__).with_name("nobody.txt"))
_NO_HANDLE: Final = words_of(Path(__file__).with_name("no_handles.txt"))
_MENTION: Final = (
    r"(?:^|(?<=[\s(\"'>,;:]))@([A-Za-z_][A-Za-z0-9_]{2,29}(?:[.-][A-Za-z0-9_]{1,20}){0,2})(?![\w(/@=\\-]|\.\w)"
)
_PROFILE: Final = (
    r"(?:linkedin\.com/in|(?:twitter|instagram|facebook|tiktok|threads)\.(?:com|net)|\bt\.me|\bx\.com|github\.com)/@?"
    r"([A-Za-z0-9_.-]{3,40})(?=[\s?#\"')\]>,;]|/?$|/\s)"
)
_OPENED: Final = r"\b[a-z][a-z0-9+]{1,20}://([A-Za-z_][\w.-]{1,40}):[^\s@/]{1,128}@"
_HOME: Final = (
    r"(?:/home/|/Users/|\\Users\\|/var/mail/|~)([A-Za-z][A-Za-z0-9_]{1,30}(?:[.-][A-Za-z0-9_]{1,30}){0,3})"
    r"(?=[/\\\s\"':,;)]|$)"
)


def _somebody(value: str) -> bool:
    return value.lower() not in NOBODY and any(map(str.isalpha, value))


def _distinct(value: str) -> bool:
    return _somebody(value) and len(value) >= _SHORT and bool(_DISTINCT.match(value)) and not _VERSION.fullmatch(value)


_SHORT: Final = 4
_VERSION: Final = re.compile(r"[a-zA-Z]{0,3}\d[\d.]*|[A-Z]{2,6}-\d+|[A-Z0-9_]{1,40}")

_DECIMALS: Final = (
    r"(?<![\w.,;-])(?<!\d[,;] )([-+]?(?:[1-8]\d|90)\.\d{4,10}(?:\s?\u00b0)?(?:\s?[NS])?(?:[,;]\s?|\s?/\s?)"
    r"(?:[-+]?1?\d{2}|[-+]\d)\.\d{4,10}(?:\s?\u00b0)?(?:\s?[EWO](?!\w))?"
    r"|[-+]?[1-8]?\d\.\d{5,10}(?:\s?\u00b0)?(?:\s?[NS])?(?:[,;]\s?|\s?/\s?)[-+]?1?\d{1,2}\.\d{5,10}"
    r"(?:\s?\u00b0)?(?:\s?[EWO](?!\w))?"
    r"|\d{1,2}\.\d{3,10}\s?[NS][,;/\s]{1,3}\d{1,3}\.\d{3,10}\s?[EWO]|\d{1,2},\d{4,8}\s?/\s?\d{1,3},\d{4,8})"
    r"(?!\w|\.\d|[,;]\s?[-+]?\d)"
)
_ANGLE: Final = (
    r"\d{1,3}(?:\.\d{1,8})?\s?\u00b0\s?(?:\d{1,2}(?:\.\d{1,6})?\s?['\u2032\u2019]\s?)?"
    r"(?:\d{1,2}(?:\.\d{1,6})?\s?(?:[\"\u2033\u201d]|''))?"
)
_DEGREES: Final = (
    rf"(?<![\w.])({_ANGLE}\s?[NSns][\s,;/]{{1,3}}{_ANGLE}\s?[EWOewo](?!\w)"
    rf"|[NS]\s?{_ANGLE}[\s,;/]{{1,3}}[EWO]\s?{_ANGLE})"
)
_POINT: Final = re.compile(
    r"[\[(]?[NS]? ?[-+]?\d{1,3}[.,]\d{2,10}(?:\s?\u00b0)?(?:\s?[NSEWO](?!\w))?"
    r"(?:\s?[,;/|]?\s?[EW]? ?[-+]?\d{1,3}[.,]\d{2,10}(?:\s?\u00b0)?"
    r"(?:\s?[EWOL](?!\w))?)?(?![\w.]\w)"
)


def _is_point(value: str) -> bool:
    return "\u00b0" in value or not re.match(r"[-+]?0\.\d*[,;/\s]+[-+]?0\.", value)


KINDS: Final = (
    Kind(
        entity_type="USERNAME",
        label=_LOGIN,
        value=_HANDLE,
        good=_somebody,
        link=_SIGN,
        alone=f"(?:{_HOME}|{_PROFILE}|{_OPENED})",
    ),
    Kind(entity_type="USERNAME", label=_USER, value=_SET_TO, good=_distinct, link=_SPACE, score=0.7),
    Kind(entity_type="USERNAME", label=_SET, value=_SET_TO, good=_somebody, link=_EQUALS, header=False),
    Kind(
        entity_type="USERNAME",
        label="",
        value=_HANDLE,
        good=lambda value: value.lower() not in _NO_HANDLE,
        alone=_MENTION,
        score=0.6,
    ),
    Kind(
        entity_type="COORDINATES",
        label=(
            r"(?:lat(?:itude)?|lon(?:g|gitude)?|lng|gps(?:[\s_-]?\w{3,12})?|geo|coord(?:inates|s|onnees|enadas|inate"
            r"|inaten|enate)?|koordin\w{2,6}|coordina\w{2,4}|wspolrzedne|souradnice|konum|latitud|longitud|latitudine"
            r"|longitudine|breitengrad|langengrad|last fix|posizione|position gps|polohy?|geolokac\w{2,5})(?![^\W_])"
        ),
        value=_POINT,
        good=_is_point,
        alone=f"(?:{_DECIMALS}|{_DEGREES})",
    ),
)


def office() -> list[LabelledRecognizer]:
    """Find them."""
    return labelled(KINDS)
