"""Detection in this process, as the stages ask for it.

Law: it is the gateway's own scanner behind the gateway's own analyzer; only the worker processes are left out.
"""

from __future__ import annotations

from gateway.core.ports import Asker
from gateway.detect import PresidioDetector
from gateway.detect.raw import Raw
from gateway.detect.scanner import Scanner


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
