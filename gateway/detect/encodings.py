"""Encodings that a text may be written in: HTML's, those of URLs and of mail, and what a page shows nothing of.

Law: each character that was encoded stands for all that encodes it. What is encoded twice is undone twice, and not
more often. The encoding of mail is told by more than its ``=``, which any code is full of.
"""

from __future__ import annotations

import html
import re
from typing import Final

from gateway.detect.views import View

_DEPTH: Final = 2
_ENTITY: Final = re.compile(
    r"&(?:#(?:[0-9]{1,7}(?![0-9])|[xX][0-9a-fA-F]{1,6});?|(?:nbsp|shy|amp)(?![A-Za-z]);?|[A-Za-z][A-Za-z0-9]{1,30};)"
)
_PERCENT: Final = re.compile(
    r"%[0-7][0-9A-Fa-f]|%[CDcd][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]|%[Ee][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){2}"
    r"|%[Ff][0-4](?:%[89ABab][0-9A-Fa-f]){3}"
    r"|(?:(?<=[A-Za-z])|(?<=%[4-7][0-9A-Fa-f]))%[C-Fc-f][0-9A-Fa-f]"
)
"""One character: of UTF-8, or a letter of Latin-1 after another letter."""

_HEX: Final = "[0-9A-Fa-f]"
_X: Final = r"\\{1,8}x"
_NEXT: Final = rf"{_X}[89ABab]{_HEX}"
_HEX_ESCAPE: Final = re.compile(
    rf"{_X}(?:[0-7]{_HEX}|[CDcd]{_HEX}{_NEXT}|[Ee]{_HEX}(?:{_NEXT}){{2}}|[Ff][0-4](?:{_NEXT}){{3}}|[C-Fc-f]{_HEX})"
)
_HEX_OCTET: Final = re.compile(rf"x({_HEX}{{2}})")
"""One character: of UTF-8, else a letter of Latin-1."""

_NO_MARK: Final = re.compile(
    r"<(?:wbr ?/?|!--[^<>]{0,200}--"
    r"|(?P<tag>b|i|u|s|a|em|strong|span|font|small|mark|code)(?: [^<>]{0,100})?></(?P=tag))>"
)
"""Marks of HTML that show nothing: a place to break, a comment, an element that is empty."""

MAIL_HINTS: Final = (
    r"=(?:3D|[CD][0-9A-F]=[89AB][0-9A-F]|E[0-9A-F]=[89AB]|(?:20)?(?:\r?\n|\\{1,8}[\x01\x02])|[2-7][0-9A-F]=[2-7][0-9A-F])",
    "(?i)quoted-printable",
    "[A-Za-z]=[C-F][0-9A-F][a-z]",
    r"[\pL\pN_]=40[\pL\pN_\-]+(?:(?:\.|=2E)[\pL\pN_\-]+)*(?:\.|=2E)[a-z]{2,}\b",
)
"""What shows that ``=`` begins a character: a broken line, an escaped ``=``, two such in a row, an address."""

_OCTET: Final = re.compile(
    r"=(?:\r?\n|\\{1,8}[\x01\x02]|[2-7](?:[0-9](?![0-9])|[A-F])|[CD][0-9A-F]=[89AB][0-9A-F]|E[0-9A-F](?:=[89AB][0-9A-F]){2}"
    r"|F[0-4](?:=[89AB][0-9A-F]){3}|(?<=[A-Za-z].)[C-F][0-9A-F])"
)


def decoded(view: View) -> View:
    """Return a view without entities, percent signs, escapes and marks that show nothing; itself where it has none."""
    for _ in range(_DEPTH):
        before = view
        if "&" in view.text:
            view = view.rewritten(_ENTITY, _entity)
        if "%" in view.text:
            view = view.rewritten(_PERCENT, lambda found: _shown(bytes.fromhex(found[0].replace("%", "")), found[0]))
        if view is before:
            break
    if "\\" in view.text:
        view = view.rewritten(_HEX_ESCAPE, _escape)
    return view.rewritten(_NO_MARK, lambda _: "") if "<" in view.text else view


def from_mail(view: View) -> View:
    """Return a view without quoted-printable (RFC 2045). It is for those that are written in it, as the hints say."""
    return view.rewritten(_OCTET, _octets)


def _entity(found: re.Match[str]) -> str:
    read = html.unescape(found[0])
    if read.isascii() and not read.isprintable():
        return " " if read.isspace() else found[0]
    return read


def _escape(found: re.Match[str]) -> str:
    return _shown(bytes.fromhex("".join(_HEX_OCTET.findall(found[0]))), found[0])


def _octets(found: re.Match[str]) -> str:
    if found[0][1] in "\r\n\\":
        return ""
    return _shown(bytes.fromhex(found[0].replace("=", "")), found[0])


def _shown(octets: bytes, written: str) -> str:
    """Return the one character that octets stand for; as they are written if there is none."""
    try:
        character = octets.decode()
    except UnicodeDecodeError:
        character = octets.decode("latin-1")
        return character if character.isalpha() else written
    return character if character.isprintable() or character in "\t\n\r" else " "
