"""The last look at what leaves: originals of this exchange that are still in the outgoing body.

Law: every string value and key of the body is read as the backend will read it, JSON inside strings included. An
original on token boundaries is replaced and looked for again; one that remains stops the request. Words that the
protocol fixes, and the placeholders themselves, are no text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.core.errors import EgressDenied
from gateway.core.occurrences import SHORTEST, occurrences
from gateway.core.pseudonym import PLACEHOLDER

_OURS: Final = re.compile(PLACEHOLDER.pattern + r"|\[[A-Z][A-Z0-9_]*(?::[0-9a-f]{16})?\]")
"""What the gateway itself writes in place of a value."""


@dataclass(frozen=True, slots=True)
class Replacements:
    """Every original spelling of an exchange, and what stands for it. Its ``repr`` shows neither."""

    by_original: Mapping[str, str] = field(repr=False)

    def clean(self, body: bytes, inert: frozenset[str] = frozenset()) -> bytes:
        """Return the body with what remains of the originals replaced; raise ``EgressDenied`` when something stays.

        inert: strings and keys that the protocol fixes; one that equals such a word as a whole is passed over.
        """
        suspects = [original for original in self._searched() if _occurs(body, original)]
        if not suspects:
            return body
        document = json.loads(body)
        cleaned = self._walk(document, suspects, inert)
        if cleaned == document:
            return body
        if self._walk(cleaned, suspects, inert) != cleaned:
            raise EgressDenied
        return json.dumps(cleaned, ensure_ascii=False, separators=(",", ":")).encode()

    def _searched(self) -> list[str]:
        """Originals worth looking for, the longest first."""
        return sorted((text for text in self.by_original if len(text) >= SHORTEST), key=len, reverse=True)

    def _walk(self, value: Any, suspects: list[str], inert: frozenset[str]) -> Any:  # noqa: ANN401 - any JSON value
        match value:
            case str():
                return value if value in inert else self._string(value, suspects, inert)
            case list():
                return [self._walk(item, suspects, inert) for item in value]
            case dict():
                return {
                    name if name in inert else self._text(name, suspects): self._walk(item, suspects, inert)
                    for name, item in value.items()
                }
            case _:
                return value

    def _string(self, text: str, suspects: list[str], inert: frozenset[str]) -> str:
        """Clean a string: as the JSON document that it holds, or else as text."""
        if text.lstrip()[:1] in {"{", "["}:
            try:
                inner = json.loads(text)
            except (ValueError, RecursionError):
                return self._text(text, suspects)
            cleaned = self._walk(inner, suspects, inert)
            return text if cleaned == inner else json.dumps(cleaned, ensure_ascii=False)
        return self._text(text, suspects)

    def _text(self, text: str, suspects: list[str]) -> str:
        """Replace originals between the gateway's own placeholders."""
        pieces, at = [], 0
        for ours in _OURS.finditer(text):
            pieces += [self._plain(text[at : ours.start()], suspects), ours[0]]
            at = ours.end()
        pieces.append(self._plain(text[at:], suspects))
        return "".join(pieces)

    def _plain(self, text: str, suspects: list[str]) -> str:
        for original in suspects:
            for at in reversed(list(occurrences(text, original))):
                text = text[:at] + self.by_original[original] + text[at + len(original) :]
        return text


def _occurs(body: bytes, original: str) -> bool:
    """Whether the bytes may hold the original as JSON writes it: once or twice escaped, or by code points."""
    if b"\\u" in body or b"\\/" in body:
        return True
    once = json.dumps(original, ensure_ascii=False)[1:-1]
    if once.encode() in body:
        return True
    return once != original and json.dumps(once, ensure_ascii=False)[1:-1].encode() in body
