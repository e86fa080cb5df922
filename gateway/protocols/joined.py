"""Texts of one answer that a client joins into one, as the official SDKs do.

Law: what one text begins goes on in the next text of its kind. A text that comes again begins where it began at first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from gateway.core.content import last_name
from gateway.core.errors import BackendProtocolError

AGAIN: Final = "again/"
"""What the channels of repeated texts begin with: an item that is repeated has its name there too."""

T = TypeVar("T")


class Joined(Generic[T]):
    """What has been read where each text begins. families: last names of the channels that clients join."""

    def __init__(self, families: frozenset[str]) -> None:
        self._families = families
        self._begins: dict[str, T | None] = {}
        self._latest: dict[str, Callable[[], T]] = {}
        self._open: dict[str, str] = {}

    def before(self, channel: str) -> T | None:
        """Return what has been read when a text begins, None where it is the first."""
        family = last_name(channel)
        if family not in self._families:
            return None
        channel = channel.removeprefix(AGAIN)
        if channel not in self._begins:
            latest = self._latest.get(family)
            self._begins[channel] = latest() if latest else None
        return self._begins[channel]

    def goes_on(self, channel: str) -> None:
        """Take text of a stream, or its end. Raise ``BackendProtocolError`` unless texts come one after another."""
        family = last_name(channel)
        if family in self._families and _order(channel) < _order(self._open.setdefault(family, channel)):
            detail = "Texts that clients join came in another order."
            raise BackendProtocolError(detail)
        self._open[family] = channel

    def begun(self, channel: str, read: Callable[[], T]) -> None:
        """Remember how to learn what has been read of a text when the next one begins, which goes on behind it."""
        self._latest[last_name(channel)] = read


def _order(channel: str) -> list[int]:
    """Return where clients put a text: by the numbers of its item and its part."""
    return [int(step) for step in channel.split("/")[:-1]]
