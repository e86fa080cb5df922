import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gateway import __version__
from gateway.cli.children import start
from tests.waiting import is_gone, until


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


ORPHAN = "from gateway.cli import children; children._end_with(1 << 22)"
PARENT = """
from gateway.cli.children import start
print(start("timeit", "-n1", "-r1", "import time; time.sleep(60)").pid, flush=True)
input()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_child_ends_with_the_command_however_that_ends(root: Path, number: int) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.send_signal(number)

    until(lambda: is_gone(child), 10)


def test_a_child_whose_parent_is_gone_ends_at_once() -> None:
    child = subprocess.Popen([sys.executable, "-c", ORPHAN])
    assert child.wait(20) == 1


def test_the_command_too_imports_nothing_from_where_it_is_called(root: Path) -> None:
    script = (root / "requirements/link.sh").read_text(encoding="utf-8")

    assert 'exec "$(dirname "$0")/python" -P -m gateway "$@"' in script
