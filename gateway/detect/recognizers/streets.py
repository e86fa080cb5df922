"""Streets that need other words than most: in capitals or in small letters, of a neighbourhood, with a flat behind.

Law: a form has a house number, a block's or a kilometre, or another street that it meets, or it is a post box with its
code; a word that is not only a
street's (``View``, ``Bank``) counts where a line or a part of an address ends. What belongs to a house behind its
number (floor, door, staircase, box) belongs to the street. Every repetition is bounded.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.detect.recognizers.spoken import ENGLISH, FRENCH, NUMBER_WORDS

UP: Final = (
    "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100\u0102\u0104\u0106\u010c\u010e\u0110\u0118\u011a"
    "\u011e\u0130\u0139\u013d\u0141\u0143\u0147\u0150\u0158\u015a\u015e\u0160\u0164\u016e\u0170\u0178\u0179\u017b\u017d"
)
LOW: Final = "a-z\u00df-\u00f6\u00f8-\u024f"
_NAME: Final = rf"[{UP}][{UP}{LOW}'\u2019.-]{{0,30}}"
_OF: Final = (
    r"(?i:(?:de|del|de la|de las|de los|da|do|das|dos|di|della|dei|delle|degli|d['\u2019]|du|des|la|le|les|l['\u2019]"
    r"|van|van de|van der|den|der|el|los|las|e|i|y) ?){0,3}"
)
_NAMES: Final = rf"{_OF}(?:\d{{1,2}}\.? (?:de |di )?)?{_NAME}(?: {_OF}{_NAME}){{0,4}}"
_LOUD: Final = rf"[{UP}][{UP}0-9'\u2019.-]{{0,24}}"
_QUIET: Final = rf"[{LOW}][{LOW}'\u2019.-]{{0,24}}"
_STOP: Final = r"(?![\w%\u20ac$]|[.,:]\d)"
_NO: Final = (
    rf"\d{{1,4}}(?: ?[a-zA-Z](?!\w|\. ?\d))?(?:[-/] ?(?:\d{{1,4}}[a-zA-Z]?|[A-Za-z]{{1,2}})(?!\w)){{0,3}}{_STOP}"
)
_ENDS: Final = r"(?=,|;|\"|<|\.? ?\n|\.? ?$|\.? +[A-Z]{1,2}\d)"
_APART: Final = r"(?:(?i:apt|apartment|flat|unit|suite|ste|app|apto)\.? ?#?\w{1,5},? )?"

_WAYS: Final = (
    r"(?:STREET|ST|ROAD|RD|AVENUE|AVE|LANE|LN|DRIVE|DR|BOULEVARD|BLVD|COURT|CT|PLACE|PL|SQUARE|TERRACE|WAY|CLOSE"
    r"|CRESCENT|CRES|GARDENS|GROVE|MEWS|ROW|HILL|PARKWAY|PKWY|HIGHWAY|HWY|CIRCLE|CIR|TRAIL|QUAY|WALK|RISE|GREEN)"
)
_MORE_WAYS: Final = (
    r"(?:Wharf|Wynd|Brae|Vennel|Croft|Garth|Parade|Embankment|Esplanade|Quays|Bend|Cove|Hollow|Chase|Drove|Fold|Copse"
    r"|Meadows?|Vale|Mount|Heights|Ridge|Crossing|Bank|Yard|View|Gate|Fields?|Wood|Woods|Path|Mill|Orchard|Cottages?"
    r"|Villas|Buildings|Paddock|Pastures|Spinney|Dene|Glade|Glen|Knoll|Downs|Common|Precinct|Causeway|Strand|Trace|Oval"
    r"|Landing|Creek|Run|Point|Brow|Bridge|Cross|End|Loan|Gait|Haven|Mead|Lea|Holm|Side|Wells)"
)
_CELTIC: Final = (
    r"(?:Heol|Ffordd|Stryd|L\u00f4n|Lon|Maes|Clos|Rhodfa|Cwrt|Parc|Tan|Cae|Llys|Teras|Bryn"
    r"|B\u00f3thar|Sr\u00e1id|Ascaill|Cluain|Gort|Cnoc|D\u00fan|Pen|Ty|T\u0177)"
)
_SAID_WAYS: Final = "street|road|avenue|lane|drive|close|crescent|terrace|gardens|grove|court"
_FARMS: Final = "(?:Cottage|House|Lodge|Farm|Barn|Manor|Forge|Rectory|Vicarage|Mill|Grange|Stables|Villa|Bungalow)"
_ENGLISH: Final = (
    rf"{_APART}(?<![\w.,/:-])\d{{1,5}}[A-Z]?,? (?:{_LOUD} ){{1,4}}{_WAYS}(?!\w)\.?"
    rf"|\d{{1,4}}[A-Za-z]?,? (?:[A-Z][\w'\u2019-]{{0,24}} ){{1,3}}{_MORE_WAYS}{_ENDS}"
    rf"|\d{{1,4}}[A-Za-z]?,? {{1,3}}{_CELTIC}"
    r"(?:[ -]{1,3}(?:y|yr|a'r|na|an|[A-Z][\w'\u2019-]{1,20})){1,4}"
    rf"|(?i:{ENGLISH}),? (?!(?:of|the|on|in|way|lane|more|other|main) )(?:[\w'\u2019]{{2,15}} ){{1,2}}"
    rf"(?i:{_SAID_WAYS})(?!\w)"
    rf"|(?:The )?(?:[A-Z][\w'\u2019-]{{1,20}} ){{1,3}}{_FARMS}"
    r"(?=,? ?\n?[A-Z][^\n\d,]{2,30},? ?\n? ?[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?!\w))"
)
_ESTATES: Final = (
    rf"\d{{2,5}} (?:[NSEW]{{1,2}}\.? )?(?i:[nsew]{{1,2}}\.? )?\d{{1,3}}(?i:st|nd|rd|th) (?i:st|street|ave"
    rf"|avenue|rd|dr|blvd|pl)(?!\w)"
    r"|\d{1,5} (?i:(?:county|state|us|farm|ranch) (?:rd|road|hwy|highway|route)) \d{1,4}(?!\w)"
    r"|\d{3,5} (?:FM|CR|RM|SH|SR)(?: (?:RD|Rd|Road))? \d{1,4}(?=,|\n)"
    r"|\d{3,5} (?:Via|Calle|Camino|Avenida|Paseo|Rancho) (?:[A-Z][a-z]{1,20} ?){1,3}(?=,|\n| ?Apt| ?[A-Z]{2} \d{5})"
    rf"|(?:[A-Z][\w'\u2019-]{{1,20}} ){{1,3}}{_FARMS}, (?:[A-Z][\w'\u2019-]{{1,20}} ){{1,3}}(?:Lane|Road|Street"
    rf"|Hill|Green|Close|Drove)(?!\w)"
    r"|\d{1,3} The [A-Z][a-z]{2,20}(?=,[^\n]{0,40}[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})"
    r"|(?:H|D|Door|House|Flat|Plot)\.? ?No\.? ?[:-]? ?\d[\w/-]{0,12}"
    r"|(?:Plot|House|SCO|Shop|Flat)(?: No\.?)? \d{1,4}[A-Z]?, (?:Sector|Phase|Block|Stage)[ -]\w{1,4}(?!\w)"
    r"|(?:Urbaniza\u00e7\u00e3o|Urb\.|Quinta|Condom\u00ednio|Conjunto|Residencial|Loteamento"
    r"|Urbanizaci\u00f3n) (?:[\w.]{1,20} ){1,5}"
    r"(?:lote|lt\.?|casa|bloco|bl\.?|torre) ?\w{1,4}(?!\w)|"
    r"(?:Units?|Suite|Block|Plot|Shop|Level) \w{1,5},? (?:[A-Z][\w'\u2019]{1,24} ){1,3}(?:Park|Estate|Centre|Center"
    r"|House|Building|Tower|Works|Mill)(?!\w)"
    r"|(?i:R\.?R\.?|rural route|rt|rte|route|star route|hc)\.? ?#?\d{1,3},? (?:Box|BOX) \d{1,5}[A-Z]?"
)
_HOUSES: Final = (
    r"(?:v\u00e6nget|v\u00e6nge|parken|parkvej|stien|bakken|toften|engen|lunden|g\u00e5rden|krogen|torv|torvet|pladsen"
    r"|boulevard|kajen|kaj|brinken|skr\u00e6nten|leddet|ageren|haven|h\u00f8jen|h\u00f8j|dalen|kvarteret|all\u00e9n"
    r"|slingan|str\u00e5ket|sv\u00e4ngen|rundan|h\u00f6jden|kroken|liden|v\u00e4g|gata|stig|torg|lia|haugen|svingen"
    r"|tunet|faret|kaia|terrasse|hof|pad|markt|wal|baan|steenweg|kaai|vest|brink|veld|horst|meent|erf|zijde|lei"
    r"|anger|hang|berg|blick|grund|wiese|wiesen|feld|rain|winkel|tor|markt|br\u00fccke|park|pfad|twiete|kamp"
    r"|stra\u00dfen|brynet|marken|holmen|dammen|vangen|bjerget|\u00e5sen|tomten|udden|\u00e4ngen|hamnen|kullen|lyckan"
    r"|stien|stranden|havnen|v\u00e4nget|hagen|esplanaden|promenaden|stigen|gr\u00e4nden)"
)
_LOUD_HOUSES: Final = (
    r"(?:STRASSE|STRA\u00dfE|STRA\u1e9eE|STR\.|WEG|PLATZ|ALLEE|GASSE|DAMM|UFER|RING|CHAUSSEE|STRAAT|LAAN|PLEIN|GRACHT"
    r"|KADE|SINGEL|DIJK|VEJ|GADE|ALL\u00c9|V\u00c6NGET|V\u00c4GEN|GATAN|GATA|VEIEN|GATE|STIGEN|TORGET)"
)
_QUIET_HOUSES: Final = (
    r"(?:stra\u00dfe|strasse|str\.|gasse|allee|straat|laan|gracht|plein|gatan|v\u00e4gen|gade|vej|veien|gata)"
)
_GERMANIC: Final = (
    rf"(?:(?:{_LOUD} ){{0,3}}[{UP}][{UP}-]{{0,25}}{_LOUD_HOUSES}|(?:{_LOUD} ){{1,2}}{_LOUD_HOUSES}),? {_NO}"
    rf"|(?:(?:{_QUIET} )?(?:van|von|de|der|den|ter|ten) (?:de[rn]? )?)?[{LOW}][{LOW}-]{{2,25}}{_QUIET_HOUSES}"
    rf" (?:(?!(?:19|20)\d\d(?!\w)){_NO}|(?!(?:on|to|set|bin|un|um|mil|ten|ni|ti) ){NUMBER_WORDS})"
    rf"|[{UP}][{UP}{LOW}-]{{2,25}}(?:stra\u00dfe|strasse|weg|platz|allee|gasse|straat|laan|vej|gade|gatan|v\u00e4gen)"
    rf" (?!(?:on|to|set|bin|un|um|mil|ten|ni|ti) ){NUMBER_WORDS}"
)
_NORDIC: Final = (
    rf"(?:{_NAME} ){{0,2}}[{UP}][{UP}{LOW}]{{1,25}}{_HOUSES} (?!(?:19|20)\d\d(?!\w)){_NO}"
    r"(?=,? ?\n? {0,8}(?:[A-Z]{1,2}-)?\d{3} ?\d{1,2} |, ?(?:\d|st|kl|lgh|bus)|\n)"
)
_WAY_FR: Final = (
    r"(?:rue|avenue|av\.|boulevard|bd\.?|chauss\u00e9e|place|square|quai|chemin|ch\.|route|rte|clos|dr\u00e8ve|venelle"
    r"|all\u00e9e|impasse|sentier|ruelle|grand-?rue|esplanade|cours)"
)
_SHORT_FR: Final = (
    r"(?:(?:sq|imp|all|pass|fg|fbg|crs|rte|ham|lot|boul)\.|za|zi|zac|zae|hameau|cour|galerie|mont\u00e9e"
    r"|traverse|sente|parvis"
    r"|promenade)"
)
_LOUD_FR: Final = (
    r"(?:RUE|AVENUE|AV\.?|AVE|BOULEVARD|BD\.?|BLD|BLVD|PLACE|PL\.?|CHEMIN|CHE\.?|CH\.?|ALL[E\u00c9]ES?|ALL\.?"
    r"|IMPASSE|IMP\.?|QUAI|ROUTE|RTE\.?|COURS|CRS|SQUARE|SQ\.?|PASSAGE|PAS\.?|SENTIER|SENTE|RUELLE|FAUBOURG|FBG|VENELLE"
    r"|LOTISSEMENT|LOT\.?)"
)
_FRENCH: Final = (
    rf"(?i:{_WAY_FR}) {_NAMES},? (?:n[\u00b0\u00ba] ?)?(?!(?:19|20)\d\d(?!\w)){_NO}"
    rf"|(?<![\w.,/-])\d{{1,4}}(?: ?(?:BIS|TER|[A-D])(?!\w))?,? {_LOUD_FR} (?:{_LOUD} ){{0,4}}{_LOUD}"
    rf"|(?<![\w.,/-])\d{{1,4}}(?: ?(?:bis|ter|[A-D])(?!\w))?,? (?i:{_SHORT_FR}) {_NAMES}"
    rf"|(?:R\u00e9s(?:idence|\.)|R[E\u00c9]S(?:IDENCE|\.)) {_NAMES}(?=,? (?i:b[\u00e2a]t|appt?|apt|esc|n\u00b0)[. ])"
    rf"|\d{{1,4}}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|impasse|chemin|all\u00e9e) (?:{_QUIET} ){{0,3}}{_QUIET}"
)
_PLACE_FR: Final = rf"(?:[Ll]ieu-?dit|LIEU-?DIT) (?:{_OF}{_NAME})(?:[ -]{_OF}{_NAME}){{0,3}}"
_DUTCH: Final = (
    rf"(?:{_NAME} ){{1,2}}(?:Straat|Laan|Gracht|Plein|Singel|Kade|Dijk|Steenweg|Plantsoen|Hof|Markt|Haven|Baan) {_NO}"
    rf"|[{UP}]?[{LOW}]{{0,12}}[Ss]teenweg (?:op|naar) {_NAME} {_NO}"
)
_GRID: Final = (
    r"(?i:av\.?|avenida|calle|c\.|priv\.|privada) ?\d{1,3} (?i:oriente|poniente|norte|sur|ote\.?|pte\.?"
    r"|nte\.?) \d{1,5}(?![\w%]|[.,:]\d)"
    r"|"
    r"(?:Calle|Carrera|Cra\.?|Cl\.?|Kr\.?|Transversal|Diagonal|Av\.) \d{1,3}[A-Z]? ?(?:#|No\.?|N[\u00ba\u00b0]) ?"
    r"\d{1,3}[A-Z]? ?- ?\d{1,3}(?!\d)"
)
_MORE_LATIN: Final = (
    r"pasaje|pje\.?|psje\.?|diagonal|diag\.|bv\.|jr\.|jir\u00f3n|calz(?:ada|\.)|privada|priv\.|cerrada|salita"
    r"|salizada|vico|fraz(?:ione|\.)|cascina|podere|calata|rampa|borgo|viottolo|scalinata|fondamenta|circonvallazione"
    r"|traversa|lungarno"
)
_WAY_LATIN: Final = (
    rf"(?:{_MORE_LATIN}|"
    r"calle|c/|avda\.?|avenida|av\.|plaza|pza\.?|paseo|camino|carretera|ctra\.?|ronda|traves\u00eda|rambla"
    r"|glorieta|via|viale|v\.le|piazza|p\.zza|corso|c\.so|largo|vicolo|strada|piazzale|contrada|localit\u00e0|loc\."
    r"|rua|r\.|travessa|tv\.|pra\u00e7a|alameda|al\.|estrada|rodovia|beco|cal\u00e7ada|urb\.|urbaniza\u00e7\u00e3o)"
)
_FAR: Final = (
    r"(?:\d{1,2}\.\d{3}(?!\d|[.,]\d)|[Ss]/[Nn](?!\w)|[Ss]\.[Nn]\.(?:[Cc]\.)?|(?:snc|SNC)(?!\w)"
    r"|[Kk][Mm]\.? ?\d{1,4}(?:[.,]\d{1,3})?)"
)
_LATIN: Final = (
    rf"(?i:{_MORE_LATIN}) (?:(?i:inf|sup|int|vecchi[ao]|nuov[ao])\.? )?{_NAMES},? (?i:n\.?[\u00ba\u00b0o]?\.? ?)?{_NO}"
    rf"|(?i:{_WAY_LATIN}) ?{_NAMES},? (?i:n\.?[\u00ba\u00b0o]?\.? ?|n\u00fam\.? ?)?{_FAR}"
    rf"|(?:CALLE|C/|AVDA\.?|AVENIDA|AV\.?|PLAZA|PASEO|CARRETERA|CTRA\.?|VIA|VIALE|PIAZZA|CORSO|LARGO|VICOLO|RUA"
    rf"|TRAVESSA"
    rf"|PRA\u00c7A|ALAMEDA|ESTRADA|RODOVIA) (?:{_LOUD} ){{0,4}}{_LOUD},? (?:N\.?[\u00ba\u00b0O]?\.? ?|NUM\.? ?)?{_NO}"
    r"|(?:calle|avenida|avda\.|plaza|rua|pra\u00e7a|travessa|viale|piazza|corso)"
    rf" (?:{_QUIET} ){{0,4}}{_QUIET},? (?:n[.\u00ba\u00b0o]{{0,2}} ?|n\u00fam(?:ero)?\.? ?|numero )?{_NO}"
    r"|(?i:calle|avenida|plaza|rua|pra\u00e7a|via|viale|piazza|corso)"
    rf" (?:[\w'\u2019]{{2,20}} ){{1,4}}?(?:n\u00famero |numero )?(?i:{NUMBER_WORDS})(?=,| ?\n|\.|$| a | en | em | in )"
    rf"|(?i:{FRENCH}),? (?:bis )?(?i:rue|avenue|boulevard|impasse|chemin"
    rf"|all\u00e9e) (?:[\w'\u2019]{{2,20}} ){{0,3}}[\w'\u2019-]{{3,20}}"
    r"|(?i:quadra|qd\.?|sqn|sqs|shis|qi) ?\w{1,5},? (?i:lote|lt\.?|conj(?:unto)?\.?|bloco|bl\.|casa) ?\w{1,4}"
    rf"(?:,? (?:SETOR|Setor|JARDIM|Jardim|BAIRRO|Bairro) {_NAME}(?: {_NAME}){{0,2}})?"
)
_WAY_SLAVIC: Final = (
    r"ul\.?(?=[ A-Z])|ulic[ay\u0119\u0105]|ulici|al\.|alej[aei]\w?|os\.|osiedl[eua]|pl\.|plac\w?|rondo|skwer"
    r"|t\u0159\u00edda"
    r"|t\u0159\.|n\u00e1m\.|n\u00e1m\u011bst\u00ed|s\u00eddli\u0161t\u011b"
)
_SLAVIC: Final = (
    rf"(?i:{_WAY_SLAVIC})(?: |(?<=\.))"
    rf"(?:{_NAMES}|(?:{_QUIET} ){{0,2}}{_QUIET})"
    rf" (?:(?i:nr|\u010d\.|\u010d\. ?p\.) ?)?{_NO}|{_NAME}(?: {_NAME}){{0,2}} \d{{1,4}}[a-zA-Z]? m\. ?\d{{1,3}}(?!\w)"
    rf"|(?:Na|Pod|U|Nad|Za|V|Ve|K|Ke|Mezi|P\u0159ed|P\u0159i|N\u00e1b\u0159e\u017e\u00ed) {_NAME}(?: {_NAME})?"
    rf" \d{{1,4}}/\d{{1,4}}[a-z]?{_STOP}"
    rf"|{_NAME}(?: {_NAME}){{0,2}} (?:\u010d\. ?p\.|\u010dp\.|\u010d\.p\.) ?\d{{1,4}}(?!\w)"
    rf"|{_NAME}(?: {_NAME}){{0,2}} \d{{1,4}}/\d{{1,4}}[a-z]?(?=,? ?\n? {{0,8}}\d{{3}} ?\d{{2}} [{UP}])"
    rf"|(?:Na|Pod|U|Nad|Za|V|Ve|K|Ke|Mezi|P\u0159ed|P\u0159i) {_NAME}(?: {_NAME})? \d{{1,4}}"
    rf"(?=[ ,]{{0,3}}(?:\n[^\n]{{0,60}}?)?(?<!\d)\d{{3}} ?\d{{2}} {{1,2}}[{UP}])"
)
_TURKISH: Final = (
    rf"{_NAME}(?: {_NAME}){{0,2}} (?:[Mm]ah(?:allesi|\.)?|MAH(?:ALLES\u0130|\.)?),? "
    rf"(?:\d{{1,5}}(?:/\d{{1,2}})?\.? ?|{_NAME} (?:{_NAME} )?)"
    r"(?:(?i:sok(?:ak|a\u011f\u0131|\.)|sk\.|cad(?:desi|de|\.)|cd\.|bulvar\u0131|blv\.|yolu)|SOKA\u011eI|CADDES\u0130)"
    r"|\d{2,5}(?:/\d{1,2})?\. ?(?i:sok(?:ak|a\u011f\u0131|\.)|sk\.|cad(?:desi|de|\.)|cd\.)"
    r"|\d{3,5}(?:/\d{1,3})? [Ss]okak(?!\w)"
    rf"|(?!adres)(?:{_QUIET} ){{1,2}}mah(?:allesi|\.)?,? (?:(?:{_QUIET} ){{1,2}}|\d{{1,5}}\.? ?)(?:sok|sokak"
    rf"|cad|caddesi"
    rf"|sk|cd)\.?"
    r" ?no[:.]? ?\d{1,4}"
    rf"|(?:{_NAME} ){{0,3}}\d{{1,3}}\. ?(?:Sk\.?|Sok\.?|Cad\.?|Cd\.?|SOK\.?|CAD\.?) (?i:no)[:.]? ?\d{{1,4}}"
    rf"|(?:{_NAME} ){{1,3}}(?:Bulv|Blv|Bul|BULV|BLV)\.?,? (?:(?i:no)[:.]? ?)?\d{{1,4}}(?:/\d{{1,3}})?(?!\w)"
    rf"|(?:{_QUIET} )?\d{{1,3}}\. ?(?:cadde|sokak|cad|sok|sk|cd)\.?,? (?:no[:.]? ?)?\d{{1,4}}(?:/\d{{1,3}})?(?!\w)"
    rf"|(?:{_NAME} ){{1,3}}(?:Sk|Sok|Cad|Cd|Mah|SK|SOK|CAD|CD|MAH)\.,? (?:{_NAME} ){{1,3}}(?:Apt|Sit|Blok|APT"
    rf"|S\u0130T|BLOK)\.?"
    r"(?= ?(?i:k|d|kat|no|daire)[.: ])"
    rf"|(?:{_NAME} ){{1,3}}(?:Sk\.?|Sok\.?|Cad\.?|Cd\.?|SOK\.?|CAD\.?) (?i:no)[:.]? ?\d{{1,4}}"
    rf"|(?:{_NAME} ){{1,3}}(?:Bulvar\u0131|Bulv\.|Caddesi|Cad\.|Cd\.|Soka\u011f\u0131|Sok\.|Sk\.)"
    rf"(?: (?:ile|ve) (?:{_NAME} ){{1,3}}(?:Bulvar\u0131|Bulv\.|Caddesi|Cad\.|Cd\.|Soka\u011f\u0131|Sok\.|Sk\.))?"
    r"(?= (?:kav\u015fa\u011f|kesi\u015fim|k\u00f6\u015fesi))"
)
_BOX: Final = (
    r"TSA \d{5}(?!\d)|CS \d{5}(?!\d)|BP (?=\d{1,5}[ ,\u2013-]{0,3}\n?(?:\d{5}(?!\d)|[A-Z][a-z]{2}))\d{1,5}"
    r"|Box \d{1,5}(?=,? ?\n? ?(?:SE?-)?\d{3} ?\d{2} )|Antwoordnummer \d{3,6}(?!\d)|Apdo\.?(?: de [Cc]orreos)? \d{1,6}"
    r"|C[Xx]\.? ?[Pp]ostal \d{1,6}|P\.? ?K\.? \d{1,4}(?=,? \d{5} )|P\.?B\.? \d{1,5}(?=,)"
)
_MET: Final = (
    r"(?:stra(?:\u00df|ss)e|str\.|weg|allee|gasse|platz|ring|damm|straat|laan|plein|gracht|gatan|v\u00e4gen|gade|vej"
    r"|veien|gata)"
)
_ALONG: Final = rf"(?:{_NAME} ){{0,2}}[{UP}][{UP}{LOW}-]{{1,25}}(?i:{_MET})"
_WAY_MET: Final = (
    r"(?i:rua|r\.|av\.?|avenida|avda\.?|calle|c/|carrera|cra\.?|via|viale|corso|piazza|plaza|pra\u00e7a|travessa|rue|bd"
    r"|boulevard|avenue)"
)
_CROSSING: Final = (
    rf"{_WAY_MET} ?{_NAMES},? (?i:(?:x|c/|com|con|\u00e0 l['\u2019]|en) ?)?(?i:esq(?:uina)?|ang(?:olo)?|angle)\.?"
    rf" (?i:(?:con|com|de|da|du|della) )?(?:{_WAY_MET} ?)?{_NAMES}"
    rf"|{_ALONG},? ?(?:/|[Ee]cke|ECKE|[Hh]oek|HOEK) ?{_ALONG}"
    rf"|(?i:hoek|kreuzung|h\u00f6rnet(?: av)?|hj\u00f8rnet(?: af)?) (?:de )?{_ALONG} ?(?:[-/]|en|und|och|og|met)"
    rf" ?(?:de )?{_ALONG}"
    rf"|(?i:corner|cnr|junction|intersection)(?: of)? (?:{_NAME} ){{1,3}}(?:(?i:{_WAYS})\.? )?(?:and|&|/"
    rf"|AND) (?:{_NAME} ){{1,2}}"
    rf"(?i:{_WAYS})(?!\w)"
    rf"|(?i:skrzy\u017cowani\w|k\u0159i\u017eovatk\w) (?:(?i:ulic|ul\.) )?{_NAMES} ?(?:i|z|a|/) ?{_NAMES}"
    rf"|(?i:ul|al)\. ?{_NAMES} (?:r\u00f3g|R\u00d3G|/) ?(?:(?i:ul|al)\. ?)?{_NAMES}"
)
"""Where two streets meet."""

_DOOR: Final = (
    r"(?i:flat|plot|house|shop|door|d\.|h\.|office|apt\.?|apartment|unit|suite)(?: ?(?i:no)\.?)?"
    r"[ :-]{0,2}#?[A-Z]{0,2}-?\d{1,5}[A-Z]?(?:[-/]\w{1,5}){0,3}"
)
_PARTS: Final = rf"{_NAME}(?: {_NAME}){{0,2}}"
_ESTATE: Final = (
    r"enclave|apartments?|apts|residency|residences|towers?|heights|nagar|colony|layout|vihar|society|complex|villas?"
    r"|gardens?|estate|plaza|chambers|mansion|nivas|bhavan|homes|arcade|road|street|marg|lane|cross|main"
    r"|avenue|drive|court|terrace|place|grove|hill|close|crescent"
)
_ASIAN: Final = (
    rf"\d{{1,4}}[A-Z]?,? (?:Jalan|Jln|Lorong|Lor|Lebuh|Persiaran|JALAN|LORONG)(?: {_NAME}"
    rf"| [A-Z]{{2,3}}\d{{1,2}}(?:/\d{{1,3}})?){{1,3}}(?: \d{{1,2}}(?![\w-]))?"
    r"|\d{1,4}(?:/\w{1,3})?, ?\d{1,2}(?:st|nd|rd|th) (?:Cross|Main|Block|Stage|Phase|Street|Lane)(?!\w)"
    rf"|{_DOOR},? (?:{_PARTS}, ){{0,2}}(?:\d{{1,2}}(?i:st|nd|rd|th) (?i:cross|main|block|stage|phase|street|lane|floor)"
    rf"(?: (?i:road|rd|street))?(?!\w)|{_PARTS} (?i:{_ESTATE})(?!\w))"
    rf"(?:, (?:{_PARTS} (?i:{_ESTATE})(?!\w)|\d{{1,2}}(?i:st|nd|rd|th) (?i:cross|main|block|stage|phase|street|lane)"
    rf"(?: (?i:road|rd|street))?(?!\w))){{0,3}}"
)

FORMS: Final = (
    (
        _CROSSING,
        (
            r"(?i)\b(?:esq|ang|ecke|hoek|kreuzung|h\u00f6rnet|hj\u00f8rnet|corner|cnr|junction|intersection"
            r"|r\u00f3g|skrzy\u017cow|k\u0159i\u017eov)"
            r"|[.a-z] ?/"
        ),
    ),
    (_ASIAN, ""),
    (
        _ENGLISH,
        (
            rf" {_WAYS}\b| {_MORE_WAYS}\b|\d[A-Za-z]?,? {{1,3}}{_CELTIC}[ -]| (?i:{_SAID_WAYS})\b"
            rf"| {_FARMS},? ?\n?[A-Z][^\n\d,]{{2,30}},? ?\n? ?[A-Z]{{1,2}}\d"
        ),
    ),
    (_ESTATES, ""),
    (
        _GERMANIC,
        (
            rf"{_LOUD_HOUSES},? \d|{_QUIET_HOUSES} \d"
            r"|(?:stra\u00dfe|strasse|str\.|weg|platz|allee|gasse|straat|laan|gracht|plein|vej|gade|gatan"
            r"|v\u00e4gen|veien"
            r"|gata) \w"
        ),
    ),
    (_NORDIC, rf"{_HOUSES} \d"),
    (
        _FRENCH,
        rf"\b(?:(?i:{_WAY_FR}|r[e\u00e9]s(?:idence|\.)|{_SHORT_FR})|{_LOUD_FR}) ",
    ),
    (_PLACE_FR, "(?i)lieu-?dit "),
    (
        _DUTCH,
        (
            r"(?:Straat|Laan|Gracht|Plein|Singel|Kade|Dijk|Steenweg|Plantsoen|Hof|Markt|Haven|Baan) \d"
            "|[Ss]teenweg (?:op|naar) "
        ),
    ),
    (_GRID, ""),
    (
        _LATIN,
        (
            rf"(?i)\b(?:{_WAY_LATIN}|(?:av|rue|avenue|boulevard|impasse|chemin|all\u00e9e) "
            r"|(?:quadra|qd|sqn|sqs|shis|qi)[. ]{0,2}\w{1,5},? [lcb])"
        ),
    ),
    (
        _SLAVIC,
        (
            rf"\b(?i:{_WAY_SLAVIC})[ \w]| \d{{1,4}}/\d{{1,4}}|\d{{3}} ?\d{{2}} {{1,2}}[{UP}]"
            r"| (?:\u010d\. ?p\.|\u010dp\.|\u010d\.p\.) ?\d|\d[a-zA-Z]? m\. ?\d"
        ),
    ),
    (
        _TURKISH,
        r" (?i:mah|sk|sok|cad|cd|bulv|blv|bul)[ .]| (?:Bulvar|Cadde|Soka)|\d\. ?(?i:sok|sk|cad|cd)| [Mm]ah|\d [Ss]oka",
    ),
    (_BOX, ""),
)
"""Each with what it is looked for by (``labels.Kind.hint``), where it is a chain of names."""

_SOME: Final = r"(?:\d{1,4}(?-i:[A-Za-z])?|(?-i:[A-Z]))(?!\w)"
_SIGHT: Final = rf"(?:[{UP}\d][\w'\u2019.]{{0,24}})"
_FLAT: Final = (
    r"/ ?(?:\d{1,4}[a-z]?|[a-z])(?![\w/])|-(?:[ivx]{1,4}|hs|\d{1,4}[a-z]?)(?!\w)| (?:bis|ter|hs|hoog)(?!\w)"
    rf"|[ ,\u2013-]{{1,3}}(?:(?:apt|apartment|appartement|app|appt|apto|ap|flat|unit|suite|ste|floor|rm|room|bldg|whg"
    r"|wohnung|top|t\u00fcr|stiege|stg|haus|bus|bte|bo\u00eete|bte|b\u00e2t|b\u00e2timent|bat|esc|escalier|escada"
    r"|porte|porta"
    r"|puerta|pta|planta|piso|mz|mza|manzana|uppg|uppg\u00e5ng|portal|bloque|blq|bl|bloco|local|sala|conj|cj"
    r"|casa|dto|dpto|depto|of|oficina|lote"
    r"|quadra|loja|lj|fra\u00e7\u00e3o"
    r"|int"
    r"|interno|scala|sc|piano|palazzina|torre|m|lok|mieszk|kl|byt|kat|k|daire|d|da|no|blok|lgh|v\u00e5n|l\u00e4g|lejl"
    r"|kv"
    rf")[.:]{{0,2}}(?: ?(?:no|nr|n\.?[\u00ba\u00b0]|\u010d\.))?[.:]? ?#?{_SOME}"
    r"|(?-i:[A-H])(?= {1,3}(?:lgh|\d tr|\n))|#?\d{1,3}-\d{2,4}(?=[ ,]{1,2}(?:s ?\(?\d|spore|singapore))"
    r"|(?:st|stuen|kld|ptr|pt)\.(?=[,;)\n\"'<|]| ?$)"
    rf"|(?:opp(?:osite)?|near|nr|behind|beside|next to|adj(?:acent to)?|b/h)\.? (?-i:{_SIGHT}(?: {_SIGHT}){{0,3}})"
    rf"(?:,? (?-i:{_NAME})(?=, (?-i:{_NAME})))?"
    r"|lgh\.? ?\d{3,4}(?!\d)|[hklu]0\d{3}(?!\d)|#\d{1,4}(?!\d)"
    r"|(?:\d{1,2}\.?|st\.?|stuen|kl\.?) ?(?:sal)?,? ?(?:tv|th|mf|t\.v\.|t\.h\.)(?!\w)\.?|\d{1,2}\. ?sal(?!\w)"
    r"|\d ?tr(?!\w)|km \d{1,3}(?:[.,]\d{1,3})?|(?-i:HH|VH|GH|SF|QG)(?!\w)|\d{1,2}[a-d](?=[\s,.]|$)|\"(?-i:[A-Z])\""
    rf"|(?:esc|escalera|portal)\.? (?:izq|dcha|centro|\w{{1,2}}(?!\w))\.?|bajo(?: (?:[a-d]|izq|dcha))?(?!\w)"
    rf"|(?-i:{_NAME}(?: {_NAME})?) (?:sitesi|sit\.|apartman\u0131|evleri|konutlar\u0131)"
    r"|\d{1,2}\. ?(?:og|stock|etage|ug|dg|kat|patro|pi\u0119tro)(?!\w)|(?:eg|dg|hinterhaus"
    r"|vorderhaus|seitenfl\u00fcgel)(?!\w)|\d{1,2}(?:er|e|\u00e8me|de|st|nd|rd|th) (?:[\u00e9e]tage|verd(?:ieping)?"
    r"|floor)(?!\w)|(?:\u00f6n\u00fc|yan\u0131|kar\u015f\u0131s\u0131)(?!\w)"
    r"|\d{1,2}\.?[\u00ba\u00aa\u00b0](?: ?[,-]? ?(?:[a-z]|izq(?:da|uierda)?|izda|dcha?|der(?:echa)?|esq|dto?|drt|fte"
    r"|andar|piso|piano)(?!\w))?\.?|(?:r/c|(?:sobre)?[\u00e1a]tico|entlo|entresuelo|pral)(?!\w)\.?"
    r"(?: ?(?:[a-h]|izq|dcha|\d\.?[\u00ba\u00aa])(?!\w))?"
    r"|(?:izq|dcha|esq|dto|li|re|links|rechts|gauche|droite|sinistra|destra|izquierda|derecha|esquerdo"
    r"|direito)\.?(?!\w)"
    r"|fundos(?!\w)|(?:fundo|frente|fte)(?=[ \t]{0,3}(?:[,;\n)\"'-]|\.|cep| {2}|\Z))|(?-i:PB|P\.B\.)(?!\w)"
    r"|(?:rdc|rez-de-chauss\u00e9e|entresol|sous-sol|hinterhof|souterrain|parter|p\u0159\u00edzem\u00ed"
    r"|piano terra|planta baja)(?!\w)"
    r"|(?-i:[IVX]{1,4}) (?:p\.|pi\u0119tro|p(?=,|\n))"
    rf"|(?:setor|bairro|jd\.|jardim|col\.|colonia|barrio|fracc\.) (?-i:{_NAME}(?: {_NAME}){{0,3}})"
    rf"|(?-i:{_NAME}) apt\.|(?:lower|upper)(?!\w)|(?-i:[A-Z]) blok(?!\w)|(?:st\.?|stuen),? ?(?:tv|th|mf)\.?)"
)
_FLATS: Final = re.compile(rf"(?i)(?:{_FLAT}){{1,4}}")


_DAY: Final = re.compile(
    r"(?<= du)[ -]\d{1,2}(?:er)?[ -](?i:janvier|f\u00e9vrier|mars|avril|mai"
    r"|juin|juillet|ao\u00fbt|septembre|octobre|novembre|d\u00e9cembre)(?:[ -]1[789]\d\d(?!\d))?"
    r"|(?<=-)1[789]\d\d(?!\d)|-1[789]\d\d(?!\d)"
)
"""The day after which a street is called, which has no capital: ``rue du 8 mai 1945``."""

_DOT: Final = re.compile(r"(?<=\bth|\btv|\bmf)\.")
_BEFORE: Final = re.compile(
    rf"(?<!\w)(?:(?:The )?(?:[A-Z][\w'\u2019-]{{1,20}} ){{1,3}}{_FARMS}, "
    r"|(?i:level|floor|unit|flat|suite|apt|apartment|room|shop|block|b\u00e2t(?:iment)?|appt|appartement|bloc"
    rf"|bl|haus|top)\.? ?#?(?:\d{{1,4}}[A-Za-z]?|[A-Z])(?:,? |/)"
    rf"|#?\d{{2,5}} ?[\u2013-] ?(?=\Z)|(?i:unit|flat|plot|shop|lot|suite) |(?:S:ta?|Skt\.?|Gl\.|Gml\."
    r"|Ndr\.?|Nr\.|Sdr\.?) |(?:Am|An de[rn]|Auf de[rm]|Beim|Hinter der|Im|In de[rn]|Unter den|Vor dem|Zum|Zur) "
    rf"|(?:R\u00e9sidence|R\u00c9SIDENCE|Villa|Quinta|Edificio|Ed\.) (?:{_OF}{_NAME} ?){{1,3}},? ){{1,3}}\Z"
)
_PART: Final = 60
"""Characters before a street in which its house is named."""


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where a street stands with the flat behind it and the house before it."""
    before = _BEFORE.search(text, max(0, start - _PART), start)
    day = _DAY.match(text, end)
    end = day.end() if day else end
    behind = _FLATS.match(text, end)
    end = behind.end() if behind else end
    dot = _DOT.match(text, end)
    return before.start() if before else start, dot.end() if dot else end
