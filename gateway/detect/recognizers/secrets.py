"""Passwords, keys and tokens.

Law: every pattern is linear in a window. What follows a word such as ``password`` counts from its first character to
its last, and the word itself stays readable; quotes and line ends may be escaped, as they are in JSON within strings.
A value that holds another such word does not hide what follows that one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from presidio_analyzer import RecognizerResult

from gateway.detect.alternatives import alternatives, head, leftmost
from gateway.detect.folding import words_of
from gateway.detect.recognizers.doors import DOORS, SHUT, SWITCHED, TOLD
from gateway.detect.recognizers.generic import PatternFinder, located
from gateway.detect.recognizers.labels import Part

_MIXED: Final = r"(?=[A-Za-z]{1,40}\d{1,40}[A-Za-z]|\d{1,40}[A-Za-z]{1,40}\d)"
"""Letters among digits, or digits among letters: a day before a word is neither (``20240101abcdefgh``)."""

_FORMS: Final = (
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,16000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)",
    r"\beyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,1000}",
    r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b",
    r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b",
    r"\bgithub_pat_[A-Za-z0-9_]{22,255}\b",
    r"\bglpat-[A-Za-z0-9_-]{20,64}\b",
    r"\bxox[abeoprs]-[A-Za-z0-9-]{10,250}\b",
    r"\bsk-(?:ant-|proj-|svcacct-)?[A-Za-z0-9_-]{20,250}\b",
    r"\b[prs]k_(?:live|test)_[A-Za-z0-9]{16,250}\b",
    rf"\b(?:live|test|prod|sandbox)_{_MIXED}[A-Za-z0-9]{{24,120}}\b",
    rf"\b[a-z]{{2,8}}_(?:live|prod|sandbox)_{_MIXED}[A-Za-z0-9]{{14,120}}\b",
    r"(?<![\d-])\d{6}(?:-\d{6}){7}(?![\d-])",
    (
        r"\b[a-z]{2,8}_(?:[a-z]{2,8}_)?(?=[A-Za-z0-9]{0,40}\d)(?=[A-Za-z0-9]{0,40}[a-z])(?=[A-Za-z0-9]{0,40}[A-Z])"
        r"[A-Za-z0-9]{20,80}(?![\w-])"
    ),
    r"\bxapp-\d-[A-Za-z0-9-]{20,200}\b",
    r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,120}",
    r"https://(?:ptb\.|canary\.)?discord(?:app)?\.com/api/webhooks/\d{15,21}/[A-Za-z0-9_-]{30,90}",
    r"https://[\w.-]{1,80}\.webhook\.office\.com/webhookb2/[A-Za-z0-9@/_-]{30,250}",
    r"\b[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,45}\b",
    r"\bwhsec_[A-Za-z0-9+/=]{24,120}",
    r"\b(?:SK|AC)[0-9a-f]{32}\b",
    r"\bsq0(?:atp|csp|idp)-[A-Za-z0-9_-]{20,60}\b",
    r"\bEAAA[A-Za-z0-9_-]{56,64}\b",
    r"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b",
    r"\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,80}\b",
    r"\bAT(?:ATT|BB|CTT)[A-Za-z0-9_=-]{20,250}",
    r"\bdapi[a-f0-9]{32}(?:-\d)?\b",
    r"\bdo[or]_v1_[a-f0-9]{64}\b",
    r"\bgl(?:rt|dt|ptt|cbt|oas|soat|agent|imt|ft)-[A-Za-z0-9_.-]{20,64}\b",
    r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b",
    r"\bhv[sbr]\.[A-Za-z0-9_-]{20,250}",
    r"\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,80}",
    r"\bNR(?:AK|JS|II|AL|RA)-[A-Za-z0-9_-]{19,48}\b",
    r"\bpd(?:us|eu)\+[A-Za-z0-9_+-]{18,40}",
    r"\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b",
    r"-----BEGIN PGP PRIVATE KEY BLOCK-----[\s\S]{0,16000}?(?:-----END PGP PRIVATE KEY BLOCK-----|\Z)",
    r"PuTTY-User-Key-File-\d:[\s\S]{0,6000}?Private-MAC: [a-f0-9]{40,64}",
    r"\bsntrys_[A-Za-z0-9+/=_-]{40,300}",
    r"\b(?:pat-(?:na|eu)1|xkeysib|key)-(?=[a-z-]{0,40}\d)[a-f0-9-]{32,120}\b",
    r"\b(?:lin_api|figd|ntn|rnd|glsa|phc|phx|fo1)_[A-Za-z0-9_-]{30,120}\b",
    (
        r"\$(?:2[abxy]\$\d{2}\$[./A-Za-z0-9]{53}|apr1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}"
        r"|[156y]\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,64}\$[./A-Za-z0-9]{20,90}|argon2(?:id|i|d)\$[^\s\"']{30,300})"
    ),
    r"\{SSHA(?:256|512)?\}[A-Za-z0-9+/=]{20,120}",
    r"(?<=[?&])sig=[A-Za-z0-9%+/=]{30,120}",
    r"(?<=AccountKey=)[A-Za-z0-9+/=]{40,120}",
    r"(?<=SharedAccessKey=)[A-Za-z0-9+/=]{30,120}",
    r"(?<=SharedAccessSignature=)[^\s\"';]{30,300}",
    r"\bAIza[A-Za-z0-9_-]{35}\b",
    r"\bya29\.[A-Za-z0-9_-]{20,500}",
    r"\bnpm_[A-Za-z0-9]{36}\b",
    r"\bpypi-[A-Za-z0-9_-]{50,250}\b",
    r"\bhf_[A-Za-z0-9]{30,64}\b",
    r"\bdop_v1_[a-f0-9]{64}\b",
    r"\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}\b",
    r"\bcl_[a-z]{2,8}_[a-z0-9]{8}_[A-Za-z0-9_-]{43}_[0-9A-Za-z]{6}\b",
)
_NAMES: Final = (
    r"passwords?|passwd|passphrase|pwd|secret|api[_-]?key|apikey|access[_-]?key|secret[_-]?key|auth[_-]?token|token"
    r"|client[_-]?secret|private[_-]?key|credentials?|pass|pw|psw|access[_-]?token|refresh[_-]?token|signing[_-]?key"
    r"|encryption[_-]?key|master[_-]?key|account[_-]?key|license[_-]?key|webhook[_-]?secret|connection[_-]?string"
    r"|passwort|passw\u00f6rter|kennwort|kennw\u00f6rter|zugangscode|schl\u00fcssel|geheimnis|mot de passe|mdp"
    r"|contrase\u00f1a|contrasena|clave"
    r"|parola d'ordine|parola|password di accesso|wachtwoord|has\u0142o|haslo|senha|palavra-passe|l\u00f6senord"
    r"|losenord|adgangskode|kodeord"
    r"|passord|\u015fifre|sifre|parola|heslo|salasana|psk|wpa\d?[_ -]?(?:key|psk)|(?:wi-?fi|wlan|network)[_ -]?key"
    r"|api[ _-]?anahtar\u0131|api[ _-]?(?:sleutel|nyckeln?|n\u00f8glen?|kl\u00ed\u010d|schl\u00fcssel|avain)"
    r"|cl\u00e9 (?:d['\u2019])?api"
    r"|(?:clave|chiave|chave|klucz) (?:de |da |do )?api"
    r"|recovery[_ -]?(?:key|codes?|phrase)|seed phrase|einmalpasswort|l\u00f6sen|eng\u00e5ngsl\u00f6sen|engangskode"
)
_WORDS: Final = (
    "password|passcode|passphrase|(?:start|erst|initial|standard|einmal)?passwort|kennwort"
    "|mot de passe|contrase\u00f1a|contrasena|clave"
    "|wachtwoord"
    "|has\u0142[oa]|senha|palavra-passe|l\u00f6senord|(?:eng\u00e5ngs)?l\u00f6sen|adgangskode|(?:engangs)?kode"
    "|koden|kodeord|passord|\u015fifre(?:si|m|niz)?|parola|heslo|salasana|credentials?|zugangsdaten|logindaten"
    "|anmeldedaten"
    "|identifiants|credenziali|credenciales|credenciais|inloggegevens|pin-?code|pincode|pw|pwd|psw|mdp|passwd"
    "|login|wi-?fi|wlan|(?:tijdelijk|nieuw|oud|uw|je|het) ww|ww(?=:)"
)
_SHAPED: Final = (
    r"(?=[^\s\"'<>=/:,;()]{0,40}\d)(?=[^\s\"'<>=/:,;()]{0,40}[^\W\d_])[^\W_](?:[^\W_]"
    r"|[!?#$%&*+._~^-](?=[^\s,;)\"'])){5,40}"
    r"(?:[!?*$#](?=[\s,;)\"'.]|\Z))?"
)
"""What somebody might have made up as a password: letters and digits, and signs between."""

_WITHIN: Final = r"[^\W_][!$*?][^\W_]"
_MARKED: Final = (
    rf"(?=[^\s]{{0,32}}\d)(?=[^\s]{{0,32}}[a-z])(?=[^\s]{{0,32}}[A-Z])(?=[^\s]{{0,32}}{_WITHIN})"
    r"[^\W_](?:[^\W_]|[!$*?#._-]){7,31}(?![^\s,;.)\"'])"
)
"""A word that nothing else looks like: small letters, capitals, digits, and a sign in the middle."""
_CODES: Final = (
    r"(?:sim-?)?(?:pin|puk\d?)(?:[ -]?(?:code|kode?n?|k\u00f3d|kodu|number|nummer))?|geheimzahl"
    r"|nip(?!\W{0,3}(?:\d\W{0,3}){9})|(?:entsperr"
    r"|bildschirm)-?(?:code|pin)|sperrbildschirm|screen ?lock(?: code| pin)?|unlock (?:code|pin)"
    r"|code de d\u00e9verrouillage|c\u00f3digo de desbloque[io]o?|codice di sblocco|ontgrendelcode"
    r"|kod odblokowania|uppl\u00e5sningskod|sk\u00e6rml\u00e5s|kilit kodu|tan|otp"
    r"|2fa[ -]?code|mfa[ -]?code|one[ -]time (?:code|password|passcode)|passcode"
    r"|verification code|security code|sicherheitscode|best\u00e4tigungscode|einmalcode|code de v\u00e9rification"
    r"|c\u00f3digo de verificaci\u00f3n|cvv|cvc"
)
"""Keys for a telephone, a card or a page. In Poland a NIP of ten digits is a tax number."""

_PASSING: Final = (
    r"new one(?: is|['\u2019]s)|reset (?:it )?to|still (?:on|set to)|tried(?: with)?|nulstillet til"
    r"|nollst\u00e4llt till"
    r"|\u00e5terst\u00e4llt till|tilbakestilt til|zur\u00fcckgesetzt auf|probiert mit|versucht mit|ge\u00e4ndert auf"
    r"|(?:r\u00e9initialis|remplac|chang)\u00e9e? (?:en|par|sur)|essay\u00e9 (?:avec )?|prob(?:\u00e9|ado|amos"
    r"|\u00e1)(?: con)?"
    r"|restablecid[ao] a|cambiad[ao] a|(?:ho )?provato(?: con)?|prova con|reimpostat[ao] (?:a|in|su)|gereset naar"
    r"|geprobeerd met|gewijzigd in|tentei(?: com)?|redefinid[ao] para|alterad[ao] para|pr\u00f3bowa\u0142[ae]?m"
    r"|zresetowan[eoay] na|zmienion[eoay] na|f\u00f6rs\u00f6kt? med|pr\u00f8vet med|\u00e6ndret til|\u00e4ndrat till"
    r"|zku\u0161el jsem|zm\u011bn\u011bno na|resetov\u00e1no na|denedim|s\u0131f\u0131rland\u0131"
)
"""How a password is told in passing, where the talk is of logging in."""

_FASHIONED: Final = (
    r"(?!(?i:windows|office|exchange|chrome|firefox|edge|safari|android|iphone|version|server|ubuntu|debian|outlook"
    r"|build|release|python|java)(?![a-z]{3}))(?=[^\s]{0,40}\d)[^\W\d_]{4,20}"
    r"(?:[^\W_]|[!#$%&*+._~^-](?=[^\W_])){2,28}[!?*$#]?(?![\w@/=(])"
)
"""A word of letters, and digits behind it."""

_DIGITS: Final = (
    r"(?:[A-Z]?\d{3,8}|\d{1,4}[A-Z]\d{1,4}|\d{3,6}[A-Z]|\d{1,2}(?:-\d{1,2}){2,3})(?!\w|[.,:/-]\d|[%\u20ac])[#*]?"
)
"""A door's code, of which some have a letter."""

_KNOWN: Final = re.compile("|".join(f"(?:{form})" for form in _FORMS))
_IS: Final = r"is|ist|lautet|war|was|est|es|era|\u00e9|\u00e8|jest|\u00e4r|er|var|je|byl"
_MADE: Final = (
    r"given|set|used|temp(?:orary)?|assigned|provided|new|neu|alt|vergeben|gesetzt|nouveau|provisoire|nueva|asignada"
    r"|temporal|nuova|assegnata|provvisoria|nieuw|tijdelijk|nova|nov\u00e9|provis\u00f3ria|nowe|tymczasowe|nytt"
    r"|tillf\u00e4lligt|ny|midlertidig|do\u010dasn\u00e9|yeni|ge\u00e7ici"
)
_SPACE: Final = r"(?:\s|\\{1,8}[\x01-\x06])"
_LED: Final = re.compile(
    rf"(?i:\b[\w-]{{0,30}}?(?:{_NAMES})[\"']?\s?[:=]\s?[\"']?)(?=(?P<app>[a-z]{{4}}(?: [a-z]{{4}}){{3}})(?![\w ]))"
    rf"|(?i:\b[\w-]{{0,30}}?(?:{_NAMES})(?:_(?:base|prod|dev|test|live|staging|main"
    rf"|\d)(?!\w))?\\{{0,8}}[\"']?(?: (?:{_MADE})(?= ?[:=]))?(?:{_SPACE}{{0,3}}|[ \t]{{1,30}}(?==))"
    rf"(?:[:=]>?|(?<!\w)(?:{_IS})(?!\w)){_SPACE}{{0,3}})"
    r"\\{0,8}(?P<quote>[\"']?)(?=(?P<assigned>[^\s\"'<>\x01-\x06]{4,8000}))"
    rf"|(?i:(?<!\w)(?:{_CODES})(?: (?:no|nr|number)| \w{{2,12}}(?=:))?[\"']?\.?{_SPACE}{{0,2}}(?:[:=]"
    rf"|\b(?:{_IS})\b)?{_SPACE}{{0,2}})[\"']?"
    r"(?=(?P<code>\d{3}[ -]\d{3}|\d{2} \d{2}(?! ?\d)|\d{3,8})(?!\w|-\d))"
    r"|(?i:(?<!\w)(?:in-?log\w{0,8}|login|creds?|credentials|zugangsdaten|user|account|konto|zugang|accesso"
    r"|acceso|acesso|acc\u00e8s"
    r"|compte)[^\n]{0,40}? ?/ ?)"
    rf"(?=(?P<slash>{_SHAPED}))"
    rf"|(?i:(?:{_NAMES})(?: \w{{1,12}}){{1,4}}?\s?(?:[:=]|(?<!\w)(?:{_IS})(?!\w))\s?[\"']?)"
    r"(?=(?P<random>(?=\S{0,60}\d)(?=\S{0,60}[a-z])(?=\S{0,60}[A-Z])[A-Za-z0-9_+/=-]{20,200}))"
    rf"|(?i:(?<!\w)(?:{DOORS})(?!\w)[^\n\d]{{0,30}}?(?<![\w.,]))(?=(?P<door>{_DIGITS}))"
    rf"|(?i:(?<!\w){SHUT}[^\n\d]{{0,12}}?(?<!\w))(?=(?P<hashed>\d{{3,8}}(?:[#*]|(?= (?:then|puis|dann|luego"
    rf"|poi|dan|potem) ))))"
    rf"|(?i:(?<!\w){SWITCHED} ?)(?=(?P<switched>\d{{4,6}}(?=[\s.,;)]{{0,3}}(?:\n|\Z|[.,;)]))))"
    rf"|(?i:(?<!\w)(?:{TOLD})) {{1,3}}(?=(?P<told>(?!(?:19|20)\d\d(?!\d)){_DIGITS}))"
    r"|(?i:(?<!\S)--?(?:password|passwd|pass|pwd|token|secret|api-?key|auth)(?:=|\s{1,2}))(?=(?P<flag>[^\s\"'<>"
    r"|;&$-][^\s\"'<>|;&]{3,200}))"
    r"|\b(?:mysql|mysqldump|mariadb|psql|sshpass|mongo|redis-cli|sqlcmd)\b[^\n|;]{0,80}? -(?:p|P"
    r"|a) ?[\"']?(?=(?P<short>[^\s\"'<>|;&$-][^\s\"'<>|;&]{3,100}))"
    r"|\bmachine\s{1,9}\S{1,100}\s{1,9}login\s{1,9}\S{1,100}\s{1,9}password\s{1,9}(?=(?P<netrc>\S{4,200}))"
    rf"|(?i:(?<!\w)(?:{_WORDS})(?:et|en|s)?(?!\w)[^\n]{{0,40}}?)(?<![^\s\"'(`:/\u00ab\u201e\u201c])"
    rf"(?=(?P<said>(?!0x[0-9A-Fa-f]{{2,16}}(?!\w))(?!(?i:\w{{0,8}}(?:sha|md|aes|utf|tls|ipv|oauth|base|rsa"
    rf"|argon)-?\d)){_SHAPED}))"
    rf"|(?<![^\s\"'(`:/\u00ab\u201e\u201c])(?=(?P<marked>{_MARKED}))"
    rf"|(?i:(?:{_NAMES})[\"']\s{{0,3}}\{{[^{{}}\"']{{0,60}}(?:default"
    rf"|value)\s{{0,3}}[:=]\s{{0,3}})[\"'](?=(?P<block>[^\s\"']{{4,400}}))"
    rf"|(?i:<[\w:.-]{{0,30}}?(?:{_NAMES})>)(?=(?P<element>[^<>\s]{{4,200}})</)"
    rf"|(?i:(?<!\w)(?:{_NAMES}|api key)\s)(?=(?P<bare>(?=[A-Za-z]{{0,60}}\d)"
    rf"(?=\d{{0,60}}[A-Za-z])[A-Za-z0-9]{{16,200}}(?![\w.-])))"
    rf"|(?i:(?<!\w)(?:{_PASSING})[ :\"'`]{{1,3}})(?=(?P<passing>{_FASHIONED}))"
    r"|\b(?!(?i:public|primary|foreign|sort|partition|cache|row|hash|issue|project)[_-])(?i:[a-z][\w-]{1,30}"
    r"[_-]key\s?[:=]\s?[\"']?)(?=(?P<key>(?=[^\d\s]{0,60}\d)(?=[\d_-]{0,60}[A-Za-z])[A-Za-z0-9_+=-]{16,200}(?![\w./:-])))"
    r"|(?i:(?<!\w)(?:chiave|chave|klucz|nyckel|n\u00f8gle|sleutel|kl\u00ed\u010d|anahtar|cl\u00e9|llave"
    r"|key)[\"']?\s?[:=]\s?[\"']?)"
    r"(?=(?P<keyed>(?=[^\d\s]{0,60}\d)(?=[^a-z\s]{0,60}[a-z])(?=[^A-Z\s]{0,60}[A-Z])[A-Za-z0-9_+/=-]{16,200}(?![\w./:-])))"
    r"|(?i:\b(?:j?session|sess|phpsessid|sid|csrf|xsrf)[\w-]{0,12}[\"']?\s?[:=]\s?[\"']?)"
    r"(?=(?P<session>(?=[A-Za-z_-]{0,40}\d)[A-Za-z0-9_.-]{16,200}))"
    r"|(?i:\bidentified by\s{1,9}[\"'])(?=(?P<sql>[^\"'\s]{4,200}))"
    r"|(?i:\baws[\w ]{0,20}secret[\w ]{0,20}\W{1,6})(?=(?P<aws>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+]))"
    rf"|(?i:\b(?:bearer|basic){_SPACE}+)(?=(?P<bearer>[A-Za-z0-9._~+/=-]{{16,8000}}))"
    r"|\b[a-z][a-z0-9+]{1,20}://[^\s:@/]{1,64}:(?=(?P<connection>[^\s@/]{1,128})@)"
)
"""What is looked at behind a word is not used up, so that a word within it counts too."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Form(Part):
    """One form of secrets, or one way to lead up to them."""

    pattern: re.Pattern[str]


def _form(pattern: str) -> _Form:
    return _Form(needs=(_need(pattern),), pattern=re.compile(pattern))


def _need(form: str) -> str:
    """Return what a text must hold (``detect.patterns``): what the form begins with, but for what may stand before it.

    That is a block's head, and of long values their beginning.
    """
    if _MARKED in form:
        return _WITHIN
    began = head(form.partition(r"[\s\S]")[0].replace("(?<=", "(?:").replace(r"\b[\w-]{0,30}?", ""))
    return re.sub(r"\{(\d+),\d{4,}\}", r"{\1,}", began)


_KNOWN_FORMS: Final = tuple(map(_form, _FORMS))
_LED_FORMS: Final = tuple(map(_form, alternatives(_LED.pattern)))

_SEPARATOR: Final = re.compile(r"[,;&]")
_SCORE: Final = 0.9
_SHORTEST: Final = 4
_TAIL: Final = ".,;:!?)]}\\"


class SecretRecognizer(PatternFinder):
    """Finds secrets by their form, or by the word before them."""

    parts: Sequence[Part] = (*_KNOWN_FORMS, *_LED_FORMS)

    def __init__(self) -> None:
        super().__init__("SECRET", _KNOWN, _SCORE, "CloisterSecretRecognizer")

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ANN401, ARG002 - Presidio's signature
        """Return every secret, without the word that gave it away. One of a known form may stand in both."""
        return self._located(_KNOWN.finditer(text), _LED.finditer(text))

    def analyze_parts(self, text: str, _: Collection[str], parts: Sequence[Part]) -> list[RecognizerResult]:
        """Return what some forms find, as if there were no others."""
        known, led = ([each.pattern for each in forms if each in parts] for forms in (_KNOWN_FORMS, _LED_FORMS))
        return self._located(leftmost(known, text), leftmost(led, text))

    def _located(self, known: Iterator[re.Match[str]], led: Iterator[re.Match[str]]) -> list[RecognizerResult]:
        whole = ((*match.span(), _SCORE) for match in known)
        behind = (place for match in led for place in _values(match))
        return [located(self, *place) for place in (*whole, *behind)]


def _values(match: re.Match[str]) -> Iterator[tuple[int, int, float]]:
    """Yield where the value stands; once more up to a separator in it, where a list's or a query's value would end.

    The shorter scores higher, or Presidio would drop it as a duplicate.
    """
    name = str(match.lastgroup)
    start, end = match.span(name)
    if name in _LED_BY_FORM and is_talk(match[name], sure=True):
        return
    if name == "passing" and not _ACCESS.search(match.string, max(0, start - _NEAR), end + _NEAR):
        return
    if name == "keyed" and len(_AMONG.findall(match[name])) < _PLACES:
        return
    if name != "assigned":
        yield start, end, _SCORE
        return
    value = match[name].rstrip(_TAIL)
    if is_talk(value, sure=bool(match["quote"]) or "=" in match[0]):
        return
    if value:
        yield start, start + len(value), _SCORE
    separator = _SEPARATOR.search(value)
    if separator and separator.start() >= _SHORTEST:
        yield start, start + separator.start(), _SCORE + 0.01


def is_talk(value: str, *, sure: bool) -> bool:
    """Whether what follows a word is no secret: talk about one, a place for one, or an expression that gets it.

    sure: it is in quotes or assigned.
    """
    bare = value.strip(_QUOTES)
    if bare.lower() in _TALK or _PLACE.fullmatch(bare) or _EXPRESSION.match(value):
        return True
    return bare.isalpha() and bare.islower() and not sure


_ACCESS: Final = re.compile(
    rf"(?i)(?<!\w)(?:{_WORDS}|vpn|log(?:ged)?[ -]?(?:in|on|ind|ga)\w{{0,4}}|accounts?|konto\w{{0,3}}|users?"
    rf"|bruger|compte"
    r"|cuenta|utente|usuario|conta|locked|unlock\w{0,3}|gesperrt|bloqu\w{2,5}|uzivatel|kullan\u0131c\u0131)(?!\w)"
)
_NEAR: Final = 200
_AMONG: Final = re.compile(r"(?<=[A-Za-z])\d+(?=[A-Za-z])")
_PLACES: Final = 2
"""Digits among letters: the name of something has them once (``UserAccountV2Settings``), a key more often."""

_LED_BY_FORM: Final = frozenset({"flag", "short", "netrc", "sql"})
_QUOTES: Final = "\"'`.,:;!?)(]"
_TALK: Final = words_of(Path(__file__).with_name("no_secrets.txt"))
_PLACE: Final = re.compile(
    r"[*x\u2022.#_-]{3,80}|<[^<>]{0,80}>?|\[[^\[\]]{0,80}\]?|\$\{?[A-Za-z_][\w.:-]{0,80}\}?|\{\{?.{0,80}"
    r"|%[A-Za-z_]\w{0,60}%?|%\(?\w{0,40}\)?s?"
    r"|(?i:your|my|the|some|enter|insert|change|replace)[-_ ]?\w{0,12}[-_](?:password|token|key|secret|here)\w{0,10}"
)
_EXPRESSION: Final = re.compile(
    r"[A-Za-z_][A-Za-z_.]{0,80}(?:\(|\[[\"'])|(?:os|env|process|self|this|config|settings|secrets|request|req|args"
    r"|props"
    r"|ctx|data|var|local|module)\.[A-Za-z_]\w*"
    r"|(?:str|string|int|bytes|bool|any|SecretStr|Optional|Option|Vec|List|Dict)(?:\W|$)|(?:await|async|new|function"
    r"|lambda|return|not|if|None|null)(?!\w)"
)
