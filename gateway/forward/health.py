"""Whether a backend is used, and when it is asked again.

Law: probes and requests drive one circuit. In use, a backend is put out by ``STRIKES`` requests in a row that get no
answer at all, or by one failed probe. Out of use it gets no request until a probe, which holds no text, succeeds: the
one trial, after a pause that doubles up to ``LONGEST``. Back in use it is on probation: the first request that it
fails puts it out again, for longer; one that it answers, or another good probe, ends the probation. A probe that waits
in vain while requests are answered tells of a backend that is busy, not gone, and counts as one request without answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

STRIKES: Final = 5
INTERVAL: Final = 5.0
SHORTEST: Final = 0.5
LONGEST: Final = 30.0
SPREAD: Final = 0.25
"""By how much of itself a pause may be shorter, so that gateways and backends do not fall into step."""
_DOUBLINGS: Final = 16


class Health:
    """How one backend fares. It begins out of use, and is due at once.

    chance: gives numbers from 0 to 1. Times are seconds of a monotonic clock, given by the caller.
    """

    def __init__(self, chance: Callable[[], float]) -> None:
        self.usable = False
        self._chance = chance
        self._strikes = 0
        self._pauses = 0
        self._due = 0.0
        self._heard = False

    def due(self, now: float) -> bool:
        """Tell whether it is time for a probe."""
        return now >= self._due

    def answered(self) -> None:
        """A request got the first byte of its answer."""
        self._strikes = 0
        self._heard = True
        if self.usable:
            self._pauses = 0

    def failed(self, now: float) -> None:
        """A request got none."""
        self._strikes += 1
        if self.usable and self._strikes >= (1 if self._pauses else STRIKES):
            self._put_out(now)

    def asked(self) -> None:
        """A probe begins."""
        self._heard = False

    def silent(self, now: float) -> None:
        """A probe got no answer in its time."""
        if self.usable and self._heard:
            self._wait(now, INTERVAL)
            self.failed(now)
        else:
            self._put_out(now)

    def probed(self, now: float, *, good: bool) -> None:
        """A probe succeeded or failed."""
        if not good:
            self._put_out(now)
            return
        if self.usable:
            self._pauses = 0
        else:
            self.usable, self._strikes = True, 0
        self._wait(now, INTERVAL)

    def _put_out(self, now: float) -> None:
        self.usable = False
        self._pauses += 1
        self._wait(now, min(LONGEST, SHORTEST * 2 ** min(self._pauses - 1, _DOUBLINGS)))

    def _wait(self, now: float, pause: float) -> None:
        self._due = now + pause * (1 - SPREAD * self._chance())
