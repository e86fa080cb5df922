"""The files of a scope, read once: their documents, what is made of them, and what is hardly meant.

Law: pure. Whoever waits for a lock has read before, and what was read is handed on, not read again. Since when a
document is in shadow is kept with each version, so that nobody has to look through all versions to tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from gateway.core.errors import Problem
from gateway.core.moments import rfc3339
from gateway.policy.compile import Bundle, compile_documents
from gateway.policy.lint import forgotten, in_shadow, lint
from gateway.policy.load import Document, Source, in_order, load

MOST_WARNINGS: Final = 100
"""Of one change; ``cloister policy validate`` tells all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What files say. bundle: compiled. warnings: as far as the files alone tell, and where somebody is told."""

    documents: tuple[Document, ...]
    bundle: Bundle
    warnings: tuple[Problem, ...] = ()

    def shadows(self, before: Mapping[str, str], now: datetime) -> dict[str, str]:
        """Return since when each of its documents in shadow is. before: the same of the version that it follows."""
        return {each.name: before.get(each.name, rfc3339(now)) for each in in_shadow(self.documents)}

    def warned(self, before: Mapping[str, str], now: datetime) -> tuple[Problem, ...]:
        """Return warnings, those that only time gives rise to before others. before: as for ``shadows``."""
        ages = {name: now - datetime.fromisoformat(since) for name, since in self.shadows(before, now).items()}
        return in_order([*forgotten(self.documents, ages), *self.warnings][:MOST_WARNINGS])


def read(sources: Sequence[Source], *, scope: str) -> Reading:
    """Read files, of which nobody is told what is hardly meant. Raise ``PolicyInvalid``."""
    documents = load(sources, scope=scope)
    return Reading(documents=tuple(documents), bundle=compile_documents(documents, scope=scope))


def read_closely(sources: Sequence[Source], *, scope: str) -> Reading:
    """Read files, and look for what is hardly meant. Raise ``PolicyInvalid``."""
    reading = read(sources, scope=scope)
    return replace(reading, warnings=lint(reading.documents))
