"""Whether the network lets this host out.

Law: it is asked by ``cloister doctor`` alone, never while serving. It connects to well-known addresses, sends no byte
and asks no name server; a connection that is made is the finding.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from contextlib import closing
from typing import Final

OUTSIDE: Final = (
    ("198.41.0.4", 53),
    ("2001:503:ba3e::2:30", 53),
    ("1.1.1.1", 443),
    ("2606:4700:4700::1111", 443),
)
"""A root name server and a public resolver, over IPv4 and IPv6, at two ports that firewalls like to let through."""


async def reached(places: Sequence[tuple[str, int]], *, seconds: float = 2.0) -> list[str]:
    """Return which of the places accept a TCP connection in this time, as ``address port``."""
    answered = await asyncio.gather(*(_accepts(host, port, seconds) for host, port in places))
    return [f"{host} port {port}" for (host, port), accepts in zip(places, answered, strict=True) if accepts]


async def _accepts(host: str, port: int, seconds: float) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with closing(socket.socket(family, socket.SOCK_STREAM)) as trying:
            trying.setblocking(False)
            async with asyncio.timeout(seconds):
                await asyncio.get_running_loop().sock_connect(trying, (host, port))
    except (OSError, TimeoutError):
        return False
    return True
