"""Processes that end with the one that started them (Linux, prctl(2)).

Law: whoever is told of the parent's end is told also where it came before the asking.
"""

from __future__ import annotations

import ctypes
import os
import signal
from typing import Final

_LIBC: Final = ctypes.CDLL(None)  # before any fork, so that a child needs nothing but the call
_PDEATHSIG: Final = 1


def end_with(parent: int, number: signal.Signals = signal.SIGTERM) -> None:
    """Let this process get a signal when its parent ends, however it does; end at once where it has."""
    _LIBC.prctl(_PDEATHSIG, number)
    if os.getppid() != parent:
        os._exit(1)
