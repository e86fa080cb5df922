"""Whether a backend is used, and when it is asked again.

Law: a probe decides alone; requests that cannot reach the backend put it out after ``STRIKES`` in a row, so that one
refused connection under load does not. Out of use, it is asked again after a pause that doubles up to ``LONGEST``.
Times are seconds of a monotonic clock, given by the caller.
"""

from __future__ import annotations

from typing import Final

STRIKES: Final = 2
INTERVAL: Final = 5.0
SHORTEST: Final = 0.5
LONGEST: Final = 30.0
_DOUBLINGS: Final = 16


class Health:
    """How one backend fares. It begins out of use, and is due at once."""

    def __init__(self) -> None:
        self.usable = False
        self._strikes = 0
        self._pauses = 0
        self._due = 0.0

    def due(self, now: float) -> bool:
        """Tell whether it is time for a probe."""
        return now >= self._due

    def answered(self) -> None:
        """A request reached it."""
        self._strikes = 0

    def missed(self, now: float) -> None:
        """A request could not reach it."""
        self._strikes += 1
        if self.usable and self._strikes >= STRIKES:
            self.probed(now, good=False)

    def probed(self, now: float, *, good: bool) -> None:
        """A probe succeeded or failed."""
        self.usable = good
        self._strikes = 0
        self._pauses = 0 if good else self._pauses + 1
        pause = INTERVAL if good else min(LONGEST, SHORTEST * 2 ** min(self._pauses - 1, _DOUBLINGS))
        self._due = now + pause
