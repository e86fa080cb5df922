"""Streets in small letters, as they stand in chats: ``abita in via cadore 5``, ``adres krucza 12, lublin``.

Law: such a street has a house number, a word that says that somebody lives there or that a street follows, and a name
that is no everyday word. Where the number ends, a part of the sentence ends as well.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.detect.lexicon import is_everyday
from gateway.detect.recognizers.postcodes import of_small_town
from gateway.detect.recognizers.streets import LOW, UP

LIVES: Final = (
    r"(?:lives?|living|wohn(?:t|e|en|haft)|habit(?:e|ons|ent|ait)|vive|vivo|viven|vivimos|abit(?:a|o|iamo|ano)|mor[ao]"
    r"|moramos|mieszka(?:m|my|ja)?|zamieszkal[yae]|woon(?:t|en)?|bor|bodde|boede|bydli(?:m|me)?|bytem|zam\."
    r"|oturuyor\w{0,3}"
    r"|adres\w{0,3}|na adrese|odbior|leveres|levering|delivery|deliver|pick ?up|ritiro|consegna|teslimat"
    r"|livraison|livrer|lieferung|liefern|abholung|abholen|besichtigung|hamtas|levereras|afspraak|bezorgen"
    r"|entrega|recoger|recogida|doruceni|visit|termin|adr|indirizzo|direccion|endereco|morada)(?![^\W_])"
)
"""Written as words of labels are (``detect.folding``)."""

TO_QUIET: Final = re.compile(
    r"(?:[ :.=]{1,4}(?:(?:in|at|on|an|am|a|au|en|em|na|no|v|ve|pa|i|te|aan|op|w|przy|ved|is|er|ist|est|es|e|to|je|ar)"
    r" (?:de |der |den |la |el |o |het )?){0,2}(?:[a-z]{3,20} (?:in|na|aan|an|en|i|pa|ved|w|przy) (?:de |der "
    r"|den |la )?)?)"
)
_NUMBER: Final = (
    r"\d{1,4} ?[a-z]?(?:[/-]\d{1,3}[a-z]?)?(?![\w%\u20ac$]|[.,:/-]\d)(?=,|;|\)|\.?(?:\s|$)| (?:in|a|en|em|w|i|v"
    r"|te|\u00e0) [a-z])"
    r"(?! ?(?:kr|km|min|eur|\u20ac)\b)"
)
_NAME: Final = rf"[{LOW}][{LOW}'\u2019.-]{{1,24}}"
_UNIT: Final = (
    r"(?! ?(?:\u00e5r|ans|jahre?n?|years?|anni|a\u00f1os|anos|jaar|lat|let|y\u0131l|min|km|kr|eur|uhr|h|m(?! ?\d)|kg|pm"
    r"|am|\u20ac)\b)"
)
_INDOORS: Final = (
    r"(?!\w{0,20}(?:raum|zimmer|geschoss|saal|halle|stock|teil|schnitt|blatt|tag|woche|jahr|monat|gang|gleis|schalter"
    r"|punkt|version|abend|morgen|platz|seite|bereich|terminal|gate|kurs|klasse|werk|haus|block|fall|stand|wohnung|ward"
    r"|room|floor|level|unit|suite|lokaler?|zaseda\u010dka|m\u00edstnost|u\u010debna|toplant\u0131"
    r"|konferen\w{0,7}|auditori\w{0,2}|hotel|aula"
    r"|pavil\w{0,5}|hal[al]?|arena|stadi[ou]n?m?|studio|rampa?|sektor|hangar|expo|fiera|messe|kino|teater"
    r"|theater|order|sala|salle|sal|zaal|sali|oda|pokoj|lot|lote|case|day)\w{0,2} )"
)
NAMED: Final = re.compile(
    rf"(?i:{_INDOORS})(?:[{UP}][{UP}{LOW}'\u2019.-]{{1,30}} ){{1,3}}(?!(?:19|20)\d\d(?!\w))\d{{1,4}}"
    rf"(?: ?[A-Ha-h](?!\w))?(?:[/-]\d{{1,3}}[a-z]?)?(?!\w|[.,:]\d){_UNIT}"
)
"""A name and a number where somebody lives, or somebody is to come."""

PLACED: Final = (
    rf"(?<!\w)(?:Am|An der|Auf der|Auf dem|Beim|Hinter der|Im|Zum|Zur) (?i:{_INDOORS})"
    rf"(?!\w{{1,30}} (?:19|20)\d\d(?!\w))([{UP}][{LOW}]{{4,30}} \d{{1,3}}(?: ?[a-z](?!\w))?)"
    rf"(?!\w|[.,:/-]\d|\.? [{UP}][{LOW}]){_UNIT}"
)
"""A name behind a preposition, and no everyday word (``is_unusual``)."""

STREET: Final = re.compile(rf"(?:{_NAME} ){{1,3}}(?!(?:19|20)\d\d(?!\w)){_NUMBER}")
FORMS: Final = (
    rf"(?<![\w-])(?:via (?:{_NAME} ){{1,3}}(?!(?:19|20)\d\d(?!\w)){_NUMBER}"
    rf"|(?:an der|in der|auf der|auf dem|am|im|beim|zum|zur) ([{LOW}]{{5,25}} \d{{1,3}}(?:[a-z]|(?= in [a-z]))(?!\w)))"
)
"""Where ``via`` or a preposition stands before it."""

_LEAD: Final = (
    r"(?:an de[rn]|auf de[rm]|in de[rn]|am|im|zum|zur|beim|unter den|alte[rn]?|neue[rn]?|gro\u00dfe|kleine|rue"
    r"|avenue|bd|place|quai|chemin|all\u00e9e|impasse|des|du|de la|de|della|dei|del|via|viale|corso|piazza|largo|calle"
    r"|plaza|avenida|av\.?|rua|travessa|pra\u00e7a|ul\.?|al\.?|os\.?|pl\.?|na|nad|pod|u|van|het|op de|stora"
    r"|lilla|norra|s\u00f6dra"
    r"|gamle|gamla|store)"
)
TOWNED: Final = (
    rf"(?<![\w@./-])((?:{_LEAD} ){{0,3}}[{LOW}][{LOW}'\u2019.-]{{2,25}} \d{{1,4}} ?[a-z]?(?:[/-]\d{{1,3}}[a-z]?)?)"
    rf"(?=(?: (?:lgh|m\.|bus|wg|whg|\d)[^\n,]{{1,8}})?, ?\d{{2}}[\d -]{{2,7}}(?: ?[a-z]{{2}})? {{1,2}}[{LOW}]{{3}})"
)
"""A street, its number, and behind a comma the code of a town, all of it in small letters."""

TOWNED_NEED: Final = r"\d[^\n,]{0,12}, ?\d\d[\d -]{2,7}(?: ?[a-z]{2})? {1,2}\w"
DOORED: Final = (
    rf"(?<![\w@./-])([{LOW}]{{5,25}} \d{{1,3}} ?[a-z]?)"
    rf"(?=,? (?:lgh\.? ?\d{{3,4}}(?!\d)|(?:\d{{1,2}}\.?|st\.?|kl\.?) ?(?:sal )?(?:tv|th)"
    rf"(?!\w)|m\. ?\d))"
)
"""A street before the door of a flat."""

DOORED_NEED: Final = r"\d ?[a-z]?,? (?:lgh|(?:\d\d?\.?|st\.?|kl\.?) ?(?:sal )?t[vh]|m\. ?\d)"
SCENE: Final = (
    r"(?:misto(?: (?:nehody|udalosti|skody|cinu))?|unfallort|schadenort|einsatzort|tatort|lieu(?: de l['\u2019]accident"
    r"| du sinistre| des faits)?|lugar(?: del (?:siniestro|accidente|hecho))?"
    r"|luogo(?: del (?:sinistro|incidente|fatto))?"
    r"|local(?: d[oa] (?:acidente|sinistro|ocorrencia))?|miejsce(?: (?:zdarzenia|wypadku|szkody))?|olycksplats"
    r"|skadeplats|plats|skadested|ulykkessted|gerningssted|sted|yer|kaza yeri|olay yeri"
    r"|plaats(?: (?:van het )?ongeval)?|scene|location of (?:accident|loss|incident)|place of (?:accident|loss"
    r"|incident))(?=\s?:)"
)
"""Where something has happened, on a form."""

TO_SCENE: Final = re.compile(r"\s?:[ \t]{1,12}")


def is_towned(text: str, _: int, end: int) -> bool:
    """Whether a town without a capital follows."""
    flat = _BEHIND.match(text, end)
    return of_small_town(text, flat.end() if flat else end) is not None


_BEHIND: Final = re.compile(r"[^\n,]{0,14}(?=,)")


def is_unusual(value: str) -> bool:
    """Whether its first name is no everyday word."""
    names = [word for word in re.findall(rf"[{LOW}]{{4,}}", value.lower()) if word not in _SMALL]
    return bool(names) and not is_everyday(names[0])


_SMALL: Final = frozenset(
    {"delle", "della", "degli", "dell", "dello", "santa", "alte", "alten", "neue", "neuen", "hohen"}
)
