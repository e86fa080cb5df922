"""Names of accounts: behind their words, in logs and commands, in home folders, in chats, and behind ``@``.

Law: an account's name is what stands behind its word and a sign, and is no account of a machine, which is nobody's.
Without a sign between them it is no everyday word either (``lexicon``), and of small letters, digits and a few signs:
behind ``user`` stands somebody's account or a word of prose. ``@`` is also where a decorator, an annotation, a
package's scope or a rule of CSS begins.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Final

from gateway.detect.folding import words_of
from gateway.detect.lexicon import traits
from gateway.detect.recognizers.asked import ASKED
from gateway.detect.recognizers.labels import Kind, LabelledRecognizer, labelled
from gateway.detect.words import COMMON

_HERE: Final = Path(__file__).parent
_NOBODY, _NO_HANDLE = (words_of(_HERE / f"{name}.txt") for name in ("nobody", "no_handles"))

_NAMED: Final = (
    r"user[\s_-]?names?|samaccountname|login[\s_-]?name|benutzer(?:name|kennung)|nutzer(?:name|kennung)|anmeldename"
    r"|nom d['\u2019]utilisateur|nombre de usuario|nome utente|gebruikers?-?naam|inlog-?naam|nazwa uzytkownika"
    r"|nome de (?:utilizador|usuario)|anvandar-?namn(?:et)?|bruger-?navn(?:et)?|bruker-?navn(?:et)?|kullanici ?adi"
    r"|uzivatelske jmeno|kayttaja-?(?:tunnus|nimi)"
)
"""Words for the name of an account."""

_LABEL: Final = (
    rf"(?:{_NAMED}|login(?=[\"']?:\s)|user[\s_-]?login|login[\s_-]?id|log[\s-]?on[\s_-]?name|screen[\s_-]?name"
    r"|nick(?:name)?"
    r"|(?:twitter|instagram|github|slack|telegram|skype|social(?: media)?)[\s_-]?(?:handle|name|id|user)|handle"
    r"|kurzel|windows-?(?:kennung|konto)|identifiant(?! d)|pseudo(?:nyme)?)"
)
_USER: Final = (
    rf"(?:{_NAMED}|kennung|identifiant|user(?:s|[\s_-]?ids?)?|usr|uid|login|logon|account|username"
    r"|benutzer(?:konto)?|nutzer|anwender|konto"
    r"|utilisateur|compte|usuarios?|cuenta|utente|gebruiker|uzytkownik(?:a|owi)?|utilizador|conta|anvandare|bruger"
    r"|bruker|kullanici|hesap|uzivatel|ucet|reporter|assignee|reported by|assigned to|owner|author|committer"
    r"|gemeldet von|bearbeiter|sachbearbeiter|zustandig|kayttaja)(?![^\W_])"
)
_SET: Final = (
    r"(?:user|usr|login|uid|suser|duser|benutzer|utilisateur|usuario|utente|gebruiker|db_?user|logname"
    r"|(?:pg|my|mysql|smtp|imap|s?ftp|ssh|proxy|rabbit|redis|mongo|ldap|bind|app|http|git|run|sql|ora|api|auth"
    r"|mail|rsync"
    r"|snmp|vpn|remote|backup|admin)user(?:name)?)(?=[\"']?\s{0,20}=)"
)
_FROM: Final = (
    r"(?: (?:from|via|at|to|on|von|aus|auf|depuis|desde|da|dal|vanaf|van|z|ze|fran|fra|ved|pa) \S{2,40}){0,2}"
)
_SAID: Final = (
    r"(?:(?:ad|windows|unix|linux|domain|sap|vpn|e-?mail|mail|user|service|system)[ -]?accounts?|log-?in as|log-?ins?"
    rf"|{_NAMED}|user[\s_-]?ids?|users?|benutzer(?:konto|in)?|nutzer(?:in)?|kennung|anwender(?:in)?"
    r"|utilisat(?:eur|rice)|compte|identifiant|usuari[oa]|utente|gebruiker|uzytkownik(?:a|owi|iem)?|loginu?"
    r"|utilizador(?:a)?|acesso|acceso|accesso|anvandare?n?|bruger(?:en)?|bruker(?:en)?|kullanici(?: hesabi)?"
    r"|uzivatele?|ucet|uctu|kayttaja"
    r"|(?:created|updated|modified|changed|approved|merged|reviewed|pushed|committed|opened|closed|edited|assigned"
    r"|logged|deleted|disabled|unlocked|reset)[\s_]?(?:by|to|for)|author|owner|assignee|reporter|reviewer|committer"
    r"|approver|requester"
    r"|(?:accepted|failed) (?:password|publickey) for(?: (?:invalid )?user)?|session (?:opened|closed) for user"
    r"|(?:log(?:s|ged|ging)? (?:in|on)|signed in|loggar in|inloggad|logger (?:ind|inn)|logget (?:ind|inn|pa)|angemeldet"
    r"|eingeloggt|einloggen|connectee?|conectad[oa]|conness[oa]|ingelogd|aangemeld|zalogowan[ya]|prihlasen[ya]?)"
    rf"{_FROM} (?:as|som|als|en tant que|como|come|jako)"
    r"|peer(?= ?['\"])|(?:eap |ike )?identity(?= ?['\"])|radius\S{0,12} (?:accept|reject|challenge)"
    r"|access-(?:accept|reject)(?: for)?"
    r"|authenticat(?:ed|ion (?:failed|succeeded) for)|login (?:incorrect|failed)(?: for)?:?(?= ?[\['\"])"
    r"|sudo(?=:)|signed-off-by|kurzzeichen|su: \(to \w{1,20}\)|logowanie ok|login ok|sudo -u|su -"
    r"|chown(?: -\w{1,4})?|instagram|insta|github|gitlab|bitbucket|skype|discord|twitch|tiktok|snap(?:chat)?|reddit"
    r"|telegram|gamertag|psn|steam|venmo|paypal|linkedin|facebook|fb|twitter|mastodon|threads|xbox|vinted|ebay|signal"
    r"|nick(?:name)?|screen name|handle)(?![^\W_])"
)
"""What people and programs say right before an account: words for one, what one does, and where it may be."""

_MADE_BY: Final = (
    r"(?:(?:prepared|generated|run|executed|launched|exported|started|submitted|uploaded|requested|issued|triggered) by"
    r"|(?:erstellt|angelegt|geandert|exportiert|erzeugt|generiert|gestartet|ausgefuhrt|freigegeben|gepruft)"
    r" (?:von|durch)"
    r"|(?:cree|lance|genere|exporte|modifie|execute|valide|edite|demarre)e?s? par"
    r"|(?:creado|generado|exportado|ejecutado|modificado|lanzado|aprobado|validado|criado|gerado|executado|alterado"
    r"|aprovado|lancado)s? por|(?:creato|generato|esportato|eseguito|modificato|lanciato|approvato) da"
    r"|(?:aangemaakt|gegenereerd|gemaakt|uitgevoerd|gewijzigd|geexporteerd|gestart) door"
    r"|(?:utworz|wygenerowa|uruchomi|wykona|zmieni|wyeksportowa|zatwierdz)\w{1,4} przez"
    r"|(?:skapad|genererad|exporterad|kord|andrad|godkand)e?s? av"
    r"|(?:oprettet|genereret|eksporteret|kort|(?:ae|\u00e6)ndret|godkendt) a[fv]"
    r"|(?:vytvor|spust|exportova|vygenerova|schval)\w{1,4}(?: uzivatelem)?"
    r"|(?:granted to|revoked from|removed from|added to|zugewiesen an|erteilt an|vergeben an|entzogen von|attribuee? a"
    r"|accordee? a|asignad[ao] a|otorgad[ao] a|concedid[ao] a|assegnat[ao] a|concess[ao] a|toegekend aan|toegewezen aan"
    r"|atribuid[ao] a|nadan[aoy] dla|przyznan[aoy] dla|przypisan[aoy] do|odebran[aoy]|tilldelad|tilldelats|tildelt"
    r"|prirazen[aoy]?|pridelen[aoy]?|udelen[aoy]?)"
    r"(?: (?:user|bruger|anvandare|uzivateli|benutzer(?:in)?|usuario|utente))?)"
    r"(?![^\W_])"
)
"""What somebody has done, before who did: an account there has a digit, a full stop or an underscore in it."""

_KEPT_BY: Final = (
    r"(?:\w{3,16}_(?:by|von|par|por|da|door|przez|av|af)|behandelaar|medewerker|bearbeiter(?:in)?|sachbearbeiter(?:in)?"
    r"|ersteller|operador|operateur|operatore|gestor|auteur|autore?|forfatter|handlaggare|sagsbehandler|saksbehandler"
    r"|resitel|vyrizuje|prowadzacy|opracowal|temsilci|sorumlu|islem_?yapan|responsable|responsabile|responsavel"
    r"|atendente"
    r"|gestionnaire|conseiller|approver|reviewer|requester|submitter|handled_?by|assignedto|createdby|updatedby"
    r"|modifiedby)"
)
"""Keys for who has something in hand."""

_TO_KEPT: Final = re.compile(r"[\"']?\s?[:=]\s?[\"']?(?<=[\"'=])")
_TALKERS: Final = (
    r"(?m:^)(?:[\[(]?\d{1,2}[:.]\d\d(?:[:.]\d\d)?[\])]?[ ,-]{1,3})?"
    r"(?=[a-z.-]{3,24}[\d_]|[a-z]{2,20}\.[a-z])([a-z](?:[a-z0-9_.-]){3,24})(?:: | {2,6})"
    r"(?=[^\W\d_]{1,20}(?:[ ,!?.:\n]|$))"
)
"""Who is talking, at the head of a line."""

_SIGN: Final = re.compile(
    r"[\s\"'`*\]]{0,3}(?:[:=>|]=?|\b(?:is|ist|lautet|est|es|jest|je|ar|er)(?=\s))[\s\"'`*@>|]{0,4}"
)
_EQUALS: Final = re.compile(r"[\"']?\s{0,20}=\s{0,4}[\"']?")
_TO_USER: Final = re.compile(rf"(?:{ASKED}@?|[\s\"'`*:=>|@(]{{1,6}})")
_MARKS: Final = r"[\s\"'`*(\u00ab\u201e\u201c]"
_STILL: Final = (
    r"(?:still|now|currently|always|noch|immer noch|jetzt|weiterhin|encore|toujours|maintenant|todavia|ahora|ancora"
    r"|adesso|nog|nog steeds|nu|ainda|agora|nadal|wciaz|teraz|fortfarande|stadig|stale|ted|hala)"
)
_LOOSE: Final = re.compile(
    rf"{_MARKS}{{0,3}}(?::|=|is|ist|lautet|est|es|e|jest|je|ar|er|was|id)?(?:(?<=[a-z]) {_STILL})?"
    rf"{_MARKS}{{1,3}}@?(?:live:)?"
)

_HANDLE: Final = re.compile(r"[A-Za-z_](?:\w|[.-](?=\w)){1,38}(?![\w(@/\\%])")
_SET_TO: Final = re.compile(
    r"(?!(?:self|this|request|req|ctx|session|current|get|new|old|user|args|kwargs|config|settings|env|os|process"
    r"|data|db|obj|instance|client|event|row|item|params|opts|options|input|form|auth|context)(?:[._]|\b))"
    r"[A-Za-z_](?:\w|[.-](?=\w)){1,38}(?![\w(@/\\%\[])"
)
"""What is no expression of a program."""

_PLAIN: Final = r"[a-z](?:[a-z0-9]|[._-](?=[a-z0-9])){2,31}(?![\w@(\[\\%$=-]|[./:]\w)"

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
_FORMS: Final = (
    rf"\buid=\d{{1,7}}\(({_PLAIN})|(?<!\S)[dl-][rwxst-]{{9}}[+.@]? {{1,4}}\d{{1,5}} {{1,4}}({_PLAIN})(?= )"
    r"|(?<![\w/])u/([a-z][\w-]{2,24})(?![\w/])"
    r"|(?<![\w\\])[a-z][a-z0-9-]{1,14}\\{1,2}([a-z][a-z0-9._-]{2,24})(?![\w\\.])"
    r"|(?m:^)(?:\[[^\]\n]{0,30}\] )?<([a-z][\w-]{2,24})> (?=\S)"
    r"|(?<![\w@.\-/])([a-z][a-z0-9._-]{3,24}) (?:logged (?:in|on|out)|signed (?:in|out)"
    r"|hat sich (?:angemeldet|eingeloggt)"
    r"|s['\u2019]est connecte|kullanici(?:si|nin)|adli kullanici|wylogowa|zalogowa)"
)
_FORMS_NEED: Final = r"uid=|[-dl][-rwxst]{9}|u/|\\|<[a-z]|logged|signed|angemeldet|eingeloggt|connect|kullan|logowa"
_GRANTED: Final = (
    rf"(?<=[\s(\"'`:])({_PLAIN}) ?/ ?(?=\S{{0,30}}\d)(?=\S{{0,30}}[a-z])(?=\S{{0,30}}[!*?#$_.])"
    r"(?=[^\s/]{8,40}(?:\s|$))"
    r"|\b(?:to|for|from|user) '([a-z][\w.-]{2,30})'@"
)
"""With a password behind it, or in a statement of a database: an account whatever its words mean."""

_ENDINGS: Final = r"\.(?:py|js|ts|json|ya?ml|txt|md|csv|com|org|net|de|io|local|xml|html?|sql|sh|log|exe|dll)"
_FILE: Final = re.compile(f".*{_ENDINGS}")
_DISTINCT: Final = re.compile(rf"(?=\D*\d|[a-z]+[._][a-z])(?!.*{_ENDINGS}$)")
_NO_ACCOUNT: Final = re.compile(r"[a-zA-Z]{0,3}\d[\d.]*|[A-Z]{2,6}-\d+|[A-Z0-9_]{1,40}")
_VERSION: Final = re.compile(r"v?\d[\d.]*|[a-z]{1,3}\d{1,2}(?:\.\d{1,3}){0,3}")
_SIGNS: Final = re.compile(r"[\d._-]")
_SHORT: Final = 4


def _is_somebody(value: str) -> bool:
    return value.lower() not in _NOBODY and any(map(str.isalpha, value))


def _is_distinct(value: str) -> bool:
    long = _is_somebody(value) and len(value) >= _SHORT
    return long and bool(_DISTINCT.match(value)) and not _NO_ACCOUNT.fullmatch(value)


def _is_mentioned(value: str) -> bool:
    return value.lower() not in _NO_HANDLE


def _is_no_prose(value: str) -> bool:
    """Whether it may be somebody's: no everyday word, alone or with others, no file, no version."""
    name = value.lower()
    if not value.isascii() or _is_nothing(name) or _FILE.fullmatch(name) or _VERSION.fullmatch(name):
        return False
    if value != name and not _SIGNS.search(name):
        return False
    words = [word for word in _SIGNS.split(name) if word]
    return not all(traits(word) & COMMON or _is_nothing(word) for word in words)


def _has_made(value: str) -> bool:
    return _is_no_prose(value) and _is_distinct(value)


@lru_cache(maxsize=1)
def _talkers(text: str) -> Counter[str]:
    return Counter(match[1] for match in re.finditer(_TALKERS, text))


def _is_talking(text: str, start: int, end: int) -> bool:
    """Whether somebody of that name says something more than once, and somebody does so at all."""
    return _talkers(text)[text[start:end]] > 1


def _is_nothing(word: str) -> bool:
    return word in _NOBODY or word in _NO_HANDLE


_BARE, _FIRM = 0.6, 0.7
"""Scores of what only its word, or its place, speaks for."""

KINDS: Final = (
    Kind(
        entity_type="USERNAME",
        label=_SAID,
        value=re.compile(_PLAIN),
        good=_is_no_prose,
        link=_LOOSE,
        score=_BARE,
        header=False,
        folds=True,
    ),
    Kind(
        entity_type="USERNAME",
        label=_LABEL,
        value=_HANDLE,
        good=_is_somebody,
        link=_SIGN,
        alone=f"(?:{_HOME}|{_PROFILE}|{_OPENED})",
    ),
    Kind(entity_type="USERNAME", label=_USER, value=_SET_TO, good=_is_distinct, link=_TO_USER, score=_FIRM),
    Kind(entity_type="USERNAME", label=_SET, value=_SET_TO, good=_is_somebody, link=_EQUALS, header=False),
    Kind(entity_type="USERNAME", label="", value=_HANDLE, good=_is_mentioned, alone=_MENTION, score=_BARE),
    Kind(
        entity_type="USERNAME",
        label="",
        value=_HANDLE,
        good=_is_no_prose,
        alone=_FORMS,
        hint=_FORMS_NEED,
        score=_BARE,
        folds=True,
    ),
    Kind(
        entity_type="USERNAME",
        label=_MADE_BY,
        value=re.compile(_PLAIN),
        good=_has_made,
        link=_LOOSE,
        score=_BARE,
        header=False,
        folds=True,
    ),
    Kind(
        entity_type="USERNAME",
        label=_KEPT_BY,
        value=re.compile(rf"{_PLAIN}(?=[\"';,\s]|$)"),
        good=_is_no_prose,
        link=_TO_KEPT,
        score=_BARE,
        header=False,
    ),
    Kind(
        entity_type="USERNAME",
        label="",
        value=_HANDLE,
        good=_is_no_prose,
        stands=_is_talking,
        alone=_TALKERS,
        score=_BARE,
    ),
    Kind(
        entity_type="USERNAME",
        label="",
        value=_HANDLE,
        good=str.isascii,
        alone=_GRANTED,
        hint=" ?/ ?|'@",
        score=_BARE,
        folds=True,
    ),
)
"""What only its word speaks for comes first: where another kind finds it too, that one's score counts."""


def accounts() -> list[LabelledRecognizer]:
    """Find them."""
    return labelled(KINDS)
