"""Postal codes: by their form, behind their word, beside a town or a street.

Law: a code counts by its form where no other number looks like it, else beside a town on the line of an address, behind
a word for one, or before a town where a part of a line begins. Every repetition is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gateway.detect.lexicon import is_everyday, traits
from gateway.detect.recognizers.asked import ASKED
from gateway.detect.recognizers.labels import Kind
from gateway.detect.recognizers.streets import LOW, UP
from gateway.detect.words import PLACE

TOWN: Final = rf"[{UP}](?:[{LOW}'\u2019.]{{1,24}}|[{UP}]{{2,24}})"
BY_TOWN: Final = re.compile(
    rf"(?<![\w.,-])(?P<code>(?:[A-Z]{{1,2}}[- ])?(?:\d{{5}}|\d{{4}}|\d{{3}} \d{{2}}|\d{{2}}-\d{{3}}|\d{{4}}-\d{{3}}"
    rf"|\d{{5}}-\d{{3}}|\d{{4}} ?[A-Z]{{2}}))[ ]{{1,2}}{TOWN}"
)
_BEGINS: Final = re.compile(r"(?:\A|[\n,;:|(\"'>\u00b7\u2022\u2013-] ?| {2})\Z")
_LIVED: Final = re.compile(
    r"(?i)(?:(?<!\w)(?:in|\u00e0|a|i|en|te|v|w|aus|nach|bei|em|na) |(?:ort|ville|town|city|ciudad|localidad"
    r"|citt\u00e0|plaats"
    r"|cidade|miejscowo\u015b\u0107|miasto|by|m\u011bsto|obec|\u015fehir|wohnort|gemeinde) ?: ?)\Z"
)
_NEAR: Final = 16
_YEAR_LONG: Final = 4
_YEAR: Final = re.compile(r"(?:19|20)\d\d|\d0000")
_BEHIND: Final = re.compile(
    r"[ \t]{0,3}(?:[,.]|[-\u2013|/;\u00b7\u2022]|\n)?[ \t]{0,8}(?:\n[ \t]{0,8})?(?:[^\d\n]{1,30}(?:,|[-\u2013|]|\n)"
    r"[ \t]{0,8})?"
)
_NEXT: Final = re.compile(
    r"[\"']?[ ]?[,;|\t][ ]?[\"']?(\d{4,5}|\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-\d{3}|\d{4} ?[A-Z]{2})"
    r"(?=[\"']?[ ]?(?:[,;|\t\n)]|\.(?!\d)|$))"
    r"|[ ]{2,12}(\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-\d{3}|\d{4} ?[A-Z]{2})(?=[ ]{2}|[\n.,;]|$)"
)
"""A code in the field behind a street's."""

_LONE: Final = re.compile(r"[ ,]{1,6}(\d{5}|\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-\d{3}|\d{4} [A-Z]{2})[ \t]*(?=\n|\Z)")
"""A code without a town, where the line ends."""

_SMALL: Final = re.compile(
    rf",? ?(\d{{5}}|\d{{4}}|\d{{3}} \d{{2}}|\d{{2}}-\d{{3}}|\d{{4}}-\d{{3}}|\d{{5}}-\d{{3}}|\d{{4}} ?[a-z]{{2}})"
    rf" {{1,2}}([{LOW}]{{3,25}})"
)
"""A code and a town in small letters, as they follow a street in chats."""

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
    "|Vijayawada|Madurai|Varanasi|Rajkot|Jodhpur|Raipur|Ranchi|Guwahati|(?:Navi )?Mumbai|Thane|Faridabad|Ghaziabad"
    "|Meerut|Srinagar|Aurangabad|Dehradun|Udaipur|Secunderabad|Warangal|Tiruchirappalli|Hubli|Jalandhar|Prayagraj|Allahabad"
    "|Bhubaneswar|Cuttack|Jamshedpur|Kozhikode|Thrissur|Gwalior|Jabalpur|Mohali|Puducherry"
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
    rf"(?:,|\n) ?{TOWN} ?[-\u2013] ?(\d{{6}}|\d{{3}} \d{{3}})(?![\w-])",
    r"(?<!\w)(?:S ?\(|S(?=\d)|(?i:singapore|s['\u2019]?pore) )(\d{6})(?![\w-])",
    rf"(?:{_FULL_STATES}),? (\d{{5}}(?:-\d{{4}})?)(?!\d|[.-]\d)",
    rf"(?<![\w.-])(\d{{2}}-\d{{3}})(?= {{1,2}}{TOWN})",
    rf"(?<![\w.-])(\d{{4}}-\d{{3}})(?= {{1,2}}{TOWN})",
    r"(?<![\w.-])(\d{5}-\d{3})(?![\w-])",
    (
        r"(?<![\w-])((?:a[bl]|b[abdhlnrst]|c[abfhmortvw]|d[adeghlnty]|e[chnx]|f[ky]|g[luy]|h[adgprsux]|i[gpv]|je"
        r"|k[atwy]"
        r"|l[adelnsu]|m[ekl]|n[egnprw]|ol|ox|p[aehlor]|rg|rh|rm|s[aegklmnoprstwy]|t[adfnqrsw]|ub|w[acdfnrsv]|yo|ze)"
        r"\d{1,2} \d(?!st|nd|rd|th|gb|hr)[abd-hjlnp-uw-z]{2})(?![\w-])"
    ),
    (
        rf"(?:(?<!\w)(?:in|\u00e0|a|en|aus|nach|bei|di|ad|em|te|v|ve|w) |\()(?!\d{{2}}000)(\d{{5}}"
        rf"|\d{{3}} \d{{2}}) (?={TOWN}[,.;)\n ])"
    ),
    rf"(?:(?<!\w)(?:\u00e0|a|in|di|en|de)|,) {TOWN} \((\d{{5}})\)",
    rf"{TOWN} \((\d{{4}} ?[A-Z]{{2}})\)",
    rf"[\"'](\d{{2}}-\d{{3}})[\"'],\s?[\"']{TOWN}",
    r"(?<=[a-z]),? (?:NSW|VIC|QLD|SA|WA|TAS|NT|ACT),? (\d{4})(?![\w-]|[.,]\d)",
    rf"(?i:{_INDIAN}),? (?:- ?)?([1-9]\d{{2}} ?\d{{3}})(?![\w-]|[.,]\d)",
    rf"(?<![\w.-])((?:D|A|CH|F|E|I|B|L|NL|DK|SE|S|N|NO|FI|PL|CZ|SK|AT|DE|FR|BE|LU)-\d{{4,5}})(?= {TOWN})",
)
_CODE_WORD: Final = (
    r"(?:pstcd|postcode(?:plaats)?|plz(?:[ /_-]ort)?|p\.s\.c\.|zip(?:[\s_-]?code|\+4)?|post(?:al)?[\s_-]?code"
    r"|post(?:al)?[\s_-]?codes|pin[\s_-]?code|plz"
    r"|postleitzahl|code[\s_-]?post(?:al)?|c\.?p\.?(?=[\"']?\s?[:=>]| {1,4}\d{5}(?!\w)|\s?/\s?[a-z]{3,12}\s?:)"
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
    r"|(?: ?/ ?[^\W\d]{2,12})?[\s\"'`*:=#|>().\]/-]{0,24}(?:(?:is|ist|est|es|is)\s)?"
)
_CODE: Final = re.compile(
    r"(?:[A-Za-z]{1,2}[- ])?(?:\d{3,4} ?[A-Za-z]{2}(?!\w)|[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}"
    r"|[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d|\d{2}-\d{3}|\d{4,5}-\d{3,4}|\d{3} {1,2}\d{2,3}|\d{2} \d{3}|\d{4,7})(?![\w%])"
)

_LAST: Final = re.compile(rf"(?:{TOWN}(?: {TOWN}){{0,3}}[ ,-]{{1,3}})(\d{{4,6}}|\d{{3}} \d{{2,3}})(?![\w.%-])")
_AHEAD: Final = re.compile(
    rf"(?<![\w.,-])((?:[A-Z]{{1,2}}-)?(?:\d{{4,5}}|\d{{3}} \d{{2}}|\d{{2}}-\d{{3}}"
    rf"|\d{{4}} ?[A-Z]{{2}})) {TOWN}(?:[ -]{TOWN}){{0,3}}"
    r"[ ,\u2013-]{1,3}\n?\Z"
)
_REACH: Final = 70
"""Characters before a street in which its code stands."""
_SCORE: Final = 0.85

CODES: Final = (
    *(Kind(entity_type="POSTAL_CODE", label="", value=_CODE, alone=form, score=_SCORE) for form in _CODES),
    Kind(entity_type="POSTAL_CODE", label=_CODE_WORD, value=_CODE, link=_TO_CODE, score=_SCORE),
)


def of_towns(text: str) -> Iterator[tuple[int, int]]:
    """Yield codes before a place that is known: ``75011 Paris``, where a part of a line begins."""
    for code in BY_TOWN.finditer(text):
        town = code[0].split()[-1]
        low = max(0, code.start() - _NEAR)
        begins = traits(town) & PLACE and _BEGINS.search(text, low, code.start())
        if (begins or _LIVED.search(text, low, code.start())) and not (
            is_everyday(town) or _YEAR.fullmatch(code["code"])
        ):
            yield code.span("code")


def of_small_town(text: str, at: int) -> tuple[int, int] | None:
    """Return where a code stands right behind a street whose town, known or unheard of, has no capital."""
    code = _SMALL.match(text, at)
    if not code or _YEAR.fullmatch(code[1]):
        return None
    known = traits(code[2]) & PLACE
    unheard = max(len(code[1]), len(code[2])) > _YEAR_LONG and not traits(code[2])
    return code.span(1) if known or unheard else None


def _is_year(code: re.Match[str]) -> bool:
    """Whether it is the year of something, and no place that is known stands behind it."""
    return bool(_YEAR.fullmatch(code[1])) and not traits(code[0].split()[-1]) & PLACE


def before(text: str, starts: set[int]) -> Iterator[tuple[int, int]]:
    """Yield codes whose town stands right before a street: ``1050 Bruxelles, avenue Louise 231``."""
    for start in starts:
        code = _AHEAD.search(text, max(0, start - _REACH), start)
        if code:
            yield code.span(1)


def beside(text: str, ends: set[int]) -> Iterator[tuple[int, int]]:
    """Yield codes with a town right behind a street, and US or other codes behind the town."""
    for end in ends:
        if field := _NEXT.match(text, end) or _LONE.match(text, end):
            yield field.span(field.lastindex or 0)
        elif small := of_small_town(text, end):
            yield small
        between = _BEHIND.match(text, end)
        if between:
            for at in {between.end(), end + len(between[0]) - len(between[0].lstrip(" ,\n\t-|"))}:
                match = BY_TOWN.match(text, at) or _LAST.match(text, at)
                if match and not _is_year(match):
                    yield match.span(1)
