"""Which of several backends gets the next request.

Law: the one with the least work for its weight; among equals, the one that has waited longest. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Candidate(Protocol):
    """A backend that could take the request. outstanding: requests it has now. chosen: when last, as a rising count."""

    @property
    def weight(self) -> int: ...  # noqa: D102 - the class says it
    @property
    def outstanding(self) -> int: ...  # noqa: D102 - the class says it
    @property
    def chosen(self) -> int: ...  # noqa: D102 - the class says it


C = TypeVar("C", bound=Candidate)


def ranked(candidates: Iterable[C]) -> list[C]:
    """Return the candidates, best first. The request to be placed counts: a heavy one wins over a light one at rest."""
    return sorted(candidates, key=lambda one: ((one.outstanding + 1) / one.weight, one.chosen))
