"""What was found in texts that were scanned before: history that is sent again costs nothing.

Law: an entry is known by a keyed hash of the tenant, what was looked for and the text, under a key of this process
alone, and holds offsets and types; so it tells no text, and no tenant learns from the time that an answer takes
what another has sent. All of them come from the same workers, and end with them. It holds a bounded number of findings.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from gateway.core.ports import Asker
from gateway.detect.analyzer import Pool
from gateway.detect.raw import Raw
from gateway.observability import metrics

_MOST: Final = 200_000
"""Texts and findings together: some 50 MB."""

_KEY_BYTES: Final = 32
_DIGEST_BYTES: Final = 24


class Memo:
    """A pool that asks the one behind it only for what it has not seen. most: texts and findings that it holds."""

    def __init__(self, pool: Pool, *, most: int = _MOST) -> None:
        self._pool = pool
        self._most = most
        self._held = 0
        self._key = secrets.token_bytes(_KEY_BYTES)
        self._found: OrderedDict[bytes, list[Raw]] = OrderedDict()

    async def run(
        self, texts: list[str], entities: list[str], asker: Asker, recognizers: bytes = b""
    ) -> list[list[Raw]]:
        """Return what is found in each text. Raise what the pool raises, and remember nothing then."""
        names = self._names(texts, entities, recognizers, asker[0])
        found = {name: self._found[name] for name in names if name in self._found}
        new = {name: text for name, text in zip(names, texts, strict=True) if name not in found}
        metrics.detect_remembered.inc(len(texts) - len(new))
        if new:
            fresh = await self._pool.run(list(new.values()), entities, asker, recognizers)
            found.update(zip(new, fresh, strict=True))
        for name, each in found.items():
            self._remember(name, each)
        return [found[name] for name in names]

    def _names(self, texts: Sequence[str], entities: Sequence[str], recognizers: bytes, tenant: str) -> list[bytes]:
        """Return what the entries of these texts are known by."""
        asked = hashlib.blake2b(key=self._key, digest_size=_DIGEST_BYTES)
        for part in (tenant, *entities):
            asked.update(part.encode() + b"\0")
        asked.update(b"\0" + hashlib.sha256(recognizers).digest())
        names = []
        for text in texts:
            name = asked.copy()
            name.update(text.encode(errors="surrogatepass"))
            names.append(name.digest())
        return names

    def _remember(self, name: bytes, found: list[Raw]) -> None:
        """Keep an entry as the latest, and forget the oldest that do not fit beside it."""
        if name not in self._found:
            self._found[name] = found
            self._held += 1 + len(found)
        self._found.move_to_end(name)
        while self._held > self._most:
            _, forgotten = self._found.popitem(last=False)
            self._held -= 1 + len(forgotten)
