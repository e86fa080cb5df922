"""E-mail addresses as people write them so that machines do not read them, and addresses over two lines.

Law: an address that is read here has a name, a sign for ``@``, and a host. A sign in brackets needs no more; a plain
word such as ``at`` counts only where the host's dot is spelled out too and a top-level domain follows, for ``at``
before a host that is written as usual is prose.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.detect.views import BREAK, View

_SIGN: Final = (
    "(?:at|ät|à|chez|arobase|arrob?a|klammeraffe|chiocciola|apenstaartje|małpa|malpa|zavináč|zavinac|snabel-?a"
    "|kuyruklu ?a|@)"
)
_TOP: Final = (
    "(?:com|org|net|edu|gov|info|biz|dev|app|local|internal|corp|example|test|eu|io|co|ai|de|ch|fr|it|es|pt|br|nl|se"
    "|dk|fi|pl|cz|sk|tr|uk|ca|au|ru|jp|cn)"
)
_OPEN, _CLOSE = r" {0,2}[\[({<] {0,2}", r" {0,2}[\])}>] {0,2}"
_AT: Final = rf"{_OPEN}{_SIGN}{_CLOSE}"
_DOT: Final = rf"{_OPEN}(?:dot|punto|punkt|punt|point|ponto|kropka|tečka|tecka|nokta|prick|\.){_CLOSE}"
_AT_WORD: Final = rf"(?:{_AT}| {{1,2}}{_SIGN} {{1,2}}| {{1,2}}@| ?@ {{1,2}}|[\-_]at[\-_]|@)"
_DOT_WORD: Final = (
    rf"(?:{_DOT}| {{1,2}}(?:dot|punkt|punt|kropka|tečka|tecka|nokta|prick|\.) {{1,2}}(?!(?:it|es)\b)|[\-_]dot[\-_]"
    r"| (?:punto|point|ponto) (?=(?:com|org|net|info|eu|io|fr|it|pt|br)\b)| punto (?=es(?!\w| \w)))"
)
_NAME: Final = r"(?<![\w.+\-@])[^\W_][\w+\-]{0,63}?"
_LABEL: Final = r"[^\W_](?:[\w\-]{0,61}[^\W_])?"
_FOLLOWS: Final = r"(?![\w@])"
_SPELLED: Final = re.compile(
    rf"(?P<name>{_NAME}(?:(?:{_DOT_WORD}|\.)[\w+\-]{{1,63}}){{0,3}})"
    rf"(?:(?P<at>{_AT})(?P<host>{_LABEL}(?:(?:{_DOT}|\.| dot ){_LABEL}){{0,4}}(?:{_DOT}|\.| dot )[^\W\d_]{{2,24}})"
    rf"|(?P<at_word>{_AT_WORD})(?!www)(?P<host_word>{_LABEL}(?:(?:{_DOT_WORD}|\.){_LABEL}){{0,3}}{_DOT_WORD}{_TOP})){_FOLLOWS}",
    re.IGNORECASE,
)
_LOUD: Final = re.compile(
    rf"(?P<name>(?<![\w.+\-@])[a-z][a-z0-9]{{0,62}}(?:(?:\.| DOT )[a-z0-9]{{1,62}}){{0,3}}) AT "
    rf"(?P<host>(?i:{_LABEL}(?:(?:\.| DOT ){_LABEL}){{0,3}}(?:\.| DOT ){_TOP})){_FOLLOWS}"
)
"""``AT`` in capitals after a name in small letters, before a host that may be written as usual."""

_ANY_DOT: Final = re.compile(_DOT_WORD, re.IGNORECASE)
HINTS: Final = (
    rf"(?i){_OPEN}{_SIGN}{_CLOSE}",
    rf"(?i)(?: (?:dot|punto|punkt|punt|point|ponto|kropka|tečka|tecka|nokta|prick|\.) |[\-_]dot[\-_]|{_DOT}){_TOP}\b",
    r" AT (?i:[\pL\pN_.\-]+)(?:\.| DOT )",
)
WRAP_HINTS: Final = (
    rf"@{BREAK}|{BREAK}[> ]{{0,4}}@|@[\pL\pN_.\-]+{BREAK}[> ]{{0,4}}(?:{_TOP}\b|[a-z0-9\-]*\.[a-z]{{2}})",
)
_WRAPPED: Final = re.compile(
    rf"(?<=\w)@{BREAK}[> ]{{0,4}}(?=(?:[\w\-]{{1,63}}\.){{1,4}}{_TOP}(?![\w(]))"
    rf"|(?<![@\w.+\-])[\w.+\-]{{1,64}}{BREAK}[> ]{{0,4}}(?=@(?:[\w\-]{{1,63}}\.){{1,4}}{_TOP}(?![\w.(@]))"
    rf"|(?<=\w)@(?:[\w\-]{{1,63}}{BREAK}[> ]{{0,4}}(?=[a-z0-9\-]{{1,30}}\.{_TOP}(?![\w.(@]))"
    rf"|[\w\-]{{1,63}}(?:\.[\w\-]{{1,63}}){{0,4}}(?:{BREAK}[> ]{{0,4}}(?=\.[a-z]{{2,8}}(?![\w.(@]))"
    rf"|\.{BREAK}[> ]{{0,4}}(?=(?:com|org|net)(?![\w.(@]))))"
)
"""A line ends beside the ``@``, within a label of the host, or beside one of its dots; no decorators."""

_WRAP: Final = re.compile(rf"{BREAK}[> ]{{0,4}}")


def addressed(view: View) -> View:
    """Return a view whose e-mail addresses are written as usual. It is for those that hold others, as the hints say."""
    view = view.rewritten(_LOUD, lambda found: f"{_dotted(found['name'])}@{_dotted(found['host'])}")
    return view.rewritten(_SPELLED, _address)


def unwrapped(view: View) -> View:
    """Return a view whose e-mail addresses stand on one line each, itself where they do."""
    return view.rewritten(_WRAPPED, lambda found: _WRAP.sub("", found[0]))


def _address(found: re.Match[str]) -> str:
    return f"{_dotted(found['name'])}@{_dotted(found['host'] or found['host_word'])}"


def _dotted(written: str) -> str:
    return _ANY_DOT.sub(".", written)
