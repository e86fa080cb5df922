"""The last look at what leaves, and at what is written down: originals of this exchange that are still in it.

Law: every string value and key of the body is read as the backend will read it, JSON and escapes inside strings
included. An original on token boundaries is replaced and looked for again; one that remains stops the request. Words
that the protocol fixes, and the placeholders themselves, are no text. Lines of the log and records are looked at too,
although nothing of an exchange should be in them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.core.errors import EgressDenied
from gateway.core.escapes import unescaped
from gateway.core.findings import ENTITY_TYPES
from gateway.core.occurrences import Occurrences
from gateway.core.pseudonym import OURS
from gateway.core.tokens import Tokens

_DEEPEST: Final = 128
"""Twice as deep as a request may be, so that only documents within strings can be deeper: they count as text."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
"""Half a character, which has no UTF-8: it stays an escape."""


class _TooDeepError(ValueError):
    """A document within a string is nested too deep to be looked through."""


@dataclass(frozen=True, slots=True)
class Replacements:
    """Every original spelling of an exchange, and what stands for it. Its ``repr`` shows neither."""

    by_original: Mapping[str, str] = field(repr=False)
    known: Occurrences = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make ready to find all originals at once."""
        object.__setattr__(self, "known", Occurrences(self.by_original))

    def clean(self, body: bytes, inert: frozenset[str] = frozenset()) -> bytes:
        """Return the body with what remains of the originals replaced; raise ``EgressDenied`` when something stays.

        inert: strings and keys that the protocol fixes; one that equals such a word as a whole is passed over.
        """
        if not self.by_original:
            return body
        document = json.loads(body)
        cleaned = self._walk(document, inert, 0)
        if cleaned == document:
            return body
        if self._walk(cleaned, inert, 0) != cleaned:
            detail = "A value of the request would have left with it: report this, with the id of the exchange."
            raise EgressDenied(detail)
        return json.dumps(cleaned, ensure_ascii=False, separators=(",", ":")).encode()

    def text(self, text: str) -> str:
        """Return a text with the originals in it replaced, between the gateway's own marks."""
        plain = unescaped(text)
        pieces, at = [], 0
        for ours in OURS.finditer(plain):
            pieces += [self._plain(plain[at : ours.start()]), ours[0]]
            at = ours.end()
        cleaned = "".join([*pieces, self._plain(plain[at:])])
        return text if cleaned == plain else cleaned

    def _walk(self, value: Any, inert: frozenset[str], depth: int) -> Any:  # noqa: ANN401 - any JSON value
        """Clean what a value holds. depth: how many lists and objects, of strings' documents too, are around it."""
        match value:
            case str():
                return value if value in inert else self._string(value, inert, depth)
            case list() | dict() if depth == _DEEPEST:
                raise _TooDeepError
            case list():
                return [self._walk(item, inert, depth + 1) for item in value]
            case dict():
                return {
                    name if name in inert else self.text(name): self._walk(item, inert, depth + 1)
                    for name, item in value.items()
                }
            case _:
                return value

    def _string(self, text: str, inert: frozenset[str], depth: int) -> str:
        """Clean a string: as the JSON document that it may hold, and as text."""
        if text.lstrip()[:1] in {"{", "["}:
            try:
                inner = json.loads(text)
                cleaned = self._walk(inner, inert, depth)
            except (ValueError, RecursionError):
                return self.text(text)
            if cleaned != inner:
                written = json.dumps(cleaned, ensure_ascii=False)
                return json.dumps(cleaned) if _SURROGATE.search(written) else written
        return self.text(text)

    def _plain(self, text: str) -> str:
        pieces, at = [], 0
        for place in self.known.places(Tokens(text)):
            pieces += [text[at : place.start], self.by_original[place.value]]
            at = place.end
        return "".join([*pieces, text[at:]])


KNOWN: Final[ContextVar[Replacements | None]] = ContextVar("known", default=None)
"""The originals of the exchange that this task serves: whoever writes a line or a record holds it against them."""


def guarded(fields: Mapping[str, Any], words: frozenset[str]) -> dict[str, Any]:
    """Return the fields of a line or record with every original in them replaced.

    words: the names of fields that hold nothing but words of ours.
    """
    known = KNOWN.get()
    if known is None:
        return dict(fields)
    return {name: value if name in words else _guarded(known, value) for name, value in fields.items()}


def _guarded(known: Replacements, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    match value:
        case str():
            return known.text(value)
        case list() | tuple():
            return [_guarded(known, item) for item in value]
        case dict():
            return {
                key if key in ENTITY_TYPES else known.text(str(key)): _guarded(known, item)
                for key, item in value.items()
            }
        case _:
            return value
