"""The address that a gateway is about to listen on.

Law: one address, one gateway. granian shares its port with whoever asks for the same (SO_REUSEPORT), so the address is
tried without sharing first, and kept from other gateways by a name in the kernel that ends with the process, as two
that start at once would both find it free. A socket's file that nobody answers at is a killed gateway's, and goes.
What is wrong with the address is found before anything is prepared.
"""

from __future__ import annotations

import errno
import hashlib
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from gateway.core.errors import Misconfigured

_ANSWER_SECONDS: Final = 1.0


@contextmanager
def claimed(host: str, port: int, uds: str = "") -> Iterator[None]:
    """Keep the address for this process during the block. Raise ``Misconfigured`` where it is not to be had.

    uds: the path of a Unix socket, in place of host and port.
    """
    path = Path(uds).resolve() if uds else None
    place = str(path or f"{host} port {port}")
    with closing(socket.socket(socket.AF_UNIX)) as claim:
        try:
            claim.bind(f"\0cloister-{hashlib.sha256(place.encode()).hexdigest()}")
            if path:
                _try_path(path)
            else:
                _try_port(host, port)
        except OSError as error:
            raise Misconfigured(_refusal(place, "server.uds" if path else "--port or --host", error)) from None
        yield


def _try_port(host: str, port: int) -> None:
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)[0]
    with closing(socket.socket(family)) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that linger are no listener
        trial.bind(address)


def _try_path(path: Path) -> None:
    if path.is_socket() and not _answers(path):
        path.unlink()
    with closing(socket.socket(socket.AF_UNIX)) as trial:
        trial.bind(str(path))
    path.unlink()


def _answers(path: Path) -> bool:
    with closing(socket.socket(socket.AF_UNIX)) as caller:
        caller.settimeout(_ANSWER_SECONDS)
        try:
            caller.connect(str(path))
        except ConnectionRefusedError:
            return False
        except (TimeoutError, BlockingIOError):
            return True
    return True


def _refusal(place: str, option: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"{place} is in use: stop what listens there, or name another with {option}."
    return f"{place}: {error.strerror or error}. Name an address of this host with {option}."
