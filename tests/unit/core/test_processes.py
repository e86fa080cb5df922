"""Processes that end with the one that started them."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.waiting import is_gone, until

CHILD = """
import os, time
from gateway.core.processes import end_with
end_with(int(os.environ["PARENT"]))
print(os.getpid(), flush=True)
time.sleep(60)
"""
PARENT = """
import os, subprocess, sys
own = {"PARENT": str(os.getpid())}
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], env=os.environ | own, stdout=subprocess.PIPE)
print(child.stdout.readline().decode(), flush=True)
"""


def ran(code: str, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, env=os.environ | environ, capture_output=True, text=True, check=False, timeout=30)


def test_a_child_ends_with_its_parent() -> None:
    child = int(ran(PARENT, CHILD).stdout)

    until(lambda: is_gone(child), 10)


def test_a_child_whose_parent_is_gone_already_ends_at_once() -> None:
    done = ran(CHILD, PARENT="1")

    assert (done.returncode, done.stdout) == (1, "")
