"""Texts of one answer that a client joins into one, as the official SDKs do.

Law: what one text begins goes on in the next text of its kind. A text that comes again begins where it began at first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar

AGAIN: Final = "again/"
"""What the channels of repeated texts begin with: an item that is repeated has its name there too."""

T = TypeVar("T")


class Joined(Generic[T]):
    """What has been read where each text begins. families: last names of the channels that clients join."""

    def __init__(self, families: frozenset[str]) -> None:
        self._families = families
        self._begins: dict[str, T | None] = {}
        self._latest: dict[str, Callable[[], T]] = {}

    def before(self, channel: str) -> T | None:
        """Return what has been read when a text begins, None where it is the first."""
        family = _family(channel)
        if family not in self._families:
            return None
        channel = channel.removeprefix(AGAIN)
        if channel not in self._begins:
            latest = self._latest.get(family)
            self._begins[channel] = latest() if latest else None
        return self._begins[channel]

    def begun(self, channel: str, read: Callable[[], T]) -> None:
        """Remember how to learn what has been read of a text: the next one goes on behind it."""
        self._latest[_family(channel)] = read


def _family(channel: str) -> str:
    return channel.rpartition("/")[2]
