"""Processor time of whole process trees, as Linux's scheduler counts it.

Law: time is read in nanoseconds from every thread's ``schedstat``; where there is no ``/proc``, nothing was used.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def used(roots: Iterable[int]) -> float:
    """Return the seconds that these processes and all that descend from them have spent on a processor so far."""
    return sum(_spent(pid) for pid in tree(roots))


def tree(roots: Iterable[int]) -> set[int]:
    """Return these processes and all that descend from them."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for status in _PROC.glob("[0-9]*/stat"):
        text = _read(status)
        if text:
            children[int(text.rpartition(")")[2].split()[1])].append(int(status.parent.name))
    found, waiting = set[int](), list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting += children[pid]
    return found


def _spent(pid: int) -> float:
    texts = (_read(file) for file in _PROC.glob(f"{pid}/task/*/schedstat"))
    return sum(int(text.split()[0]) for text in texts if text) / 1e9


def _read(file: Path) -> str:
    """Return a file of ``/proc``, empty where its process has just ended."""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
