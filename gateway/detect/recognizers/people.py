"""Names of people that their place in a text gives away: behind a label, a salutation, a title, over an e-mail address.

Law: a label alone is not enough for one word in small letters, and words that are nobody's names (``vetoes``) never
count. ``name`` alone means a person only where other fields of a person stand near, for most things have names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Final

from presidio_analyzer import RecognizerResult

from gateway.detect.folding import need
from gateway.detect.headings import is_everyday_alone
from gateway.detect.recognizers.generic import located
from gateway.detect.recognizers.initials import INITIALLED, PAIRED, initialled, paired
from gateway.detect.recognizers.kin import (
    DESCENDED,
    GREETED,
    RELATED,
    SAYING,
    SIGNED,
    descended,
    greeted,
    related,
    saying,
    signed,
)
from gateway.detect.recognizers.labels import Kind, LabelledRecognizer, Part, page_of
from gateway.detect.structure import Column
from gateway.detect.things import is_make
from gateway.detect.vetoes import is_none, is_person
from gateway.detect.whole import whole

_UP: Final = (
    "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100\u0102\u0104\u0106\u010c\u010e\u0110\u0112\u0116\u0118\u011a\u011e\u0122\u012a\u0130"
    "\u0136\u0139\u013b\u013d\u0141\u0143\u0145\u0147\u0150\u0158\u015a\u015e\u0160\u0164\u016a\u016e\u0170\u0179\u017b\u017d"
    "\u1ea0-\u1ef9"
)
_REST: Final = r"[^\W\d_]"
_PARTICLE: Final = (
    r"(?:[Vv]an [Dd]er|[Vv]an [Dd]en|[Vv]an de|[Vv]an ['\u2019]t"
    r"|van|[Vv]on [Dd]er|von|vom|zu|[Dd]e [Ll]a|de los|de las|de|del|della"
    r"|di|da|dos|das|do|du|des|la|le"
    r"|el|al|bin|ibn|bint|ter|ten|af|av|y|e|d['\u2019]|O['\u2019]|O)"
)
_ONE: Final = rf"(?:[{_UP}]['\u2019])?[{_UP}]{_REST}{{1,24}}(?:['\u2019-]{_REST}{{1,24}}){{0,3}}"
_INITIAL: Final = rf"(?:[{_UP}]\.[ ]?){{1,3}}"
_NAME: Final = (
    rf"(?:{_INITIAL})?(?:{_PARTICLE} )?{_ONE}(?: (?:{_INITIAL} ?|{_PARTICLE} ){{0,2}}{_ONE}){{0,4}}(?: {_INITIAL}"
    rf"(?!\w))?"
)
_FULL: Final = rf"(?:{_INITIAL} ?(?:{_PARTICLE} )?{_ONE}|{_ONE}(?: (?:{_INITIAL} ?|{_PARTICLE} ){{0,2}}{_ONE}){{1,4}})"
_REVERSED: Final = (
    rf"(?:(?:{_PARTICLE} )?{_ONE}|(?:[{_UP}]{{2,20}} ){{1,3}}[{_UP}]{{2,20}}), {_ONE}(?: {_ONE}| {_INITIAL}){{0,2}}"
    rf"(?!\w|\s?[:=])"
)
_TITLE: Final = (
    r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Rev|Hon|Herrn?|Frau|Fr|Hr|Dipl\.-Ing|Mag|Monsieur|Madame|Mme|Mlle"
    r"|Ma\u00eetre|Me|M|Sr|Sra|Srta"
    r"|Se\u00f1or|Se\u00f1ora|Don|Do\u00f1a|D\u00aa|Sig|Signor|Signora|Sig\.ra|Sig\.na|Dott|Dott\.ssa|dott|dott\.ssa"
    r"|sig|sig\.ra|Dr\.ssa|Ing|Avv|Geom|Mevrouw|mevrouw"
    r"|Meneer|meneer|de heer|De heer|dhr|mevr|mw|Mw|Dhr|drs|ir|Pan|Pani|Panie|Panu|pan|pani|Pane|pane|pan\u00ed"
    r"|Pan\u00ed|MUDr|Ing|Mgr|Bay|Bayan|Say\u0131n"
    r"|Herr|Fru|Fr\u00f6ken|herr|fru|Exmo|Exma|Dra|Doutora?|Eng|Kolleg(?:e|en|in))\.? ){1,3}"
)
_STRONG_TITLE: Final = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Herrn?|Frau|Monsieur|Madame|Mme|Mlle|Sra?|Srta|Se\u00f1ora?|Do\u00f1a|Signora?"
    r"|Sig\.ra|Sig|Dott|Dott\.ssa|dott\.ssa|dott|Dr\.ssa"
    r"|[Mm]evrouw|[Mm]eneer|[Dd]e heer|dhr|mevr|[Mm]w|[Pp]ani|[Pp]an\u00ed|Panie|Say\u0131n|MUDr|Mgr|Dra|Exma|Fru"
    r"|Fr\u00f6ken)\.?"
)
_TITLED: Final = rf"(?<!\w){_STRONG_TITLE} (?:{_TITLE})?(?:(?:med|jur|phil|rer\. nat|habil)\. )?({_NAME})"
_HAIL: Final = (
    r"(?:Dear|Hi|Hello|Hey|Good (?:morning|afternoon|evening)|Morning|Liebe[rs]?|Hallo|Sehr geehrte[rs]?"
    r"|Guten (?:Tag|Morgen|Abend)|Moin|Servus|Ch\u00e8re|Cher"
    r"|Bonjour|Bonsoir|Salut|Estimad[oa]|Querid[oa]|Hola|Buenos d\u00edas|Gentile|Gent\.m[oa]|Egregio|Egregia"
    r"|Car[oa]|Ciao|Buongiorno|Salve|Beste|Geachte|Dag|Hoi|Szanown[ya]"
    r"|Drog[ia]|Cze\u015b\u0107|Dzie\u0144 dobry|Prezad[oa]|Ol\u00e1|Bom dia|Caro|Ex\.m[oa]|Hej|K\u00e4r[ae]"
    r"|B\u00e4st[ae]|Hei|Kj\u00e6re|K\u00e6re|Sevgili|Merhaba|V\u00e1\u017een[\u00fd\u00e1\u00ed]"
    r"|Mil\u00fd|Mil\u00e1|Ahoj|Dobr\u00fd den|Hyv\u00e4|@)"
)
_HAILED_BY: Final = rf"(?m:^)[> \t*]{{0,6}}{_HAIL},? "
_HAILED: Final = (
    rf"{_HAILED_BY}(?:{_TITLE})?({_NAME})(?=\s{{0,2}}[,!:;.\u2013-]|\s{{0,2}}$|\s{{0,2}}\n| (?:and"
    rf"|und|et|y|e|en|och|og|i|ve)(?!\w))"
)
_FAREWELL: Final = (
    r"(?:(?:[Kk]ind |[Bb]est |[Ww]arm(?:est)? )?[Rr]egards|[Bb]est(?: wishes)?|[Cc]heers|[Tt]hanks(?: a lot| again)?"
    r"|[Tt]hank you|[Yy]ours(?: sincerely| faithfully| truly)?|[Ss]incerely(?: yours)?"
    r"|(?:[Mm]it )?(?:[Ff]reundliche[nm]?|[Bb]este[nm]?|[Vv]iele[n]?|[Ll]iebe[n]?|[Hh]erzliche[nm]?"
    r"|[Ss]ch\u00f6ne[n]?|[Kk]ollegiale[nm]?) Gr(?:\u00fc\u00df|u\u00df|\u00fcss|uss)e?n?|Gru\u00df|Gr\u00fc\u00dfe"
    r"|MfG|LG|VG|BG"
    r"|[Cc]ordialement|[Bb]ien cordialement|[Bb]ien \u00e0 (?:vous|toi)|[Ss]inc\u00e8res salutations"
    r"|[Ss]alutations(?: distingu\u00e9es)?|[Ss]aludos(?: cordiales)?|[Aa]tentamente|[Uu]n (?:cordial )?saludo"
    r"|[Cc]ordiali saluti"
    r"|[Dd]istinti saluti|[Ss]aluti|[Mm]et vriendelijke groet(?:en)?|[Gg]roet(?:en|jes)?"
    r"|[Pp]ozdrawiam(?: serdecznie)?|[Zz] powa\u017caniem|[Aa]tenciosamente|(?:[Oo]s m|[Cc]om os m"
    r"|M)elhores cumprimentos|[Cc]umprimentos"
    r"|[Aa]bra\u00e7o|[Vv]\u00e4nliga h\u00e4lsningar|[Mm]ed v\u00e4nlig h\u00e4lsning|[Mm]vh|[Vv]enlig hilsen"
    r"|[Mm]ed venlig hilsen|[Hh]ilsen|[Ss]ayg\u0131lar\u0131mla|[Ss]elamlar|[Ss] pozdravem"
    r"|[Yy]st\u00e4v\u00e4llisin terveisin)"
)
_SIGNED_BY: Final = (
    rf"(?:(?m:^)[ \t>]{{0,6}}{_FAREWELL}[ ,.!]{{0,3}}(?:\r?\n[ \t>]{{0,4}}){{1,3}}|(?m:^|(?<=[.!?] )){_FAREWELL}, )"
)
_SIGNED: Final = (
    rf"{_SIGNED_BY}(?:i\. ?[AV]\. |ppa\. |gez\. |O\u00c4 |{_TITLE})?(?:med\. )?({_NAME})"
    r"(?=[ \t]{0,3}(?:\r?\n|$|,|\|))"
)
_ADDRESS: Final = re.compile(r"[ ]{1,2}(?:<|\[mailto:|\()[\w.!#$%&'*+/=?^`{|}~-]{1,64}@")
_BEFORE: Final = re.compile(rf"(?<!\w)({_REVERSED}|{_NAME})\"?\Z")
_BEFORE_SMALL: Final = re.compile(
    r"(?:(?<=[\n,;:>\"']) ?|(?<=[:,;] )|^)([^\W\d_]{2,24}(?:[ .'\u2019-]{1,2}[^\W\d_]{1,24}){0,4})\"?\Z"
)
_SAID: Final = (
    r"(?m:^)[ \t]{0,4}(?:\[(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? )?\d{1,2}[:.]\d{2}"
    r"(?:[:.]\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?\] {1,2}<?"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? \d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp]\.?[Mm]\.?)? - )([^\W\d_]{2,24}(?:[ .-]"
    r"[^\W\d_]{1,24}){0,3})(?: \d{1,4} ?[A-Za-z]?)?>?: "
)
_TAGGED: Final = rf"<nom>({_NAME})(?=</nom>\s{{0,40}}<pr[e\u00e9]nom)"
_QUOTED_BY: Final = (
    r"(?:wrote|schrieb|a \u00e9crit|escribi\u00f3|ha scritto|schreef|napisa\u0142a?|escreveu|skrev|napsala?"
    r"|yazd\u0131)"
)
_QUOTED: Final = (
    rf"(?m:^)[> \t]{{0,12}}[^\n<>]{{6,60}}?[\s,:'\u2019](?:{_TITLE})?({_NAME})(?: ?<[^<>\n]{{1,90}}>"
    rf"| ?\([^()\n]{{1,60}}\))?,? "
    rf"{_QUOTED_BY}\s?:"
)
_QUOTED_AFTER: Final = (
    rf"(?m:^)[> \t]{{0,12}}[^\n<>]{{6,60}}? {_QUOTED_BY} (?:{_TITLE})?({_NAME})"
    r"(?: ?<[^<>\n]{1,90}>)?\s?:[ \t]{0,3}(?:\r?\n|\Z)"
)
"""Who is quoted, as mail programs say it: ``On 2 Sep 2025, Anna Berg wrote:``."""

_BOOKED: Final = r"(?<![\w/])([A-Z]{2,30}/[A-Z]{2,30}(?: [A-Z]{2,20})?)(?= (?:MR|MRS|MS|MISS|MSTR|DR|CHD|INF)\b)"
"""Passengers, as airlines write them."""

_CALLED_BY: Final = (
    r"(?:[Pp]atient(?:in|en)?|Pat\.|VN|Versicherungsnehmer(?:in)?|Versicherte[rn]?|[Kk]olleg(?:e|in|a)|Koll\."
    r"|Mandant(?:in)?|[Cc]olleague|[Cc]oll\u00e8gue"
    r"|[Cc]olega|[Cc]ollega|F\u00f6rs\u00e4kringstagare|Forsikringstager|Eheleuten?|Herrschaften|gez\.|[Ss]igned"
    r"|Fdo\.|[Nn]urse|[Oo]fficer|[Dd]etective|[Ii]nspector|PC|[Jj]udge"
    r"|[Aa]ttorney|[Pp]rofessor|[Dd]oktor|[Dd]octor|[Ee]hefrau|[Ee]hemann|\u00e9poux|\u00e9pouse|[Mm]arido|[Ee]sposa"
    r"|[Mm]oglie|[Mm]arito|wife|husband|daughter|son) "
)
_CALLED: Final = rf"(?<!\w){_CALLED_BY}(?:\d{{2,6}} )?(?:{_TITLE})?({_REVERSED}|{_NAME})"
_TALK: Final = re.compile(r"(?m)^([^\W\d_]{2,20}(?:[ -][^\W\d_]{2,20})?) ?: (?=\S)")
_PEOPLE: Final = (
    r"(?:(?:first|last|given|family|middle|maiden|sur|full|preferred|legal|emergency contact|card-?holder"
    r"|account[\s_-]?holder|patient|employee|customer|client|contact|tenant|author"
    r"|user[\s_-]?full|manager|applicant)[\s_-]?(?:name|s name)|surname|forename|initials|(?:vor|nach|familien"
    r"|geburts|ruf|zu)name[n]?|name,? ?vorname|vor- und nachname|inhaber(?:in)?|kontoinhaber(?:in)?"
    r"|nom de famille|nom(?: et)? prenom|prenoms?|nombre(?: y apellidos?)?|nombre completo|apellidos?"
    r"|cognome(?: e nome)?|nome e cognome|nome completo|sobrenome|apelido|titular|voornaam|achternaam|volledige naam"
    r"|imie(?: i nazwisko)?|nazwisko|fornamn|efternamn|for- och efternamn|fornavn|efternavn|etternavn|soyadi?"
    r"|adi?[ ,]{0,2}soyadi?|jmeno(?: a prijmeni)?|prijmeni|etunimi|sukunimi"
    r"|patient(?:in|en)?|paciente|paziente|pacjent(?:ka)?|pacient(?:ka)?|hasta(?: adi)?|potilas"
    r"|versicherte[rn]?(?: person)?|versicherungsnehmer(?:in)?|insured|policyholder|asegurad[oa]|assuree?"
    r"|assicurat[oa]|ubezpieczon[ya]"
    r"|pojisten[yai]|verzekerde|forsakrad|forsikret|sigortali|claimant|zeug(?:e|in)(?:nen)?|witness(?:es)?|temoins?"
    r"|testigos?|testimon[ei]|testemunha|getuigen?|swiadek|vittne|vidne|svedek|tanik|geschadigter?"
    r"|ansprechpartner(?:in)?|sachbearbeiter(?:in)?|bearbeiter(?:in)?|contact person|kontaktperson|signed(?: by)?"
    r"|gezeichnet|firmad[oa](?: por)?|signe(?: par)?|reported by|gemeldet von|prepared by|approved by|reviewed by"
    r"|mieter(?:in)?|vermieter(?:in)?|tenant|landlord|employee|mitarbeiter(?:in)?|salariee?|emplead[oa]|dipendente"
    r"|werknemer|medewerker|pracownik|medarbejder|anstalld|calisan|zamestnanec|funcionari[oa]"
    r"|manager|line manager|vorgesetzte[r]?|behandelnder arzt|hausarzt|arzt|arztin|physician|surgeon|attending"
    r"|provider|nurse|radiologist|consultant|medecin|medico(?: curante)?|lekarz(?: prowadzacy)?|laege|l\u00e6ge"
    r"|lakare|arts|doktor)(?![^\W_])"
)
_ROLES: Final = (
    r"(?:apologies|entschuldigt|excuses?|beschuldigte[rn]?|mandant(?:in)?|vn|forsakringstagare|forsikringstager"
    r"|verzekeringnemer|contraente"
    r"|tomador|reporter|assignee|agent|attendees|present|teilnehmer(?:in|innen)?|anwesend|participants|presents"
    r"|presenti"
    r"|presentes|aanwezig|obecni|asisten|asistentes|narvarande|til stede|pritomni|katilanlar|referees?"
    r"|from|von|de|da|od|fra|fran|van|kimden|to|an|aan|till|til|para|komu|kime|cc|bcc|attn|z\. ?hd\.?|author"
    r"|committer|signed-off-by|reviewed-by|co-authored-by|acked-by|reported-by|driver|conductor|conducteur"
    r"|fahrer(?:in)?|kierowca"
    r"|fahrzeughalter(?:in)?|halter(?:in)?|owner|next of kin|emergency contact|angehorige[r]?|spouse|ehefrau|ehemann"
    r"|complainant|suspect|defendant|plaintiff|klager(?:in)?|beklagte[r]?|customer|client|kunde|kundin|cliente|klant"
    r"|klient(?:ka)?|musteri"
    r"|zakaznik|kund|bill to|ship to|sold to|deliver to|rechnung an|lieferung an|contact|kontakt|contacto|contatto"
    r"|contato|approver|requester|requestor|recipient|empfanger(?:in)?|absender(?:in)?|sender)(?![^\W_])"
)
_BARE: Final = (
    r"(?:name|namn|navn|naam|nom|nome|nombre|adi?|jmeno|nimi|nazwa|user|member|staff|person|employee|patient)"
    r"(?![^\W_])"
)
_LINK: Final = re.compile(
    r"[ \t]{0,3}(?:\([^()\n]{1,20}\))?[\"'`*\]]{0,3}[ \t.]{0,9}(?:[:=>]|\|(?!\s*-))[ \t\"'`*>|.]{0,9}"
    r"(?:\n[ \t]{0,4})?(?:(?:(?:dr|prof|mr|mrs|ms|herr|herrn|frau|mme|m|dra?|sr|sra|dott|mudr|mw|dhr)\.?"
    r"|(?:mag|ing|mgr|judr|dipl|eng|exm[oa]|sig|avv|insp|sgt)\.) ){0,2}"
)
_VALUE: Final = re.compile(rf"{_REVERSED}|{_NAME}")
_TWO: Final = re.compile(rf"{_REVERSED}|{_FULL}")
_PERSONAL: Final = re.compile(
    r"(?i)e-?mail|courriel|correo|pr\u00e9nom|prenom|vorname|nachname|apellido|cognome|achternaam|nazwisko|phone"
    r"|mobile|telefon|tel\b|birth|dob|\bage\b|address|adress|street|salary|employee|patient|surname"
    r"|first.?name|last.?name|gender|geburt|geb\.|anschrift|naissance|nacimiento|nascita|nascimento"
    r"|urodz|adres|direcci|indirizzo|endere|kunden|customer|role|department|abteilung|position|job|hired|ssn"
    r"|passport|insur|versicher|iban"
)
_NEAR: Final = 250
_CELL: Final = re.compile(rf"{_REVERSED}|[^\W\d_]{{2,24}}(?:[ .'\u2019-]{{1,2}}[^\W\d_]{{1,24}}){{0,4}}")
_HEAD: Final = re.compile(
    r"(?:(?:first|last|given|family|middle|maiden|sur|full|preferred|card-?holder|account holder|patient|employee"
    r"|customer|client|contact|tenant|author|manager) ?name|surname|forename"
    r"|(?:vor|nach|familien|geburts)name|name, ?vorname|nom de famille|prenom|apellidos?|cognome|sobrenome|apelido"
    r"|voornaam|achternaam|imie|nazwisko|fornamn|efternamn|fornavn|efternavn|soyadi?|jmeno|prijmeni"
    r"|name|namn|navn|naam|nom|nome|nombre|patient(?:in)?|paciente|paziente|pacjent|employee|mitarbeiter(?:in)?"
    r"|salarie|empleado|dipendente|medewerker|pracownik|medarbejder|anstalld|calisan|zamestnanec|kunde|kundin"
    r"|customer|client|cliente|klant|klient|manager|owner|assignee|reporter|attendee|contact|ansprechpartner(?:in)?"
    r"|teilnehmer(?:in)?|arzt|doctor|physician|student|teacher|driver|fahrer(?:in)?)"
)
_JUST_NAME: Final = re.compile(
    r"name|namn|navn|naam|nom|nome|nombre|adi?|client|customer|owner|contact|manager|kunde|klient|cliente"
)
_MORE: Final = re.compile(
    rf"(?:, | und | and | et | y | e | en | och | og | i | ve |; )(?:{_TITLE})?({_FULL})(?=[,.;\n]| und | and | et "
    rf"| y | e | en |$|\s\()"
)
_MOST: Final = 30
_SHORT: Final = 3


_COMPANY: Final = re.compile(
    r"(?<!\w)(?:GmbH|AG|KG|OHG|UG|SE|SA|SAS|SARL|SL|SLU|SpA|SRL|Srl|BV|NV|AB|ASA|Oy|ApS|Ltd|Limited|Inc|LLC|LLP|PLC"
    r"|plc|Corp|Co"
    r"|Company|Group|Bank|Versicherung(?:en)?|Insurance|Holding|Services?|Solutions|Systems|Verlag|Firma|Team|Amt"
    r"|Stiftung)(?!\w)"
)


def _possible(value: str) -> bool:
    initials = value.isupper() and len(value) <= _SHORT
    return (
        not initials and not value.startswith("des ") and is_person(value, 0, len(value)) and not _COMPANY.search(value)
    )


KINDS: Final = (
    Kind(entity_type="PERSON", label=_PEOPLE, value=_VALUE, good=_possible, link=_LINK, header=False, score=0.8),
    Kind(entity_type="PERSON", label=_ROLES, value=_TWO, good=_possible, link=_LINK, header=False, score=0.8),
    *(
        Kind(entity_type="PERSON", label="", value=_VALUE, good=_possible, alone=form, hint=hint, score=0.8)
        for form, hint in (
            (_TITLED, f"{_STRONG_TITLE} "),
            (_HAILED, _HAILED_BY),
            (_SIGNED, _SIGNED_BY),
            (_SAID, ""),
            (_TAGGED, "<nom>"),
            (_CALLED, _CALLED_BY),
            (_QUOTED, rf"{_QUOTED_BY}\s?:"),
            (_QUOTED_AFTER, f" {_QUOTED_BY} "),
        )
    ),
    Kind(entity_type="PERSON", label="", value=_VALUE, alone=_BOOKED, score=0.8),
)
_BARE_KIND: Final = Kind(entity_type="PERSON", label=_BARE, value=_TWO, good=_possible, link=_LINK, header=False)


class PeopleRecognizer(LabelledRecognizer):
    """Finds names by where they stand."""

    def __init__(self) -> None:
        self._bare = LabelledRecognizer([_BARE_KIND], "CloisterBareNameRecognizer")
        super().__init__(KINDS, "CloisterPeopleRecognizer", [*self._bare.parts, *_SEEN])

    def analyze_parts(self, text: str, entities: Collection[str], parts: Sequence[Part]) -> list[RecognizerResult]:
        """Return the names, each of a list behind a label by itself."""
        bare = [part for part in parts if part in self._bare.parts]
        found = super().analyze_parts(text, entities, [part for part in parts if part not in bare])
        if not found and "PERSON" not in entities:
            return []
        places = {(each.start, each.end) for each in found}
        named = self._bare.analyze_parts(text, entities, bare)
        places |= {(each.start, each.end) for each in named if _is_personal(text, each.start, each.end)}
        places |= {place for part in parts for place in _SEEN.get(part, _nobody)(text)}
        places |= {more for _, end in places for more in _others(text, end)}
        people = (_unranked(text, *whole(text, *place)) for place in sorted(places))
        return [located(self, *place, _SCORE, "PERSON") for place in people if not is_make(text, *place)]


_SCORE: Final = 0.8


def _unranked(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where a name lies without the rank or the place that a comma joins to it."""
    comma = text.find(", ", start, end)
    return (start, comma) if comma > 0 and is_none(text[comma + 2 : end]) else (start, end)


def _is_personal(text: str, start: int, end: int) -> bool:
    """Whether it is a family and a given name, or other fields of a person stand near what is just called a name."""
    near = _PERSONAL.search(text, max(0, start - _NEAR), start - 8) or _PERSONAL.search(text, end, end + _NEAR)
    return ", " in text[start:end] or bool(near)


def _addressed(text: str) -> Iterator[tuple[int, int]]:
    """Yield names right before an e-mail address in brackets, also in small letters if nothing else stands there."""
    for address in _ADDRESS.finditer(text):
        before = max(0, address.start() - _LONGEST), address.start()
        name = _BEFORE.search(text, *before) or _BEFORE_SMALL.search(text, *before)
        if name and _possible(name[1]):
            yield name.span(1)


_LONGEST: Final = 80


def _talking(text: str) -> Iterator[tuple[int, int]]:
    """Yield who speaks in a dialogue: lines that begin with names, of which one comes back and another is there."""
    lines = [line for line in _TALK.finditer(text) if _possible(line[1]) and not _is_label(text, *line.span(1))]
    speakers = Counter(line[1] for line in lines)
    if len(speakers) > 1 and len(lines) > len(speakers) and len(speakers) <= _SPEAKERS:
        yield from (line.span(1) for line in lines)


def _is_label(text: str, start: int, end: int) -> bool:
    """Whether a word before a colon is the field of a mail."""
    return text[start].isupper() and is_everyday_alone(text, start, end)


_SPEAKERS: Final = 8


def _others(text: str, end: int) -> Iterator[tuple[int, int]]:
    """Yield the further names of a list."""
    for _ in range(_MOST):
        more = _MORE.match(text, end)
        if not more or not _possible(more[1]) or not _possible(more[1].split(maxsplit=1)[0]):
            return
        yield more.span(1)
        end = more.end(1)


def _below(text: str, heads: Sequence[Column]) -> Iterator[tuple[int, int]]:
    """Yield the cells of columns that hold names."""
    personal = sum(bool(_PERSONAL.search(head)) for head, _ in heads)
    for head, cells in heads:
        if not _HEAD.fullmatch(head.strip()):
            continue
        named = [place for place in cells if _CELL.fullmatch(text, *place) and _possible(text[slice(*place)])]
        sure = not _JUST_NAME.fullmatch(head.strip()) or personal > bool(_PERSONAL.search(head))
        if sure or (named and all(_TWO.fullmatch(text, *place) for place in named)):
            yield from named


def _nobody(_: str) -> Iterator[tuple[int, int]]:
    return iter(())


_SEEN: Final[dict[Part, Callable[[str], Iterator[tuple[int, int]]]]] = {
    Part(needs=("@",)): _addressed,
    Part(needs=(": ",)): _talking,
    Part(needs=(need(_HEAD.pattern),)): lambda text: _below(text, page_of(text).columns),
    Part(needs=INITIALLED): initialled,
    Part(needs=PAIRED): paired,
    Part(needs=RELATED): partial(related, name=_VALUE),
    Part(needs=SIGNED): partial(signed, name=_VALUE),
    Part(needs=GREETED): greeted,
    Part(needs=DESCENDED): descended,
    Part(needs=SAYING): partial(saying, name=_VALUE),
}
"""What is done beside kinds, each where it could find something."""
