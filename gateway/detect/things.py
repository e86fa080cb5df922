"""Things that bear the name of a person: ``Zaal Beatrix``, ``Sessel Karl``, ``Gini coefficient``.

Law: judged is what the model alone has found; who has a title, a label or an initial is found by that. What stands
around the name on its line says thing: a word of ``called.txt`` for any name; one of ``goods.txt``, a number of a
model, a dose or a result for a name that is not a known given name with a known surname. A word before a name counts
only if it is no name itself, for Hall and Bank are people too.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from gateway.detect.folding import folded, words_of
from gateway.detect.lexicon import is_everyday, is_given, is_name
from gateway.detect.whole import COMPANY

_CALLED, _GOODS, _EPONYMS, _KINDS, _PHRASES = (
    words_of(Path(__file__).with_name(f"{name}.txt")) for name in ("called", "goods", "eponyms", "kinds", "makes")
)
_SAID: Final = "|".join(re.escape(each).replace("_", r"[ \u00a0.-]{1,2}") for each in sorted(_PHRASES))
_MAKES: Final = re.compile(rf"(?<!\w)(?:{_SAID})(?!\w)")
_SAYS: Final = "|".join(sorted(each.replace("*", r"\w{0,6}") for each in _KINDS))
_KIND: Final = re.compile(
    rf"(?:['\u2019]?s)?[ \u00a0-](?:(?:shared|build|compatibility|test|web|cloud)[ \u00a0])?(?P<kind>{_SAYS})(?!\w)"
)
_ENUMERATED: Final = re.compile(
    r"(?:(?<!\w)[^\W\d_]+(?:,|[ \u00a0](?:and|und|et|y|e|en|i|och|og|a|ve|vs|or|oder|ou|o|of|lub|eller|nebo"
    r"|veya|&))[ \u00a0]){1,3}\Z"
)
_SCIENCE: Final = re.compile(
    r"(?<!\w)(?:disease|syndrom|sign|signs|algorithm|theorem|constant|law|scale|score|test|positive|negative|krankheit"
    r"|satz|gesetz|konstante|skala|algorithmus|maladie|loi|theoreme|constante|echelle|enfermedad|ley|teorema|escala"
    r"|malattia|legge|costante|scala|ziekte|wet|stelling|schaal|choroba|prawo|twierdzenie|stala|doenca|lei|sjukdom|lag"
    r"|sats|sygdom|lov|nemoc|zakon|veta|konstanta|hastali|teorem|yasa|sabit|jednotk|unit|einheit|unidad|unite|enhet"
    r"|equation|gleichung|equacion|equazione|rownanie|rovnice|ligning|ekvation|denklem|formul|morbus|palsy|diagnos"
    r"|anamnes|befund|exam|klausur|physi|chemi|fisica|quimic|chimi|natuurkunde|fizyk|fysik|fyzik|fizik|mathemat|matemat"
    r"|scheduler|encryption|hash|algoritm|curv|kurv|krzyw|krivk|distribu|verteilung|verdeling|fordeling|fordelning"
    r"|cifra|chiffr|cipher|verschluss|krypt|szyfr|theori|teori)\w{0,8}"
)
_COUNTED: Final = re.compile(
    r"(?<!\w)(?:le nombre|numer[oi]|numbers?|zahl|getal|liczba|liczby|cisl[oa]|tal|tallet)[ \u00a0]"
    r"(?:(?:de|di|of|von|van)[ \u00a0]|d['\u2019])?\Z"
)
_CLASS: Final = re.compile(r"[A-Z]|[IV]{2,3}")
_GRADE: Final = re.compile(r"[ \u00a0](?:[A-D]|[IVX]{1,4}|\d{1,3}[a-dA-D]?)(?![\w.])")
"""What a grade of somebody's scale is called."""

_CODED: Final = re.compile(r"-?\d")
_STREET: Final = re.compile(
    r"(?:boulevard|gade|gata|vej|vag|plads|plats|torg|strasse|straat|allee|platz|park|laan|plein|bro|skol|skole)"
    r"(?:en|ens|et|ets|n|s|an)?"
)
_OF: Final = (
    r"(?:(?:de la|de los|de|del|della|dello|di|do|da|du|des|van|von|of|av|af|nach|imeni|im\.|sw\.)[ \u00a0]"
    r"|d['\u2019])?"
)
_BEFORE: Final = re.compile(
    rf"(?<!\w)([^\W\d_]+)\.?[ \u00a0](?:[\"\u201e\u201c\u201d\u00ab\u00bb'][ \u00a0]?)?(?P<of>{_OF})\Z"
)
_RELEASED: Final = re.compile(r"\dv?[\w.-]{0,20}[ \u00a0]{0,2}\(?[\"\u201e\u201c\u201d\u00ab'][ \u00a0]?\Z")
"""The number of a version, before the name that it goes by."""

_HOST: Final = re.compile(r"-\d{1,3}(?![\w-])|:\d+\.\d")
"""What stands behind the name of a machine."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_BEHIND: Final = re.compile(
    r"(?:['\u2019]s?)?[ \u00a0-](?:laws?|act|bill|directive|rule|building|theatre|theater|stadium|museum|library"
    r"|hospital"
    r"|college|university|institute|foundation|award|prize|medal|cup|trophy|scholarship|bridge|dish|curve|coefficient"
    r"|index|ratio|constant|equation|theorem|lemma|distribution|principle|paradox|catheter|forceps|clamp|needle|tube"
    r"|bod(?:y|ies)|stain(?:ing)?|reaction|procedure|man(?:o)?euvre|maneuver|fracture|reflex|contracture|cyst|node"
    r"|plan"
    r"|protocol|model|method|transform|filter|process|chain|engine|motor|theme|edition|series|collection"
    r"|gesetz|preis|platz|haus|schule|stiftung|schale|kurve|koeffizient|konstante|satz|katheter|zeichen|reaktion"
    r"|resektion|syndrom|verteilung|tabelle|formel"
    r"|lami|testi|kanunu|yasasi|katsayisi|sabiti|egrisi|belirtisi|odulu|sendromu|denklemi|salonu|okulu|lisesi"
    r"|hastanesi|universitesi|vakfi|caddesi|sokagi|bulvari|mahallesi|apartmani"
    r"|pipeline|server|cluster|plugin|dashboard|repo|repository|branch|framework|library|api|sponge|cake|pie|sauce"
    r"|gunu|aksami|sabahi|gecesi|ayi|haftasi|bayrami"
    r"|loven|lagen|priset|prisen|salen|skolen|skolan|huset|fonden|stiftelsen|centret|testen)(?!\w)"
)
_MODEL: Final = re.compile(
    r"(?:[ \u00a0][A-Z][^\W\d_]{1,14})?[ \u00a0-](?:[A-Z]{1,4}[ -]?\d{1,5}[A-Z]{0,3}|\d{1,5}[ -]?[A-Z]{1,4}"
    r"|[A-Z]\d?-?[A-Z]?\d{1,4}[A-Z]?"
    r"|\d{1,2}(?:\.\d){1,2}|[vV]\d{1,3}(?:\.\d{1,3}){0,3}|X{1,2}L|[A-Z]{2,4}-[A-Z]\d{1,4}[A-Z]?)(?![\w/]|\.\d)"
)
_DOSE: Final = re.compile(
    r"(?i)(?:[ \u00a0][^\W\d_]{2,12})?[ \u00a0]\d{1,5}(?:[.,/]\d{1,4})?[ \u00a0]?(?:mg|mcg|\u00b5g|ml|u\.?i\.?|ie"
    r"|iu|j\.m\.|x|\u00d7)(?:[ \u00a0]?\d|(?!\w))"
)
_ITEM: Final = re.compile(
    r"\s{0,6}(?:(?:item|pos|position|poz|lp|vare|vara|post|artikel|art|lot|los|partida|voce|polozka|kalem"
    r"|n[\u00b0o])\b\.?[ ]?)?"
    r"\d{1,4}(?:\.\d{1,3}){0,2}[.):]?[ \u00a0]"
)
_MEASURE: Final = re.compile(
    r"\d[ \u00a0]?(?:mm|cm|m\u00b2|m\u00b3|kg|ml|l|w|kw|kva|v|a|bar|hz|btu|lm|lumen|inch|zoll|stk|stck|st|szt|ks"
    r"|pcs|stuks|seats|adet|db|\u2033|gb|tb)(?!\w)"
    r"|\b(?:en|iso|din|ts|pn|nbr|ral|ip|nf|une|aisi|ce|hpl|max|ref|art|cat|typ|odstin|colou?r|cor|farbe"
    r"|kleur)\b\.?[ \u00a0]?\d"
)
_SPEC: Final = re.compile(
    r"\d[ \u00a0]?(?:mm|m\u00b2|m\u00b3|w|kw|kva|v|bar|hz|btu|lm|lumen|inch|zoll|stk|stck|st|szt|ks|pcs|stuks|adet|db"
    r"|gb|tb|\u00d7[ ]?\d|x[ ]?\d)(?!\w)|\b(?:en|iso|din|nbr|ral|aisi|hpl)[ \u00a0]?\d"
)
"""What people are not measured in."""

_MONTH: Final = frozenset((
    "mart", "mayo", "mai", "maj", "juni", "juli", "april", "august", "augusti", "mayis", "nisan", "abril", "agosto",
    "marzo", "mars", "maart", "may", "marts", "mei", "maja", "maio", "avril", "aprile", "maggio", "ekim", "eylul",
    "june",
))  # fmt: skip
_IN: Final = re.compile(
    r"(?<!\w)(?:\d{1,2}(?:\.|st|nd|rd|th)?(?: de)?|in|next|last|due|review|count:|due:"
    r"|im|ende|anfang|mitte|seit|since|until|early|late|mid|en|em|fin|debut|fine|inizio"
    r"|begin|eind|sinds|koniec|poczatek|konec|w|v|til|till|i|slutet av|sidst i)[ \u00a0]\Z"
)
_RESULT: Final = re.compile(
    r"(?:['\u2019]?s)?[ \u00a0]?(?:[ \u00a0][+-](?!\d)|[(]?[+\u2212-]{1,3}[)]?(?=[,;.\s])|[ \u00a0:](?:posit|negat"
    r"|pos\.|neg\.|lateral|bilat|unauff|dodatn|ujemn|pozit"
    r"|beidseits|links|rechts|med|udan|grad|index|score|test|sign|[0-9]{1,2}(?:/|\b))|'s [a-d](?!\w))"
)
_ALONE: Final = re.compile(r"\s{0,3}(?:\u00bb|\")?")
_NUMBERED: Final = re.compile(r"[ \u00a0](?:n(?:r|o|\u00ba|\u00b0|um)?\.?[ \u00a0\u00ba\u00b0]{0,2})?\d")
_ARTICLE: Final = re.compile(r"[ \u00a0](?:n\S{0,3}[ \u00a0])?\d{1,6}[./]\d")
"""The number of a law."""

_THE: Final = re.compile(
    r"(?<!\w)(?:a|o|as|os|da|na|pela|la|el|le|les|the|die|der|das|den|de|het|een|en|ei|un|una|une|se|aven|enligt|om"
    r"|per"
    r"|und|og|och|y|e|et|ou|of|fur|efter|selon|secondo|segun|conforme|volgens|wedlug|podle|laut|gemass)[ \u00a0]\Z"
)
_PLATED: Final = re.compile(
    r"[ ,]{1,2}(?:targat|immatr|vin\b|fin\b|kenteken|nr rej|kennzeichen|matricula|placa|plaka|reg\.? ?n|rz\b|spz"
    r"|plate)"
)
_DATED: Final = re.compile(r"[ \u00a0]?/(?:19|20)\d\d(?!\d)|[ \u00a0](?:19|20)\d\d(?!\d)")
_DAY: Final = re.compile(r"(?<!\w)\d{1,2}\.?[ \u00a0]\Z")
_FEASTS: Final = re.compile(
    r"(?<!\w)(?:ascension|pentecote|noel|paques|midsommar\w*|jul|jula|julen|juleaften|julafton|paske\w*|pask\w*"
    r"|pinse\w*|pinkster\w*|kerst\w*"
    r"|weihnacht\w*|ostern|oster\w*|pfingst\w*|natale|pasqua|ferragosto|navidad|semana santa|reyes|wielkanoc\w*"
    r"|vanoc\w*|velikonoc\w*"
    r"|bayram\w*|ramazan|ramadan|easter|christmas|thanksgiving|whitsun|natal|pascoa|carnaval|toussaint|lucia)(?!\w)"
)
_NAMED_FEASTS: Final = frozenset(
    ["toussaint", "lucia", "ascension", "valentin", "nikolaus", "silvester", "sylvester", "martin", "stephan"]
)
_ENDINGS: Final = ("", "s", "a", "u", "e", "ova", "uv", "ovy", "ovo", "owi", "em", "ego", "in", "un")
_WHO: Final = frozenset({"leiter", "zeichner"})
"""Ends of compounds that say who somebody is, though words for goods."""

_PLURALS: Final = frozenset((
    "bindings", "calipers", "pants", "keys", "jeans", "shoes", "jobs", "laws", "tins", "trainers", "roses",
    "libraries", "themes", "modules", "salts",
))  # fmt: skip
"""Words for things that are no verbs."""

_NEAR: Final = 60
_CLOSE: Final = 40
_FULL: Final = 2
_STEM: Final = 4
"""Letters that each half of a compound has more than, or as many."""


def is_thing(text: str, start: int, end: int) -> bool:
    """Whether the name there is that of a thing."""
    words = _WORD.findall(text, start, end)
    if not words or is_make(text, start, end):
        return bool(words)
    low, high = _line(text, start, end)
    before, behind = folded(text[low:start]), folded(text[end:high])
    if _is_called(words, before, behind, _CALLED, text[low:start]) or _BEHIND.match(behind):
        return True
    if len(words) > 1 and not is_name(words[-1]) and _BEHIND.match(f" {folded(words[-1])}"):
        return True
    if _is_full(words) and not _is_joined(text[start:end], words):
        return False
    return (
        _is_of_a_kind(words, behind)
        or _is_eponym(words, before, behind, text[end:high])
        or _is_joined(text[start:end], words)
        or _is_called(words, before, behind, _GOODS, text[low:start])
        or bool(_MODEL.match(text, end, high))
        or bool(_PLATED.match(behind))
        or bool(_DOSE.match(text, end, high))
        or (bool(_ITEM.match(before)) and text[low - 1 : low] in {"", "\n"} and bool(_MEASURE.search(behind)))
        or _is_measured(before, behind)
        or (len(words) == 1 and bool(COMPANY.match(text, end, high)))
        or _is_sign(text[start:end], words, behind)
        or _is_day(words, before, behind)
        or _is_compound(text, words, end)
        or _is_enumerated(words, text[low:start])
        or (len(words) <= _FULL and bool(_RELEASED.search(before)))
        or _is_coded(words, text, end)
        or (words[0].islower() and len(words) == 1 and bool(_HOST.match(behind)))
    )


def is_make(text: str, start: int, end: int) -> bool:
    """Whether what stands there goes by the whole name of somebody, or by his title and name."""
    low = max(0, start - _CLOSE)
    makes = _MAKES.finditer(folded(text[low : end + _CLOSE]))
    return any(low + make.start() < end and start < low + make.end() for make in makes)


def _is_full(words: list[str]) -> bool:
    """Whether it is a known given name with a known surname."""
    return len(words) >= _FULL and is_given(words[0]) and is_name(words[-1])


def _line(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the line of the name begins and ends, as far as it is looked at."""
    low, high = max(0, start - _NEAR), min(len(text), end + _NEAR)
    low = text.rfind("\n", low, start) + 1 or low
    stop = text.find("\n", end, high)
    return low, high if stop < 0 else stop


def _is_called(words: list[str], before: str, behind: str, called: frozenset[str], written: str) -> bool:
    """Whether a word of a list stands before the name, or is its first."""
    if folded(words[0]) in called and _leads(words, before, behind):
        return True
    if called is _GOODS and len(words) > 1 and _is_made_up(folded(words[0])):
        return True
    word = _BEFORE.search(before)
    if word and word["of"] and (called is _GOODS or _is_full(words)):
        return False
    if not word or (written[word.start(1)].isupper() and is_name(word[1])):
        return False
    return word[1] in called or (called is _GOODS and _is_made_up(word[1]))


def _is_made_up(word: str) -> bool:
    """Whether a word ends with one for goods, as compounds do."""
    ends = {word[at:] for at in range(_STEM, len(word) - _STEM + 1)}
    return not is_name(word) and bool(ends & _GOODS) and not ends & _WHO


def _leads(words: list[str], before: str, behind: str) -> bool:
    """Whether the first word of a name, which may be somebody's, is that of a thing."""
    if _ARTICLE.match(behind):
        return True
    if len(words) == 1:
        return not is_name(words[0]) and bool(_NUMBERED.match(behind))
    labelled = before.endswith(": ") and not is_given(words[0])
    return words[0].islower() or not is_name(words[0]) or labelled or bool(_THE.search(before))


def _is_measured(before: str, behind: str) -> bool:
    """Whether an everyday word stands before the name, and behind it what people are not measured in."""
    word = _BEFORE.search(before)
    return bool(word and not word["of"] and is_everyday(word[1]) and _SPEC.search(behind[:_CLOSE]))


def _is_of_a_kind(words: list[str], behind: str) -> bool:
    """Whether a word behind the name says what it is. A given name may have a verb behind it."""
    kind = _KIND.match(behind)
    return bool(kind and not (is_given(words[0]) and kind["kind"].endswith("s") and kind["kind"] not in _PLURALS))


def _is_eponym(words: list[str], before: str, behind: str, written: str) -> bool:
    """Whether somebody's law or illness is told of, by the words around, or a grade of the scale of no known name."""
    found = [word for word in words if not _CLASS.fullmatch(word)]
    if not found or len(found) > _FULL or not all(_is_known_eponym(word) for word in found):
        return False
    if not all(map(is_name, found)) and (len(words) > 1 or _GRADE.match(written)):
        return True
    return bool(_SCIENCE.search(before) or _SCIENCE.search(behind) or _COUNTED.search(before))


def _is_known_eponym(word: str) -> bool:
    """Whether things are called after the name, whatever its case."""
    plain = folded(word)
    return any(plain.removesuffix(ending) in _EPONYMS for ending in _ENDINGS)


def _is_joined(value: str, words: list[str]) -> bool:
    """Whether a hyphen joins a word for a thing to what was found."""
    last = words[-1]
    joined = len(words) > 1 and last.islower() and value[-len(last) - 1 : -len(last)] in {"-", "\u2010", "\u2011"}
    if not joined:
        return False
    plain = folded(last)
    if plain in _GOODS or _KIND.match(f" {plain}") or _STREET.fullmatch(plain) or is_everyday(last):
        return True
    return len(words) == _FULL and len(last) > _STEM and is_given(words[0]) and not is_name(last)


def _is_coded(words: list[str], text: str, end: int) -> bool:
    """Whether the last word is the beginning of a number: ``Carmen L5210``."""
    return len(words) > 1 and len(words[-1]) <= _FULL and words[-1][0].isupper() and bool(_CODED.match(text, end))


def _is_enumerated(words: list[str], before: str) -> bool:
    """Whether the name is one more in a row of goods."""
    row = _ENUMERATED.search(before)
    if len(words) > 1 or not row or not row[0][:1].isupper():
        return False
    word = _BEFORE.search(folded(before[: row.start()]))
    return bool(word and not word["of"] and word[1] in _GOODS and before[word.start(1)].islower())


def _is_sign(value: str, words: list[str], behind: str) -> bool:
    """Whether it is a sign, beside its result or joined to an illness."""
    if len(words) == _FULL and "-" in value and not is_name(words[1]):
        return folded(words[0]) in _EPONYMS
    return len(words) == 1 and folded(words[0]) in _EPONYMS and bool(_RESULT.match(behind))


def _is_day(words: list[str], before: str, behind: str) -> bool:
    """Whether it is the month of a date, or a feast beside another."""
    if len(words) > 1 and not behind.startswith("/"):
        return False
    if folded(words[0]) in _MONTH and _IN.search(before):
        return True
    if _DATED.match(behind) and (behind.lstrip().startswith("/") or _DAY.search(before)):
        return True
    return folded(words[0]) in _NAMED_FEASTS and bool(_FEASTS.search(before) or _FEASTS.search(behind))


def _is_compound(text: str, words: list[str], end: int) -> bool:
    """Whether a hyphen joins a word of everyday text to the name."""
    behind = _WORD.match(text, end + 1)
    return (
        words[0][0].isupper()
        and text[end : end + 1] in {"-", "\u2010", "\u2011"}
        and len(words) == 1
        and behind is not None
        and len(behind[0]) > _FULL
        and (behind[0].islower() or is_everyday(behind[0]))
    )
