"""Telephone numbers of a dozen countries, in one pass over the text.

Presidio's recognizer lets libphonenumber read the whole text once a country. Here every stretch that could be a number
is cut out once, and parsed only for the countries whose numbering plan it could fit.

Law: whatever Presidio's recognizer covers is covered, if it has six digits or more, does not begin with a date, and
is no part of a longer reference (``AB-202404-17``), a month or number of a year, or the number of an article.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    Leniency,
    PhoneMetadata,
    PhoneNumberMatcher,
    country_code_for_region,
    normalize_digits_only,
)
from phonenumbers.phonenumbermatcher import _INNER_MATCHES, _PATTERN, _SLASH_SEPARATED_DATES, _TIME_STAMPS
from phonenumbers.phonenumbermatcher import _TIME_STAMPS_SUFFIX as _MINUTES
from phonenumbers.phonenumberutil import _SECOND_NUMBER_START_PATTERN, _UNWANTED_END_CHAR_PATTERN
from presidio_analyzer import RecognizerResult
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

from gateway.detect.recognizers.generic import located

REGIONS: Final = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "CH", "AT", "IE", "IN", "BR")
_LEAST: Final = 6
_DIGITS: Final = re.compile(rf"(?:\d\D*){{{_LEAST}}}")
_DOTTED_DATES: Final = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:19|20)\d\d(?!\d)")
"""Dates as half of Europe writes them; numbers in pairs (``03.04.20.25.11``) are none."""

_OTHERS: Final = re.compile(r"[^0-9]+")
_PLAIN: Final = re.compile(r"[0-9\s()\[\]./\-]+")
"""Digits and what stands between them; anything else may say where the number is valid, or begin an extension."""

_JOINED: Final = re.compile(
    r"(?<![^\W_])(?!(?:te?le?|tlf|fone?|phone|fax|faks|mobile?|mob|handy|gsm|cell?)(?![^\W_]))"
    r"[^\W_]{0,24}(?<!\d)[-/_]{1,2}\Z|[0-9][.,:]\Z"
    r"|\d/[a-z.]{1,24}\.\Z|10\.\d{4,5}/\Z|[+*]{3}[\d /]{0,12}\Z|(?<![^\W_])(?:\d[a-f]|[a-f]\d) (?:[0-9a-f]{2} ){0,8}\Z",
    re.IGNORECASE,
)
"""A part of something longer; of a payment's reference (``+++123/``) and of a dump of bytes as well."""

_THINGS: Final = (
    r"gtin|ean|isbn|issn|upc|cpv|sku|unspsc|pzn|vs|ks|variabiln\w symbol|hs|doi|urn|rfc|din|iso|iec|vde"
    r"|vdi|ieee|astm|taric|tariff"
    r"|art(?:ikel|ikkel|icle|\u00edculo|icolo|igo|yku\u0142u?)?|part|p/n|pn|item|model|type|typ|teile|ersatzteil|batch"
    r"|lot|lote|charge|lotto|parti|serie|build|version|release|patch|rev|error|fehler(?:code)?|erreur|errore|erro"
    r"|b\u0142\u0105d|hata|chyba|fel|code|status|seq|ts|timestamp|epoch|offset|bytes|size|run|job|port|po"
    r"|bestell(?:ung)?|order|commande|pedido|ordine|bestelling|zam\u00f3wienie|encomenda|ordre|sipari\u015f"
    r"|objedn\u00e1vka|invoice|rechnung|facture|factura|fattura|factuur|faktur\w{0,2}|fatura|drawing|zeichnung"
    r"|formular?|form|20\d\d/S|fonds?|kostenstelle|cost cent(?:re|er)|projekt|project|auftrag|budget|kapitel|titel"
    r"|bsb|blz|branch|rrn|stan"
    r"|tender|lieferschein|delivery note|sendung|tracking|sha|hash|commit|serial|seriennummer|pallet|palette"
    r"|snomed|loinc|artikelnummer|sachnummer|teilenummer|par\u00e7a|onderdeel|pieza|pe\u00e7a|ricambio|pi\u00e8ce"
    r"|cz\u0119\u015b\u0107|reservdel|reservedel|d\u00edl|obj|kat|cat|cod|c\u00f3d|cod(?:ice|igo)|c\u00f3digo|ref"
    r"|r\u00e9f|katalog\w{0,5}|catalog\w{0,4}|rysun\w{1,3}|v\u00fdkres\w?|ritning|tegning|tekening|disegno|desenho"
    r"|dibujo|plano|\u00e7izim|kvittering|kvitto|receipt|ticket|bilet"
    r"|waybill|way bill|airway bill|awb|colegiad[oa]|circolare|of[i\u00ed]cio|edital|preg\u00e3o|portaria"
    r"|bkg|booking|buchung|r\u00e9servation|reserv(?:a|ation|ierung|ering)|prenotazione|rezerwacja|rezervasyon"
    r"|rezervace|boeking|bokning|pnr|lejem\u00e5l|lejem\u00e5ls?nr|data|date|datum|dato|tarih"
    r"|(?!tel|tlf|mobil|handy|ruf|notruf|fax|gsm|privat|direkt|kontakt|hem|arbet|festnetz|cep|puh|hotline)"
    r"[^\W\d_]{2,20}(?:nummer|numret|nr|numer)"
    r"|[^\W\d_]{0,9}beleg|[^\W\d_]{3,9}bon|bon(?= \Z)|dossier|expediente|albar[a\u00e1]n"
    r"|bolla|ddt|zam\u00f3wieni\w{1,3}|partia|sag|sags|\u0161ar\u017ee|dodac\u00ed list|stok|liefer(?:ung|schein)"
    r"|vertrag|contrat|contract|contrato|contratto|kontrakt|umowa|smlouva|s\u00f6zle\u015fme|model(?:o|l|lo|e)"
    r"|mod\u00e8le|chassis|kolli"
    r"|container|konto|conto|account|acct|regon|org|lotto|meter(?: reading)?|z\u00e4hler|z\u00e4hlerstand|resolution"
    r"|aufl\u00f6sung|scores?|grid|s\u00e9rie|best|claim|schaden|sinistre|siniestro|szkoda|skade|skada|policy|polic[ey]"
    r"|polizza|poliza|p\u00f3liza|ap\u00f3lice|polisa"
    r"|room|raum|zimmer|locker|shelf|regal|bolt|bearing|lager|sensor|switch|flight|flug|resistor|slot|rack|salle|sala"
    r"|card|umsatz|produktion|oms\u00e6tning|ciro|fatturato|rozpo\u010det|obrat|total|summe|summa|sum"
)
_LISTED: Final = (
    r"bestellungen|orders|ordern?a|commandes|pedidos|ordini|bestellingen|encomendas|ordre(?:r|rne)"
    r"|sipari\u015fler\w{0,3}|objedn\u00e1v\w{2,4}|invoices|rechnungen|facture[sn]|facturas|fatture|faktur\w{3,4}"
    r"|faturas|faturalar\w{0,2}|kvitteringer|receipts|tickets|circular|col"
)
"""Words that lead to several, or stand above a department's telephone too."""

_SENT: Final = (
    r"consignment|shipments?|parcels?|barcode|gu[i\u00ed]as?|rastre(?:o|io)"
    r"|seguimiento|suivi|colis|exp\u00e9dition|env[i\u00ed]o|paquete|spedizione|tracciamento|collo|pacco|zending|pakket"
    r"|frachtbrief|paket|przesy\u0142k\w|paczk\w|list przewozowy|f\u00f6rs\u00e4ndelse|s\u00e4ndning|forsendelse|pakke"
    r"|sporing|z\u00e1silk\w|bal\u00edk|kargo|g\u00f6nderi|takip|irsaliye|lettre de voiture|carta de porte"
    r"|conhecimento|nota fiscal|nf-?e|boleto"
    r"|index|relev\u00e9|endeks|meterstand|odczyt|ode\u010det|lectura|lettura|leitura|m\u00e4tarst\u00e4llning"
    r"|m\u00e5lerstand|afl\u00e6sning"
)
_OF_NUMBER: Final = r"(?:nr|num|number|nummer|numer|numero|n\u00famero|n[\u00b0\u00ba])"
_TO: Final = (
    r"(?:[\s._-]{0,2}(?:no|nr|num|number|nummer|numer|numero|n\u00famero|n[\u00b0\u00ba]|\u010d|code|kodu?))?"
    r"(?:[\s.]{1,2}(?!TEL|FAX|MOB|GSM|CEL|TLF|FON|DID)(?-i:[A-Z]{1,6}))?"
    r"[\s.:#=\"'\u00ba\u00b0-]{0,5}\Z"
)
_REFERRED: Final = re.compile(
    rf"(?<![^\W_])(?:{_THINGS}|(?:{_SENT})(?=[\s._-]{{0,2}}{_OF_NUMBER}(?![^\W\d_]))"
    rf"|{_OF_NUMBER}\.? d[aeiou] (?:{_SENT})){_TO}",
    re.IGNORECASE,
)
_MAYBE: Final = re.compile(rf"(?<![^\W_])(?:{_LISTED}|{_SENT}){_TO}", re.IGNORECASE)
"""What is no telephone's if nothing of its form says so."""

_GROUPS, _RUN = 8, 9
"""Digits that a telephone's number has at least, in groups and as one run that begins with a nought."""

_BYTE: Final = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_OF_A_YEAR: Final = re.compile(
    r"\d{1,7}[/-](?:19|20)\d\d(?:[/-]\d{1,7}(?:/(?:19|20)\d\d)?)?|(?:19|20)\d\d[/-]\d{1,7}(?:[/-]\d{1,7})?"
    r"|\d{1,3}(?:\.\d{3}){1,2}/(?:19|20)\d\d|(?!\d\d(?:\.\d\d){3}\Z|\d{2,3}\.\d{3}\.\d\d\.\d\d\Z)"
    rf"{_BYTE}(?:\.{_BYTE}){{3}}"
    r"|(?:(?:0?[1-9]|1[0-2])[./])?(?:19|20)\d\d\s?[\u2013-]\s?(?:(?:0?[1-9]|1[0-2])[./])?(?:19|20)\d\d"
    r"|(?:0?[1-9]|1[0-2])\.(?:19|20)\d\d|\d{8}-\d|\d\d \d{3} \d{3}-\d|(?!3[2-9]\d\.\d{7}\Z)\d{1,3}\.\d{6,}(?: .*)?"
    r"|(?:0?[1-9]|[12]\d|3[01])[.-] ?(?:0?[1-9]|1[0-2])[.-] ?(?:(?:19|20)\d\d|\d\d)"
    r"|(?:0?[1-9]|1[0-2])[./-](?:0?[1-9]|[12]\d|3[01])[./-](?:19|20)\d\d"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d"
    r"|1\.\d{4}(?: ?/ ?1\.\d{4})?|\d{1,6}(?:-\d{1,6}){2,4}(?<=-\d)|\d(?: \d{3}){3}|(?:0\d|\d{4})\.\d{3}\.\d{3}"
    r"|(?:(?:0?[1-9]|[12]\d|3[01])\. ?(?:0?[1-9]|1[0-2])\.(?:\s?[\u2013-]\s?)?){2}\s?(?:19|20)\d\d"
    r"|\d{1,2}\.\d{1,2}\.? ?[\u2013-] ?\d{1,2}\.\d{1,2}\.?"
    r"|(?:\d{1,2} ?/ ?\d{1,2} ?){2,}|\d{1,2} (?:\d{1,2}/\d{1,2} ?){2,}"
)
_LETTERED: Final = re.compile(
    r"(?<![^\W_][\s.])(?<![^\W_])[A-EG-LNOQ-SU-Z] \Z|[^\W_](?<!tel)(?<!phone)(?<!mobile)(?<!fax)=\Z"
)
"""One capital, as before the numbers of parts, and a program's ``key=``."""

_POSITION: Final = re.compile(r"(?:\A|\n)\d{1,4}[\t;|]\Z")
_ARTICLE: Final = re.compile(r"(?!\d{3}-\d{3}-\d{4}\Z)[1-9]\d{1,5}(?:-\d{3,5}){1,2}")
"""The number of an article behind its place on an order."""

_HOURS: Final = re.compile(r"[0-2]?\d[.:]?[0-5]\d ?[-\u2013] ?[0-2]?\d[.:]?[0-5]\d")
_GOES_ON: Final = re.compile(
    r":[0-5]\d(?!\d)|[-/_](?!(?:fax|mobil|tel|ext|int))[^\W\d_]"
    r"| ?(?:[kmg]?hz|[km]?wh|kw|mw|kg|mg|ml|mm|cm|km|m2|m\u00b2|eur|euros?|\u20ac|\$|usd|gbp|chf|pln|z\u0142|k\u010d"
    r"|czk"
    r"|kr|sek|dkk|nok|tl|%|bytes|[kmg]b|ms|rpm|bar|stk|st\u00fcck|szt|pcs|units?)(?![^\W_])",
    re.IGNORECASE,
)
_REACH: Final = 28
"""Characters before a number that may say what it is a number of."""

_ROW: Final = re.compile(
    r"(?<![\w+./-])([1-9]\d{4,19})(?:, ?| ?[&/+] ?"
    r"| (?:and|or|und|oder|et|ou|y|o|e|ed|en|of|i|oraz|lub|och|eller|og|a|nebo|ve|veya) )\Z"
)
_MOST: Final = 8
"""Numbers in a row that one word leads to."""


class OnePassPhoneRecognizer(PhoneRecognizer):  # type: ignore[misc]  # Presidio is not typed
    """Presidio's telephone recognizer, without reading the text once a country."""

    def __init__(self) -> None:
        super().__init__(supported_regions=REGIONS)

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ANN401, ARG002 - Presidio's signature
        """Return every number that is valid in one of the countries."""
        if not _DIGITS.search(text):
            return []
        numbers = sorted(set(_Matcher(text).numbers()))
        return [located(self, *each, self.SCORE) for each in numbers if not is_reference(text, *each)]


def is_reference(text: str, start: int, end: int) -> bool:
    """Whether what could be a number is one of an article or a file."""
    before = max(0, start - _REACH)
    first = _first(text, start, end)
    return bool(
        _JOINED.search(text, before, start)
        or _is_referred(text, first, text[start:end])
        or _GOES_ON.match(text, end)
        or (text[start] != "+" and _LETTERED.search(text, before, start))
        or _OF_A_YEAR.fullmatch(text, start, end)
        or _HOURS.fullmatch(text, start, end)
        or (_ARTICLE.fullmatch(text, start, end) and _POSITION.search(text, before, start))
    )


def _first(text: str, start: int, end: int) -> int:
    """Return where the first of a row of numbers begins that are as long as this one, and runs of digits as it is."""
    length = end - start
    if text[start] == "0" or not text[start:end].isdigit():
        return start
    for _ in range(_MOST):
        row = _ROW.search(text, max(0, start - _REACH), start)
        if not row or len(row[1]) != length:
            break
        start = row.start()
    return start


def is_of_thing(text: str, at: int) -> bool:
    """Whether what stands right before says that a number is one of a thing."""
    before = max(0, at - _REACH)
    return bool(_REFERRED.search(text, before, at) or _MAYBE.search(text, before, at))


def _is_referred(text: str, at: int, number: str) -> bool:
    """Whether a word says that it is one of a thing. One with a plus is dialled, whatever the word."""
    if "+" in number[:2]:
        return False
    before = max(0, at - _REACH)
    return bool(_REFERRED.search(text, before, at) or (not _is_dialled(number) and _MAYBE.search(text, before, at)))


def _is_dialled(number: str) -> bool:
    """Whether it is written as numbers of telephones are, and those of parcels are not."""
    digits = sum(map(str.isdigit, number))
    return digits >= _RUN and number[0] == "0" if digits == len(number) else digits >= _GROUPS


def is_free(text: str, start: int, end: int) -> bool:
    """Whether it is none of those."""
    return not is_reference(text, start, end)


class _Matcher(PhoneNumberMatcher):
    """libphonenumber's matcher for several countries: each reads on where its own last number ended."""

    def __init__(self, text: str) -> None:
        super().__init__(text, None, leniency=Leniency.VALID)

    def numbers(self) -> Iterator[tuple[int, int]]:
        """Yield where numbers stand. Those of different countries may overlap."""
        reading = defaultdict(set, {0: set(REGIONS)})
        while reading:
            index = min(reading)
            regions = reading.pop(index)
            found = _PATTERN.search(self.text, index)
            if found is None:
                continue
            start = found.start()
            stretch = self._trim_after_first_match(_SECOND_NUMBER_START_PATTERN, found[0])
            end = start + len(stretch)
            if date := _DOTTED_DATES.match(stretch):
                end = start + date.end()
            elif self._is_date(stretch, end):
                pass
            elif any(self._takers(stretch, start, regions)):
                yield start, end
            else:
                for offset, part in self._parts(stretch):
                    takers = set(self._takers(part, start + offset, regions))
                    if takers:
                        yield start + offset, start + offset + len(part)
                        reading[start + offset + len(part)] |= takers
                        regions -= takers
            reading[end] |= regions

    def _is_date(self, stretch: str, end: int) -> bool:
        return bool(
            _SLASH_SEPARATED_DATES.search(stretch) or (_TIME_STAMPS.search(stretch) and _MINUTES.match(self.text, end))
        )

    def _parts(self, stretch: str) -> Iterator[tuple[int, str]]:
        """Yield what separators leave of a stretch, in libphonenumber's order."""
        for separator in _INNER_MATCHES:
            first = separator.search(stretch)
            if first:
                yield 0, self._trim_after_first_match(_UNWANTED_END_CHAR_PATTERN, stretch[: first.start()])
            found = first
            while found:
                yield found.start(1), self._trim_after_first_match(_UNWANTED_END_CHAR_PATTERN, found[1])
                found = separator.search(stretch, found.start() + 1)

    def _takers(self, part: str, start: int, regions: set[str]) -> Iterator[str]:
        """Yield the countries in which it is a number."""
        digits = _OTHERS.sub("", part) if part.isascii() else normalize_digits_only(part)
        if len(digits) < _LEAST:
            return
        plain = _PLAIN.fullmatch(part)
        for region in REGIONS:
            if region in regions and (not plain or _PLANS[region].fullmatch(digits)):
                self.preferred_region = region
                if self._parse_and_verify(part, start):
                    yield region


def _plan(region: str) -> re.Pattern[str]:
    """Return what the digits of every number match that is valid there: one from abroad, or one of the same code.

    Before a national number stand the code, twice at most what is dialled before it, or a carrier where the plan has
    some.
    """
    code = country_code_for_region(region)
    plans = [plan for each in COUNTRY_CODE_TO_REGION_CODE[code] if (plan := PhoneMetadata.metadata_for_region(each))]
    own = next(plan for plan in plans if plan.id == region)
    kinds = (getattr(each, kind) for each in plans for kind in _KINDS)
    national = "|".join(dict.fromkeys(kind.national_number_pattern for kind in kinds if kind))
    dialled = own.national_prefix_for_parsing or ""
    before = r"\d{0,7}?" if own.national_prefix_transform_rule else f"(?:{dialled}){{0,2}}"
    return re.compile(rf"(?:{own.international_prefix})\d*|(?:{code})?{before}(?:{national})")


_KINDS: Final = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
_PLANS: Final = {region: _plan(region) for region in REGIONS}
