"""Names are resolved once.

Law: the addresses of the first answer are the backend's for as long as the process lives, so that whoever answers for
DNS later cannot move the model server; and no socket is made for any other address.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult

from gateway.core.errors import EgressDenied

_FLAGS: Final = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


class Pin(AbstractResolver):
    """The resolver of one backend, and the last check before a socket is made.

    seconds: for the one look-up. Where it fails, nothing is pinned, and the next connection looks again.
    """

    def __init__(self, host: str, port: int, *, seconds: float) -> None:
        self._place = (host, port)
        self._seconds = seconds
        self._lock = asyncio.Lock()
        self._pinned: list[ResolveResult] = []
        self.addresses = frozenset({host}) if _is_address(host) else frozenset[str]()

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - aiohttp's interface; every family is pinned
    ) -> list[ResolveResult]:
        """Return the pinned addresses. Raise OSError or TimeoutError when the first look-up fails."""
        if (host, port) != self._place:
            detail = "The name is not configured."
            raise EgressDenied(detail)
        async with self._lock:
            if not self._pinned:
                self._pinned = await self._look_up()
                self.addresses = frozenset(result["host"] for result in self._pinned)
        return self._pinned

    async def _look_up(self) -> list[ResolveResult]:
        host, port = self._place
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._seconds):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [
            ResolveResult(hostname=host, host=str(to[0]), port=port, family=family, proto=proto, flags=_FLAGS)
            for family, _, proto, _, to in found
        ]

    def socket(self, info: tuple[int, int, int, str, tuple[object, ...]]) -> socket.socket:
        """Make the socket of a connection, for a pinned address alone."""
        family, kind, proto, _, to = info
        if to[0] not in self.addresses or to[1] != self._place[1]:
            detail = "The address is not the one that was resolved at start."
            raise EgressDenied(detail)
        made = socket.socket(family, kind, proto)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    async def close(self) -> None:
        """Nothing is held open."""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
