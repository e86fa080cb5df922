"""What a text must hold for a pattern to be found in it, in RE2's words.

Law: a need is wider than what it stands for; what cannot be said is not known, and never guessed. RE2 has no look-
around, which only narrows a match and is dropped, and no back references, which become what they refer to. It knows no
letters beyond ASCII, so it reads a copy of the text in which each of them is an underscore, each digit a zero, each
space a space. The two engines of regular expressions in use do not agree on what a letter is (``regex`` counts accents
that stand alone, ``re`` counts fractions): a text on which they differ is read once for each.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import permutations
from typing import Final

import re2
import regex
from presidio_analyzer import PatternRecognizer

_MEMORY: Final = 16 << 20
"""Bytes that an automaton may take; where they are used up, RE2 starts it anew."""

_TOKEN: Final = re.compile(
    r"(?P<reference>\\[1-9]\d?)|(?P<code>\\u[0-9a-fA-F]{4})|(?P<escape>\\.)|(?P<letters>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<around>\(\?<?[=!])"
    r"|(?P<flags>\(\?[ims]+\))|(?P<plain>\(\?[ims]*:)|(?P<capture>\((?!\?)|\(\?P?<\w+>)|(?P<close>\))"
    r"|(?P<most>\{,)|(?P<count>\{\d+(?:,\d*)?\})|(?P<literal>[^\\\[({])",
    re.DOTALL,
)
_QUANTIFIER: Final = re.compile(r"(?:[*+?]|\{\d*(?:,\d*)?\})[?+]?")
_ESCAPE: Final = re.compile(r"\\([a-zA-Z0-9])")
_BLANKS: Final = frozenset("\t\n\r\f")
_ANY: Final = "(?s:.)"
_FLAGS: Final = {regex.I: "i", regex.M: "m", regex.S: "s"}
_NO_MATTER: Final = regex.U | regex.V0


def needs(seeker: object) -> tuple[str, ...] | None:
    """Return patterns of RE2, one of which matches the copy of every text that holds something to find.

    A recognizer, or a part of one, may name them itself in ``needs``; those of Presidio's pattern recognizers are
    derived. None where they are not known.
    """
    own = getattr(seeker, "needs", None)
    if own is not None:
        wanted = [(pattern, 0) for pattern in own]
    elif isinstance(seeker, PatternRecognizer) and type(seeker).analyze is PatternRecognizer.analyze:
        wanted = [(pattern.regex, seeker.global_regex_flags) for pattern in seeker.patterns]
    else:
        return None
    try:
        return tuple(widened(*each) for each in wanted)
    except (ValueError, re2.error):
        return None


def widened(pattern: str, flags: int = 0) -> str:
    """Return a pattern of RE2 that matches the copy of every text in which the pattern matches.

    Raise ``ValueError`` or ``re2.error`` where it cannot be said.
    """
    if flags & ~(regex.I | regex.M | regex.S | _NO_MATTER):
        raise _Unsaid
    letters, body = _Widening(pattern).widened()
    letters |= {letter for flag, letter in _FLAGS.items() if flags & flag}
    wide = f"(?{''.join(sorted(letters))}){body}" if letters else body
    re2.compile(wide.encode(), options())
    return wide


class _Unsaid(ValueError):
    """RE2 has no words for it, or means something else by them."""


class _Widening:
    """One pattern on its way to RE2, token by token."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._parts: list[str] = []
        self._letters: set[str] = set()
        self._open: list[tuple[str, int, int]] = []
        self._groups: list[str] = []

    def widened(self) -> tuple[set[str], str]:
        """Return its flags and its body."""
        at = 0
        while at < len(self._pattern):
            token = _TOKEN.match(self._pattern, at)
            if token is None:
                raise _Unsaid
            at = token.end()
            match token.lastgroup:
                case "flags":
                    self._letters.update(token[0][2:-1])
                case "around" | "plain" | "capture":
                    self._begin(str(token.lastgroup), token[0])
                case "close":
                    at = self._end(at)
                case _:
                    self._parts.append(self._part(str(token.lastgroup), token[0]))
        if self._open:
            raise _Unsaid
        return self._letters, "".join(self._parts)

    def _begin(self, kind: str, token: str) -> None:
        if kind == "capture":
            self._groups.append("")
        self._open.append((kind, len(self._parts), len(self._groups) - 1))
        self._parts.append(token if kind == "plain" else "(?:")

    def _end(self, at: int) -> int:
        """End a group. What looks around is dropped, with its quantifier."""
        if not self._open:
            raise _Unsaid
        kind, start, number = self._open.pop()
        self._parts.append(")")
        if kind == "capture":
            self._groups[number] = "".join(self._parts[start:])
        if kind != "around":
            return at
        del self._parts[start:]
        quantifier = _QUANTIFIER.match(self._pattern, at)
        return quantifier.end() if quantifier else at

    def _part(self, kind: str, token: str) -> str:
        match kind:
            case "reference" if int(token[1:]) <= len(self._groups):
                return self._groups[int(token[1:]) - 1] or _ANY + "*"
            case "escape" if token[1].isascii() and (not token[1].isalnum() or token[1] in "dDsSwWbBtnrf"):
                return token
            case "letters":
                plain = token[1] != "^" and set(_ESCAPE.findall(token)) <= set("dDsSwWtnrf")
                return _letters(token) if plain else _ANY
            case "most":
                return "{0,"
            case "count":
                return token
            case "literal" | "code":
                return _literal(token if kind == "literal" else token.encode().decode("unicode_escape"))
            case _:
                raise _Unsaid


def options() -> re2.Options:
    """Return how RE2 reads a copy."""
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.never_capture = True
    options.encoding = re2.Options.Encoding.LATIN1
    return options


_OTHER: Final = "\x7f"
_DISPUTES: Final = tuple(permutations(f"0 _{_OTHER}", 2))
"""What ``re`` and what ``regex`` takes a character for, where they differ: one byte beyond ASCII each."""

_LATIN: Final = {"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k"}
"""Letters that are ASCII's where case does not matter."""


def _literal(character: str) -> str:
    """Return what stands for a character and its other case in the copy, as either engine sees it."""
    if character.isascii():
        return character if character.isprintable() or character in _BLANKS else _ANY
    cases = {each for each in (character, character.lower(), character.upper()) if len(each) == 1}
    if any(each.isascii() or each in _LATIN for each in cases):
        return _ANY
    return f"[{''.join(sorted({_stand_in(engine, each) for engine in (re, regex) for each in cases}))}]"


_BEYOND: Final = re.compile(r"([^\x00-\x7f])(?:-([^\x00-\x7f]))?")
_ODD: Final = re.compile(r"[^\[\\]-[^\x00-\x7f]|\\[^\x00-\x7f]|\\\\")
"""Ranges that begin within ASCII and end beyond, and signs that would mean something else without their neighbour."""


def _letters(token: str) -> str:
    """Return what stands for one of some characters, those beyond ASCII with their other cases."""
    others = [each for found in _BEYOND.finditer(token) for each in _between(found[1], found[2] or found[1])]
    if not others:
        return token
    rest = _BEYOND.sub("", token)
    cases = {each for other in others for each in (other, other.lower(), other.upper()) if len(each) == 1}
    if _ODD.search(_BEYOND.sub(_last, token)) or rest[1] == "^":
        return _ANY
    plain = {each for each in cases if each.isascii()}
    beyond = plain | {_stand_in(engine, each) for engine in (re, regex) for each in cases - plain}
    one = f"[{''.join(sorted(beyond))}]"
    return one if rest == "[]" else f"(?:{rest}|{one})"


def _between(first: str, last: str) -> list[str]:
    return list(map(chr, range(ord(first), ord(last) + 1)))


def _last(found: re.Match[str]) -> str:
    """Return the end of a range beyond ASCII, so that its sign is no other's."""
    return found[2] or found[1]


class _Copy(dict[int, str]):
    """What stands for each character in the copy, filled as characters come."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        mine, other = _stand_in(re, character), _stand_in(regex, character)
        ascii_or_agreed = mine if mine == other else chr(0x80 + _DISPUTES.index((mine, other)))
        self[code] = character if code < 0x80 else ascii_or_agreed
        return self[code]


def _stand_in(engine: object, character: str) -> str:
    matches = engine.match  # type: ignore[attr-defined]  # of either module
    if matches(r"\d", character):
        return "0"
    if matches(r"\s", character):
        return " "
    return _LATIN.get(character, "_") if matches(r"\w", character) else _OTHER


def _table(side: int, spaces: bytes) -> bytes:
    """Return how one engine (0: ``re``, 1: ``regex``) sees the bytes of a copy."""
    table = bytearray(range(256))
    for space in spaces:
        table[space] = ord(" ")
    for index, dispute in enumerate(_DISPUTES):
        table[0x80 + index] = ord(dispute[side])
    return bytes(table)


_COPY: Final = _Copy()
_TABLES: Final = (_table(0, b"\x0b\x1c\x1d\x1e\x1f"), _table(1, b"\x0b"))
"""Spaces that RE2 does not count."""


@lru_cache(maxsize=1)
def views(text: str) -> frozenset[bytes]:
    """Return the copy of the text, as each engine sees it, which one automaton after the other reads."""
    copy = (text if text.isascii() else text.translate(_COPY)).encode("latin-1")
    return frozenset(copy.translate(table) for table in _TABLES)
