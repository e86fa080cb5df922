"""People by the word before them: family, titles and trades, labels of forms, and those who say their name.

Law: a word of ``kin.txt`` stands right before the name, a label of ``signers.txt`` before a colon, dots or a column.
The name must not be an everyday word; in small letters it must be a known given name, unless somebody says that it is
the name, greets or takes leave, or the words around tell of a father. Words are looked up, so that time does not
grow with the lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.detect.folding import folded, need, spelled, words_of
from gateway.detect.lexicon import is_everyday, is_name, is_place, traits
from gateway.detect.vetoes import is_none, is_person
from gateway.detect.words import COMMON, GIVEN, PLACE, SURNAME

_KIN: Final = words_of(Path(__file__).with_name("kin.txt"))
_LABELS: Final = frozenset(each.replace("_", " ") for each in words_of(Path(__file__).with_name("signers.txt")))
_LETTER: Final = r"[^\W\d_]"
_BEFORE: Final = re.compile(
    rf"(?<![\w@.-])({_LETTER}{{2,20}})(?:\.[ \u00a0]?|(?P<comma>,?)[ \u00a0]{{1,2}}(?P<open>\(?))(?={_LETTER}{{2}})"
)
_LINK: Final = re.compile(
    r"[ \t\"'*]{0,30}(?:[:=](?!/)[ \t\"'*]{0,30}(?:\r?\n[ \t]{0,4})?|\.{3,60}:?[ \t]{0,9}|(?<=\S)(?:\t"
    r"| {3,40})(?=\S)|>)"
)
_WORD: Final = re.compile(rf"{_LETTER}{{1,25}}")
_FULL: Final = re.compile(rf"{_LETTER}{{2,25}} (?=[^\W\d_a-z]){_LETTER}{{2,25}}")
_LINEAGE: Final = re.compile(
    rf"(?<![\w@./-])((?:{_LETTER}{{2,20}} {{1,2}}){{0,3}})(?P<mark>(?i:bin|binte|binti|bte|[sd]/o|a/[lp])) {{1,2}}"
    rf"(?P<father>{_LETTER}{{2,20}})(?: {{1,2}}(?=[^\W\d_a-z]){_LETTER}{{2,20}})?(?![\w@])"
)
_VIETNAMESE: Final = re.compile(
    r"(?<![\w@.-])(?:nguyen|tran|pham|huynh|hoang|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|le) {1,2}(?:thi|van)"
    r" {1,2}[a-z]{2,10}(?: {1,2}[a-z]{2,10}(?= ?[,.;:)\n]))?(?![\w@])"
)
_HAILS: Final = re.compile(
    r"(?m:^)[> \t]{0,6}(?:\[[\d:., ]{4,20}\] [\w. ]{2,24}: )?(?:hi|hey|hello|hallo|hoi|hay|ha|salu|sali|hej|hei"
    r"|hola|oi|ola|czesc|siema|ahoj|cau|selam|merhaba|moin|servus|salut|coucou|ciao|liebe|lieber|beste|dag|kaere|kara)"
    r"[ ,]{1,2}"
)
_BYES: Final = re.compile(
    r"(?:(?m:^)[> \t]{0,6}|[.!?] )(?:(?P<dear>x{1,3}|xo|xoxo|lg|vg|mvg|gr|grtjs|groetjes|groet|gruss|grussle|kram|bjs)"
    r"|mfg|baci|bacio|bises|bisous|abs|beijos|abraco|saludos|besos|pozdr|pozdrawiam|hilsen|mvh|vh|selamlar|cheers|thx"
    r"|thanks)[ ,]{1,2}"
)
_IS: Final = re.compile(
    r"(?<!\w)(?:(?i:i['\u2019]?m|i am|it['\u2019]?s|this is)|ich bin|je suis|soy|sono|ik ben|sou|jestem|jag \u00e4r"
    rf"|jeg er|jsem|ben)[ ]((?:(?=[^\W\d_A-Z]){_LETTER}{{2,20}}[ ]){{1,2}}(?=[^\W\d_A-Z]){_LETTER}{{2,20}})(?!\w)"
)
_CHILD: Final = frozenset({"s/o", "d/o"})
_MALAY: Final = frozenset({"nur", "siti", "noor", "wan", "nik", "mohd", "muhammad", "abdul", "lim", "tan"})
_ENDED: Final = re.compile(r"[ .!]{0,3}(?:\n|\Z)")
_SMALL: Final = re.compile(rf"{_LETTER}{{2,24}}(?:-{_LETTER}{{2,24}})?")
_SAYS: Final = re.compile(
    r"(?<!\w)(?:my name is|my name s|the name is|mein name ist|ich heisse|ich hei\u00dfe|je m['\u2019]appelle"
    r"|mon nom est"
    r"|me llamo|mi nombre es|mi chiamo|il mio nome e|mijn naam is|ik heet|nazywam sie|mam na imie|meu nome e|me chamo"
    r"|chamo-me|mitt namn ar|jag heter|mit navn er|jeg hedder|mitt navn er|jmenuji se|moje jmeno je|benim adim|adim"
    r"|ismim"
    r"|(?:hon|han|barnet) heter|(?:hun|han) hedder|s['\u2019]appelle|se llama|si chiama|si chiamano|se chama|chama-se"
    r"|nazywa sie|jmenuje se|nimeni on|olen nimeltani)[ \u00a0]{1,2}"
)
_BEHIND: Final = r" (?:[Hh]an\u0131m|[Bb]ey|[Ee]fendi|[Hh]oca|HANIM|BEY)"
_TURKISH: Final = re.compile(
    rf"(?<![\w@.-])({_LETTER}{{2,24}}(?: {_LETTER}{{2,24}})?){_BEHIND}"
    r"(?:\u0131n|in|a|e|[\u0131i]|dan|den|la|le|lar|ler|'\w{1,5}|m)?(?!\w)"
)
_NOT_TURKISH: Final = frozenset((
    "bir", "bu", "su", "o", "her", "genc", "yasli", "kucuk", "buyuk", "ev", "hanim", "bey", "doktor", "sayin", "mudur",
    "avukat", "ogretmen", "hemsire", "ve", "de", "da", "ama", "evet", "iyi", "hayir", "merhaba", "sevgili", "degerli",
))  # fmt: skip
_TITLES: Final = frozenset((
    "dr", "dra", "prof", "dott", "mudr", "judr", "phdr", "mvdr", "mgr", "inz", "lek", "mec", "mr", "mrs", "ms", "mme",
    "mlle", "dhr", "sig", "sra", "herr", "herrn", "frau", "fru", "pan", "pana", "panu", "panem", "pani", "panove",
))  # fmt: skip
_DOTTED: Final = _TITLES | frozenset((
    "ing", "rag", "geom", "avv", "srta", "uzm", "hab", "ir", "drs", "mag", "rndr", "sierz", "asp", "podkom",
    "nadkom", "kpt", "ppor", "plut", "attn", "mevr",
))  # fmt: skip
"""Abbreviations; behind other words a dot ends the sentence."""

RELATED: Final = (need(rf"\b(?:{'|'.join(sorted(_KIN))})\b"),)
SIGNED: Final = (r"[:=>\t]|\.{3}| {3}",)
GREETED: Final = tuple(need(each.pattern.replace("?P<dear>", "?:")) for each in (_HAILS, _BYES, _VIETNAMESE))
DESCENDED: Final = (
    r"(?i)\b(?:bin|binte|binti|bte)\b|[sd]/o|a/[lp]",
    r"(?i)i.?m |i am|it.?s |this is|ich bin|je suis|soy|sono|ik ben|sou |jestem|jag _r|jeg er|jsem|ben ",
)
SAYING: Final = (need(_SAYS.pattern), spelled(_BEHIND))
"""What a text with such names holds (``detect.patterns``)."""

_LONGEST: Final = 60
_MOST: Final = 4


def related(text: str, name: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the names right behind a word of family or trade. name: the pattern of one in capitals."""
    for word in _BEFORE.finditer(text):
        kin = folded(word[1])
        if kin not in _KIN or (kin not in _DOTTED and "." in word[0]):
            continue
        if word["comma"] and not _FULL.match(text, word.end()):
            continue
        known = _WORD.match(text, word.end())
        if not (word["open"] or word["comma"]) or (known and known[0][0].isupper() and _is_given(known[0])):
            yield from _named(text, word.end(), name, titled=kin in _TITLES)


def signed(text: str, name: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the names behind a label."""
    for link in _LINK.finditer(text):
        words = _WORD.findall(folded(text[max(0, link.start() - _LONGEST) : link.start()].rsplit("\n", 1)[-1]))[-_MOST:]
        if any(" ".join(words[first:]) in _LABELS for first in range(len(words))):
            yield from _named(text, link.end(), name, labelled=True)


def saying(text: str, name: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the names of those who say them."""
    for says in _SAYS.finditer(folded(text)):
        at = says.end()
        found, said = list(_named(text, at, name)), list(_said(text, at))
        yield from said or found if text[at : at + 1].islower() else found or said
    for called in _TURKISH.finditer(text):
        words = [word for word in _WORD.finditer(text, *called.span(1)) if folded(word[0]) not in _NOT_TURKISH]
        if words and words[-1].end() == called.end(1):
            proper = words if words[0][0][0].isupper() else words[-1:]
            yield proper[0].start(), called.end(1)


def greeted(text: str) -> Iterator[tuple[int, int]]:
    """Yield known given names in small letters, greeted or signing, and names that tell of a father or a clan."""
    plain = folded(text)
    for hail in _HAILS.finditer(plain):
        name = _SMALL.match(text, hail.end())
        if name and name[0].islower() and _END.match(text, name.end()) and _may_be_hailed(name[0]):
            yield name.span()
    for bye in _BYES.finditer(plain):
        name = _SMALL.match(text, bye.end())
        if name and name[0].islower() and _ENDED.match(text, name.end()):
            given = traits(name[0]) & GIVEN if bye["dear"] else _may_be_hailed(name[0])
            if given:
                yield name.span()
    for clan in _VIETNAMESE.finditer(plain):
        if not all(map(is_everyday, _WORD.findall(text, *clan.span()))):
            yield clan.span()


def descended(text: str) -> Iterator[tuple[int, int]]:
    """Yield the names that tell whose child somebody is, and two words or more in small letters behind ``I am``."""
    for heir in _LINEAGE.finditer(text):
        words = list(_WORD.finditer(text, *heir.span(1)))
        while words and not _may_be_first(words[0][0]):
            words.pop(0)
        if (words or heir["mark"] in _CHILD) and not _is_none(heir["father"]):
            yield words[0].start() if words else heir.start("mark"), heir.end()
    for says in _IS.finditer(text):
        words = list(_WORD.finditer(text, *says.span(1)))
        while len(words) > 1 and not all(_may_be_said(word[0]) for word in words):
            words.pop()
        if len(words) > 1 and any(is_name(word[0]) and not traits(word[0]) & COMMON for word in words):
            yield words[0].start(), words[-1].end()


def _may_be_first(word: str) -> bool:
    """Whether a name that tells of a father may begin with a word."""
    common = word.islower() and bool(traits(word) & COMMON) and word not in _MALAY
    return not (_is_none(word) or common)


def _may_be_said(word: str) -> bool:
    return not (_is_none(word) or len(word) <= _SHORT or is_place(word))


def _may_be_hailed(word: str) -> bool:
    """Whether a word in small letters behind a greeting is a name: a given one, or one that is unknown."""
    known = traits(word) or traits(folded(word))
    return len(word) > _SHORT and (bool(known & GIVEN) and not known & COMMON if known else len(word) > _MOST)


def _named(
    text: str, at: int, name: re.Pattern[str], *, titled: bool = False, labelled: bool = False
) -> Iterator[tuple[int, int]]:
    """Yield the name that begins there, in capitals or, if it may be, in small letters.

    titled: even an everyday word is a name there. labelled: capitals need not hold a known one.
    """
    if found := name.match(text, at):
        end = _end(text, *found.span())
        words = _WORD.findall(text, at, end)
        first = next((word for word in words if word.lower() not in _PARTICLES), words[0])
        if words[0] == "des" or folded(words[0]) in _TITLES or (found[0].isupper() and len(found[0]) <= _SHORT + 1):
            return
        good = not (is_none(first) if titled else _is_none(first)) and (labelled or _is_loud_name(words))
        if good and is_person(text, at, end):
            yield at, end
    elif (word := _SMALL.match(text, at)) and word[0].islower() and _may_be_small(text, word, labelled):
        last = _SMALL.match(text, word.end() + 1) if text[word.end() : word.end() + 1] == " " else None
        more = last and is_name(last[0]) and not is_everyday(last[0]) and not is_none(last[0])
        yield word.start(), last.end() if last and more else word.end()


def _end(text: str, start: int, end: int) -> int:
    """Return where the name ends: at its comma, unless a known name stands behind that."""
    comma = text.find(", ", start, end)
    behind = _WORD.match(text, comma + 2) if comma >= 0 else None
    return comma if behind and (_is_none(behind[0]) or not is_name(behind[0])) else end


_PARTICLES: Final = frozenset(
    {"de", "del", "della", "di", "da", "el", "al", "la", "le", "van", "von", "der", "den", "des", "du"}
)


def _may_be_small(text: str, word: re.Match[str], labelled: bool) -> bool:  # noqa: FBT001 - a place, one of two
    """Whether a word in small letters is a name: a known one, or an unknown one with which the clause ends."""
    if word[0] in _DEGREES or labelled:
        return labelled and _is_given(word[0])
    unknown = len(word[0]) > _MOST and not traits(word[0]) and not traits(folded(word[0]))
    return _is_given(word[0]) or (unknown and bool(_END.match(text, word.end())))


_DEGREES: Final = frozenset({"med", "phil", "jur", "rer", "nat", "habil", "hab", "dent", "vet"})
_END: Final = re.compile(r"[,.;!?)]|\Z|\s*\n")


def _is_none(word: str) -> bool:
    return is_everyday(word) or is_none(word)


def _is_loud_name(words: list[str]) -> bool:
    """Whether words in capitals, which all may be in a form, hold a known name; other words need not."""
    return not words[0].isupper() or len(words[0]) == 1 or any(map(is_name, words))


def _is_given(word: str) -> bool:
    mask = traits(word) or traits(folded(word))
    return bool(mask & GIVEN) and not mask & ~(GIVEN | PLACE | SURNAME)


def _said(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Yield the one or two words in small letters that are said to be a name."""
    first = _SMALL.match(text, at)
    if not first or is_everyday(first[0]) or is_none(first[0]):
        return
    last = _SMALL.match(text, first.end() + 1) if text[first.end() : first.end() + 1] == " " else None
    more = last is not None and not is_everyday(last[0]) and len(last[0]) > _SHORT
    yield first.start(), last.end() if last and more else first.end()


_SHORT: Final = 2
