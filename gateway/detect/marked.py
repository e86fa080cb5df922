"""Marks of Markdown and HTML within a value.

Law: nothing is read otherwise unless a mark stands within a number or an address; then the marks around it go too, so
that the value is found without them.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.detect.views import View

_MARK: Final = r"(?:\*{1,3}|`{1,2}|~~|__|</?(?:b|i|u|s|a|em|strong|span|font|small|mark|code)(?: [^<>]{0,100})?>)"
_SLASHES: Final = r"\\{1,8}"
_WORD: Final = r"[\pL\pN_]"
HINTS: Final = (
    rf"[0-9]{_MARK}(?:[ .\-/]?{_MARK}?[0-9]|@)",
    rf"[0-9][ .\-/]{_MARK}[0-9]",
    rf"[0-9][0-9A-Za-z:]*{_MARK}[:]?[0-9A-Za-z]|[0-9A-Za-z][:]?{_MARK}[0-9A-Za-z:]*[0-9]",
    rf"[0-9A-Za-z]{{8}}{_MARK}[0-9A-Za-z]|[0-9A-Za-z]{_MARK}[0-9A-Za-z]{{8}}",
    rf"{_WORD}(?:{_MARK}|{_SLASHES})@",
    rf"@{_MARK}[\pL\pN_\[]",
    rf"@[\pL\pN_.\-]+(?:{_MARK}\.?{_WORD}|{_SLASHES}[.\-])",
    rf"{_WORD}(?:{_MARK}|{_SLASHES}[._+\-])[\pL\pN_.+\-\\*]+@",
    rf"[0-9]{_SLASHES}[.\-+()_/][0-9 ]",
)
"""A mark within a number or an address."""

_GOES: Final = re.compile(rf"{_MARK}|{_SLASHES}(?=[@._+\-()/#*\[\]])")


def unmarked(view: View) -> View:
    """Return a view without marks. It is for those in which one stands within a value, as the hints say."""
    return view.rewritten(_GOES, lambda _: "")
