"""Where somebody lives: streets with a number, post boxes, and the postal codes that go with them.

Law: a street counts with a house number alone, so that ``Wall Street`` and ``Hauptstraße`` stay. A postal code counts
by its form where no other number looks like it, else beside a town on the line of an address, or behind its word. The
town itself stays: whoever wants to hide places does so by ``LOCATION``. Every repetition is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from presidio_analyzer import RecognizerResult

from gateway.detect.folding import folded, spelled
from gateway.detect.lexicon import is_everyday
from gateway.detect.recognizers import quiet
from gateway.detect.recognizers.asked import ASKED
from gateway.detect.recognizers.blocks import CODED, blocks, under
from gateway.detect.recognizers.generic import located
from gateway.detect.recognizers.labels import Kind, LabelledRecognizer, Part
from gateway.detect.recognizers.postcodes import BY_TOWN, CODES, before, beside, of_towns
from gateway.detect.recognizers.streets import FORMS, LOW, UP, whole

_NAME: Final = rf"[{UP}][{UP}{LOW}'\u2019.\-]{{0,30}}"
_WORD: Final = rf"[{UP}][{UP}{LOW}'\u2019.]{{0,30}}"
_HYPHENED: Final = rf"{_WORD}(?:-{_WORD}){{0,4}}"
"""A word has no hyphen of its own, or a text of hyphens could be cut in ever so many ways."""

_SMALL: Final = (
    r"(?:(?:de|del|de la|de las|de los|da|do|das|dos|di|della|dello|dei|delle|degli|d['\u2019]|du|des|la|le|les"
    r"|l['\u2019]|van|van de|van der|den|der|el|los|las|e|i|y|und|ter|ten|im|am) ?){0,3}"
)
_NAMES: Final = rf"{_SMALL}(?:\d{{1,2}}\.? (?:de |di )?)?{_NAME}(?: {_SMALL}{_NAME}){{0,4}}"
_NO: Final = (
    r"(?:\d{1,4}(?: ?[a-zA-Z](?!\w|\. ?\d))?(?: ?[-/] ?(?:\d{1,4}[a-zA-Z]?|[A-Z]{1,2})(?!\w))?)(?![\w.]\d|\d"
    r"|[%\u20ac$]|:\d)"
)
_FLAT: Final = (
    r"(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|Rm|Room|Bldg|No|#)\.? ?#?[A-Z]{0,2}\d{0,5}[A-Z]?(?!\w)"
    r"|,? #\d{1,4}(?:-\d{1,4})?)?"
)
_WAYS: Final = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter|Way"
    r"|Close|Crescent|Cres"
    r"|Gardens|Gdns|Grove|Mews|Row|Hill|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Trail|Trl|Quay|Walk|Park|Rise|Green"
    r"|Alley|Plaza|Loop|Pike|Marg|Nagar)"
)
_COMPASS: Final = r"(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)"
_ENGLISH: Final = (
    rf"(?:(?:Flat|Unit|Apartment|Apt|Suite|Block|Blk) [A-Z]?\d{{0,4}}[A-Z]?,? )?(?<![\w.,/:$\u20ac\u00a3-])\d{{1,5}}"
    rf"[A-Za-z]?(?:[-/]\d{{1,4}}[A-Za-z]?)?,? "
    rf"(?:{_COMPASS}\.? )?(?:(?:\d{{1,3}}(?:st|nd|rd|th)|[A-Z][\w'\u2019.\-]{{0,24}}) ){{1,4}}{_WAYS}"
    rf"(?![\w])\.?(?: {_COMPASS}(?!\w))?(?: \d{{1,3}}(?=,? ?#))?{_FLAT}"
    rf"|(?:Flat|Unit|Apartment|Apt) [A-Z]?\d{{1,4}}[A-Z]?, \d{{1,4}}[A-Za-z]?(?: {_NAME}){{1,3}}"
    r"|\d{1,5} (?:Broadway|Kingsway|Piccadilly|Avenue [A-Z]|(?:State )?Route \d{1,3}|County Road \d{1,4})(?!\w)" + _FLAT
)
_BOX: Final = (
    r"(?:P\.? ?O\.? ?Box|Post Office Box|GPO Box|Locked Bag|Postfach|Case postale|Bo\u00eete postale"
    r"|Apartado(?: de [Cc]orreos)?|Casella postale|Postbus"
    r"|Caixa [Pp]ostal|Apartado|[Ss]kr(?:ytka)?\.? poczt(?:owa|\.)|Postboks|Postbox|P\.K\.|PL (?=\d{1,4},))"
    r"(?:(?: n\.?[\u00ba\u00b0]| Nr\.?| #| No\.?)?) ?\d{1,6}(?: \d{2,3}){0,2}(?!\w)"
)
_GERMANIC_ENDS: Final = (
    r"stra\u00dfe|strasse"
    r"|str\.|weg|platz|allee|gasse|damm|ufer|chaussee|promenade|steig|stieg|zeile"
    r"|graben|ring|straat|laan|plein|gracht|kade|singel|dijk|dreef|steeg|plantsoen|gatan|v\u00e4gen|gata|gade|vej"
    r"|vejen|veien|vei|vegen|gate|all\u00e9|str\u00e6de|gr\u00e4nd|stigen|backen|torget|plads|plass"
    r"|katu|tie|kuja"
)
_GERMANIC: Final = (
    rf"(?:(?:{_HYPHENED} ){{0,3}}(?:{_WORD}-){{0,4}}[{UP}][{UP}{LOW}]{{1,25}}|(?:{_HYPHENED} ){{1,3}}[{UP}]?)"
    rf"(?:{_GERMANIC_ENDS})"
    rf",? (?:Nr\.? ?)?(?!(?:19|20)\d\d[^\w/-]){_NO}(?:, ?(?:\d{{1,2}}\. ?(?:OG|Stock|Etage|sal|th|tv|mf)"
    rf"|lgh \d{{3,4}}|st\.? ?(?:th|tv|mf)|bus \d{{1,3}})(?!\w))?"
    rf"|(?:Stra\u00dfe|Strasse|Platz|Rue|Avenue) (?:des|der|von|vom|am|zum|zur) {_NAMES},? {_NO}"
    rf"|[{UP}][{LOW}]{{2,20}}(?:er|sche|schen) (?:Stra\u00dfe|Str\.|Strasse|Weg|Platz|Allee|Ring|Damm"
    rf"|Landstra\u00dfe|Chaussee|Ufer),? {_NO}"
    rf"|(?:{_HYPHENED} ){{0,3}}{_HYPHENED}[ -](?:Stra\u00dfe|Strasse|Str\.|Weg|Platz|Allee|Ring|Gasse|Ufer|Damm"
    rf"|All\u00e9"
    rf"|Plads|Gade|Vej|v\u00e4g|gata|V\u00e4g|Gata),? (?!(?:19|20)\d\d(?!\w)){_NO}"
)
_PLACED: Final = (
    rf"(?:Am|An der|An den|Auf der|Auf dem|Beim|Hinter der|Im|In der|In den|Unter den|Vor dem|Zum|Zur|Alte[rn]?"
    rf"|Neue[rn]?|Gro\u00dfe[rn]?|Kleine[rn]?|Lange|Op de|Aan de|Het|De) {_NAME}(?: {_NAME})?"
    rf" (?!(?:19|20)\d\d(?!\w)){_NO}"
)
_FRENCH: Final = (
    rf"(?<![\w.,/-])\d{{1,4}}(?: ?(?:bis|ter|quater|[A-D])(?!\w))?,? (?:[Rr]ue|[Aa]venue|[Aa]v\.|[Bb]oulevard"
    rf"|[Bb]d\.?|[Bb]lvd|[Pp]lace|[Pp]l\.|[Cc]hemin|[Cc]h\.|[Aa]ll\u00e9es?|[Ii]mpasse|[Qq]uai"
    rf"|[Rr]oute|[Rr]te|[Cc]ours|[Ss]quare|[Pp]assage|[Ss]entier|[Ff]aubourg|[Rr]\u00e9sidence|[Ll]otissement"
    rf"|[Vv]oie|[Vv]illa|[Cc]it\u00e9|[Ee]splanade|[Rr]uelle|[Mm]ail|[Vv]enelle) {_NAMES}"
)
_IBERIAN_NO: Final = (
    r",? (?:(?:n\.?[\u00ba\u00b0o]\.?|n\u00fam\.|n\.) ?)?\d{1,5}(?: ?[A-Za-z](?!\w)| ?bis)?(?![\d.x]\d|\d"
    r"|[%\u20ac$]|:\d)"
)
_IBERIAN_FLOOR: Final = (
    r"(?:, ?(?:\d{1,2}\.?[\u00ba\u00aa\u00b0](?: ?-?(?:[A-Z](?!\w)|[Ii]zq(?:da|uierda)?\.?|[Ii]zda\.?"
    r"|[Dd]cha\.?|[Dd]er\.?|[Ee]sq\.?|[Dd]to\.?"
    r"|[Dd]t\.?|andar|piso|\d{1,2}\.?[\u00ba\u00aa]))?\.?|(?:[Aa]pto?|[Aa]p|[Bb]l|[Bb]loco|[Ss]ala|[Cc]asa"
    r"|[Pp]iso|[Pp]uerta|[Ii]nt|[Ss]cala"
    r"|[Ii]nterno|[Pp]iano)\.? ?\w{1,4})){0,3}"
)
_ROMANCE: Final = (
    r"(?:[Cc]alle|[Cc]/|Avda\.?|[Aa]venida|Avenue|Av\.|[Pp]laza|Pza\.?|Pl\.|[Pp]aseo|P\u00ba|[Cc]amino|[Cc]arretera"
    r"|Ctra\.?|[Rr]onda|[Tt]raves\u00eda|[Rr]ambla|[Gg]lorieta|[Cc]allej\u00f3n|[Cc]arrer|C\.|[Pp]asseig|[Pp]la\u00e7a"
    r"|[Vv]ia|[Vv]iale|V\.le|[Pp]iazza|P\.zza|P\.za|[Cc]orso|C\.so|[Ll]argo|[Vv]icolo|[Ss]trada|[Pp]iazzale"
    r"|[Ll]ungomare|[Ll]ungotevere|[Cc]ontrada"
    r"|[Rr]ua|R\.|[Tt]ravessa|Tv\.|[Pp]ra\u00e7a|[Aa]lameda|Al\.|[Ee]strada|[Rr]odovia|[Bb]eco|[Cc]al\u00e7ada)"
    rf" ?{_NAMES}{_IBERIAN_NO}{_IBERIAN_FLOOR}"
)
_SLAVIC: Final = (
    rf"(?:[Uu]l\.|[Uu]lic[ay]|[Aa]l\.|[Aa]lej[ae]|[Aa]leje|[Pp]l\.|[Pp]lac|[Oo]s\.|[Oo]siedle|[Rr]ondo|[Ss]kwer"
    rf"|[Nn]\u00e1m\.|[Nn]\u00e1m\u011bst\u00ed|[Tt]\u0159\u00edda|[Tt]\u0159\."
    rf"|[Nn]\u00e1b\u0159e\u017e\u00ed) ?{_NAMES}"
    rf" {_NO}(?:(?: ?m\.? ?| ?lok\.? ?)\d{{1,4}})?|[{UP}][{LOW}]{{2,20}}(?:ova|sk\u00e1|ck\u00e1|n\u00ed|n\u00e1"
    rf"|sk\u00e9ho|ova t\u0159\u00edda) \d{{1,4}}/\d{{1,4}}[a-z]?(?!\w)"
)
_TURKISH_WAYS: Final = r"(?:Cad(?:desi|\.)|Sok(?:ak|a\u011f\u0131|\.)|Sk\.|Cd\.|Bulvar\u0131|Blv\.)"
_TURKISH: Final = (
    rf"(?:{_NAME} (?:Mah(?:allesi|\.),? ))?(?:{_NAME} ){{1,3}}{_TURKISH_WAYS},? "
    rf"(?:(?i:no|nr)[:.]? ?)?\d{{1,4}}(?:[-/] ?\w{{1,4}})?(?: ?(?:D|Kat|Daire)"
    rf"[:.]? ?\d{{1,3}})?(?!\w)"
)
_ASIAN: Final = (
    r"(?:Blk|Block) \d{1,4}[A-Z]? (?:[A-Z][\w']{0,20} ){1,5}(?:\d{1,3}(?!\w))?(?:,? ?#\d{2}-\d{1,4})?|#\d{2}-\d{2,4}"
    r"(?!\w)"
    r"|(?:Flat|House|Plot|Door|Shop|H\.|D\.) ?(?:No|no)\.? ?[A-Z]{0,2}-?\d{1,5}(?:[-/]\w{1,5}){0,2},? (?:[A-Z]"
    r"[\w'.]{0,20}[ ,]{1,2}){1,4}(?:Road|Street|Marg|Nagar|Colony|Layout|Sector|Cross|Main|Lane|Enclave|Vihar)"
    r"(?: \d{1,3})?(?!\w)"
)
_ENCLOSED: Final = rf"(?<=[\"';]){_PLACED}(?=[\"';])"
_STREETS: Final = (
    (_ENCLOSED, ""),
    (_ENGLISH, ""),
    (_BOX, ""),
    (_GERMANIC, rf"(?i)(?:{_GERMANIC_ENDS}|v\u00e4g),? (?:nr\.? ?)?\d|(?:stra\u00dfe|strasse|platz|rue|avenue) [dvaz]"),
    (_FRENCH, ""),
    (_ROMANCE, ""),
    (_SLAVIC, ""),
    (_TURKISH, f" {_TURKISH_WAYS},? "),
    (_ASIAN, ""),
    *FORMS,
)
"""Each with what it is looked for by (``Kind.hint``)."""

_ANY_STREET: Final = re.compile(
    rf"(?<!\w)(?:{_PLACED}|{_NAME}(?: {_NAME}){{0,3}},? (?!(?:19|20)\d\d(?!\w)){_NO}|\d{{1,4}}[A-Za-z]?,? {_NAMES}"
    rf"|[{UP}][{LOW}]{{2,20}} (?:den|der|dem|het|de|the) {_NAME} {_NO}"
    r"|\d{1,5}[a-z]?,? (?:[\w'\u2019]{2,20} ){1,3}(?:street|road|avenue|lane|drive|close|crescent|terrace|court|way"
    r"|st|rd"
    rf"|ave)(?!\w)|(?:via|viale|piazza|corso|rua|calle|avenida|rue) (?:[{LOW}'\u2019]{{2,20}} ){{1,4}}{_NO})"
)
"""What is a street only on the line of an address."""

_ADDRESS_WORD: Final = (
    r"(?:adrline|strtnm|wohnadresse|privatanschrift|meldeadresse|adres\w{0,3} (?:zamieszkania"
    r"|korespondencyjny|zameldowania)|miejsce zamieszkania|ev adresi|(?:home |postal |mailing |billing |shipping "
    r"|delivery |street |private |residential |current "
    r"|permanent )?address(?:[\s_-]?line[\s_-]?\d?)?|addr|street|adresse|anschrift|wohnhaft(?: in)?|wohnort|strasse"
    r"|domicilio en|dom\.|na adrese|wohnt in|domicile|domicilie[e]?(?: a)?|demeurant(?: a)?|direccion|domicilio"
    r"|domiciliad[oa] en"
    r"|con domicilio en|residente (?:en|in|a|em)|indirizzo|residenza|via e numero|adres|woonadres|wonende(?: te)?"
    r"|straat|woonachtig"
    r"|zamieszkal[yae]?|ulica|zam\.|endereco|morada|residencia|adress|gatuadress|bop(?:ae|\u00e6)l(?: u(?:ae"
    r"|\u00e6)ndret(?=\s?:))?|bostad|bosatt|adressen"
    r"|gadresse|adresi?(?:niz|miz|m|ne|nde|nize|nizi)?|ikamet(?:gah)?|adresa|bydliste|bytem|trvaly pobyt|osoite"
    r"|lives at|living at|residing at"
    r"|lived at|resides at)(?![^\W_])"
)
_KEY: Final = (
    r"(?:stra\u00dfe|voie|adr|residente|adresszeile|lokalizacja|ulice|vej|vejnavn|gade|gata|rue|calle|rua|sokak"
    r"|bopel)(?![^\W_])"
)
"""Words for a street that lead to one only with a sign behind them, or above a column."""

_TO_ADDRESS: Final = re.compile(
    rf"(?:{ASKED}|[\s\"'`*:=|>(\].-]{{1,24}}(?:(?:is|it['\u2019]?s|its|ist|lautet|est|es|e|er|ar|jest|je)\s){{0,2}})"
)
_SIGNED: Final = re.compile(r"[\s\"'`*]{0,3}(?:[:=|>]|\.{2})[\s\"'`*:=|>.]{0,24}")
_FIELD: Final = re.compile(
    r"(?=[^\n\"<>|;]{0,60}\d)(?=[^\n\"<>|;]{0,60}[^\W\d_]{3})(?!\d{1,3}\.\d|0x)[^\W_][^\n\"'<>|;:=(){}\[\]@_\\]{3,70}?"
    rf"(?=,? ?(?:[A-Z]{{1,2}}-)?(?:\d{{4,5}}|\d{{3}} \d{{2}}|\d{{2}}-\d{{3}}|\d{{4}}-\d{{3}}) [{UP}]"
    rf"|,? (?:[A-Z]{{1,2}}\d"
    rf"|\d{{4}} ?[A-Z]{{2}}(?!\w))|, [{UP}][^\n\d]|\.? ?[\n\"'<>|;(]|(?<=\d)\. |\s{{2}}|$)"
)
"""What a field for an address holds, up to its code or town."""

_STREET_FIELD: Final = (
    r"(?:stra(?:ss|\u00df)e|street(?:[\s_-]?name)?|strtnm|ulica|calle|rua|gadenavn|vejnavn|gatunamn|sokak|cadde"
    r"|straatnaam)"
    r"(?![^\W_])"
)
_STREET_NAME: Final = re.compile(
    rf"[{UP}][{UP}{LOW}'\u2019.-]{{1,30}}(?: [{UP}{LOW}'\u2019.-]{{1,30}}){{0,4}}(?=\"|<|,|\n|;|$)"
)
_HOUSE_WORD: Final = (
    r"(?:haus-?(?:nummer|nr)|house[\s_-]?(?:no|nr|number)|bldgnb|huisnummer|husnummer|husnr|nr domu|numer domu"
    r"|nr lokalu"
    r"|nr mieszkania|numero civico|civico|cislo popisne|cislo domu|kapi no|daire no|numero de voie)(?![^\W_])"
)
_HOUSE_NO: Final = re.compile(r"\d{1,4}[a-zA-Z]?(?:[/-]\d{1,4}[a-zA-Z]?)?(?![\w.])")
_NO_STREET: Final = re.compile(
    r"(?i)(?:\w{0,12}(?:park|stell|arbeits|sitz|steh|lager|liege|lade|schlaf|spiel|start|speicher|steck)-?pl(?:atz"
    r"|ads|ats|aats)"
    r"|\w{0,12}(?:dichtungs?|kolben|sicherungs|halte|spann|o-)ring|\w{0,12}(?:flucht|rettungs|brems|dienst"
    r"|arbeits|antwort)weg"
    r"|(?:kopf|fu\u00df|titel|leer|such|tabellen|befehls|bild)zeile|dekade|spring"
    r"|bahnsteig"
    r"|\w{0,9}(?:parkerings|arbejds|arbets|parkeer|werk)-?pl(?:ads|ats|aats)\w{0,3}) |C\. ?P\. |[RC]\. ?\w{4,20}\. "
    r"|(?:\d{1,2} )?ch\. [^\W\d_]{1,20}['\u2019]s(?!\w)"
)
"""What only ends as streets do."""


_ENDING: Final = re.compile(
    r"(?i)(?:[^\d\n]{0,60}[ -])?([^\W\d_]{1,25}(?:tie|ring|gate|kade|zeile|steig|stieg|graben|backen|damm|weg"
    r"|plass|kuja"
    r"|gade|gata|laan|plein)),? (?:nr\.? ?)?\d"
)
"""Words that end as streets do, of which some are everyday words: ``Levering 3``, ``Garantie 24``."""

_IN_STREET: Final = re.compile(r"(?<!\w)(?:im|am|in der|an der) \Z")
_WAY: Final = re.compile(r".*(?:weg|steig|stieg|graben|damm|zeile)")
_AT_HOME: Final = re.compile(
    r"(?<!\w)(?:wohn(?:t|e|st|en|te|ten|haft)|lebt?|leben|lives?|living|lived|woon(?:t|de)?|wonende?|bor|bodde|boede"
    r"|bosatt|habite|mieszka\w{0,2}|bydli\w{0,2})(?: [^\W\d_]{1,12}){0,3} \Z"
)
_HOME: Final = 60
"""Characters before a street in which somebody lives there."""


def _is_street(text: str, start: int, end: int) -> bool:
    """Whether a form is a street. An everyday word is one where somebody lives, and a way where its preposition is."""
    value = text[start:end]
    ending = _ENDING.match(value)
    if _NO_STREET.match(value):
        return False
    if not ending or not is_everyday(ending[1]):
        return True
    before = folded(text[max(0, start - _HOME) : start + ending.start(1)])
    named = _WAY.fullmatch(ending[1].lower()) and _IN_STREET.search(before)
    return bool(named or _AT_HOME.search(before))


_SCORE: Final = 0.85
_LINE: Final = re.compile(
    rf"(?<!\w)(?:{_PLACED}|{_HYPHENED}(?: {_HYPHENED}| [{LOW}]{{1,12}}){{0,3}} (?!(?:19"
    rf"|20)\d\d(?!\w))\d{{1,4}}[a-zA-Z]?"
    r"(?:[-/ ]{1,2}(?:\d{1,4}[a-z]?|[a-zA-Z]{1,3})(?!\w)){0,2})(?=(?:,| {1,3}[\u00b7\u2022|\u2013-])? ?\n?[ \t]{0,8}\Z)"
)
_REACH: Final = 70
"""Characters before a code in which its street stands."""

KINDS: Final = (
    *(
        Kind(
            entity_type="STREET_ADDRESS",
            label="",
            value=_ANY_STREET,
            alone=rf"(?<!\w)(?:{form})",
            stands=_is_street,
            hint=hint,
            score=_SCORE,
        )
        for form, hint in _STREETS
    ),
    Kind(entity_type="STREET_ADDRESS", label=_ADDRESS_WORD, value=_ANY_STREET, link=_TO_ADDRESS, score=_SCORE),
    *(
        Kind(
            entity_type="STREET_ADDRESS",
            label=quiet.LIVES,
            value=value,
            good=quiet.is_unusual,
            link=quiet.TO_QUIET,
            header=False,
            alone=form,
            score=_SCORE,
        )
        for value, form in ((quiet.NAMED, quiet.PLACED), (quiet.STREET, quiet.FORMS))
    ),
    Kind(
        entity_type="STREET_ADDRESS",
        label=quiet.SCENE,
        value=quiet.NAMED,
        good=quiet.is_unusual,
        link=quiet.TO_SCENE,
        header=False,
        score=_SCORE,
    ),
    Kind(
        entity_type="STREET_ADDRESS",
        label="",
        value=quiet.NAMED,
        alone=quiet.TOWNED,
        hint=quiet.TOWNED_NEED,
        stands=quiet.is_towned,
        score=_SCORE,
    ),
    Kind(
        entity_type="STREET_ADDRESS",
        label="",
        value=quiet.NAMED,
        good=quiet.is_unusual,
        alone=quiet.DOORED,
        hint=quiet.DOORED_NEED,
        score=_SCORE,
    ),
    *(
        Kind(entity_type="STREET_ADDRESS", label=label, value=value, link=_SIGNED, score=_SCORE)
        for label, value in (
            (rf"(?:{_ADDRESS_WORD}|{_KEY})", _FIELD),
            (_STREET_FIELD, _STREET_NAME),
            (_HOUSE_WORD, _HOUSE_NO),
        )
    ),
    *CODES,
)


_BY_CODES: Final = Part(needs=(spelled(BY_TOWN.pattern),))
_BLOCKS: Final = Part(needs=CODED)


class AddressRecognizer(LabelledRecognizer):
    """Finds streets, and codes that stand beside them, behind their word, or can be nothing else."""

    def __init__(self) -> None:
        super().__init__(KINDS, "CloisterAddressRecognizer", [_BY_CODES, _BLOCKS])

    def analyze_parts(self, text: str, entities: Collection[str], parts: Sequence[Part]) -> list[RecognizerResult]:
        """Return the streets and codes that are wanted."""
        found = super().analyze_parts(text, self.supported_entities, parts)
        if _BY_CODES in parts:
            found += [located(self, *place, _SCORE, "STREET_ADDRESS") for place in _placed(text)]
            found += [located(self, *place, _SCORE, "POSTAL_CODE") for place in of_towns(text)]
        if _BLOCKS in parts:
            found += [located(self, start, end, _SCORE, kind) for kind, start, end in blocks(text)]
        for each in found:
            if each.entity_type == "STREET_ADDRESS":
                each.start, each.end = whole(text, each.start, each.end)
        streets = {each.end for each in found if each.entity_type == "STREET_ADDRESS"}
        found += [
            located(self, *place, _SCORE, "POSTAL_CODE") for place in (*beside(text, streets), *under(text, streets))
        ]
        starts = {each.start for each in found if each.entity_type == "STREET_ADDRESS"}
        found += [located(self, *place, _SCORE, "POSTAL_CODE") for place in before(text, starts)]
        return [each for each in found if each.entity_type in entities]


def _placed(text: str) -> Iterator[tuple[int, int]]:
    """Yield streets that only the code and town behind them tell: ``Am Markt 3, 50667 Köln``."""
    for code in BY_TOWN.finditer(text):
        start = max(0, code.start() - _REACH)
        street = _LINE.search(text, start, code.start())
        if street:
            yield street.span()
