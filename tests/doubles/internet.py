"""A network that pretends to be the internet, on which every way that ``cloister doctor egress`` tries is open.

    unshare --net --mount python -m tests.doubles.internet ADDRESS:PORT... -- COMMAND

Law: all of it is loopback of a network namespace that is given, so that nothing leaves it. The addresses that are
tried, and those that are named, belong to it; whoever listens there answers anything.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from ipaddress import ip_address
from pathlib import Path

from gateway.egress.outside import WAYS, Way, place

_SET_FLAGS, _SET_ADDRESS = 0x8914, 0x8916
_RESOLVER = "1.1.1.1"


def main(words: list[str]) -> int:
    at = words.index("--")
    ways = [*WAYS, *map(place, words[:at])]
    with socket.socket() as asking:
        fcntl.ioctl(asking, _SET_FLAGS, struct.pack("16sh22x", b"lo", 1))
    for number, address in enumerate(sorted({way.to for way in ways if way.by not in {"name", "unix"}})):
        own(number, address)
    resolve_here()
    kept = [listen(way) for way in ways if way.by in {"tcp", "unix"}]
    for way in ways:
        if way.by == "udp":
            threading.Thread(target=answer, args=(bound(way),), daemon=True).start()
    code = subprocess.run(words[at + 1 :], check=False).returncode
    for listener in kept:
        listener.close()
    return code


def own(number: int, address: str) -> None:
    """Give loopback one more address (netdevice(7))."""
    packed = ip_address(address).packed
    if len(packed) == 16:
        request = struct.pack("16sIi", packed, 128, socket.if_nametoindex("lo"))
        family = socket.AF_INET6
    else:
        request = struct.pack("16sHH4s16x", f"lo:{number}".encode(), socket.AF_INET, 0, packed)
        family = socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as asking:
        fcntl.ioctl(asking, _SET_ADDRESS, request)


def resolve_here() -> None:
    """Give this mount namespace a ``/run`` of its own, and a resolver."""
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    settings = Path("/etc/resolv.conf").resolve()
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.touch()
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(f"nameserver {_RESOLVER}\n")
        file.flush()
        subprocess.run(["mount", "--bind", file.name, str(settings)], check=True)


def listen(way: Way) -> socket.socket:
    if way.by == "unix":
        Path(way.to).parent.mkdir(parents=True, exist_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(way.to)
    else:
        listener = socket.socket(socket.AF_INET6 if ":" in way.to else socket.AF_INET)
        listener.bind((way.to, way.port))
    listener.listen()
    return listener


def bound(way: Way) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in way.to else socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((way.to, way.port))
    return made


def answer(here: socket.socket) -> None:
    while True:
        question, client = here.recvfrom(2048)
        here.sendto(name_answer(question) if here.getsockname()[1] == 53 else question, client)


def name_answer(question: bytes) -> bytes:
    """Say of every name that its address is a root server's."""
    end = question.index(b"\0", 12) + 5
    is_address = question[end - 4 : end] == b"\0\1\0\1"
    head = question[:2] + b"\x81\x80\0\1" + (b"\0\1" if is_address else b"\0\0") + bytes(4)
    address = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + socket.inet_aton("198.41.0.4") if is_address else b""
    return head + question[12:end] + address


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)
