"""What the stages ask for, in this process and without an installation: detection, and keyed hashes.

Law: it is the gateway's own scanner behind the gateway's own analyzer; only the worker processes are left out. Hashes
are keyed by a word, so that they are the same everywhere, and no gateway's.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from gateway.core.ports import Asker
from gateway.core.pseudonym import normalise
from gateway.detect import PresidioDetector
from gateway.detect.raw import Raw
from gateway.detect.scanner import Scanner

_WORD: Final = b"eval"


class Here:
    """A pool whose one worker is this process (``detect.analyzer.Pool``). engine, model: as in ``detect.…``."""

    def __init__(self, engine: str, model: str) -> None:
        self._scanner = Scanner(engine, model)

    async def run(
        self,
        texts: list[str],
        entities: list[str],
        asker: Asker,  # noqa: ARG002 - nobody else asks
        recognizers: bytes = b"",
    ) -> list[list[Raw]]:
        """Return what is found in each text."""
        return self._scanner.scan(texts, entities, recognizers)


def detector(engine: str, model: str) -> PresidioDetector:
    """Make a detector that works here. Raise ``Misconfigured`` where its model cannot be loaded."""
    return PresidioDetector(Here(engine, model))


class KeyedByWord:
    """Keyed hashes of values (``core.ports.Fingerprints`` and ``ValueHashes``)."""

    def fingerprint(self, tenant: str, entity_type: str, value: str) -> str:
        """Return 64 hex digits for the normalised value."""
        message = f"{tenant}|{entity_type}|{normalise(entity_type, value)}".encode()
        return hmac.new(_WORD, message, hashlib.sha256).hexdigest()

    def recorded(self, tenant: str, epoch: str, entity_type: str, value: str) -> str:
        """Return what no gateway's events have, so that no finding here is one that was marked as false."""
        return f"word:{epoch}:{self.fingerprint(tenant, entity_type, value)}"
