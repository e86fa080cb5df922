"""The parent of the embedded Postgres: ``python -I -S keeper.py FOLDER COMMAND…``.

Law: the server runs while somebody holds a shared lock on ``users.lock``, and no longer. Locks go with their process,
so a client that was killed counts as gone. The keeper leaves its starter at once, so that it is nobody's child; there
is one for each folder. A server that dies while it has users is started again, and recovers. When the keeper itself is
killed, the kernel tells the server to shut down. Standard library only: it starts for every first client.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

_LOOK: Final = 0.25
_GRACE: Final = 1.5
_AGAIN: Final = 1.0
_PATIENCE: Final = 10.0
"""Seconds between looks, without users, between two starts of a server that will not stay, and for each signal."""

_PDEATHSIG: Final = 1


def keep(folder: Path, command: list[str]) -> None:
    """Run the server until nobody uses it. Return at once where another keeper does so already."""
    keeper = open_lock(folder / "keeper.lock")
    if not try_exclusive(keeper):
        return
    users = open_lock(folder / "users.lock")
    server, began = start(command), time.monotonic()
    last_used = began
    while True:
        time.sleep(_LOOK)
        now = time.monotonic()
        if not try_exclusive(users):
            last_used = now
            if server.poll() is not None and now - began > _AGAIN:
                server, began = start(command), now
        elif now - last_used < _GRACE:
            fcntl.flock(users, fcntl.LOCK_UN)
        else:
            break
    # A newcomer waits for the users' lock, so it is this process's last: the next keeper finds its own lock free.
    stop(server)
    os.close(keeper)
    os.close(users)


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start the server. Whether a pid file that it finds is stale, Postgres judges itself."""
    return subprocess.Popen(command, preexec_fn=_prepare)  # noqa: S603, PLW1509 - the wrapper's; no threads here


def stop(server: subprocess.Popen[bytes]) -> None:
    """Shut the server down: fast (SIGINT), then at once (SIGQUIT), then by force."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(number)
        try:
            server.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            continue
        return


def open_lock(path: Path) -> int:
    """Open a file that processes lock; a lock is gone when its descriptor is closed in every process that has it."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def try_exclusive(descriptor: int) -> bool:
    """Take the exclusive lock if nobody else holds any."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _prepare() -> None:
    """Let the server hear the signals that it is stopped by, which a script's background job ignores."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGINT)


if __name__ == "__main__" and os.fork() == 0:
    os.setsid()
    os.chdir("/")
    keep(Path(sys.argv[1]), sys.argv[2:])
