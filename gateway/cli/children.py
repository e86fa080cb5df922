"""Processes of our own modules that a command starts beside itself.

Law: a child imports nothing from the folder that the command was called in, and hears nothing from its terminal: what
Ctrl-C ends is the command, which ends its children when it needs them no more. A command that is killed takes them
along.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import IO, Final, NoReturn

_PDEATHSIG: Final = 1
_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)


def start(
    module: str, *words: str, env: Mapping[str, str] | None = None, stdout: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start ``python -m module words``, in a session of its own."""
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-P", "-m", module, *words],
        env=env,
        stdout=stdout,
        start_new_session=True,
        preexec_fn=partial(_die_with, os.getpid()),  # noqa: PLW1509 - a command has one thread when it starts children
    )


def _die_with(parent: int) -> None:
    """Ask to be told when the parent dies, before it can."""
    ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end the block as an exception does, so that it tidies up."""
    before = {number: signal.signal(number, _end) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
