"""Whether the place that a text has come to is inside a URL, and whose.

Law: the verdict depends on what came before alone, so that it needs no look-ahead and no chunking can change it. Where
it is not certain that a value stays in the house, it does not go in: a host that is not finished, a host with anything
but plain labels, user information, a relative link, a place after ``<base``. A URL ends where every reader of it would
agree that it does: at white space (HTML's five characters of it) or behind the angle brackets of a tag, and if it
stands in quotes, brackets or parentheses, not before these are closed. A long run of text without a delimiter is inside
a URL only if it holds the beginning of one: of a run that holds none, the end alone is remembered.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.core.escapes import unescaped
from gateway.core.policy import RestoreInUrls

_DELIMITERS: Final = re.compile(r"([ \t\n\r\f<>\"'()`])")
_OPENERS: Final = frozenset("\"'<(`")
_QUOTES: Final = frozenset("\"'`")
_SLASH: Final = frozenset("/\\")
_LEFT_OUT: Final = frozenset("\t\n\r")
"""What browsers take out of a URL, so that slashes on both sides of it are two."""

_LONGEST: Final = 2048
"""Characters of a URL that are remembered. What is longer is foreign: who knows what else stands in it."""

_MOST_PLACES: Final = 16
"""URLs within each other, in all spellings; what holds more is foreign."""

_MOST_JUDGED: Final = 16
"""Times that one token is read for the values in it; what holds more is foreign, or its end would never come."""

_WINDOW: Final = 512
_KEPT: Final = 256
"""Of a token without a URL, ``_WINDOW`` characters are looked at together, the last ``_KEPT`` again with what follows.
No URL has a longer beginning, host included, in any spelling but with a ``_LONG_REFERENCE``."""

_LONG_REFERENCE: Final = re.compile(r"&#[xX]?[0-9a-fA-F]{9}")
_QUIET: Final = re.compile(r"[\w\ufffd]*")
"""What begins no URL and ends no host, except inside a reference."""

_ABSOLUTE: Final = re.compile(r"(?i)(https?|ftp|wss?|[a-z][a-z0-9+.\-]{1,30}(?=:[/\\])):[/\\]*")
"""A scheme and what follows it; browsers read the first five without slashes too (WHATWG URL, special schemes). One
letter is no scheme but a drive."""

_SLASHES: Final = re.compile(r"[/\\]{2,}")
_INVISIBLE: Final = re.compile(r"[\x00-\x20]+")
_BARE: Final = re.compile(
    r"(?i)(?:^|[^\w.@\-/\\])()(?=www\.|(?:[\w\-]+\.)+(?:xn--[a-z0-9\-]{1,59}|[^\W\d_]{2,24})(?::\d+)?[/?#\\])"
)
_SPEAKING: Final = re.compile(r"(?i)(?:^|[^a-z])(?:mailto|tel|sms|sip|xmpp|data|javascript|vbscript|blob|cid|urn):")
_ATTRIBUTE: Final = re.compile(r"(?i)(?:^|[^a-z])(?:href|src|srcset|action|formaction|poster|cite|background)=$")
_ATTRIBUTE_LENGTH: Final = 16
_UNQUOTED: Final = re.compile(r"(?i)(?:href|src)=.")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
"""What Markdown undoes (CommonMark 2.4); entities it undoes as HTML does (2.5)."""

_LABELS: Final = re.compile(r"[a-z0-9_]([a-z0-9\-_]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9\-_]*[a-z0-9_])?)*")


@dataclass(frozen=True, slots=True)
class Place:
    """A URL that the text is inside of. finished: the authority has been left behind."""

    scheme: str
    authority: str
    finished: bool


class _Pairs:
    """What is open around a URL and inside it: what one reader takes for the end of a quotation begins one for another.

    opener: what stands before the URL. within: the quote of an attribute around both, or "". is_definition: the URL is
    that of a link which Markdown defines apart.
    """

    def __init__(self, opener: str = "", *, within: str = "", is_definition: bool = False) -> None:
        self._quotes = {opener, within} & _QUOTES
        self._depth = int(opener == "(")
        self._angle = opener == "<"
        self._around = opener == "<"
        self._bare = opener not in _OPENERS and not is_definition
        self._shut = -1

    def end(self, character: str, token: str, last: str) -> bool:
        """Take a delimiter, and tell whether the URL has ended with it for every reader.

        token: what is known of the text since the opener. last: its last character.
        """
        match character:
            case '"' | "'" | "`":
                self._quote(character, len(token), last)
            case "(" | ")":
                self._depth = max(0, self._depth + (1 if character == "(" else -1))
                self._bare = False
            case "<":
                self._angle = self._angle or last == "(" or last.isspace()
            case ">":
                return self._leaves(token)
            case _:
                is_escaped = character in "\t\f" and _is_escaped(token)  # markdown-it goes on after these
                return not (is_escaped or self._quotes or self._depth or self._angle)
        return False

    def _quote(self, character: str, size: int, last: str) -> None:
        """Open or close a quotation. What stands behind ``=`` or a space opens one, and an apostrophe does not."""
        self._bare = False
        if character in self._quotes:
            if character == "`" or not (last == "=" or last.isspace()):
                self._quotes.discard(character)
                self._shut = size + 1
        elif character == '"' or (character == "'" and not last.isalnum()):
            self._quotes.add(character)

    def _leaves(self, token: str) -> bool:
        """Whether ``>`` ends the URL: its own brackets, the tag behind its quotes, or the tag that a ``<`` has begun.

        A destination goes on after an escaped one (CommonMark 6.3), or if it is defined apart after any; an attribute
        without quotes goes on after ``<`` (HTML 13.2.5.38), a bare URL after ``>`` (GitHub's Markdown 6.9).
        """
        is_closed = self._angle and not _is_escaped(token)
        self._angle = self._angle and not is_closed
        if self._quotes or self._depth or "]:" in token:
            return False
        return (is_closed and self._around) or self._shut == len(token) or (self._bare and "<" in token)


def _is_escaped(token: str) -> bool:
    """Whether Markdown takes the character after this for itself alone."""
    return (len(token) - len(token.rstrip("\\"))) % 2 == 1


class UrlContext:
    """Reads text as it comes, and knows whether a value may be put where the text has come to.

    A token is what has come since the last delimiter that counted; inside a quoted, bracketed or parenthesised URL
    only the closing delimiter counts.
    """

    def __init__(self, mode: RestoreInUrls, internal_domains: tuple[str, ...]) -> None:
        self._mode = mode
        self._internal = internal_domains
        self._token = ""
        self._before = ""
        self._opener = ""
        self._link = False
        self._within = ""
        self._url = False
        self._held = False
        self._foreign = False
        self._verdict: bool | None = None
        self._judged = 0
        self._last = ""
        self._pairs: _Pairs | None = None
        self._slash = False
        self._tail = ""
        self._based = False

    def read(self, text: str) -> None:
        """Take text that has been said, restored values included."""
        tail = (self._tail + text).lower()
        self._based = self._based or "<base" in tail
        self._tail = tail[-4:]
        for piece in _DELIMITERS.split(text):
            if _DELIMITERS.fullmatch(piece):
                self._delimit(piece)
            else:
                self._grow(piece)

    def skip(self) -> None:
        """Take a placeholder that stays as something opaque."""
        self._grow("\ufffd")

    def permits(self) -> bool:
        """Tell whether a value may be put here."""
        if self._based or len(self._token) >= _LONGEST:
            return False
        if self._verdict is None:
            self._verdict = self._judge()
        return self._verdict

    def _judge(self) -> bool:
        """Look at every URL of the token. What is foreign stays foreign until the token ends."""
        self._judged += 1
        self._foreign = self._foreign or self._judged > _MOST_JUDGED
        places = 0
        for place in () if self._foreign else _read(self._token):
            places += 1
            if not place.finished:
                return False
            self._foreign = places > _MOST_PLACES or not (self._mode == "always" or self._is_internal(place))
            if self._foreign:
                break
        if places:
            return not self._foreign and self._mode != "never"
        is_link = self._link or bool(_UNQUOTED.match(self._token))
        return not self._foreign and (not is_link or self._mode == "always")

    def _grow(self, piece: str) -> None:
        if self._slash and piece:
            piece, self._slash = "/" * (piece[0] in _SLASH) + piece, False
        if "&" in self._token or "\\" in self._token or not _QUIET.fullmatch(piece):
            self._verdict = None
        self._last = piece[-1:] or self._last
        for at in range(0, len(piece), _KEPT):
            if len(self._token) == _LONGEST:
                return
            self._token = (self._token + piece[at : at + _KEPT])[:_LONGEST]
            self._forget()

    def _forget(self) -> None:
        """Keep the end alone of a long token that holds no URL."""
        while len(self._token) > _WINDOW and not self._held:
            seen = self._token[:_WINDOW]
            self._held = any(_read(seen)) or bool(_LONG_REFERENCE.search(seen))
            if not self._held:
                self._token = "\ufffd" + self._token[_WINDOW - _KEPT :]
                self._verdict = None

    def end(self) -> None:
        """Take the end of a text, after which another begins."""
        self._begin("")

    def _delimit(self, character: str) -> None:
        if self._link and not self._token and character.isspace():
            return
        is_link = self._link and bool(self._token or self._opener in _QUOTES)
        if (is_link or self._is_url()) and not self._ends(character):
            self._grow(character)
        else:
            self._begin(character)

    def _ends(self, character: str) -> bool:
        """Whether the delimiter ends the URL. What is open is looked into from its first delimiter on."""
        if self._pairs is None:
            self._pairs = _Pairs(self._opener, within=self._within, is_definition=self._before.endswith("]:"))
        return self._pairs.end(character, self._token, self._last)

    def _is_url(self) -> bool:
        """Whether the token holds a URL. What is one stays one as it grows, and what is none ends here."""
        self._url = self._url or bool(self._token and any(_read(self._token)))
        return self._url

    def _begin(self, opener: str) -> None:
        """Begin a token, and know whether a link's destination stands there: ``](``, ``href="``, ``url(``."""
        inside = self._link and not self._token and self._opener == "("
        lead = self._token or self._before
        self._within = self._attribute(opener, lead)
        if opener == "(":
            self._link = self._token.endswith("]") or self._token[-3:].lower() == "url"
        elif opener in _OPENERS:
            self._link = inside or bool(_ATTRIBUTE.search(lead[-_ATTRIBUTE_LENGTH:]))
        else:
            self._link = self._token.endswith("]:")
        if self._token:
            self._before = self._before + "=" if self._token == "=" else self._token  # noqa: S105 - no secret
        self._slash = opener in _LEFT_OUT and (self._token[-1:] in _SLASH if self._token else self._slash)
        opener = "" if opener == "<" and _is_escaped(self._token) else opener
        self._token, self._opener, self._last, self._pairs = "", opener, "", None
        self._url, self._held, self._foreign, self._verdict, self._judged = False, False, False, None, 0

    def _attribute(self, opener: str, lead: str) -> str:
        """Return the quote of the attribute that the next token stands in, "" for none."""
        if opener in ("", self._within):
            return ""
        if opener in _QUOTES and lead.endswith("="):
            return opener
        return "" if self._link or self._url else self._within

    def _is_internal(self, place: Place) -> bool:
        host, colon, port = place.authority.lower().partition(":")
        host = host.removesuffix(".")
        if place.scheme not in {"http", "https"} or (colon and not port.isdecimal()) or not _LABELS.fullmatch(host):
            return False
        return any(host == domain or host.endswith("." + domain) for domain in self._internal)


def _read(token: str) -> Iterator[Place]:
    """Every URL that a token holds, as it stands and as a renderer reads it: all of them must be trusted."""
    yield from _places(token)
    if "&" in token or "\\" in token:
        # HTML undoes no backslashes, and browsers take them for slashes
        for text in dict.fromkeys((token, _ESCAPED.sub(r"\1", token))):
            yield from _places(_INVISIBLE.sub("", html.unescape(text)))
        yield from _places(unescaped(token))


def _places(token: str) -> Iterator[Place]:
    begins = {match.end(): match[1].lower() for match in _ABSOLUTE.finditer(token)}
    for pattern in (_SLASHES, _BARE):
        for match in pattern.finditer(token):
            begins.setdefault(match.end(), "http")
    for at, scheme in begins.items():
        authority = re.split(r"[/?#]", token[at:], maxsplit=1)
        yield Place(scheme, authority[0], len(authority) > 1)
    if _SPEAKING.search(token):
        yield Place("mailto", "", finished=True)
