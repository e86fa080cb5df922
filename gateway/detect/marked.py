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
_INSIDE: Final = re.compile(
    rf"[0-9]{_MARK}(?:[ .\-/]?{_MARK}?[0-9]|@)|[0-9][ .\-/]{_MARK}[0-9]"
    rf"|\w(?:{_MARK}|{_SLASHES})@|@(?:{_MARK})[\w\[]|@[\w.\-]{{1,64}}(?:{_MARK}(?:\.?\w)|{_SLASHES}[.\-])"
    rf"|\w(?:{_MARK}|{_SLASHES}(?=[._+\-]))[\w.+\-\\*]{{1,64}}@|[0-9]{_SLASHES}[.\-+()_/][0-9 ]"
)
_GOES: Final = re.compile(rf"{_MARK}|{_SLASHES}(?=[@._+\-()/#*\[\]])")


def unmarked(view: View) -> View:
    """Return a view without marks, itself where none stands within a value."""
    return view.rewritten(_GOES, lambda _: "") if _INSIDE.search(view.text) else view
