"""Whether the network lets this host out.

Law: it is asked by ``cloister doctor`` alone, never while serving. Every way is tried for itself, all at the same time
and for a few seconds altogether. An answer is the finding. What answers only when asked is sent one fixed question,
the same from every host, in which nothing of anybody stands; nothing else is sent.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from gateway.core.errors import ProtocolError

_MOST_SECONDS: Final = 2.0
_ROUTES: Final = Path("/proc/net/route")
_PROXY_PORTS: Final = {"https": 443, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way out. to: an address, a name or a socket's path. what: who is there. ask: what gets an answer there."""

    by: Literal["tcp", "udp", "icmp", "name", "unix"]
    to: str
    what: str
    port: int = 0
    ask: bytes = b""

    @property
    def name(self) -> str:
        """Name it for people."""
        port = f" port {self.port}" if self.port else ""
        return f"{self.by} {self.to}{port} ({self.what})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How a way ended. why: what stood in it, "" where it is open."""

    way: Way
    why: str

    @property
    def open(self) -> bool:
        """Whether somebody answered."""
        return not self.why


_ROOT, _RESOLVER, _CLOCK, _METADATA = "a root name server", "a public resolver", "a public clock", "a cloud's metadata"
_ENGINE: Final = "a container engine, which has networks of its own"

_WHICH_ROOTS: Final = b"\0\0\1\0\0\1\0\0\0\0\0\0\0\0\2\0\1"
"""DNS: the name servers of the root, please."""
_WHAT_TIME: Final = b"\x23" + bytes(47)
"""NTP, version 4, from a client."""
_WHICH_VERSIONS: Final = b"\xc0\x1a\x2a\x3a\x4a\x08" + bytes(1194)
"""QUIC: a packet in a version that nobody speaks, which is answered with those that are (RFC 9000, section 6)."""
_ECHO: Final = b"\x08\x00\xf7\xff\x00\x00\x00\x00"
_ECHO_6: Final = b"\x80\x00\x00\x00\x00\x00\x00\x00"
"""ICMP echo requests without a load, the first with its checksum."""

WAYS: Final = (
    Way(by="tcp", to="198.41.0.4", port=53, what=_ROOT),
    Way(by="tcp", to="2001:503:ba3e::2:30", port=53, what=_ROOT),
    Way(by="tcp", to="1.1.1.1", port=80, what=_RESOLVER),
    Way(by="tcp", to="1.1.1.1", port=443, what=_RESOLVER),
    Way(by="tcp", to="2606:4700:4700::1111", port=443, what=_RESOLVER),
    Way(by="tcp", to="169.254.169.254", port=80, what=_METADATA),
    Way(by="tcp", to="fd00:ec2::254", port=80, what=_METADATA),
    Way(by="udp", to="198.41.0.4", port=53, what=_ROOT, ask=_WHICH_ROOTS),
    Way(by="udp", to="2001:503:ba3e::2:30", port=53, what=_ROOT, ask=_WHICH_ROOTS),
    Way(by="udp", to="1.1.1.1", port=53, what=_RESOLVER, ask=_WHICH_ROOTS),
    Way(by="udp", to="162.159.200.123", port=123, what=_CLOCK, ask=_WHAT_TIME),
    Way(by="udp", to="1.1.1.1", port=443, what=_RESOLVER, ask=_WHICH_VERSIONS),
    Way(by="icmp", to="1.1.1.1", what=_RESOLVER, ask=_ECHO),
    Way(by="icmp", to="2606:4700:4700::1111", what=_RESOLVER, ask=_ECHO_6),
    Way(by="name", to="a.root-servers.net.", what="this host's resolver, for a name of the internet"),
    Way(by="unix", to="/run/docker.sock", what=_ENGINE),
    Way(by="unix", to="/run/podman/podman.sock", what=_ENGINE),
    Way(by="unix", to="/run/containerd/containerd.sock", what=_ENGINE),
)
"""What is tried on every host. The ports and protocols are those that firewalls like to let through."""


def proxies(environ: Mapping[str, str]) -> Iterator[Way]:
    """Yield the proxies that the environment names. The gateway uses none; whoever breaks into it may."""
    for variable, address in sorted(environ.items()):
        kind = variable.upper()
        if not kind.endswith("_PROXY") or kind == "NO_PROXY" or not address:
            continue
        try:
            parts = urlsplit(address if "//" in address else f"http://{address}")
            host, port = parts.hostname, parts.port or _PROXY_PORTS.get(parts.scheme, 80)
        except ValueError:
            continue
        if host:
            yield Way(by="tcp", to=host, port=port, what=f"the proxy of {variable}")


def routers(routes: Path = _ROUTES) -> Iterator[Way]:
    """Yield what listens where this host's packets go: to a container, its router is the host that it runs on."""
    try:
        lines = routes.read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return
    hops = {gateway for _, to, gateway, *_ in map(str.split, lines) if int(to, 16) == 0 != int(gateway, 16)}
    for hop in sorted(hops):
        address = socket.inet_ntoa(int(hop, 16).to_bytes(4, sys.byteorder))
        for port in (22, 443):
            yield Way(by="tcp", to=address, port=port, what="the router of this host")


def place(text: str) -> Way:
    """Read ``ADDRESS:PORT``, as an operator names a place to try. Raise ``ProtocolError``."""
    try:
        parts = urlsplit(f"//{text}")
        address, port = ip_address(parts.hostname or ""), parts.port
    except ValueError:
        address, port = None, None
    if address is None or not port:
        detail = "--try: an address and a port are needed, such as 10.0.0.1:22 or [fd00::1]:22, and no name."
        raise ProtocolError(detail)
    return Way(by="tcp", to=str(address), port=port, what="named by --try")


async def tried(ways: Sequence[Way], *, seconds: float = _MOST_SECONDS) -> list[Tried]:
    """Try every way at once, each for at most this long, and say how each ended."""
    return await asyncio.gather(*(_tried(way, seconds) for way in ways))


async def _tried(way: Way, seconds: float) -> Tried:
    try:
        async with asyncio.timeout(seconds):
            await _GO[way.by](way)
    except TimeoutError:
        return Tried(way=way, why=f"no answer in {seconds:g} s")
    except OSError as error:
        return Tried(way=way, why=_said(error))
    return Tried(way=way, why="")


def _said(error: OSError) -> str:
    """Return the system's words: asyncio's own repeat the address."""
    if error.errno and error.errno > 0:
        return os.strerror(error.errno)
    return error.strerror or type(error).__name__


async def _connect(way: Way) -> None:
    family, address = (await _look_up(way.to, way.port))[0]
    with closing(socket.socket(family, socket.SOCK_STREAM)) as trying:
        trying.setblocking(False)
        await asyncio.get_running_loop().sock_connect(trying, address)


async def _ask(way: Way) -> None:
    """Send the question in a packet, and wait for any answer."""
    loop = asyncio.get_running_loop()
    family, address = (await _look_up(way.to, way.port))[0]
    with closing(_packets(way.by, family)) as trying:
        trying.setblocking(False)
        trying.connect(address)  # which sends nothing, and waits for nothing
        await loop.sock_sendall(trying, way.ask)
        await loop.sock_recv(trying, 1)


def _packets(by: str, family: int) -> socket.socket:
    """Make a socket for packets; echo requests are left to some users in one form, and to some in the other."""
    if by == "udp":
        return socket.socket(family, socket.SOCK_DGRAM)
    protocol = socket.IPPROTO_ICMPV6 if family == socket.AF_INET6 else socket.IPPROTO_ICMP
    try:
        return socket.socket(family, socket.SOCK_DGRAM, protocol)
    except PermissionError:
        return socket.socket(family, socket.SOCK_RAW, protocol)


async def _resolve(way: Way) -> None:
    await _look_up(way.to, way.port)


async def _connect_path(way: Way) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as trying:
        trying.setblocking(False)
        await asyncio.get_running_loop().sock_connect(trying, way.to)


async def _look_up(host: str, port: int) -> list[tuple[int, Any]]:
    """Ask this host's resolver, whatever it is made of, as any program would: only so is its every way tried.

    In a thread that nobody waits for at the end: a resolver may take half a minute to give up.
    """
    answer: Future[list[tuple[int, Any]]] = Future()

    def ask() -> None:
        answer.set_running_or_notify_cancel()
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            answer.set_exception(error)
        except UnicodeError:
            answer.set_exception(OSError("no name"))
        else:
            answer.set_result([(family, address) for family, _, _, _, address in found])

    Thread(target=ask, daemon=True).start()
    return await asyncio.wrap_future(answer)


_GO: Final[dict[str, Callable[[Way], Awaitable[None]]]] = {
    "tcp": _connect,
    "udp": _ask,
    "icmp": _ask,
    "name": _resolve,
    "unix": _connect_path,
}
