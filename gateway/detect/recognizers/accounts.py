"""Names of accounts where people talk of them and programs write them, without a sign between word and name.

Law: an account's name is no everyday word (``lexicon``): behind ``user`` stands somebody's account or a word of prose.
It is of small letters, digits and a few signs; accounts of machines are nobody's.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.detect.folding import folded, need, words_of
from gateway.detect.lexicon import traits
from gateway.detect.recognizers.generic import located
from gateway.detect.words import COMMON

_HERE: Final = Path(__file__).parent
_NOBODY: Final = words_of(_HERE / "nobody.txt") | words_of(_HERE / "no_handles.txt")
_LOGIN: Final = (
    r"(?:(?:ad|windows|unix|linux|domain|sap|vpn|e-?mail|mail|user|service|system)[ -]?accounts?|log-?ins?"
    r"|user[\s_-]?(?:name"
    r"|id)s?|users?|samaccountname|benutzer(?:name|kennung|konto|in)?|nutzer(?:name|kennung|in)?|anmeldename|kennung"
    r"|anwender(?:in)?|login-?name"
    r"|nom d['\u2019]utilisateur|utilisat(?:eur|rice)|compte|identifiant|nombre de usuario|usuari[oa]|nome utente"
    r"|utente"
    r"|gebruikers?-?naam|gebruiker|inlog-?naam|nazwa uzytkownika|uzytkownik(?:a|owi|iem)?|loginu?"
    r"|nome de (?:utilizador|usuario)"
    r"|utilizador(?:a)?|acesso|acceso|accesso|anvandar-?namn(?:et)?|anvandare?n?|bruger-?navn(?:et)?|bruger(?:en)?"
    r"|bruker-?navn(?:et)?|bruker(?:en)?|kullanici(?: adi| hesabi)?|uzivatelske jmeno|uzivatele?|ucet|uctu"
    r"|kayttaja-?(?:tunnus|nimi)|kayttaja"
    r"|(?:created|updated|modified|changed|approved|merged|reviewed|pushed|committed|opened|closed|edited|assigned"
    r"|logged|deleted"
    r"|disabled|unlocked|reset)[\s_]?(?:by|to|for)|author|owner|assignee|reporter|reviewer|committer|approver"
    r"|requester"
    r"|(?:accepted|failed) (?:password|publickey) for(?: (?:invalid )?user)?|session (?:opened|closed) for user"
    r"|log(?:s|ged|ging)? in as|loggar in som|logger (?:ind|inn) som|angemeldet als|einloggen als|connecte en tant que"
    r"|conectado como|connesso come|ingelogd als|zalogowan[ya] jako|prihlasen[ya]? jako"
    r"|logowanie ok|login ok|sudo -u|su -|chown(?: -\w{1,4})?)(?![^\W_])"
)
_PLATFORM: Final = (
    r"(?:instagram|insta|github|gitlab|bitbucket|skype|discord|twitch|tiktok|snap(?:chat)?|reddit|telegram"
    r"|gamertag|psn|steam|venmo"
    r"|paypal|linkedin|facebook|fb|twitter|mastodon|threads|xbox|vinted|ebay|signal|nick(?:name)?|screen name"
    r"|handle)(?![^\W_])"
)
_MARKS: Final = r"[\s\"'`*(\u00ab\u201e\u201c]"
_SIGN: Final = rf"{_MARKS}{{0,3}}(?::|=|is|ist|lautet|est|es|e|jest|je|ar|er|was|id)?{_MARKS}{{1,3}}@?"
_NAME: Final = r"(?P<name>[a-z](?:[a-z0-9]|[._-](?=[a-z0-9])){2,31})(?![\w@(\[\\%$=-]|[./:]\w)"
_SAID: Final = re.compile(rf"(?<![^\W_])(?:{_LOGIN}){_SIGN}{_NAME}")
_KNOWN_AT: Final = re.compile(rf"(?<![^\W_])(?:{_PLATFORM}){_SIGN}(?:live:)?{_NAME}")
_FORMS: Final = re.compile(
    rf"\buid=\d{{1,7}}\({_NAME}"
    rf"|(?<=[\s(\"'`:]){_NAME.replace('name', 'pair')} ?/ ?(?=\S{{0,30}}\d)(?=\S{{0,30}}[!*?#$_.])"
    rf"(?=[^\s/]{{8,40}}(?:\s|$))"
    rf"|\b(?:to|for|from|user) '(?P<granted>[a-z][\w.-]{{2,30}})'@"
    rf"|(?<![\w/])u/(?P<u>[a-z][\w-]{{2,24}})(?![\w/])"
    rf"|(?<![\w\\])[a-z][a-z0-9-]{{1,14}}\\{{1,2}}(?P<domain>[a-z][a-z0-9._-]{{2,24}})(?![\w\\.])"
    rf"|(?m:^)(?:\[[^\]\n]{{0,30}}\] )?<(?P<chat>[a-z][\w-]{{2,24}})> (?=\S)"
    rf"|(?<![\w@.\-/])(?P<after>[a-z][a-z0-9._-]{{3,24}}) (?:logged (?:in|on|out)|signed (?:in|out)"
    rf"|hat sich (?:angemeldet|eingeloggt)"
    rf"|s['\u2019]est connecte|kullanici(?:si|nin)|adli kullanici|wylogowa|zalogowa)"
)
_SURE: Final = frozenset({"granted", "pair"})
"""What is an account whatever its words mean."""

_SCORE: Final = 0.6
_SIGNS: Final = re.compile(r"[\d._-]")
_FILE: Final = re.compile(
    r".*\.(?:py|js|ts|json|ya?ml|txt|md|csv|com|org|net|de|io|local|xml|html?|sql|sh|log|exe|dll)"
)
_VERSION: Final = re.compile(r"v?\d[\d.]*|[a-z]{1,3}\d{1,2}(?:\.\d{1,3}){0,3}")


class AccountRecognizer(EntityRecognizer):  # type: ignore[misc]  # Presidio is not typed
    """Finds accounts behind their words, in logs, in commands and in chats."""

    needs = (
        need(_LOGIN),
        need(_PLATFORM),
        r"(?i)uid=|u/|\\|<[a-z_]|logged|signed|angemeldet|connect|kullan|logowa| ?/ ?|'@",
    )
    words = True

    def __init__(self) -> None:
        super().__init__(supported_entities=["USERNAME"], supported_language="en", name="CloisterAccountRecognizer")

    def load(self) -> None:
        """Do nothing: the patterns are compiled."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ANN401, ARG002 - Presidio's signature
        """Return every account."""
        copy = folded(text)
        found = {}
        for pattern in (_SAID, _KNOWN_AT, _FORMS):
            for match in pattern.finditer(copy):
                name = str(match.lastgroup)
                place = match.span(name)
                written = text[slice(*place)]
                if written.isascii() and (name in _SURE or _is_account(match[name], written)):
                    found[place] = located(self, *place, _SCORE)
        return list(found.values())


def _is_account(name: str, written: str) -> bool:
    """Whether it may be somebody's: no everyday word, alone or with others, no file, no version."""
    if name in _NOBODY or _FILE.fullmatch(name) or _VERSION.fullmatch(name):
        return False
    if written != name and not _SIGNS.search(name):
        return False
    words = [word for word in _SIGNS.split(name) if word]
    return not all(traits(word) & COMMON or word in _NOBODY for word in words)
