"""The keeper with a stand-in for the server: a process that sleeps."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.db import keeper
from gateway.db.keeper import open_lock, stop, try_exclusive
from tests.waiting import is_gone, until

SLEEP = [sys.executable, "-I", "-S", "-c", "import os, sys, time; print(os.getpid(), flush=True); time.sleep(60)"]
DEAF = [*SLEEP[:-1], "import signal; signal.signal(2, signal.SIG_IGN); " + SLEEP[-1]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def user(folder: Path) -> Iterator[int]:
    descriptor = open_lock(folder / "users.lock")
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    yield descriptor
    os.close(descriptor)


@pytest.fixture
def started(folder: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Run keepers as the children of the test, so that it can wait for their end."""
    running: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        code = "import sys; from pathlib import Path; from gateway.db.keeper import keep; keep(Path(sys.argv[1]), sys.argv[2:])"
        with (folder / "pids").open("ab") as pids:
            process = subprocess.Popen([sys.executable, "-c", code, str(folder), *SLEEP], stdout=pids)
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()


def pids(folder: Path, wanted: int) -> list[int]:
    """Return the servers that were started, once there are so many."""
    until(lambda: len((folder / "pids").read_text().split()) >= wanted, 8)
    return [int(pid) for pid in (folder / "pids").read_text().split()]


Start = Callable[[], "subprocess.Popen[bytes]"]


def test_the_server_runs_while_it_has_a_user_and_no_longer(folder: Path, user: int, started: Start) -> None:
    process = started()
    (pid,) = pids(folder, 1)
    time.sleep(keeper._GRACE + 1)
    assert process.poll() is None
    assert Path(f"/proc/{pid}").exists()

    fcntl.flock(user, fcntl.LOCK_UN)

    assert process.wait(6) == 0
    until(lambda: is_gone(pid), 5)


def test_a_server_that_dies_is_started_again(folder: Path, user: int, started: Start) -> None:
    started()
    (first,) = pids(folder, 1)
    os.kill(first, signal.SIGKILL)

    assert pids(folder, 2)[1] != first


def test_it_is_stopped_even_where_the_keeper_ignores_interrupts(folder: Path, user: int, started: Start) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = started()
    finally:
        signal.signal(signal.SIGINT, before)
    (pid,) = pids(folder, 1)

    process.kill()

    until(lambda: is_gone(pid), 5)


def test_there_is_one_keeper_a_folder(folder: Path, user: int, started: Start) -> None:
    first = started()
    pids(folder, 1)

    assert started().wait(5) == 0
    assert first.poll() is None
    assert len(pids(folder, 1)) == 1


def test_the_server_does_not_outlive_a_keeper_that_was_killed(folder: Path, user: int, started: Start) -> None:
    process = started()
    (pid,) = pids(folder, 1)
    process.kill()

    until(lambda: is_gone(pid), 5)


@pytest.mark.parametrize(("command", "ended_by"), [(SLEEP, signal.SIGINT), (DEAF, signal.SIGQUIT)])
def test_stopping_grows_more_insistent(
    command: list[str], ended_by: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "_PATIENCE", 0.5)
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=keeper._prepare,  # noqa: PLW1509 - no threads here
    ) as process:
        assert process.stdout
        process.stdout.readline()
        stop(process)
        assert process.returncode in {-ended_by, 130}


def test_the_exclusive_lock_is_taken_when_nobody_holds_any(folder: Path) -> None:
    mine, other = open_lock(folder / "lock"), open_lock(folder / "lock")
    fcntl.flock(other, fcntl.LOCK_SH)
    assert not try_exclusive(mine)
    os.close(other)
    assert try_exclusive(mine)
    assert (folder / "lock").stat().st_mode & 0o777 == 0o600
    os.close(mine)
