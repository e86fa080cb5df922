import os
import subprocess
import sys
import time

from gateway.bench import processor
from tests.waiting import until

BURN = "import time; end = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
NEST = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BURN + chr(10) + 'input()'!r}]); input()"


def test_work_is_counted() -> None:
    before = processor.used([os.getpid()])
    end = time.process_time() + 0.1
    while time.process_time() < end:
        pass

    assert 0.09 < processor.used([os.getpid()]) - before < 1


def test_descendants_count() -> None:
    parent = subprocess.Popen([sys.executable, "-c", NEST], stdin=subprocess.PIPE)
    until(lambda: processor.used([parent.pid]) >= 0.2)
    family = processor.tree([parent.pid])
    parent.communicate(b"\n\n")

    assert len(family) == 2
    assert parent.pid in family


def test_who_is_gone_has_used_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()

    assert processor.used([process.pid]) == 0.0
    assert processor.used([]) == 0.0
