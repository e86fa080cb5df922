"""Waiting for what other processes, threads and tasks do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

_PAUSE: Final = 0.02


def until(look: Callable[[], T], seconds: float = 30) -> T:
    """Look again and again until what is seen is true, and return it. It fails when the time is up."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < end, f"{seconds:g} s were not enough: {seen!r}"
        time.sleep(_PAUSE)
    return seen


def seconds_until(look: Callable[[], object], seconds: float = 30) -> float:
    """Wait likewise, and return how long it took."""
    began = time.monotonic()
    until(look, seconds)
    return time.monotonic() - began


async def until_async(look: Callable[[], T], seconds: float = 30) -> T:
    """Wait likewise in an event loop, which goes on meanwhile."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < end, f"{seconds:g} s were not enough: {seen!r}"
        await asyncio.sleep(_PAUSE)
    return seen


def is_gone(pid: int) -> bool:
    """Whether a process has ended, be it that nobody has asked for its end yet."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return True
