"""Which requests a document decides, beside others of its scope.

Law: apps, models and tenants that no document names are all alike, so that one name stands for all of them; of
endpoints there are no more than there are. A request is tried for each name of a document's own, and for those that its
``*`` stands for. Where that were too many, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from gateway.core.exchange import ENDPOINTS
from gateway.core.policy import Target
from gateway.policy.resolve import Match

_MOST: Final = 5000
"""Comparisons for one document."""

_OTHERS: Final = ("\0",)
"""A name that no document says, for all such names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a document stands among others: its name, what it matches, and what it is."""

    name: str
    match: Match
    mode: str
    floor: bool = False

    def rank(self, target: Target) -> tuple[bool, ...] | None:
        """Return its right to a request, to be compared with others'; None where it has none."""
        exact = self.match.exactness(target)
        return None if exact is None else (not self.floor, *exact, self.mode == "shadow")


def taken_by(mine: Standing, others: Sequence[Standing]) -> list[str]:
    """Return the names of the others that are chosen for all that a document matches; none where it is chosen itself.

    A document in shadow stands beside those in force as well; one in force beside those in force alone.
    """
    modes = {"enforce", mine.mode}
    rivals = [each for each in others if each.mode in modes and each is not mine]
    takers: dict[str, None] = {}
    for target in _targets(mine.match, len(rivals)) or ():
        ranked = [(rank, each.name) for each in rivals if (rank := each.rank(target)) is not None]
        best = max(ranked, default=None)
        if best is None or best[0] <= (mine.rank(target) or ()):
            return []
        takers[best[1]] = None
    return list(takers)


def is_alone(mine: Standing, others: Sequence[Standing]) -> bool:
    """Tell whether for some request that a document matches none of the others is in force."""
    rivals = [each for each in others if each.mode == "enforce" and each is not mine]
    targets = _targets(mine.match, len(rivals)) or ()
    return any(all(each.match.exactness(target) is None for each in rivals) for target in targets)


def _targets(match: Match, rivals: int) -> Iterator[Target] | None:
    """Return a request for each way in which a document matches, None where they are too many to be compared."""
    kinds = ((match.tenants, _OTHERS), (match.apps, _OTHERS), (match.models, _OTHERS), (match.endpoints, ENDPOINTS))
    tried = [_names(said, there_are) for said, there_are in kinds]
    count = rivals
    for names in tried:
        count *= len(names)
    if count > _MOST:
        return None
    return (Target(tenant=t, app=a, model=m, endpoint=e) for t, a, m, e in product(*tried))


def _names(said: Sequence[str], there_are: Sequence[str]) -> list[str]:
    """Return the names that some names and ``*`` stand for."""
    return list(dict.fromkeys(each for name in said for each in (there_are if name == "*" else (name,))))
