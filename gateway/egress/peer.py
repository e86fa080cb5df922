"""Who listens at a Unix socket of this host.

Law: it is asked by ``cloister doctor`` alone, never while serving. It connects, sends no byte, and asks the kernel.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import closing
from typing import Final

_CREDENTIALS: Final = struct.Struct("3i")
"""Process, user and group, as unix(7) gives them: of the process that called ``listen``."""


async def listener(uds: str, *, seconds: float = 2.0) -> int:
    """Return the id of the process that listens, or 0 where nobody does, or it lives where this process cannot see."""
    try:
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as trying:
            trying.setblocking(False)
            async with asyncio.timeout(seconds):
                await asyncio.get_running_loop().sock_connect(trying, uds)
            told = trying.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    except (OSError, TimeoutError):
        return 0
    return int(_CREDENTIALS.unpack(told)[0])
