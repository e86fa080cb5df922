"""Never leaves the network: gateway and backend, each on a network of its own, joined by Unix sockets alone."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from gateway.egress.outside import WAYS
from tests.e2e.gateways import SERVE, Gateway, alone, processes, serving, session
from tests.e2e.test_network import TEXTS, Trace, await_end, read, traced, tracer_of
from tests.waiting import until

pytestmark = pytest.mark.integration

PROXY, NEIGHBOUR = "203.0.113.9:3128", "203.0.113.7:22"
DOCTOR = (sys.executable, "-m", "gateway", "doctor", "egress", "--json", "--try", NEIGHBOUR)
TRIED = [
    "egress doors",
    *(f"egress by {way.name}" for way in WAYS),
    "egress by tcp 203.0.113.9 port 3128 (the proxy of HTTPS_PROXY)",
    "egress by tcp 203.0.113.7 port 22 (named by --try)",
]
ASKED: Any = [{"role": "user", "content": TEXTS[0]}]
SAID = f"You said: {TEXTS[0]}"


@contextmanager
def echo(folder: Path, root: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The echo backend, alone."""
    command = [*alone(), sys.executable, "-m", "gateway.bench.backend", "--uds", str(folder / "echo.sock")]
    process = subprocess.Popen(command, cwd=root)
    try:
        until((folder / "echo.sock").exists)
        yield process
    finally:
        process.terminate()
        process.wait(10)


def settings(folder: Path, root: Path) -> dict[str, str]:
    backend = {"name": "echo", "uds": str(folder / "echo.sock")}
    return os.environ | {"PYTHONPATH": str(root), "CLOISTER_BACKENDS": json.dumps([backend])}


@pytest.fixture(scope="module")
def backend(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[bytes]]:
    folder = tmp_path_factory.mktemp("echo")
    with echo(folder, root) as process:
        process.folder = folder  # type: ignore[attr-defined]
        yield process


@pytest.fixture(scope="module")
def gateway(root: Path, tmp_path_factory: pytest.TempPathFactory, backend: Any) -> Iterator[Gateway]:
    environ = settings(backend.folder, root)
    with serving(SERVE, tmp_path_factory.mktemp("alone"), environ, root=root, apart=True) as running:
        yield running


def client(gateway: Gateway) -> openai.OpenAI:
    """The official SDK on the gateway's socket: whoever may open the file needs nothing between."""
    transport = httpx.HTTPTransport(uds=gateway.environ["CLOISTER_SERVER__UDS"])
    return openai.OpenAI(
        base_url="http://gateway/v1",
        api_key=gateway.keys["app"],
        max_retries=0,
        http_client=httpx.Client(transport=transport, trust_env=False),
    )


def network(pid: int | str) -> str:
    return str(Path(f"/proc/{pid}/ns/net").readlink())


def test_each_is_on_a_network_of_its_own(gateway: Gateway, backend: Any) -> None:
    assert gateway.process
    ours = session(gateway.process.pid)
    databases = processes(gateway, "postgres")

    assert len(ours) > 2
    assert databases
    assert len({network("self"), network(gateway.process.pid), network(backend.pid)}) == 3
    assert {network(pid) for pid in [*ours, *databases]} == {network(gateway.process.pid)}


def test_the_official_sdk_over_the_socket(gateway: Gateway) -> None:
    with client(gateway) as app:
        raw = app.chat.completions.with_raw_response.create(model="echo", messages=ASKED)
        stream = app.chat.completions.create(model="echo", messages=ASKED, stream=True)
        pieces = [chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices]

    assert raw.parse().choices[0].message.content == SAID
    assert raw.headers["x-cloister-entities"] == "EMAIL_ADDRESS=2,PERSON=1"
    assert ("".join(pieces), len(pieces) > 1) == (SAID, True)


def test_applications_elsewhere_come_through_a_relay(gateway: Gateway) -> None:
    status, headers, _ = gateway.chat(TEXTS[0], model="echo")

    assert (status, headers["x-cloister-decision"]) == (200, "permit")


def found(command: list[str], environ: dict[str, str], root: Path) -> tuple[int, list[dict[str, Any]]]:
    """Run ``doctor egress``, where a proxy is named; return its code and what it found."""
    proxied = {name: value for name, value in environ.items() if not name.upper().endswith("_PROXY")}
    proxied["HTTPS_PROXY"] = f"http://{PROXY}"
    done = subprocess.run(command, cwd=root, env=proxied, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_where_the_gateway_is_every_way_out_is_closed(gateway: Gateway, root: Path) -> None:
    assert gateway.process
    enter = ["nsenter", f"--target={gateway.process.pid}", "--net"]
    enter += [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    code, checks = found([*enter, *DOCTOR], gateway.environ, root)
    report(checks)

    assert code == 0
    assert [check["name"] for check in checks] == TRIED
    assert [check for check in checks if not check["sound"]] == []


def test_on_the_internet_every_way_out_is_found_open(root: Path, tmp_path: Path) -> None:
    alone()
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    internet = ["unshare", *user, "--net", "--mount", sys.executable, "-m", "tests.doubles.internet"]
    code, checks = found(
        [*internet, PROXY, NEIGHBOUR, "--", *DOCTOR], os.environ | {"CLOISTER_HOME": str(tmp_path)}, root
    )
    report(checks)

    assert code == 1
    assert [check["name"] for check in checks] == TRIED
    assert [check["name"] for check in checks if check["sound"]] == ["egress doors"]


def test_a_gateway_alone_uses_unix_sockets_and_no_others(root: Path, tmp_path: Path) -> None:
    """Which is what the drop-in for systemd holds it to."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: apt-get install strace")
    with (
        echo(tmp_path, root),
        serving(
            traced(SERVE, tmp_path / "trace"), tmp_path, settings(tmp_path, root), root=root, apart=True
        ) as traced_,
    ):
        assert traced_.process
        tracer = tracer_of(traced_.process.pid)
        with client(traced_) as app:
            whole = app.chat.completions.create(model="echo", messages=ASKED)
            streamed = list(app.chat.completions.create(model="echo", messages=ASKED, stream=True))
    await_end(tracer)
    trace = read((tmp_path / "trace").read_text())
    print(f"\nsockets {dict(trace.families)}")

    assert whole.choices[0].message.content == SAID
    assert len(streamed) > 1
    assert strangers(trace) <= {("bind", "::1")}
    assert set(trace.families) <= {"AF_UNIX", "AF_INET6"}
    assert str(tmp_path / "echo.sock") in trace.unix


def strangers(trace: Trace) -> set[tuple[str, str]]:
    """Return what was done with addresses of a network. urllib3 binds to ``::1`` to know whether there is IPv6."""
    return {(call, address) for call, address, _ in trace.named if address[0] not in '"@'}


CALL = """if True:
    import socket, sys
    for family, address in ((2, ("127.0.0.1", int(sys.argv[1]))), (1, "\\0" + sys.argv[2]), (1, sys.argv[3])):
        with socket.socket(family) as calling:
            print(calling.connect_ex(address) == 0, end=" ")
"""


@pytest.mark.parametrize(("inside", "reached"), [(False, "True True True"), (True, "False False True")])
def test_of_this_hosts_sockets_those_with_a_path_are_left(tmp_path: Path, inside: bool, reached: str) -> None:
    begin = alone() if inside else []
    name, path = f"cloister-{secrets.token_hex(8)}", str(tmp_path / "s")
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as tcp,
        closing(socket.socket(socket.AF_UNIX)) as abstract,
        closing(socket.socket(socket.AF_UNIX)) as named,
    ):
        for listener, address in ((abstract, f"\0{name}"), (named, path)):
            listener.bind(address)
            listener.listen()
        words = [str(tcp.getsockname()[1]), name, path]
        done = subprocess.run(
            [*begin, sys.executable, "-I", "-c", CALL, *words], capture_output=True, text=True, check=True
        )

    assert done.stdout.strip() == reached


@pytest.mark.parametrize("tool", ["ip", "python3"])
def test_loopback_is_there_by_either_tool(tmp_path: Path, tool: str) -> None:
    begin = alone()
    if shutil.which(tool) is None:
        tool = "python3"  # which the suite runs on
    for name, program in [(name, shutil.which(name)) for name in ("sh", "id", "unshare", "setpriv", "true", tool)]:
        (tmp_path / name).symlink_to(sys.executable if name == "python3" else program or "")
    program = 'import socket; s = socket.create_server(("127.0.0.1", 0)); socket.create_connection(s.getsockname())'

    done = subprocess.run(
        [*begin, sys.executable, "-I", "-c", program],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_nobody_inside_can_lead_others_out() -> None:
    begin = alone()
    out = subprocess.run(
        [*begin, "nsenter", "--target=1", "--net", "true"], capture_output=True, text=True, check=False
    )
    status = subprocess.run([*begin, "cat", "/proc/self/status"], capture_output=True, text=True, check=True).stdout
    held = int(next(line.split()[1] for line in status.splitlines() if line.startswith("CapBnd")), 16)

    assert out.returncode != 0
    assert "NoNewPrivs:\t1" in status
    assert held & (1 << 12 | 1 << 13 | 1 << 19 | 1 << 21) == 0  # NET_ADMIN, NET_RAW, SYS_PTRACE, SYS_ADMIN


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "usage: alone"),
        (["--user", "nobody-of-this-name", "true"], "there is no user" if os.geteuid() == 0 else "--user is for root"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_mend(words: list[str], why: str) -> None:
    done = subprocess.run([*alone(), *words], capture_output=True, text=True, check=False)

    assert done.returncode == 78
    assert why in done.stderr


def test_where_the_kernel_allows_no_network_the_command_does_not_run(tmp_path: Path) -> None:
    begin = alone()
    for name in ("sh", "id", "setpriv", "touch"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    (tmp_path / "unshare").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "unshare").chmod(0o700)

    done = subprocess.run(
        [*begin, "touch", str(tmp_path / "ran")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 78
    assert "make no network of its own" in done.stderr
    assert not (tmp_path / "ran").exists()


def report(checks: list[dict[str, Any]]) -> None:
    for check in checks[1:]:
        print(f"\n{check['name']}: {check['detail'].split(':')[0]}", end="")


def test_it_starts_nothing_on_the_network_of_others(root: Path) -> None:
    done = subprocess.run(
        ["sh", str(root / "deploy/network/alone"), "--inside", "echo", "out"],
        capture_output=True,
        text=True,
        check=False,
    )

    interfaces = Path("/proc/net/dev").read_text().splitlines()[2:]
    alone = all(line.strip().startswith("lo:") for line in interfaces)
    assert (done.returncode, done.stdout) == ((0, "out\n") if alone else (78, ""))
