"""Names of accounts, number plates and places on the map.

Law: an account's name is what stands behind its word, in a home folder, or behind ``@`` in a sentence, which is not
where a decorator, an annotation, a package's scope or a rule of CSS stands. Accounts of machines are nobody's. A plate
is known by its country's form only with a word for a vehicle near (``context``); a position by its decimals.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from gateway.detect.folding import spelled, words_of
from gateway.detect.recognizers.generic import PatternFinder
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

_PLATE_WORD: Final = (
    r"(?:(?:licen[cs]e|number|registration|vehicle|car|reg)[\s_-]?plates?(?: (?:no|number))?|plates?(?: (?:no"
    r"|number))?|vrm"
    r"|(?:vehicle |car )?registration(?: (?:no|number|mark))?|reg\.?[\s-]?(?:no|nr|number)?|(?:kfz-?|auto-?"
    r"|amtl\.? ?|amtliches )?kennzeichen"
    r"|kfz|immatricul(?:ation|ee?)|plaque(?: d['\u2019]immatriculation)?|matriculas?|placas?|targ(?:a|ata|hata)"
    r"|kenteken|nummerplaat"
    r"|(?:nr|numer) rej(?:estracyjny)?|nr rej\.|rejestracyjn\w{1,3}|rejestracj[aei]|tablic[ae]?|registreringsnummer"
    r"|registrerings-?nr|regnr"
    r"|reg-?nummer|nummerplade|plaka(?:li|si)?|spz|rz|registracni znacka|rekisteri(?:numero|tunnus)|index|pojazd"
    r"|marki)(?![^\W_])"
)
_PLATE: Final = re.compile(
    r"(?=[^\n]{0,5}[A-Z])(?=(?:[A-Z\u00c4\u00d6\u00dc]|[ .\u00b7:-]){0,8}\d)[A-Z0-9\u00c4\u00d6\u00dc]{1,4}"
    r"(?:[ .\u00b7:-]{0,2}[A-Z0-9\u00c4\u00d6\u00dc]{1,5}){1,3}"
    r"(?![\w%\u20ac$]|[./]\d)|\d{1,4}[ -][A-Z]{2,3}(?:[ -]\d{1,4})?(?!\w)|[A-Z0-9]{4,8}(?!\w)"
)
_PLATE_LINK: Final = re.compile(
    r"[\s\"'`*:=#|>().-]{0,6}(?:(?:is|was|ist|lautet|est|es|jest|je|ar|er|no|nr|no\.|nr\.|number|mit|with)\s){0,2}"
    r"[\"'(]?"
)
_MOST_OF_A_PLATE: Final = 9


def _is_plate(value: str) -> bool:
    signs = [sign for sign in value if sign.isalnum()]
    digits = sum(map(str.isdigit, signs))
    return 0 < digits < len(signs) and _SHORT <= len(signs) <= _MOST_OF_A_PLATE


_FORMS: Final = re.compile(
    r"(?<![\w-])(?!(?:DIN|ISO|EN|USB|VDE|IEC|RFC)-)(?:[A-Z\u00c4\u00d6\u00dc]{1,3}-[A-Z]{1,2} \d{1,4}[EH]?"
    r"|[A-Z]{2}-\d{3}-[A-Z]{2}|[A-Z]{2}\d{2} [A-Z]{3}|[A-Z]{2} ?\d{3} ?[A-Z]{2}"
    r"|\d{4}[ -][BCDFGHJKLMNPRSTVWXYZ]{3}|[A-Z]{2}-\d{2}-[A-Z]{2}|\d{2}-[A-Z]{2,3}-\d{1,2}"
    r"|[A-Z]{1,2}-\d{3}-[A-Z]{1,2}|[A-Z]{2,3} [A-Z0-9]{4,5}"
    r"|[A-Z]{3} \d{2}[A-Z0-9]|[A-Z]{2} \d{2} \d{3}|\d{2} [A-Z]{1,3} \d{2,4}|\d[A-Z]\d \d{4})(?![\w-])"
)
_VEHICLES: Final = [
    *(
        "car",
        "vehicle",
        "van",
        "truck",
        "lorry",
        "plate",
        "parked",
        "driver",
        "auto",
        "wagen",
        "fahrzeug",
        "pkw",
        "lkw",
        "kfz",
    ),
    *(
        "voiture",
        "vehicule",
        "v\u00e9hicule",
        "camion",
        "coche",
        "veh\u00edculo",
        "veicolo",
        "vettura",
        "furgone",
        "voertuig",
    ),
    *(
        "samoch",
        "pojazd",
        "carro",
        "viatura",
        "ve\u00edculo",
        "bil",
        "fordon",
        "k\u00f8ret\u00f8j",
        "ara\u00e7",
        "araba",
        "vozidl",
    ),
]

_DECIMALS: Final = (
    r"(?<![\w.,;-])(?<!\d[,;] )([-+]?(?:[1-8]\d|90)\.\d{4,10}(?:\s?\u00b0)?(?:\s?[NS])?(?:[,;]\s?|\s?/\s?)"
    r"[-+]?1?\d{2}\.\d{4,10}(?:\s?\u00b0)?(?:\s?[EWO](?!\w))?"
    r"|[-+]?[1-8]?\d\.\d{5,10}(?:\s?\u00b0)?(?:\s?[NS])?(?:[,;]\s?|\s?/\s?)[-+]?1?\d{1,2}\.\d{5,10}"
    r"(?:\s?\u00b0)?(?:\s?[EWO](?!\w))?)(?![\w.]|[,;]\s?[-+]?\d)"
)
_DEGREES: Final = (
    r"(?<![\w.])(\d{1,3}(?:\.\d{1,8})?\s?\u00b0\s?(?:\d{1,2}(?:\.\d{1,6})?\s?['\u2032\u2019]\s?)?(?:\d{1,2}"
    r"(?:\.\d{1,6})?\s?(?:[\"\u2033\u201d]|''))?\s?[NSns]"
    r"[\s,;/]{1,3}\d{1,3}(?:\.\d{1,8})?\s?\u00b0\s?(?:\d{1,2}(?:\.\d{1,6})?\s?['\u2032\u2019]\s?)?(?:\d{1,2}"
    r"(?:\.\d{1,6})?\s?(?:[\"\u2033\u201d]|''))?\s?[EWOewo])(?!\w)"
)
_POINT: Final = re.compile(
    r"[-+]?\d{1,3}[.,]\d{2,10}(?:\s?\u00b0)?(?:\s?[NSEWO](?!\w))?(?:[,;]\s?[-+]?\d{1,3}\.\d{2,10})?"
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
        entity_type="LICENSE_PLATE",
        label=_PLATE_WORD,
        value=_PLATE,
        good=_is_plate,
        link=_PLATE_LINK,
    ),
    Kind(
        entity_type="COORDINATES",
        label=(
            r"(?:lat(?:itude)?|lon(?:gitude)?|lng|gps|coord(?:inates|s|onnees|enadas|inate|inaten)?|koordinaten"
            r"|breitengrad|langengrad)"
        ),
        value=_POINT,
        good=_is_point,
        alone=f"(?:{_DECIMALS}|{_DEGREES})",
    ),
)


def office() -> list[LabelledRecognizer | PatternFinder]:
    """Find them."""
    plates = PatternFinder("LICENSE_PLATE", _FORMS, 0.3, "CloisterPlateRecognizer")
    plates.context = _VEHICLES
    plates.needs = (spelled(_FORMS.pattern),)
    return [*labelled(KINDS), plates]
