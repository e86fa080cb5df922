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

from gateway.detect.folding import spelled
from gateway.detect.recognizers import quiet
from gateway.detect.recognizers.asked import ASKED
from gateway.detect.recognizers.generic import located
from gateway.detect.recognizers.labels import Kind, LabelledRecognizer, Part
from gateway.detect.recognizers.streets import CODED, FORMS, LOW, UP, blocks, under, whole

_NAME: Final = rf"[{UP}][{UP}{LOW}'\u2019.\-]{{0,30}}"
_WORD: Final = rf"[{UP}][{UP}{LOW}'\u2019.]{{0,30}}"
_HYPHENED: Final = rf"{_WORD}(?:-{_WORD}){{0,4}}"
"""A word has no hyphen of its own, or a text of hyphens could be cut in ever so many ways."""

_SMALL: Final = (
    r"(?:(?:de|del|de la|de las|de los|da|do|das|dos|di|della|dello|dei|delle|degli|d['\u2019]|du|des|la|le|les"
    r"|l['\u2019]|van|van de|van der|den|der|el|los|las|e|i|y|und|ter|ten|im|am) ?){0,3}"
)
_NAMES: Final = rf"{_SMALL}(?:\d{{1,2}}\.? )?{_NAME}(?: {_SMALL}{_NAME}){{0,4}}"
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
    rf"|Plads|v\u00e4g|gata),? (?!(?:19|20)\d\d(?!\w)){_NO}"
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
    r",? (?:(?:n\.?[\u00ba\u00b0o]\.?|n\u00fam\.|n\.) ?)?\d{1,5}(?: ?[A-Za-z](?!\w)| ?bis)?(?![\d.]\d|\d"
    r"|[%\u20ac$]|:\d)"
)
_IBERIAN_FLOOR: Final = (
    r"(?:, ?(?:\d{1,2}\.?[\u00ba\u00aa\u00b0] ?-?(?:[A-Z](?!\w)|[Ii]zq\.?|[Dd]cha\.?|[Dd]er\.?|[Ee]sq\.?|[Dd]to\.?"
    r"|[Dd]t\.?|andar|piso)?\.?|(?:[Aa]pto?|[Aa]p|[Bb]l|[Bb]loco|[Ss]ala|[Cc]asa|[Pp]iso|[Pp]uerta|[Ii]nt|[Ss]cala"
    r"|[Ii]nterno|[Pp]iano)\.? ?\w{1,4})){0,3}"
)
_ROMANCE: Final = (
    r"(?:[Cc]alle|[Cc]/|Avda\.?|[Aa]venida|Avenue|Av\.|[Pp]laza|Pza\.?|Pl\.|[Pp]aseo|P\u00ba|[Cc]amino|[Cc]arretera"
    r"|Ctra\.?|[Rr]onda|[Tt]raves\u00eda|[Rr]ambla|[Gg]lorieta|[Cc]allej\u00f3n|Carrer|C\.|Passeig"
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
    rf"(?:No: ?|No\.? ?|Nr\.? ?)?\d{{1,4}}(?:[-/] ?\w{{1,4}})?(?: ?(?:D|Kat|Daire)"
    rf"[:.]? ?\d{{1,3}})?(?!\w)"
)
_ASIAN: Final = (
    r"(?:Blk|Block) \d{1,4}[A-Z]? (?:[A-Z][\w']{0,20} ){1,5}(?:\d{1,3}(?!\w))?,? ?(?:#\d{2}-\d{1,4})?|#\d{2}-\d{2,4}"
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

_TOWN: Final = rf"[{UP}](?:[{LOW}'\u2019.]{{1,24}}|[{UP}]{{2,24}})"
_CODED: Final = re.compile(
    rf"(?<![\w.,-])(?P<code>(?:[A-Z]{{1,2}}[- ])?(?:\d{{5}}|\d{{4}}|\d{{3}} \d{{2}}|\d{{2}}-\d{{3}}|\d{{4}}-\d{{3}}"
    rf"|\d{{5}}-\d{{3}}|\d{{4}} ?[A-Z]{{2}}))[ ]{{1,2}}{_TOWN}"
)
_BEHIND: Final = re.compile(
    r"[ \t]{0,3}(?:,|[-\u2013|/;\u00b7\u2022]|\n)?[ \t]{0,8}(?:\n[ \t]{0,8})?(?:[^\d\n]{1,30}(?:,|[-\u2013|]|\n)"
    r"[ \t]{0,8})?"
)
_NEXT: Final = re.compile(
    r"[\"']?[ ]?[,;|\t][ ]?[\"']?(\d{4,5}|\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-\d{3}|\d{4} ?[A-Z]{2})"
    r"(?=[\"']?[ ]?(?:[,;|\t\n)]|\.(?!\d)|$))"
    r"|[ ]{2,12}(\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-\d{3}|\d{4} ?[A-Z]{2})(?=[ ]{2}|[\n.,;]|$)"
)
"""A code in the field behind a street's."""

_LONE: Final = re.compile(r"[ ,]{1,6}(\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-\d{3}|\d{4} [A-Z]{2})[ \t]*(?=\n|\Z)")
"""A code without a town, where the line ends."""

_STATES: Final = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AT]"
    "|W[AIVY]"
)
_FULL_STATES: Final = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois"
    "|Indiana|Iowa|Kansas|Kentucky"
    "|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada"
    "|New (?:Hampshire|Jersey|Mexico|York)"
    "|(?:North|South) (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|Tennessee|Texas|Utah"
    "|Vermont|Virginia|Washington|West Virginia"
    "|Wisconsin|Wyoming"
)
_INDIAN: Final = (
    "Bengaluru|Bangalore|Mumbai|Bombay|(?:New )?Delhi|Chennai|Kolkata|Hyderabad|Pune|Ahmedabad|Surat|Jaipur|Lucknow"
    "|Kanpur|Nagpur|Indore|Bhopal|Patna|Vadodara|Ludhiana|Agra|Nashik|Kochi|Coimbatore|Noida|Gurgaon|Gurugram|Chandigarh"
    "|Mysore|Mysuru|Mangalore|Thiruvananthapuram|Visakhapatnam|Amritsar|Goa"
)
_CODES: Final = (
    (
        r"(?<![\w-])((?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GPV]"
        r"|JE|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|RG|RH|RM|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB"
        r"|W[ACDFNRSV]?|YO|ZE)\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})(?![\w-])"
    ),
    (
        r"(?<![\w-])([AC-FHKNPRTV-Y]\d[0-9W] [0-9AC-FHKNPRTV-Y]{4})(?![\w-])(?<=\d[A-Z0-9]{3}|[A-Z0-9]\d[A-Z0-9]{2}"
        r"|[A-Z0-9]{2}\d[A-Z0-9]|[A-Z0-9]{3}\d)"
    ),
    r"(?<![\w-])([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d)(?![\w-]|[.,]\d)",
    (
        r"(?<![\w.,-])([1-9]\d{3} ?(?!S[ADS]|KM|KB|MB|GB|TB|PB|KW|MW|HZ|PS|EU|ML|MG|KG|CM|MM|AM|PM|AD|BC|NL|DE"
        r"|UK|US|AG|SE|BV|HP|NM|MS|AH|WH|VA|TL|KR|PX|DPI)[A-Z]{2})(?=\s{1,2}[A-Z'][a-z' ])"
    ),
    rf"(?:,|[a-z],?|[A-Z]{{3}},?|\n) {{0,3}}(?:{_STATES}),? {{1,3}}(\d{{5}}(?:-\d{{4}})?)(?!\d|[.-]\d)",
    r"(?<!\w)(?:S ?\(|(?i:singapore|s['\u2019]?pore) )(\d{6})(?!\d)",
    rf"(?:{_FULL_STATES}),? (\d{{5}}(?:-\d{{4}})?)(?!\d|[.-]\d)",
    rf"(?<![\w.-])(\d{{2}}-\d{{3}})(?= {{1,2}}{_TOWN})",
    rf"(?<![\w.-])(\d{{4}}-\d{{3}})(?= {{1,2}}{_TOWN})",
    r"(?<![\w.-])(\d{5}-\d{3})(?![\w-])",
    r"(?<!\w)(?:S\(|S(?=\d)|S'pore |Spore |spore |SINGAPORE |Singapore |singapore )(\d{6})(?![\w-])",
    (
        r"(?<![\w-])((?:a[bl]|b[abdhlnrst]|c[abfhmortvw]|d[adeghlnty]|e[chnx]|f[ky]|g[luy]|h[adgprsux]|i[gpv]|je"
        r"|k[atwy]"
        r"|l[adelnsu]|m[ekl]|n[egnprw]|ol|ox|p[aehlor]|rg|rh|rm|s[aegklmnoprstwy]|t[adfnqrsw]|ub|w[acdfnrsv]|yo|ze)"
        r"\d{1,2} \d(?!st|nd|rd|th|gb|hr)[abd-hjlnp-uw-z]{2})(?![\w-])"
    ),
    (
        rf"(?:(?<!\w)(?:in|\u00e0|a|en|aus|nach|bei|di|ad|em|te|v|ve|w) |\()(?!\d{{2}}000)(\d{{5}}"
        rf"|\d{{3}} \d{{2}}) (?={_TOWN}[,.;)\n ])"
    ),
    rf"(?:(?<!\w)(?:\u00e0|a|in|di|en|de)|,) {_TOWN} \((\d{{5}})\)",
    rf"[\"'](\d{{2}}-\d{{3}})[\"'],\s?[\"']{_TOWN}",
    r"(?<=[a-z]),? (?:NSW|VIC|QLD|SA|WA|TAS|NT|ACT),? (\d{4})(?![\w-]|[.,]\d)",
    rf"(?:{_INDIAN}),? (?:- ?)?([1-9]\d{{2}} ?\d{{3}})(?![\w-]|[.,]\d)",
    rf"(?<![\w.-])((?:D|A|CH|F|E|I|B|L|NL|DK|SE|S|N|NO|FI|PL|CZ|SK|AT|DE|FR|BE|LU)-\d{{4,5}})(?= {_TOWN})",
)
_CODE_WORD: Final = (
    r"(?:pstcd|postcode(?:plaats)?|plz(?:[ /_-]ort)?|p\.s\.c\.|zip(?:[\s_-]?code|\+4)?|post(?:al)?[\s_-]?code"
    r"|post(?:al)?[\s_-]?codes|pin[\s_-]?code|plz"
    r"|postleitzahl|code[\s_-]?post(?:al)?|c\.?p\.?(?=[\"']?\s?[:=>]| {1,4}\d[\do]{4}(?!\w))"
    r"|kod(?=[\"']?[:=>;\s\"']{1,4}\d\d-\d{3}(?!\d))"
    r"|p\.?k\.?(?=[\"']?\s?[:=>]\s?[\"']?\d{5}(?!\d))"
    r"|pin(?=[\"']?\s?[:=>]\s?[\"']?[1-9]\d{2} ?\d{3}(?!\d)|$)"
    r"|codigo[\s_-]?postal|cod\.? ?post(?:al)?"
    r"|cap|c\.a\.p|codice di avviamento postale|post-?nummer|post-?nr|kod[\s_-]?poczt\w{0,4}|cep|posta[\s_]?kodu"
    r"|psc|postinumero)"
    r"(?![^\W_])"
)
_TO_CODE: Final = re.compile(
    rf"{ASKED}(?:[^\n,]{{1,20}}, (?=\w{{0,4}}\d))?"
    r"|(?: ?/ ?[^\W\d]{2,12})?[\s\"'`*:=#|>().\]/-]{0,40}(?:(?:is|ist|est|es|is)\s)?"
)
_CODE: Final = re.compile(
    r"(?:[A-Za-z]{1,2}[- ])?(?:\d{3,4} ?[A-Za-z]{2}(?!\w)|[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}"
    r"|[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d|\d{2}-\d{3}|\d{4,5}-\d{3,4}|\d{3} {1,2}\d{2,3}|\d{4,7}"
    r"|\d[\dO]{2,3}[\dO])(?![\w%])"
)
_ADDRESS_WORD: Final = (
    r"(?:adrline|strtnm|wohnadresse|privatanschrift|meldeadresse|adres\w{0,3} (?:zamieszkania"
    r"|korespondencyjny|zameldowania)|miejsce zamieszkania|ev adresi|(?:home |postal |mailing |billing |shipping "
    r"|delivery |street |private |residential |current "
    r"|permanent )?address(?:[\s_-]?line[\s_-]?\d?)?|addr|street|adresse|anschrift|wohnhaft(?: in)?|wohnort|strasse"
    r"|wohnt in|domicile|domicilie[e]?(?: a)?|demeurant(?: a)?|direccion|domicilio|domiciliad[oa] en"
    r"|con domicilio en|residente (?:en|in|a|em)|indirizzo|residenza|via e numero|adres|woonadres|wonende(?: te)?"
    r"|straat|woonachtig"
    r"|zamieszkal[yae]?|ulica|zam\.|endereco|morada|residencia|adress|gatuadress|bopael|bostad|bosatt|adressen"
    r"|gadresse|adresi?|ikamet(?:gah)?|adresa|bydliste|bytem|trvaly pobyt|osoite|lives at|living at|residing at"
    r"|lived at|resides at)(?![^\W_])"
)
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
    r"(?i)(?:\w{0,12}(?:park|stell|arbeits|sitz|steh|lager|liege|lade|schlaf|spiel|start|speicher)-?pl(?:atz"
    r"|ads|ats|aats)"
    r"|\w{0,12}(?:dichtungs?|kolben|sicherungs|halte|spann|o-)ring|\w{0,12}(?:flucht|rettungs|brems|dienst)weg"
    r"|\w{0,9}(?:parkerings|arbejds|arbets|parkeer|werk)-?pl(?:ads|ats|aats)\w{0,3}) |C\. ?P\. |[RC]\. ?\w{3,20}\. "
)
"""What only ends as streets do."""


def _is_street(value: str) -> bool:
    return not _NO_STREET.match(value)


_SCORE: Final = 0.85
_LAST: Final = re.compile(rf"(?:{_TOWN}(?: {_TOWN}){{0,3}}[ ,-]{{1,3}})(\d{{4,6}}|\d{{3}} \d{{2,3}})(?![\w.%-])")
_LINE: Final = re.compile(
    rf"(?<!\w)(?:{_PLACED}|{_HYPHENED}(?: {_HYPHENED}| [{LOW}]{{1,12}}){{0,3}} (?!(?:19"
    rf"|20)\d\d(?!\w))\d{{1,4}}[a-zA-Z]?"
    r"(?:[-/ ]{1,2}(?:\d{1,4}[a-z]?|[a-zA-Z]{1,3})(?!\w)){0,2})(?=,? ?\n?[ \t]{0,8}\Z)"
)
_AHEAD: Final = re.compile(
    rf"(?<![\w.,-])((?:[A-Z]{{1,2}}-)?(?:\d{{4,5}}|\d{{3}} \d{{2}}|\d{{2}}-\d{{3}}"
    rf"|\d{{4}} ?[A-Z]{{2}})) {_TOWN}(?:[ -]{_TOWN}){{0,3}}"
    r"[ ,\u2013-]{1,3}\n?\Z"
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
            good=_is_street,
            hint=hint,
            score=_SCORE,
        )
        for form, hint in _STREETS
    ),
    Kind(entity_type="STREET_ADDRESS", label=_ADDRESS_WORD, value=_ANY_STREET, link=_TO_ADDRESS, score=_SCORE),
    Kind(
        entity_type="STREET_ADDRESS",
        label=quiet.LIVES,
        value=quiet.STREET,
        good=quiet.is_unusual,
        link=quiet.TO_QUIET,
        header=False,
        alone=quiet.FORMS,
        score=_SCORE,
    ),
    *(
        Kind(entity_type="STREET_ADDRESS", label=label, value=value, link=_SIGNED, score=_SCORE)
        for label, value in (
            (rf"(?:{_ADDRESS_WORD}|(?:stra\u00dfe|voie|adr|residente|adresszeile|lokalizacja)(?![^\W_]))", _FIELD),
            (_STREET_FIELD, _STREET_NAME),
            (_HOUSE_WORD, _HOUSE_NO),
        )
    ),
    *(Kind(entity_type="POSTAL_CODE", label="", value=_CODE, alone=form, score=_SCORE) for form in _CODES),
    Kind(entity_type="POSTAL_CODE", label=_CODE_WORD, value=_CODE, link=_TO_CODE, score=_SCORE),
)


_BY_CODES: Final = Part(needs=(spelled(_CODED.pattern),))
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
        if _BLOCKS in parts:
            found += [located(self, start, end, _SCORE, kind) for kind, start, end in blocks(text)]
        for each in found:
            if each.entity_type == "STREET_ADDRESS":
                each.start, each.end = whole(text, each.start, each.end)
        streets = {each.end for each in found if each.entity_type == "STREET_ADDRESS"}
        found += [
            located(self, *place, _SCORE, "POSTAL_CODE") for place in (*_beside(text, streets), *under(text, streets))
        ]
        starts = {each.start for each in found if each.entity_type == "STREET_ADDRESS"}
        found += [located(self, *place, _SCORE, "POSTAL_CODE") for place in _before(text, starts)]
        return [each for each in found if each.entity_type in entities]


def _placed(text: str) -> Iterator[tuple[int, int]]:
    """Yield streets that only the code and town behind them tell: ``Am Markt 3, 50667 Köln``."""
    for code in _CODED.finditer(text):
        start = max(0, code.start() - _REACH)
        street = _LINE.search(text, start, code.start())
        if street:
            yield street.span()


def _before(text: str, starts: set[int]) -> Iterator[tuple[int, int]]:
    """Yield codes whose town stands right before a street: ``1050 Bruxelles, avenue Louise 231``."""
    for start in starts:
        code = _AHEAD.search(text, max(0, start - _REACH), start)
        if code:
            yield code.span(1)


def _beside(text: str, ends: set[int]) -> Iterator[tuple[int, int]]:
    """Yield codes with a town right behind a street, and US or other codes behind the town."""
    for end in ends:
        if field := _NEXT.match(text, end) or _LONE.match(text, end):
            yield field.span(field.lastindex or 0)
        between = _BEHIND.match(text, end)
        if between:
            for at in {between.end(), end + len(between[0]) - len(between[0].lstrip(" ,\n\t-|"))}:
                match = _CODED.match(text, at) or _LAST.match(text, at)
                if match:
                    yield match.span(1)
