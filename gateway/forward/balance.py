"""Which of several backends gets the next request.

Law: the one with the least work for its weight; among equals, the one that has waited longest. A conversation goes on
where it began, and its prefix is cached, unless there is much more work there than elsewhere. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol, TypeVar
from zlib import crc32

_SLACK: Final = 4.0
"""Requests for each unit of weight that a conversation's own backend may have more than the least busy one."""


class Candidate(Protocol):
    """A backend that could take the request.

    name: the configured one. outstanding: requests it has now. chosen: when last, as a rising count.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - the class says it
    @property
    def weight(self) -> int: ...  # noqa: D102 - the class says it
    @property
    def outstanding(self) -> int: ...  # noqa: D102 - the class says it
    @property
    def chosen(self) -> int: ...  # noqa: D102 - the class says it


C = TypeVar("C", bound=Candidate)


def ranked(candidates: Iterable[C], prefix: str = "") -> list[C]:
    """Return the candidates, best first. The request to be placed counts: a heavy one wins over a light one at rest.

    prefix: what a conversation is known by; "" for a request that goes on with none.
    """
    found = sorted(candidates, key=lambda one: (_load(one), one.chosen))
    if not prefix or len(found) < 2:
        return found
    home = max(found, key=lambda one: crc32(f"{one.name} {prefix}".encode()))  # rendezvous: others leave it alone
    if _load(home) > _load(found[0]) + _SLACK:
        return found
    return [home, *(one for one in found if one is not home)]


def _load(one: Candidate) -> float:
    return (one.outstanding + 1) / one.weight
