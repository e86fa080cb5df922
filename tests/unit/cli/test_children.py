import os
import signal
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


def test_the_command_too_imports_nothing_from_where_it_is_called(root: Path) -> None:
    script = (root / "requirements/link.sh").read_text(encoding="utf-8")

    assert 'exec "$(dirname "$0")/python" -P -m gateway "$@"' in script
