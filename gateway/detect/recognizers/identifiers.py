"""Numbers that a house, an authority or a bank gives to somebody: employee, customer, patient, party to a case, holder.

Law: none of them is known by its form, so each wants its word in front or above, in the languages of the offices that
we know of (``identifiers.txt``). A word for somebody counts with a word for a number beside it (``Kundennummer``,
``n° de client``), or right before a code (``claim 23-IA-0049918``). Words that number things (order, invoice, article,
ticket, part) are not among them. What has a type and a check of its own (``issued``) scores higher.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.detect.folding import need
from gateway.detect.recognizers.asked import ASKED
from gateway.detect.recognizers.counts import is_count, is_sum
from gateway.detect.recognizers.formed import FORMS
from gateway.detect.recognizers.generic import located
from gateway.detect.recognizers.labels import BESIDE, EDGE, LINK, LabelledRecognizer, labelled, page_of
from gateway.detect.recognizers.phone import is_of_thing
from gateway.detect.recognizers.rolls import STAFF, staff

NUMBER: Final = (
    r"(?:ids?|nr|nrs|no|nos|num|number|nummer(?:n|et)?|numero|numeros|numer|numeru|numar[a-z]{1,4}|cislo|codigo|code"
    r"|codice|kod|kodu(?:nuz|muz|n)?|kennung|kennziffer|ref|reference|referenz|referencia|riferimento"
    r"|identifier|identifikator"
    r"|identificador|identifiant|identificativo|identyfikator|tunnus|numret|n(?:\.?[\u00b0\u00ba]|\.)|c\.|\u2116|#)"
    r"(?![^\W\d_])"
)
_FIRST: Final = (
    r"(?:ids?|nr|num|number|nummer|numero|numer|cislo|codigo|code|codice|kod|c\.|n\.?[\u00b0\u00ba]|no\.|n\.|ref"
    r"|identifiant)"
)
_OF: Final = r"(?:(?:de\s?l['\u2019]|d['\u2019]|del|de|du|der|des|do|da|di|van|af|of|for)\s?)?"
_JOINT: Final = r"[\s_.\[\-\u2010\u2011]{0,2}"
_ENDING: Final = "[a-z]{0,6}"
_AT: Final = re.compile(
    r"\s(?:de la|de los|del|della|dello|do|da|du|des|der|van de|of the)\s[a-z]{3,16}\s(?=\S{0,8}\d)"
    r"|\s?\([^()\n\d]{2,40}\)\s?[:=]\s{0,8}"
    r"|\.?[\s:=#\"'`*>|(\[\u00ab\u201e\u2013-]{1,5}(?:\.{2,12}\s{0,3}|[ \t]{1,80})?"
    r"(?:(?:is|was|ist|lautet|wird|est|es|jest|to|je|ar|er|wordt)[\s:]{1,3}(?:(?:the|el|la|le|il|der|die|das|o|a)\s)?)?"
    r"|\.{2,12}\s{0,3}"
)
"""What may stand between a word for somebody and a code."""

_ENTERED: Final = (
    r"\s(?:(?:was|is|has been|wird|wurde|ist|er|blev|ble|est|a ete|fue|es|ha sido|foi|e|zostal[ao]?|byl[ao]?"
    r"|werd) ){0,2}"
    r"(?:opp?rett?et|regist\w{4,9}|erfasst|angelegt|gefuhrt|eroffnet|logged|opened|recorded|filed|created|lodged"
    r"|enregistree?|ouverte?|creee?|abiert[ao]|cread[ao]|apert[ao]|aangemaakt|geopend|zalozon\w{1,2}|upprattat|skapat"
    r"|upplagt|evidovan[aoy]?|veden[aoy]?|zaveden[aoy]?)"
    r" (?:as|als|som|sous|como|come|jako|pod|unter|under|onder|con|bajo|sob|sotto)"
    r" (?:(?:le|the|der|dem|el|il|o|a|n[\u00b0o]) )?"
)
_WHOSE: Final = (
    r"\.?\s(?:at|with|from|of|by|bei|von|vom|der|des|chez|de|du|del|de la|della|di|da|do|van|bij|op|w|u|od|z|hos"
    r"|pa|av|af|fra|fran|en|em|no|na|in|presso|a|con|com|med|met|mit|avec)"
    r" (?:(?:the|my|our|her|his|die|dem|der|le|la|l['\u2019]|el|il|o|a|de|het|ons|mijn) ?)?"
    r"[^\W\d_][\w&.-]{1,20}(?: [^\W\d_][\w&.-]{1,20}){0,2}"
    r"(?: ?[:=] {0,3}| \(| (?:is(?: now)?|was|ist|lautet|est|es|e|jest|to|je|ar|er) )"
)
_QUALIFIED: Final = (
    r"\s(?!amount|value|valor|import|montant|betrag|bedrag|kwot|wartosc|belopp|belob|castk|tutar|bedel|pri[jcxs]|preis"
    r"|precio|prezzo|prez|cena|cen|fiyat|limit|saldo|balance|solde|count|anzahl|size|tel|phone|mob|fax|handy"
    r"|movil|e?mail"
    r"|iban|bic|plz|post|zip|cap|cep|psc)[^\W\d_]{3,14} ?: {1,8}"
)
_KINDLY: Final = r"\s[^\W\d_]{4,14} (?=[a-z]{2,4}[ -]?\d{6})"
_ALSO: Final = (
    rf"[^\n.;:?!]{{1,45}}, (?:the |die |le |el |il |its |o |a )?{NUMBER} ?(?:is|ist|lautet|est|es|e|jest|je|er"
    rf"|ar)?[ :]{{1,3}}"
)
_TOLD: Final = re.compile(rf"(?:{_ENTERED}|{_WHOSE}|{_QUALIFIED}|{_ALSO})(?=\S{{0,9}}\d)|{_KINDLY}")
"""What may stand there in a sentence: who keeps it, that it was entered, or one more word before a colon."""

_ASKED: Final = re.compile(ASKED)

_PREFIX: Final = r"(?:(?!(?:ID|NR|NO|NUM|REF) )[A-Z\u00c0-\u00de]{1,7} {1,2})?"
_VALUE: Final = re.compile(
    rf"(?={_PREFIX}[^\s,;|<>\"']{{0,24}}\d){_PREFIX}[^\W_]"
    r"(?:[^\W_]|(?://|[-/._:\u2013])(?=[^\W_])){0,34}"
    r"(?: (?!(?:VS|KS|SS) )(?:\d{1,12}(?:[-/.][^\W_]{1,8}){0,4}|[A-Z]{1,2}(?= \d)"
    r"|[A-Z]{1,2}(?=  |[,;)]|[.]?\s*(?:\n|\Z)))(?![^\W_])){0,6}"
    r"(?![\w%\u20ac$\u00a3]|,\d| ?mmHg)"
)
"""Letters and digits with signs between them, and groups of digits."""

_SERIAL: Final = re.compile(r"(?=[^\s,;|<>\"']{0,40}\d)[A-Za-z0-9](?:[A-Za-z0-9]|[-:](?=[A-Za-z0-9])){4,40}")
_VALUE_END: Final = re.compile(
    r"(?:[ ](?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)(?!\d).{0,20}|\W{1,40})\Z"
)
"""Signs, and the day on which a number was given, with its hour."""

_FILE: Final = (
    r".*\.(?i:pdf|docx?|xls[xmb]?|ppt[xm]?|od[tsp]|rtf|txt|md|csv|tsv|json|xml|ya?ml|html?|log|sql|m4a|mp[34]|mov|avi"
    r"|wav|jpe?g|png|gif|tiff?|bmp|svg|heic|webp|zip|rar|7z|gz|tar|eml|msg|ics|vcf|dwg|dxf|bak|exe|ini|cfg)"
)
_NO_NUMBER: Final = re.compile(
    r"(?:19|20)\d\d(?:[-/\u2013](?:\d\d|(?:19|20)\d\d))?|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?"
    r"|(?:\d{1,2}[./]\d{1,2}[./](?:\d\d|\d{4})|(?:0?[1-9]|[12]\d|3[01])-(?:0?[1-9]|1[0-2])-(?:19|20)\d\d)"
    r"(?: \d{1,2}(?:[.:]\d\d){0,2})?"
    r"|(?:[A-Z]+ )?\d{1,2}[./]\d{1,2}\.?[-\u2013]\d{1,2}[./]\d{1,2}\.?"
    rf"|[\W\d_]*[^\W\d_]{_FILE}"
    r"|\d{1,2}[/. -][A-Z]{3}[a-z]{0,6}[/. -](?:\d\d|\d{4})|\d{1,3}[.,]\d{1,2}|\d{1,2}:\d\d(?::\d\d)?"
    r"|v?\d{1,3}(?:\.\d{1,3}){2,3}|[^\W\d_]{3,12}[/ -](?:19|20)\d\d|(?:RMA[-_/ ]?|INC|REQ|CHG|PRB|TKT|PO|INV"
    r"|RFC|ISO|DIN|CVE)[-_ ]?\d.*"
)
"""Years, dates, prices, times, versions, addresses of machines, numbers of tickets and norms, files."""

_NUMBERED_FILE: Final = re.compile(_FILE)
"""Where no word for number stands before it, a file may have digits alone."""

_HOUR: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
"""A day with its hour, of which a value would hold but the beginning."""

_AMOUNT: Final = re.compile(r"(?:[A-Z]{1,2} )?\d{1,3}\.\d{3}(?: [A-Z]{1,3})?")
_SUMMED: Final = frozenset({"BANK_ACCOUNT", "CASE_NUMBER", "NATIONAL_ID", "TAX_ID"})
"""Types whose words stand before sums as well."""

_CERTIFIED: Final = re.compile(r"certifi|zertifi|sertifi|certyfik|tls|ssl|x\.?509")
_STATUTE: Final = re.compile(r" ?(?:Sb|Dz\.U)\.")
_MONTH: Final = re.compile(r"(?:0?[1-9]|1[0-2])[/.-](?:2\d|3\d|20[2-4]\d)|\d{1,2}[A-Z]{3}\d\d")
"""Until when something is good: ``exp 11/26``."""

_TENDER: Final = re.compile(
    r"\b(?:tenders?|procurement|vergabe\w{0,12}|ausschreibung\w{0,3}|marche public|appel d['\u2019]offres"
    r"|licitacion\w{0,2}|pliego|prescripciones tecnicas|licitacao|pregao|edital|gara d['\u2019]appalto|appalto"
    r"|capitolato|aanbesteding\w{0,3}|przetarg\w{0,2}|zamowieni\w public\w{1,6}|upphandling\w{0,3}|udbud\w{0,4}"
    r"|circolare|circulaire|circular n\w{0,5}|rundschreiben|okolnik|obeznik|genelge|anbud\w{0,3}"
    r"|verejn\w{1,3} zakazk\w|ihale\w{0,4})\b[^\n]{0,24}\Z"
)
_NEARBY: Final = 120
"""Characters before a number in which such a word begins. Right before it stands that of what is bought, or of what is
made known, which is nobody's."""

_LEAST, _CODE, _LONG, _LONG_CODE = 2, 4, 6, 8
_SURE, _SAID, _NEAR, _GENERAL = 0.9, 0.85, 0.6, 0.5
_ANOTHER: Final = re.compile(r"(?: [^\W\d_]{1,12}){1,4} (?=\S)|, ?(?=\S)| ?[/&+] ?(?=\S)")
_MOST: Final = 8
"""Numbers that one word leads to."""

_SHORT: Final = 4
"""Letters of an abbreviation behind which only a code counts."""

_ISSUED: Final = frozenset({"BANK_ACCOUNT", "DRIVER_LICENSE", "HEALTH_ID", "NATIONAL_ID", "PASSPORT", "TAX_ID"})
"""Types beside which there are those of single countries, which win."""

_FILES: Final = re.compile(
    r"(?:\d{5,9}|C/\d\d/\d{4,7})(?: ?/ ?| )[A-Z]{2,4}(?: [A-Z]{2,5}){0,2} \d\d[-/]\d{1,6}"
    r"|\d{4}/\d{1,6} (?:Sor|Esas|Es|Hz|E|K)(?:\.|(?!\w))"
    r"|(?:\d{1,4} [A-Za-z]{1,4}|[IVX]{1,4} [A-Za-z]{1,3}|[A-Z][A-Za-z]{0,4}) \d{1,6}[/-]\d{2,4}(?:-\d{1,4})?"
    r"(?! ?(?:mmHg|mm|cm|mg|ml|kg)\b)"
    r"|(?=[^\s,;|<>\"']{0,34}\d)[^\W_](?:[^\W_]|(?://|[-/._:](?=[^\W_]))){1,40}(?: ?/ ?\d{2,4})?"
    r"(?: \d{2,9}(?![\w/.]\w)){0,2}(?![%\u20ac$]|,\d)"
)
"""Numbers of files at court and elsewhere."""

_CLEARED: Final = re.compile(r"\d{4}(?:-\d)?[ ,-]{1,2}\d[\d -]{4,13}\d(?![\w-])")
"""A Swedish account behind the number of its bank."""

_BRANCHED: Final = re.compile(r"\d{3,4}(?:-[\dXx])? ?/ ?(?:\d{3} ?/ ?)?\d{4,12}(?:-[\dXx])?(?![\w-])")
"""A Brazilian account behind its branch."""

_SHAPES: Final = {
    "BANK_ACCOUNT": (_VALUE, _CLEARED, _BRANCHED),
    "CASE_NUMBER": (_FILES, _VALUE),
    "DEVICE_ID": (_SERIAL,),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one type. roles: for somebody; sure: that say themselves that a number follows."""

    entity_type: str
    roles: tuple[str, ...]
    sure: tuple[str, ...]


def read(file: Path) -> list[Words]:
    """Read the words of every type."""
    found: list[Words] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("# ") and line[2:].isupper():
            found.append(Words(line[2:], (), ()))
        elif line and found and not line.startswith("#"):
            phrases = tuple(filter(None, map(str.strip, line.removeprefix("!").split(","))))
            kept = found.pop()
            more = (kept.roles, (*kept.sure, *phrases)) if line[0] == "!" else ((*kept.roles, *phrases), kept.sure)
            found.append(Words(kept.entity_type, *more))
    return found


WORDS: Final = read(Path(__file__).with_name("identifiers.txt"))


def _one_of(phrases: Iterable[str]) -> str:
    """Return a pattern of some phrases, those of one first letter together, or each would be tried at each word."""
    ordered = sorted(set(phrases), key=lambda phrase: (phrase[0], -len(phrase), phrase))
    groups = (
        re.escape(letter) + "(?:" + "|".join(_tail(phrase) for phrase in group) + ")"
        for letter, group in groupby(ordered, key=lambda phrase: phrase[0])
    )
    return f"(?:{'|'.join(groups)})"


def _tail(phrase: str) -> str:
    """Return a pattern of a phrase without its first letter."""
    written = {" ": _JOINT, "*": _ENDING, "\u00b0": r"\.?[\u00b0\u00ba]", ".": r"\.?", "'": "['\u2019]?"}
    return "".join(written.get(each) or re.escape(each) for each in phrase[1:])


_WITHIN: Final = r"[\"']\s?:\s?\{\s{0,20}[\"']|>\s{0,20}<"
"""Between the key of somebody and that of a number: ``"patient": {"id":``."""


_CLASS: Final = (
    r"[\s:,.]{1,16}(?:(?:cat|kat|class[ei]?|klass?e?|clase|kl|[ck]ategor\w{1,3})\.?\s[a-z][a-z0-9+]{0,3}"
    r"|[a-z][a-z0-9]?\ssinif\w{0,3})[,\s]{1,3}(?:belge |seri )?"
)


class _Scan:
    """How words stand before a number: the pattern, and which types a word is of."""

    def __init__(self, words: Iterable[tuple[str, tuple[str, ...]]], form: str) -> None:
        listed = [(name, phrases) for name, phrases in words if phrases]
        self.label = form.replace("WORD", _one_of(phrase for _, phrases in listed for phrase in phrases))
        self.pattern = re.compile(EDGE + self.label)
        self._types = [(name, re.compile(_one_of(phrases))) for name, phrases in listed]
        self.entity_type = lru_cache(maxsize=4096)(self._entity_type)

    def _entity_type(self, word: str) -> str:
        return next(name for name, pattern in self._types if pattern.fullmatch(word))


_ROLES: Final = [(words.entity_type, words.roles) for words in WORDS]
_STRONG: Final = _Scan(
    _ROLES,
    rf"(?:(WORD)(?:{_JOINT}|\s\w{{2,12}}\s{{1,3}}|{_WITHIN}|{_CLASS}){NUMBER}"
    rf"|{_FIRST}[\s_.\-]{{0,2}}{_OF}(WORD)(?![^\W\d_]))",
)
_SURELY: Final = _Scan([(words.entity_type, words.sure) for words in WORDS], r"(WORD)(?![^\W\d_])()")
_BEFORE: Final = _Scan([each for each in _ROLES if each[0] != "DEVICE_ID"], r"(WORD)(?![^\W\d_])()")

Place = tuple[str, int, int, float]


class IdentifierRecognizer(EntityRecognizer):  # type: ignore[misc]  # Presidio is not typed
    """Finds numbers by the words before them and above them."""

    needs = (*(need(scan.label) for scan in (_STRONG, _SURELY, _BEFORE)), need(EDGE + STAFF))
    words = True

    def __init__(self) -> None:
        entities = [words.entity_type for words in WORDS]
        super().__init__(supported_entities=entities, supported_language="en", name="CloisterIdentifierRecognizer")

    def load(self) -> None:
        """Do nothing: the patterns are compiled."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ANN401, ARG002 - Presidio's signature
        """Return every number, each once: as what the surest word says."""
        found: dict[tuple[int, int], Place] = {}
        for place in (*self._behind(text), *self._below(text)):
            if place[0] in entities:
                found.setdefault(place[1:3], place)
        return [located(self, start, end, score, name) for name, start, end, score in found.values()]

    def _behind(self, text: str) -> Iterator[Place]:
        """Yield what stands behind a word."""
        copy = page_of(text).copy
        for scan, score, link in ((_STRONG, _SURE, LINK), (_SURELY, _SAID, LINK), (_BEFORE, _NEAR, _AT)):
            for match in scan.pattern.finditer(copy):
                word = match[1] or match[2]
                led = link.match(copy, match.end())
                if led and (led.end() > match.end() or not copy[match.end() - 1].isalnum()):
                    code = scan is _BEFORE or (scan is _SURELY and len(word) < _SHORT)
                    if code and led[0] == "-":
                        continue  # one code: a part's number that begins like a word
                    at = match.start() if scan is _SURELY and led[0] == "-" else led.end()
                    places = _values(text, scan.entity_type(word), at, score, code=code)
                    yield from (
                        each for each in places if scan is not _BEFORE or not is_count(word, text[slice(*each[1:3])])
                    )
                answer = scan is not _BEFORE and _ASKED.match(copy, match.end())
                if (further := answer or _TOLD.match(copy, match.end())) and not is_of_thing(text, further.end()):
                    places = _values(text, scan.entity_type(word), further.end(), score, code=True)
                    yield from (place for place in places if place[2] - place[1] >= _LONG)

    def _below(self, text: str) -> Iterator[Place]:
        """Yield what stands in columns under a word."""
        for head, cells in page_of(text).columns:
            for scan, score in ((_STRONG, _SURE), (_SURELY, _SAID), (_BEFORE, _NEAR)):
                match = scan.pattern.search(head)
                if match:
                    name = scan.entity_type(match[1] or match[2])
                    for cell in cells:
                        if scan is not _BEFORE or not is_count(match[1], text[slice(*cell)]):
                            yield from _value(text, name, cell, score, code=scan is _BEFORE)
                    break
        for cells in staff(text, page_of(text).columns):
            for cell in cells:
                yield from _value(text, "EMPLOYEE_ID", cell, _NEAR, code=False)


def _values(text: str, name: str, start: int, score: float, *, code: bool) -> Iterator[Place]:
    """Yield the number behind a word, and that of somebody else in a column beside it."""
    for place in _value(text, name, (start, len(text)), score, code=code):
        yield place
        beside = BESIDE.match(page_of(text).copy, place[2])
        if beside:
            yield from _value(text, name, (beside.end(), len(text)), score, code=True)
        yield from _others(text, place)


def _others(text: str, place: Place) -> Iterator[Place]:
    """Yield the numbers of others, made of as many letters and digits, that follow in the same sentence."""
    name, start, end, score = place
    made = _made(text[start:end])
    for _ in range(_MOST if made != made.lower() else 0):
        link = _ANOTHER.match(text, end)
        other = next(_value(text, name, (link.end(), len(text)), score, code=True), None) if link else None
        if other is None or _made(text[slice(*other[1:3])]) != made:
            return
        yield other
        end = other[2]


def _made(value: str) -> str:
    """Return of what a number is made: an A for each letter, a 0 for each digit."""
    return "".join("0" if each.isdigit() else "A" if each.isalpha() else each for each in value)


def _value(text: str, name: str, within: tuple[int, int], score: float, *, code: bool) -> Iterator[Place]:
    """Yield the number that stands at the beginning of a stretch. code: it must be one without a word for number."""
    start, _ = within
    other = {"CASE_NUMBER": _TENDER, "DEVICE_ID": _CERTIFIED}.get(name)
    if other and other.search(page_of(text).copy, max(0, start - _NEARBY), start):
        return
    matches = (shape.match(text, *within) for shape in _SHAPES.get(name, (_VALUE,)))
    value = _VALUE_END.sub("", max((match[0] for match in matches if match), key=len, default=""))
    if code and name in _SUMMED and _AMOUNT.fullmatch(value):
        return
    end = start + len(value)
    if _STATUTE.match(text, end) or is_sum(text, value, end, numbered=not code) or _HOUR.match(text, start):
        return
    if value and (_is_code(value) if code else has_digits(value)):
        yield name, start, start + len(value), min(score, _GENERAL) if name in _ISSUED else score


def has_digits(value: str) -> bool:
    """Whether there are two digits, and it is no date, price, time or version."""
    return sum(map(str.isdigit, value)) >= _LEAST and not _NO_NUMBER.fullmatch(value)


def _is_code(value: str) -> bool:
    """Whether it is one without a word for number: digits with letters or signs, or many of them."""
    digits = sum(map(str.isdigit, value))
    return (has_digits(value) and not _MONTH.fullmatch(value) and not _NUMBERED_FILE.fullmatch(value)) and (
        digits >= _LONG
        or (digits >= _CODE and not value.isdigit())
        or (len(value) >= _LONG_CODE and value.isupper() and value.isalnum())
    )


def identifiers() -> list[EntityRecognizer | LabelledRecognizer]:
    """Find them."""
    return [*labelled(FORMS), IdentifierRecognizer()]
