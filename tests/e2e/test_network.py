"""Nothing calls home: every process of the gateway is watched by ``strace``, from its first start to its last reply."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.gateways import ALL_ALONE, Gateway, free_port, serving
from tests.waiting import until

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed: apt-get install strace"),
]

MANY = (pytest.mark.slow, pytest.mark.timeout(900))
STRACE = ("strace", "-D", "-f", "--seccomp-bpf", "-qq", "-e", "trace=network", "-e", "signal=none", "-s", "0")
"""-D: the traced process stays this one's child, so that it is stopped as always. -s 0: no text in the trace."""

USER_NAMES = "/var/run/nscd/socket"
"""Where the C library asks for the names of users before it reads ``/etc/passwd``."""

TEXTS = (
    "Write to Maria Gonzalez, maria.gonzalez@corp.local and bob@example.co.uk",
    "See https://www.example.com/a?b=c and ftp://files.example.org, or ring +44 20 7946 0958",
    "Pay GB82 WEST 1234 5698 7654 32 by card 4111 1111 1111 1111 from 10.0.0.5",
    "Nothing to find in here",
)
"""E-mail addresses and URLs are what a recognizer would look up the public suffix list for."""

_LINE = re.compile(r"^\d+ +(socket|connect|bind|sendto|sendmsg|sendmmsg)\((.*)$", re.MULTILINE)
_UNIX = re.compile(r'sa_family=AF_UNIX, sun_path=(@?"[^"]*")')
_INET = re.compile(r'sin6?_port=htons\((\d+)\), .*?"([^"]+)"')


@dataclass(frozen=True)
class Trace:
    """What processes asked of the network. families: of their sockets. named: call, address and port (0: Unix)."""

    families: Counter[str]
    named: Counter[tuple[str, str, int]]

    def addresses(self, call: str) -> set[tuple[str, int]]:
        return {(address, port) for name, address, port in self.named if name == call and port}

    @property
    def astray(self) -> set[tuple[str, int]]:
        """Whatever is neither this machine's loopback nor a Unix socket."""
        named = {(address, port) for _, address, port in self.named}
        return {(address, port) for address, port in named if address[0] not in '"@' and not loopback(address)}

    @property
    def unix(self) -> set[str]:
        return {address.strip('"') for _, address, _ in self.named if address.startswith('"')}


def loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


def read(text: str) -> Trace:
    families: Counter[str] = Counter()
    named: Counter[tuple[str, str, int]] = Counter()
    for call, rest in _LINE.findall(text):
        if call == "socket":
            families[rest.split(",")[0]] += 1
        for path in _UNIX.findall(rest):
            named[call, path, 0] += 1
        for port, address in _INET.findall(rest):
            named[call, address, int(port)] += 1
    return Trace(families, named)


def traced(command: Sequence[str | Path], file: Path) -> list[str]:
    return [*STRACE, "-o", str(file), *map(str, command)]


def tracer_of(pid: int) -> int:
    return int(re.search(r"TracerPid:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def await_end(pid: int) -> None:
    """The tracer ends with the last process that it traces, the keeper of Postgres."""
    until(lambda: not Path(f"/proc/{pid}").exists(), 20)


@contextmanager
def echo() -> Iterator[int]:
    """The echo backend on loopback, untraced, as if it were a model server elsewhere."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "gateway.bench.backend", "--port", str(port)])
    try:
        yield port
    finally:
        process.terminate()
        process.wait(10)


def ask(gateway: Gateway, count: int) -> Counter[int]:
    def one(number: int) -> int:
        return gateway.chat(TEXTS[number % len(TEXTS)], model="echo", stream=number % 8 > 3)[0]

    with ThreadPoolExecutor(4) as threads:
        return Counter(threads.map(one, range(count)))


@pytest.mark.skipif(ALL_ALONE, reason="calls a backend on loopback, which a gateway that is alone does not reach")
@pytest.mark.parametrize("count", [20, pytest.param(1000, marks=MANY)])
def test_nothing_but_the_backend_is_connected_to(root: Path, tmp_path: Path, count: int) -> None:
    file = tmp_path / "trace"
    command = traced([sys.executable, "-m", "gateway", "serve", "--embedded"], file)
    with echo() as backend:
        environ = os.environ | {
            "PYTHONPATH": str(root),
            "CLOISTER_BACKENDS": f'[{{"name": "echo", "url": "http://127.0.0.1:{backend}"}}]',
        }
        with serving(command, tmp_path, environ) as gateway:
            tracer = tracer_of(gateway.process.pid)
            assert tracer
            assert ask(gateway, count) == {200: count}
        await_end(tracer)
    trace = read(file.read_text())
    report(count, trace)

    assert set(trace.families) <= {"AF_UNIX", "AF_INET", "AF_INET6"}
    assert trace.astray == set()
    assert trace.addresses("connect") == {("127.0.0.1", backend)}
    assert trace.addresses("bind") == {("127.0.0.1", gateway.port)}
    assert trace.addresses("sendto") | trace.addresses("sendmsg") | trace.addresses("sendmmsg") == set()
    assert {path for path in trace.unix if str(tmp_path) not in path and "/cloister-" not in path} <= {USER_NAMES}


def test_a_look_up_and_a_packet_would_be_seen(tmp_path: Path) -> None:
    program = """if True:
        import socket
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            with socket.socket(socket.AF_INET, kind) as asking:
                asking.settimeout(0.01)
                try:
                    asking.connect(("192.0.2.1", 53))
                except OSError:
                    pass
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sending:
            try:
                sending.sendto(b"x", ("2001:db8::1", 443))
            except OSError:
                pass
        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()
    """
    subprocess.run(traced([sys.executable, "-c", program], tmp_path / "trace"), check=True)
    until(lambda: "AF_NETLINK" in (tmp_path / "trace").read_text(), 5)
    trace = read((tmp_path / "trace").read_text())

    assert trace.astray == {("192.0.2.1", 53), ("2001:db8::1", 443)}
    assert trace.named["connect", "192.0.2.1", 53] == 2
    assert trace.families["AF_NETLINK"] == 1


def report(count: int, trace: Trace) -> None:
    calls: Counter[str] = Counter()
    for (call, address, _), times in trace.named.items():
        kind = "Unix" if address[0] in '"@' else "loopback" if loopback(address) else "ASTRAY"
        calls[f"{call} {kind}"] += times
    print(f"\n{count} requests: sockets {dict(trace.families)}, {dict(calls)}")
