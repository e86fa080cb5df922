"""Files and folders that are their owner's alone.

Law: what others may read, or somebody else owns, is refused with the mend; a file is looked at once more after it was
opened, so that it cannot be another by then.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from gateway.core.errors import Misconfigured


def read_private(path: Path, *, allowed: int, most: int) -> bytes:
    """Return a file's bytes, one more than ``most`` at the most. Raise ``Misconfigured``, ``OSError``.

    allowed: the mode that it may have, or any with less.
    """
    require_private(path, path.stat(), allowed=allowed)  # what cannot be opened has its mend, too
    # Without O_NONBLOCK a pipe in the file's place would be waited for.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as opened:
        found = os.fstat(opened.fileno())
        if not stat.S_ISREG(found.st_mode):
            detail = f"{path} is no file."
            raise Misconfigured(detail)
        require_private(path, found, allowed=allowed)
        return opened.read(most + 1)


def require_private(path: Path, found: os.stat_result, *, allowed: int) -> None:
    """Refuse what others may use, or somebody else owns. Raise ``Misconfigured``."""
    if found.st_uid not in {os.geteuid(), 0}:
        detail = f"{path} belongs to another user: chown it to the gateway's."
        raise Misconfigured(detail)
    if found.st_mode & 0o777 & ~allowed:
        detail = f"{path} is open to others: chmod {allowed:o} {path}."
        raise Misconfigured(detail)
