"""The same in JSON: its strings as whoever parses it will read them.

Law: a string ends at its quote and nowhere else, and its escapes are undone before a URL is looked for in it. In the
middle of an escape nothing is certain.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.core.policy import RestoreInUrls
from gateway.restore.urls import UrlContext

_SPECIAL: Final = re.compile(r'"|\\u[0-9a-fA-F]{4}|\\[^u]|\\(?:u[0-9a-fA-F]{0,3})?\Z', re.DOTALL)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class JsonUrlContext:
    """A ``UrlContext`` for the text of a JSON document."""

    def __init__(self, mode: RestoreInUrls, internal_domains: tuple[str, ...]) -> None:
        self._strings = UrlContext(mode, internal_domains)
        self._begun = ""

    def read(self, text: str) -> None:
        """Take text that has been said, restored values included."""
        text, self._begun = self._begun + text, ""
        at = 0
        for special in _SPECIAL.finditer(text):
            self._strings.read(text[at : special.start()])
            self._take(special[0])
            at = special.end()
        self._strings.read(text[at:])

    def skip(self) -> None:
        """Take a placeholder that stays as something opaque."""
        self._begun = ""
        self._strings.skip()

    def permits(self) -> bool:
        """Tell whether a value may be put here."""
        return not self._begun and self._strings.permits()

    def _take(self, special: str) -> None:
        if special == '"':
            self._strings.end()
        elif len(special) == 6:
            self._strings.read(chr(int(special[-4:], 16)))
        elif len(special) == 2 and special != "\\u":
            self._strings.read(_ESCAPES.get(special[1], special[1]))
        else:
            self._begun = special
