"""Texts that a client joins into one.

Law: a URL that one text begins goes on in the next text of its kind, as it does on the screen of a client that joins
them. A text that comes again begins where it began at first.
"""

from __future__ import annotations

from copy import deepcopy

from gateway.core.content import PartKind
from gateway.protocols import AGAIN
from gateway.restore.automaton import Context, Restorer


class Joined:
    """Where the texts of one answer begin. active: whether clients of the protocol join any."""

    def __init__(self, *, active: bool) -> None:
        self._active = active
        self._begins: dict[str, Context | None] = {}
        self._latest: dict[str, Restorer] = {}

    def before(self, place: str, kind: PartKind) -> Context | None:
        """Return what has been read when a text begins, None where it is the first. place: its pointer or channel."""
        if not self._active or kind is not PartKind.TEXT:
            return None
        place = place.removeprefix(AGAIN)
        if place not in self._begins:
            latest = self._latest.get(_family(place))
            self._begins[place] = deepcopy(latest.context) if latest else None
        return deepcopy(self._begins[place])

    def begun(self, place: str, kind: PartKind, restorer: Restorer) -> None:
        """Remember what reads a text: the next one goes on behind it."""
        if self._active and kind is PartKind.TEXT:
            self._latest[_family(place)] = restorer


def _family(place: str) -> str:
    """What the texts that are joined have in common: the last name of their places."""
    return place.rpartition("/")[2]
