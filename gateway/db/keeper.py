"""The parent of the embedded Postgres: ``python -m gateway.db.keeper FOLDER SOCKETS COMMAND…``.

Law: the server runs while somebody holds a shared lock on ``users.lock``, and no longer. Locks go with their process,
so a client that was killed counts as gone. The keeper leaves its starter at once, so that it is nobody's child. A
server that dies while it has users is started again. Standard library only, because it is started for every first
client.
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
_PDEATHSIG: Final = 1


def keep(folder: Path, command: list[str]) -> None:
    """Run the server until nobody uses it."""
    users = os.open(folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    server = start(folder, command)
    idle_since: float | None = None
    while True:
        time.sleep(_LOOK)
        if server.poll() is not None:
            server = start(folder, command)
        if not try_exclusive(users):
            idle_since = None
        elif idle_since is None:
            idle_since = time.monotonic()
            fcntl.flock(users, fcntl.LOCK_UN)
        elif time.monotonic() - idle_since < _GRACE:
            fcntl.flock(users, fcntl.LOCK_UN)
        else:
            stop(server)
            return


def start(folder: Path, command: list[str]) -> subprocess.Popen[bytes]:
    """Start the server; it gets a fast shutdown when this process dies. A stale pid file is Postgres's to judge."""
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - the command was made by the wrapper
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_die_with_parent,  # noqa: PLW1509
        )


def stop(server: subprocess.Popen[bytes]) -> None:
    """Shut the server down fast: SIGINT, then SIGQUIT."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(number)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            continue
        return


def try_exclusive(descriptor: int) -> bool:
    """Take the exclusive lock if nobody holds a shared one."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGINT)


if __name__ == "__main__" and os.fork() == 0:
    os.setsid()
    keep(Path(sys.argv[1]), sys.argv[2:])
