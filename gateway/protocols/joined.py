"""Texts of one answer that a client joins into one, as the official SDKs do.

Law: what one text begins goes on in the next text of its kind. A text that comes again begins where it began at first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from gateway.core.content import PartKind

AGAIN: Final = "again/"
"""What the channels of repeated texts begin with: an item that is repeated has its name there too."""

T = TypeVar("T")


class Joined(Generic[T]):
    """What has been read where each text begins. active: whether clients of the protocol join any."""

    def __init__(self, *, active: bool) -> None:
        self._active = active
        self._begins: dict[str, T | None] = {}
        self._latest: dict[str, Callable[[], T]] = {}

    def before(self, place: str, kind: PartKind) -> T | None:
        """Return what has been read when a text begins, None where it is the first. place: its channel."""
        if not self._active or kind is not PartKind.TEXT:
            return None
        place = place.removeprefix(AGAIN)
        if place not in self._begins:
            latest = self._latest.get(_family(place))
            self._begins[place] = latest() if latest else None
        return self._begins[place]

    def begun(self, place: str, kind: PartKind, read: Callable[[], T]) -> None:
        """Remember how to learn what has been read of a text: the next one goes on behind it."""
        if self._active and kind is PartKind.TEXT:
            self._latest[_family(place)] = read


def _family(place: str) -> str:
    """What the texts that are joined have in common: the last name of their places."""
    return place.rpartition("/")[2]
