"""The incremental matcher that puts values back into one channel of text.

Law: sans-IO; it holds back at most one placeholder's length, says everything else at once, runs over a text once and
never reads what it restored as a placeholder. A placeholder that is not in the table stays as it is.
"""

from __future__ import annotations

import json
import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

from gateway.core.policy import Policy
from gateway.core.pseudonym import LONGEST_PLACEHOLDER, NAME, PseudonymTable
from gateway.restore.json_urls import JsonUrlContext
from gateway.restore.urls import UrlContext

_BEGINNING: Final = re.compile(r"()(<(?:[A-Z][A-Z0-9_]*)?)\Z")
_WHOLE: Final = re.compile(f"()<({NAME})>")

_BEFORE: Final = r"(?<!\\)((?:\\\\)*)"  # backslashes that stand for themselves
_CUT: Final = r"\\(?:u(?:0(?:0(?:3)?)?)?)?"  # the beginning of an escape
_BEGINNING_IN_JSON: Final = re.compile(rf"{_BEFORE}((?:<|\\u003[cC])(?:[A-Z][A-Z0-9_]*(?:{_CUT})?)?|{_CUT})\Z")
_WHOLE_IN_JSON: Final = re.compile(rf"{_BEFORE}(?:<|\\u003[cC])({NAME})(?:>|\\u003[eE])")
"""In a JSON string the angle brackets may be escaped, as many writers of JSON do by themselves."""

_LONGEST_IN_JSON: Final = LONGEST_PLACEHOLDER + 2 * len(r"u003c")


Context = UrlContext | JsonUrlContext
"""What has been read of a channel, as far as URLs go."""


@dataclass(slots=True)
class RestoreCounts:
    """What became of the placeholders. withheld: known, and left where a value would leave again by itself."""

    restored: int = 0
    invented: int = 0
    withheld: int = 0

    def add(self, other: RestoreCounts) -> None:
        """Add another channel's counts."""
        self.restored += other.restored
        self.invented += other.invented
        self.withheld += other.withheld


class Restorer:
    """Restores one channel.

    escape: values go into the inside of a JSON string (RFC 8259, section 7). permitted: any go in at all. before: what
    was read of a text that this one goes on with, which is read on.
    """

    def __init__(
        self,
        table: PseudonymTable,
        policy: Policy,
        *,
        escape: bool = False,
        permitted: bool = True,
        before: Context | None = None,
    ) -> None:
        self.counts = RestoreCounts()
        self._table = table
        self._escape = escape
        made = JsonUrlContext if escape else UrlContext
        self._context = deepcopy(before) or made(policy.restore_in_urls, policy.internal_domains)
        self._whole, self._beginning = (_WHOLE_IN_JSON, _BEGINNING_IN_JSON) if escape else (_WHOLE, _BEGINNING)
        self._longest = _LONGEST_IN_JSON if escape else LONGEST_PLACEHOLDER
        self._active = policy.restore
        self._permitted = permitted
        self._held = ""

    def feed(self, text: str) -> str:
        """Take the next text and return what can be said for sure."""
        if not self._active:
            return text
        text = self._held + text
        said: list[str] = []
        at = 0
        for match in self._whole.finditer(text):
            begin = match.end(1)
            said += [self._plain(text[at:begin]), self._restored(f"<{match[2]}>", text[begin : match.end()])]
            at = match.end()
        rest = text[at:]
        beginning = self._beginning.search(rest)
        cut = beginning.start(2) if beginning and len(rest) - beginning.start(2) < self._longest else len(rest)
        self._held = rest[cut:]
        said.append(self._plain(rest[:cut]))
        return "".join(said)

    def read_so_far(self) -> Context:
        """Return what has been read, for a text that goes on here."""
        return deepcopy(self._context)

    def withhold(self) -> None:
        """Count what was restored so far as withheld: the caller has put back what was written."""
        self.counts.withheld += self.counts.restored
        self.counts.restored = 0

    def finish(self) -> str:
        """Return what was held back: it will not become a placeholder any more."""
        held, self._held = self._held, ""
        return self._plain(held)

    def _plain(self, text: str) -> str:
        self._context.read(text)
        return text

    def _restored(self, placeholder: str, written: str) -> str:
        """Return the value of a placeholder, or the placeholder as it was written."""
        pseudonym = self._table.get(placeholder)
        if pseudonym is None:
            self.counts.invented += 1
        elif not (self._permitted and self._context.permits()):
            self.counts.withheld += 1
        else:
            self.counts.restored += 1
            original = pseudonym.original.reveal()
            value = json.dumps(original, ensure_ascii=False)[1:-1] if self._escape else original
            self._context.read(value)
            return value
        self._context.skip()
        return written
