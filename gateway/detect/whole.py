"""A name of which a part was found, whole: its initials, particles, hyphens and further words.

Law: a name grows on its line alone, word by word, and never over the end of a sentence, a label or a company. A word
joins it only if it is neither an everyday word (``lexicon``) nor nobody's (``vetoes``); small words join it only with
the capital behind them. What was found never shrinks.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.detect.folding import folded
from gateway.detect.lexicon import is_everyday, is_given, is_name, is_place, traits
from gateway.detect.vetoes import is_none
from gateway.detect.words import COMMON, PLACE

_LETTERS: Final = r"[^\W\d_]"
WORD: Final = rf"(?:[dDlLO]['\u2019])?{_LETTERS}{{2,25}}(?:['\u2019\-\u2010\u2011]{_LETTERS}{{1,25}}){{0,3}}"
CLEAR: Final = (
    r"(?:von und zu|von der|von dem|vom|van der|van den|van 't|op de|op den|de la|de los|de las|della"
    r"|degli|bin|ibn|bint|binte|binti|bte|[sd]/o|a/[lp]|abu|ben|ould|ved\.|[Vv]da\. de|VDA\. DE|VAN 'T"
    r"|Van 't|n\u00e9e?|geb\.|f\. ?|z domu|rozen\u00e1|roz\.)"
)
"""Small words within names, and nowhere else between two capitals."""

SMALL: Final = r"(?:von|van de|van|ter|ten|zu|zum|zur|de|del|des|du|da|do|dos|das|di|af|av|la|le|lo|el|al)"
"""Small words within names that are everywhere else too."""

INITIALS: Final = rf"(?:{_LETTERS}\.[ -]?){{1,3}}"
_BEHIND: Final = re.compile(
    rf"[ \u00a0](?:(?P<clear>{CLEAR}|El|Al|Bin|Ibn|De La|De Los|Van Der|Van Den|Von Der)[ \u00a0]|(?P<small>{SMALL}"
    rf"|De|Del|Di|Da|Do|Du|Von|Van|La|Le|Lo)[ \u00a0])?(?P<initials>{INITIALS}(?<=[ -]))?(?P<word>{WORD})(?![\w@])"
)
_JOINED: Final = re.compile(rf"['\u2019\-\u2010\u2011](?P<word>{_LETTERS}{{2,25}})(?!\w)")
_CUT: Final = re.compile(rf"{_LETTERS}{{1,25}}(?!\w)")
_LAST: Final = re.compile(
    r"(?:, (?:[^\W\d_a-z]\.[ -]?){1,3}(?<![ -])(?![ -]?[^\W\d_a-z])"
    r"|[ \u00a0](?:Jr\.|Sr\.|Jr|II|III|IV|Filho|Neto|J\u00fanior|Sobrinho|junior|senior|Jun\.|Sen\.|jr\.|sr\.)(?!\w))"
)
_TITLE_BEHIND: Final = re.compile(r"(?:Bey|Han\u0131m|Efendi|Hoca|BEY|HANIM)(?:['\u2019]|\Z)")
_COLON: Final = re.compile(r"[ \u00a0]?(?:[.]{2,}|:(?!\S)|=)|[ \u00a0]{0,9}:|\.\w")
COMPANY: Final = re.compile(
    r"[ \u00a0,]{1,2}(?:&|GmbH|AG|KG|OHG|SE|SA|S\.A\.|SARL|SL|S\.L\.|SpA|S\.p\.A\.|Srl|S\.r\.l\.|BV|B\.V\.|NV"
    r"|N\.V\.|AB"
    r"|ASA|Oy|ApS|A/S|Ltd|Limited|Inc|LLC|LLP|PLC|plc|Corp|Co\.|s\.r\.o\.|a\.s\.|Sp\. z o\.|A\.\u015e\.|Ltda)(?!\w)"
)
_BEFORE: Final = re.compile(
    rf"(?<![\w.'\u2019@/-])(?P<word>{WORD})[ \u00a0](?:(?:{CLEAR}|{SMALL}|De|El|Van|Von)[ \u00a0])?\Z"
)
_PARTICLE: Final = re.compile(
    r"(?<!\w)(?:von und zu|von der|von dem|van der|van den|van 't|bin|ibn|bint"
    r"|(?:(?<=[\w,;] )|(?<=[A-Z]\. ))"
    r"(?:De La|De Los|De|Del|Della|Di|Da|Dal|Lo|El|Al|Van Der|Van den|Van|Von))[ \u00a0]\Z"
)
_INITIALS_BEFORE: Final = re.compile(rf"(?<![\w.])(?P<first>{_LETTERS})\.[ -]?(?:{_LETTERS}\.[ -]?){{0,2}}\Z")
_HALF_BEFORE: Final = re.compile(rf"(?<![\w@.-])(?P<word>{_LETTERS}{{2,25}})[-\u2010\u2011]\Z")
_INSIDE: Final = re.compile(r"[\w,;] \Z")
_WORDS: Final = re.compile(rf"{_LETTERS}+")
_MARIAN: Final = re.compile(r"(?<!\w)Mar[i\u00ed]a\Z")
_ON: Final = re.compile(r"[ \u00a0][^\W\d_A-Z]{1,3}(?=[ \u00a0]|[^\W\d_])|[,.;)](?=\s|\Z)|\n|\Z")
"""A sentence goes on in small letters, or ends."""

_GREETING: Final = re.compile(
    r"(?i)(?<!\w)(?:hi|hello|dear|hey|hallo|ciao|hola|oi|ol\u00e1|merhaba|selam|ahoj|\u010dau|cze\u015b\u0107|hej|hei|hoi|bonjour"
    r"|salut|bom dia|boa tarde|buenas|beste|k\u00e6re|gracias|thanks|obrigad[oa]|merci|grazie|bedankt|tack|tak"
    r"|dzi\u0119ki|d\u00edky)"
    r"[ ,!]{1,3}\Z"
)
_GERMAN: Final = re.compile(r"(?<!\w)(?:der|das|und|ist|nicht|mit|f\u00fcr|wird|wir|ich|dass|auf|einen?|bitte)(?!\w)")
_NAMES, _HELLO, _FAR_OFF = 2, 16, 160
_MOST: Final = 5
_NEAR: Final = 64
_SHORT: Final = 3
_FAR: Final = 1500
"""Characters within which a list of letters goes on."""


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the name lies of which a part lies there. Everyday words alone do not grow."""
    if all(map(is_everyday, _WORDS.findall(text, start, end))):
        return start, end
    for _ in range(_MOST):
        further = _further(text, start, end)
        if further == end:
            break
        end = further
    for _ in range(_MOST):
        earlier = _earlier(text, start, end)
        if earlier == start:
            break
        start = earlier
    return start, end


def _further(text: str, start: int, end: int) -> int:
    """Return where the name ends with what stands behind it, if that is of it."""
    if (cut := _CUT.match(text, end)) and text[end - 1].isalpha():
        return cut.end()
    if joined := _JOINED.match(text, end):
        small = text[start:end].islower() and joined["word"].islower()
        return joined.end() if small or _fits(text, start, joined) else end
    if last := _LAST.match(text, end):
        return last.end()
    behind = _BEHIND.match(text, end)
    return behind.end() if behind and _goes_on(text, start, behind) else end


def _goes_on(text: str, start: int, behind: re.Match[str]) -> bool:
    """Whether what stands behind a name is of it."""
    if _is_marian(text[start : behind.start()], behind) or _is_surname(text, start, behind):
        return True
    known = is_name(behind["word"]) and not traits(behind["word"]) & PLACE
    return _fits(text, start, behind) and (known or not behind["small"])


def _is_marian(name: str, behind: re.Match[str]) -> bool:
    """Whether it is a name as ``Maria do C\u00e9u`` is, of whatever word."""
    return bool(_MARIAN.search(name)) and bool(behind["small"] or behind["clear"]) and _is_capital(behind["word"])


def _is_surname(text: str, start: int, behind: re.Match[str]) -> bool:
    """Whether an everyday word is a surname: its capital stands within a sentence, right behind a given name.

    In German every noun has one, and after a greeting a sentence may begin.
    """
    word, names = behind["word"], _WORDS.findall(text, start, behind.start())
    if behind["small"] or behind["clear"] or not word.istitle() or not is_everyday(word):
        return False
    if is_none(word) or _TITLE_BEHIND.match(word):
        return False
    if len(names) > _NAMES or not names[0].istitle() or traits(names[0]) & (COMMON | PLACE) or is_place(word):
        return False
    near = text[max(0, start - _FAR_OFF) : behind.end() + _FAR_OFF]
    greeted = _GREETING.search(text, max(0, start - _HELLO), start)
    return bool(_ON.match(text, behind.end())) and not greeted and not _GERMAN.search(near)


def _fits(text: str, start: int, behind: re.Match[str]) -> bool:
    """Whether a word may be of the name that begins there."""
    word = behind["word"]
    if not _is_capital(word) or is_everyday(word) or is_none(word) or is_place(word):
        return False
    loud = word.isupper() and len(word) > 1
    first = _WORDS.search(text, start, behind.start())
    if loud and (
        len(word) < _SHORT or not (text[start : behind.start()].isupper() or is_name(word) or _ends(first, word))
    ):
        return False
    if _TITLE_BEHIND.match(word):
        return False
    return not _COLON.match(text, behind.end()) and not COMPANY.match(text, behind.end())


def _ends(first: re.Match[str] | None, word: str) -> bool:
    """Whether a word in capitals is the surname of whoever bears a given name: ``Anne KERVELLA``."""
    return first is not None and first[0][0].isupper() and is_given(first[0]) and len(word) > _MOST


def _is_capital(word: str) -> bool:
    bare = word[2:] if word[1:2] in {"'", "\u2019"} else word
    return bare[:1].isupper()


def _earlier(text: str, start: int, end: int) -> int:
    """Return where the name begins with what stands before it, if that is of it."""
    low = max(0, start - _NEAR)
    if (initials := _INITIALS_BEFORE.search(text, low, start)) and are_initials(text, initials.start(), start):
        return initials.start()
    before = _HALF_BEFORE.search(text, low, start) or _BEFORE.search(text, low, start)
    if before and _may_precede(text, before, start, end):
        return before.start()
    particle = _PARTICLE.search(text, low, start)
    return particle.start() if particle else start


def _may_precede(text: str, before: re.Match[str], start: int, end: int) -> bool:
    """Whether the word before a name is of it: a given name, a half with its hyphen, or what a quote begins with."""
    word = before["word"]
    if not _is_capital(word) or is_none(word) or is_place(word):
        return False
    opened = before.start() and text[before.start() - 1] in _OPENING
    if opened and text[end : end + 1] in _CLOSING:
        return True
    if is_everyday(word) or (word.isupper() and len(word) < _SHORT):
        return False
    half = text[start - 1] not in _SPACES
    loud = word.isupper() and text[start:end].isupper()
    return bool(
        half
        or opened
        or loud
        or (
            is_given(word)
            and (not traits(word) & COMMON or _INSIDE.search(text, max(0, before.start() - 2), before.start()))
        )
    )


_OPENING: Final = "\"'(=>\u00ab\u201e\u201c"
_CLOSING: Final = "\"')<\u00bb\u201d\u201c"
_SPACES: Final = " \u00a0"


def are_initials(text: str, start: int, end: int) -> bool:
    """Whether capitals with dots are those of a name, and neither an abbreviation nor the letter of a list."""
    first = text[start]
    low = max(0, start - 8)
    if text[start:end] != text[start:end].upper():
        return False
    if _ABBREVIATED.search(text, low, start) and not _RANK.search(folded(text[low:start])):
        return False
    if _NO_INITIALS.fullmatch(text, start, end):
        return False
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip() or text[start:end].count(".") > 1:
        return True
    near = f"\n{text[max(0, start - _FAR) : start]}\n{text[end : end + _FAR]}"
    others = (chr(ord(first) - 1), chr(ord(first) + 1), *_ROMAN.get(first, ()))
    return not any(f"\n{other}. " in near for other in others)


_ROMAN: Final = {"I": ("II",), "V": ("IV", "VI"), "X": ("IX", "XI")}
_ABBREVIATED: Final = re.compile(rf"{_LETTERS}\.[ ]?\Z|(?<!\w)(?:n\u00b0|art|Nr|no|\u00a7|Abs|lit|lett|cl)\.?[ ]\Z")
_RANK: Final = re.compile(
    r"(?<!\w)(?:sgt|cpl|lt|capt|det|insp|sierz|asp|kom|kpt|post|plut|dr|dra|prof|mr|mrs|ms|ing|eng|arch|avv|dott|geom|rag"
    r"|sig|sr|sra|mgr|bc|mudr|judr|phdr|mag|hr|fr|dhr|mevr|drs|ir|uzm|av|lek|inz|adw|mec)\.[ ]\Z"
)
"""Titles whose dots are none of an abbreviation before initials."""

_NO_INITIALS: Final = re.compile(
    r"(?:U\. ?S\.(?: ?A\.)?|U\. ?K\.|U\. ?N\.|E\. ?U\.|S\. ?A\.|S\. ?L\.|N\. ?V\.|B\. ?V\.|P\. ?O\.|P\. ?S\.|T\. ?C\."
    r"|D\. ?C\.|A\. ?\u015e\.|Z\. ?[BHT]\.)[ -]?"
)
