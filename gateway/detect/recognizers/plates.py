"""Number plates, by their word, by their form near a vehicle, and behind its make or model: ``the Corsa (KX19 VZT)``.

Law: a country's form needs a word for a vehicle near (``context``) or before it, but for forms that nothing else has
(``AB-123-CD``: of 124 million characters of prose, code and logs none had one that was none). A form that could be an
engine's or a model's too (``TDI 150``) counts only behind a comma or a bracket; a make itself is none.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.detect.folding import spelled
from gateway.detect.lexicon import traits
from gateway.detect.recognizers.generic import PatternFinder
from gateway.detect.recognizers.labels import Kind, LabelledRecognizer, labelled
from gateway.detect.recognizers.phone import is_free

_PLATE_WORD: Final = (
    r"(?:(?:licen[cs]e|number|registration|vehicle|car|reg)[\s_-]?plates?(?: (?:no|number))?|plates?(?: (?:no"
    r"|number))?|vrm"
    r"|(?:vehicle |car )?registration(?: (?:no|number|mark))?|reg\.?[\s-]?(?:no|nr|number)?|(?:kfz-?|auto-?"
    r"|amtl\.? ?|amtliches )?kennzeichen"
    r"|kfz|immat\.?|immatricul(?:ation|ee?)|kennz\.?|kjennemerke|skiltn(?:umme)?r|evidencni cislo"
    r"|plaque(?: d['\u2019]immatriculation)?|matriculas?|placas?|targ(?:a|at[aoei]|hata)"
    r"|kenteken|nummerplaat"
    r"|(?:nr|numer) rej(?:estracyjny)?|nr rej\.|rejestracyjn\w{1,3}|rejestracj[aei]|nr rej|tablic[aey]?"
    r"|registreringsnummer"
    r"|registrerings-?nr|regnr"
    r"|reg-?nummer|nummerplade|plaka(?:li|si)?|spz|rz|registracni znacka|rekisteri(?:numero|tunnus)|index|pojazd"
    r"|rego|kent\.|rej\.|matric\.|mat\.(?= ?[A-Z0-9]{2,3}-)|kz\.|znacka"
    r"|marki|dominio|patente(?= [A-Z]{2})|tg\.|plaque pour \w{2,3} \w{2,12})(?![^\W_])"
)
_PLATE: Final = re.compile(
    r"(?=[^\n]{0,5}[A-Z])(?=(?:[A-Z\u00c4\u00d6\u00dc]|[ .\u00b7:-]){0,8}\d)[A-Z0-9\u00c4\u00d6\u00dc]{1,4}"
    r"(?:[ .\u00b7:-]{0,2}[A-Z0-9\u00c4\u00d6\u00dc]{1,5}){1,3}"
    r"(?![\w%\u20ac$]|[./]\d)|\d{1,4}[ -][A-Z]{2,3}(?:[ -]\d{1,4})?(?!\w)|[A-Z0-9]{4,8}(?!\w)"
)
_PLATE_LINK: Final = re.compile(
    r"(?:[ \t]{2,40}|[ .]{4,40}|[\s\"'`*:=#|>().?-]){0,6}"
    r"(?:(?:is|was|ist|lautet|est|es|jest|je|ar|er|no|nr|no\.|nr\.|number|mit|with)\s){0,2}"
    r"[\"'(]?"
)
_STATE: Final = r"(?:A[PRS]|BR|CG|D[DL]|G[AJ]|H[PR]|J[HK]|K[AL]|LA|M[HNPZ]|O[DR]|P[BY]|RJ|SK|T[GNS]|U[KP]|WB)"
_INDIAN: Final = rf"{_STATE}(?: \d{{1,2}} [A-Z]{{1,3}} |-\d{{1,2}}-[A-Z]{{1,3}}-|\d{{2}}[A-Z]{{1,3}})\d{{4}}"
"""Also short or without gaps, as numbers of parts are: it takes a vehicle before it."""

_OF_INDIA: Final = re.compile(_INDIAN, re.IGNORECASE)
_FEWEST: Final = 4
_MOST: Final = 9


def _is_plate(value: str) -> bool:
    signs = [sign for sign in value if sign.isalnum()]
    digits = sum(map(str.isdigit, signs))
    size = _FEWEST <= len(signs) <= _MOST or _OF_INDIA.fullmatch(value)
    return bool(size) and 0 < digits < len(signs)


_NONE: Final = (
    r"(?!\d{1,4}[- ](?:JAN|FEB|MAR|APR|MA[IYJ]|JU[NL]|AUG|SEP|O[CK]T|NOV|DE[CZ]|[AP]M|CCM?|GT[IX]"
    r"|EUR|USD|GBP|CHF|PLN|CZK|SEK|DKK|NOK|TL|KR|K[MG]|M[IL]N|BAR|STK|PCS|PAX|SEC|STD|HRS)(?![^\W_]))"
    r"(?!(?:TDI|TSI|GTI|GTS|DCI|HDI|CDI|GTE|FSI|TFSI|LCI|AMG|PS|KW|CV|HP|CH|KM|EUR|USD|CHF|CC|CZK|PLN|SEK|DKK|NOK|GBP|TL"
    r"|KR(?![ -]?\d{1,3}[A-Z])|MY|BJ|EZ|ID|NO|NR|SN|CM|KG|UN|AG|ART|REF|VIN"
    r"|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(?![A-Z]))"
)
"""Dates, engines, sums and counts."""

_AUSTRIAN: Final = (
    r"(?:AM|B[ALMNRZ]|D[LO]|E[FU]|F[BEFKR]|G[BDFMRSU]|H[ABEFLO]|I[LM]|J[EOUW]|K[BFGILORSU]|L[ABEFILNZ]|M[ADEITUZ]"
    r"|N[DK]|O[PW]|P[ELT]|R[AEIO]|S[BDELOPRVWZ]|T[AU]|UU|V[BIKLO]|W[BELNOTUYZ]|Z[ETW])-\d{2,5} ?[A-Z]{1,3}"
    r"|[BEGIKLSW]-(?:\d{3} ?[A-Z]{2}|\d{4,5} ?[A-Z]{1,2})"
)
_STRONG: Final = (
    rf"{_NONE}(?:[A-Z]{{2}} \d{{1,2}} [A-Z]{{1,3}} \d{{4}}|{_AUSTRIAN}"
    r"|[A-Z]{2}\d{2} ?[A-Z]{3}|[A-Z]\d{1,3} [A-Z]{3}"
    rf"|[A-Z\u00c4\u00d6\u00dc]{{1,3}}-[A-Z]{{1,2}} ?\d{{1,4}}[EH]?"
    r"|[A-Z]{2}[- ]\d{3}[- ][A-Z]{2}|[A-Z]{2}\d{3}[A-Z]{2}|\d{4}[ -]?[BCDFGHJKLMNPRSTVWXYZ]{3}"
    r"|\d{2}[- ][A-Z]{2}[- ]\d{2}"
    r"|[A-Z]{2}[- ]\d{2}[- ][A-Z]{2}|\d{2}-\d{2}-[A-Z]{2}|\d{1,2}-[A-Z]{2,3}-\d{1,3}|[A-Z]{1,2}-\d{2,3}-[A-Z]{1,2}"
    r"|[A-Z]{2} \d{2} \d{3}|[A-Z]{3} \d{2}[A-Z0-9]|[A-Z]{3}-?\d[A-Z]\d{2}|[A-Z]{3}-\d{3,4}|\d[A-Z][A-Z0-9] ?\d{4}"
    r"|[A-Z]{3}\d{2}[A-Z](?![A-Z])|[A-Z]{2} \d{2} [A-Z]{2} (?:GP|EC|FS|MP|NC|NW|L)"
    r"|\d{2} [A-Z]{1,3} \d{2,4}|\d{2,3}-[A-Z]{1,2}-\d{1,6}|[A-Z]{2,3} \d(?=[0-9]{0,3}[A-Z])[A-Z0-9]{3,4})"
)
_WEAK: Final = (
    rf"{_NONE}(?:[A-Z]{{1,3}}[ -]?\d{{3,6}}|[A-Z]{{1,3}} (?=[A-Z]{{0,4}}\d)[A-Z0-9]{{4,5}}|\d{{3}}[ -][A-Z]{{3}}"
    r"|\d[A-Z]{3}\d{3}|[A-Z]{2} [A-Z]{3} \d{3}|[A-Z]{1,2} \d{1,5} ?[A-Z]{1,3}|[A-Z]{1,2} \d{3} \d{3})"
)
_SURE: Final = (
    rf"(?:{_STATE}(?: \d{{2}} [A-Z]{{1,2}} |-\d{{2}}-[A-Z]{{1,2}}-)\d{{4}}"
    r"|[A-HJ-PR-Y]{2}(?:0[2-9]|[12]\d|5[1-9]|[67]\d) ?[A-HJ-PR-Z]{3}"
    r"|[A-HJ-NP-TV-Z]{2}(?:-\d{3}-| \d{3} )[A-HJ-NP-TV-Z]{2}|[A-H][A-HJ-NP-TV-Z]\d{3}[A-HJ-NP-TV-Z]{2}"
    r"|\d{4} ?[BCDFGHJKLMN][BCDFGHJKLMNPRSTVWXYZ]{2}"
    r"|\d\d-[BDFGHJKLNPRSTVXZ]{3}-\d|\d-[BDFGHJKLNPRSTVXZ]{3}-\d\d"
    r"|[BDFGHJKLNPRSTVXZ]{2}-\d{3}-[BDFGHJKLNPRSTVXZ]|[BDFGHJKLNPRSTVXZ]-\d{3}-[BDFGHJKLNPRSTVXZ]{2}"
    r"|[BDFGHJKLNPRSTVXZ]{3}-\d\d-[BDFGHJKLNPRSTVXZ]|[BDFGHJKLNPRSTVXZ]-\d\d-[BDFGHJKLNPRSTVXZ]{3}"
    r"|[12]-[A-Z]{3}-\d{3}|\d[ABCEHJKLMPSTUZ][A-Z0-9] \d{4}"
    r"|(?:AI|BL|BS|FR|GL|GR|JU|LU|NW|OW|SH|SZ|TG|TI|VD|VS|ZG|ZH) \d{3} \d{3}"
    r"|[BCDFGHJKLMNPRSTVWXYZ]{2} \d\d [BCDFGHJKLMNPRSTVWXYZ]{2} (?:GP|EC|FS|MP|NC|NW|L))"
)
"""Forms of India, Britain, France and Italy, Spain, the Netherlands, Belgium, Czechia, Switzerland and South Africa."""

_UNIT: Final = re.compile(
    r"(?i).*(?:CHF|CZK|DKK|GBP|HKD|HRK|JPY|KRW|BTC|BRL|CLP|MXN|NTD|NGN|MKD|KZT|BGN|[GMK]HZ|[GMK]WH|[GMK]BT|KCL|LBS|MP[HG]"
    r"|K[MP]H|BPM|BTL|LTR|GRS|HRS|KRS|MTR|MTS|LTS|KTS|K[GM]S|MMR?|CMS?|[BH]GB|NFL|NHL|MLB|GPS|[BMK]B[PS]|DBM|FPS|LLC|BMW"
    r"|LKR|NPR|CNY|LBP|GTQ|KWD|BHD|JMD|LYD|MMK|MVR|MWK|MYR|NZD|BDT|BND|BWP|BYN|CDF|CRC|DD[A-Z]|LL[A-Z]"
    r"|GMC|CLK|MHD|NBR|NRS?|MRD|MLN|MLD|KCS?|GMT|CST|CDT|MST|MDT|HST|BST)"
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d [A-Za-z]{3}")
_LAST: Final = re.compile(r"[A-Za-z]{3}\Z")


def _is_sure(value: str) -> bool:
    """Whether a form is no quantity, nothing of a year, and ends in no word."""
    last = _LAST.search(value)
    word = last and " " in value and traits(last[0])
    return not word and not _UNIT.fullmatch(value) and not _YEAR.fullmatch(value)


_FORMS: Final = re.compile(
    rf"(?<![\w-])(?!(?:DIN|ISO|EN|USB|VDE|IEC|RFC)-)(?:{_STRONG}|{_INDIAN}"
    rf"|{_NONE}[A-Z]{{2,3}} (?=[A-Z]{{0,4}}\d)[A-Z0-9]{{4,5}})(?![\w-])"
)
_VEHICLES: Final = [
    *(
        " car ",
        " cars ",
        "vehicle",
        " van ",
        "truck",
        "lorry",
        "plate",
        "parked",
        "driver",
        "driving",
        " auto ",
        "wagen",
    ),
    *("fahrzeug", "pkw", "lkw", "kfz", "voiture", "vehicule", "v\u00e9hicule", "camion", " coche ", "veh\u00edculo"),
    *("veicolo", "vettura", "furgon", "voertuig", "samoch", "pojazd", "carro", "viatura", "ve\u00edculo", " bil "),
    *(" bilen ", "fordon", "k\u00f8ret\u00f8j", "ara\u00e7", "araba", "vozidl", "automobil", "parkeret", "parkerad"),
    *(
        "unfall",
        "accident",
        "collision",
        "sinistre",
        "incidente",
        "ongeval",
        "wypad",
        "kolizj",
        "siniestro",
        "acidente",
    ),
    *("olycka", "krock", "ulykke", "p\u00e5k\u00f8rsel", " kaza", "nehod"),
    *(" taxi", " lorries", " vans ", " rego ", " ute ", "chauffeur", "fahrer", "conducteur", "conductor", "autista"),
    *(" furgo ", "camioneta", "chofer", "taxista", "motorista", "kierowc", "\u0159idi\u010d", "dod\u00e1vk"),
    *("\u015fof\u00f6r", " sofor", "kamyon", "minib\u00fcs", "plakal\u0131", "chauff\u00f6r", "bilen", "varebil"),
    *("firmabil", "tj\u00e4nstebil", "lastbil", "sk\u00e5pbil", "busje", "bestelbus", "bestelwagen", "aanhang"),
    *("f\u00f6rare", "f\u00f8rer", "s\u00fcr\u00fcc\u00fc", "autem", " auta ", " autko", "ci\u0119\u017car\u00f3wk"),
]

_MAKES: Final = (
    r"(?:ford|opel|vauxhall|toyot|volkswagen|vw|renault|peugeot|citro[e\u00eb]n|skod|\u0160kod|\u0161kod|seat|cupra"
    r"|fiat|dacia|honda|hyundai|kia|mazd|nissan|mitsubishi|suzuki|subaru|volvo|bmw|audi|mercedes|mini|land rover"
    r"|range rover|jaguar|tesl|lexus|porsche|alfa romeo|lancia|iveco|man|scani|daf|chevrolet|jeep|dodge|saab|smart"
    r"|togg"
    r"|mg|byd|polestar|ssangyong|isuzu|piaggio|vespa|yamaha|kawasaki|ducati|harley|ktm|golf|polo|passat|tiguan|touran"
    r"|caddy|crafter|transporter|corsa|astra|insignia|zafira|mokka|vivaro|fiesta|focus|mondeo|transit|kuga|puma|clio"
    r"|megane|m\u00e9gane|twingo|kangoo|captur|scenic|sc\u00e9nic|trafic|master|octavi|fabi|superb|kodiaq|kamiq|yaris"
    r"|corolla|rav4|aygo|auris|prius|hilux|pand|punto|tipo|doblo|dobl\u00f2|ducato|egea|ibiza|le\u00f3n|leon|arona"
    r"|ateca"
    r"|micra|juke|qashqai|navara|sprinter|vito|berlingo|partner|expert|jumper|boxer|c3|c4|208|308|2008|3008|duster"
    r"|sandero|logan|picanto|ceed|sportage|sorento|tucson|i10|i20|i30|kona|civic|jazz|cr-v|swift|vitara|outlander"
    r"|forester|impreza|kadjar|koleos|arkana|rodeo|ranger|stilo|qubo|fiorino|scudo|talento|tourneo"
    r"|s-max|berlina|proace|verso|avensis|karoq|scala|citigo|t-roc|arteon|up!|amarok|movano|meriva"
    r"|bipper|rifter|jumpy|jimny|ignis|primastar|nv200|model [3sxy]"
    r"|zoe|laguna|espace|onix|saveiro|gol|hb20|strada|tofa\u015f|albea|fluence|a3|a4|a6|q3|q5|x1|x3|x5|v40|v60|v70|v90|xc40|xc60|xc90|scooter|moped|trailer|anh\u00e4nger"
    r"|remorque|caravan|wohnmobil|camper|motorbike|motorrad)"
)
_SAID: Final = (
    r"(?:(?i:registration|reg|plates?|kennzeichen|amtl|immatricul\w{1,4}|immat|plaque|targ(?:a|ata|ato)|placas?"
    r"|matr[i\u00ed]cula|kenteken|nr rej|rej|rz|spz|plaka\w{0,3}|regnr|reg\.?nr|mit|with|med|met|de|com|con|o|no|nr"
    r"|numer\w{0,3})[\s.:]{1,2}){0,3}"
)
_BEHIND: Final = (
    rf"(?<!\w)(?i:(?:{_MAKES}[a-z]{{0,5}}|pkw|lkw|car|van|voiture|v[e\u00e9]hicule|veh[i\u00ed]culo|ve[i\u00ed]culo"
    r"|coche|moto|vrachtwagen|kamion\w?|tir|\w{0,9}bil(?:en)?|auto|\w{0,9}wagen|\w{0,9}vogn(?:en)?|vettura"
    r"|taxi|cab|ute|truck|lorry|cami[o\u00f3]n|fourgon(?:nette)?|utilitaire"
    r"|furg(?:o|[o\u00f3]n|oneta|one|oncino|[a\u00e3]o)|camioneta|camioncino"
    r"|carro|carrinha|caminh\u00e3o|busje|bestelbus|samoch\u00f3d\w{0,3}|autem|auta|bus|busem|dod\u00e1vk\w{0,3}"
    r"|vozidl\w|kamyon|araba\w{0,4}|ara\u00e7|arac\u0131\w{0,3}|minib\u00fcs|taksi|motoru?)(?!\w))"
    r"(?:[ -][\w.]{1,14}){0,4}?"
)
KINDS: Final = (
    Kind(
        entity_type="LICENSE_PLATE",
        label=_PLATE_WORD,
        value=_PLATE,
        good=_is_plate,
        link=_PLATE_LINK,
        alone=(
            rf"{_BEHIND}(?:[,;:/(\[\u2013 -]{{1,3}}{_SAID}({_STRONG})(?![\w-])"
            rf"|\s?[,(:\[]\s?{_SAID}({_WEAK})(?=[),;.\]\n]|$))"
        ),
    ),
    Kind(
        entity_type="LICENSE_PLATE",
        label=_PLATE_WORD,
        value=re.compile(rf"(?i:{_STRONG}|{_INDIAN})(?![\w-])"),
        good=_is_plate,
        link=_PLATE_LINK,
        header=False,
    ),
    Kind(
        entity_type="LICENSE_PLATE",
        label="",
        value=_PLATE,
        good=_is_sure,
        stands=is_free,
        alone=rf"(?<![\w./+#\u00a7-])({_SURE})(?![\w-]|[./]\w| ?[%\u20ac$]|,\d)",
    ),
    Kind(
        entity_type="LICENSE_PLATE",
        label="",
        value=_PLATE,
        good=_is_sure,
        alone=(rf"{_BEHIND}[,;:/(\[ -]{{1,3}}{_SAID}((?i:{_SURE}|{_INDIAN}|[A-Z]{{3}}\d\d[A-Z]))(?![\w-]|[./]\w)"),
    ),
    Kind(
        entity_type="LICENSE_PLATE",
        label="",
        value=_PLATE,
        good=_is_plate,
        alone=(
            rf"(?<![\w-])({_STRONG})(?![\w-])[,:;( \u2013-]{{1,3}}"
            rf"(?i:(?:an?|the|uma?|een|eine?|ett?|une?|una|jeden|bir|le|la|el|il|den|det) )?(?!(?i:mg|man|seat"
            r"|smart|mini|master|expert|partner|focus|golf|gol|polo|trailer)(?!\w))"
            rf"(?i:{_MAKES}[ayio]?)(?![\w/])"
        ),
    ),
    Kind(
        entity_type="LICENSE_PLATE",
        label="",
        value=_PLATE,
        good=_is_plate,
        alone=rf"(?<![\w-])((?i:{_STRONG}))['\u2019]? (?i:plakal|numaral\u0131 plaka|nolu plaka)",
    ),
)


def plates() -> list[LabelledRecognizer | PatternFinder]:
    """Find them."""
    forms = PatternFinder("LICENSE_PLATE", _FORMS, 0.3, "CloisterPlateRecognizer", (spelled(_FORMS.pattern),))
    forms.context = _VEHICLES
    return [*labelled(KINDS), forms]
