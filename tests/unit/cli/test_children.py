import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gateway import __version__
from gateway.cli.children import start


def test_a_child_imports_nothing_from_the_callers_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("argparse", "gateway", "secrets"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(99)\n")
    monkeypatch.chdir(tmp_path)

    with (tmp_path / "said").open("wb") as said:
        assert start("gateway", "--version", stdout=said).wait(20) == 0

    assert (tmp_path / "said").read_text() == f"cloister {__version__}\n"


def test_a_child_is_out_of_reach_of_the_terminal(tmp_path: Path) -> None:
    child = start("gateway.bench.backend", "--uds", str(tmp_path / "echo.sock"))
    try:
        assert os.getsid(child.pid) == child.pid
        assert child.pid != os.getsid(0)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait(10)


PARENT = """
import sys, time
from gateway.cli.children import ended_by_signals, start
with ended_by_signals():
    child = start("gateway.bench.backend", "--uds", sys.argv[1])
    print(child.pid, flush=True)
    try:
        time.sleep(60)
    finally:
        print("tidied up", flush=True)
"""


@pytest.mark.parametrize(
    ("number", "said"), [(signal.SIGTERM, "tidied up\n"), (signal.SIGHUP, "tidied up\n"), (signal.SIGKILL, "")]
)
def test_a_command_that_is_ended_takes_its_children_along(tmp_path: Path, number: int, said: str) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path / "echo.sock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.send_signal(number)
        assert parent.stdout.read() == said

    deadline = time.monotonic() + 10
    while Path(f"/proc/{child}/exe").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}/exe").exists()


def test_the_command_too_imports_nothing_from_where_it_is_called(root: Path) -> None:
    script = (root / "requirements/link.sh").read_text(encoding="utf-8")

    assert 'exec "$(dirname "$0")/python" -P -m gateway "$@"' in script
