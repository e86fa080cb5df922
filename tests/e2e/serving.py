"""A gateway that is started by a command of the test's own: installed elsewhere, traced, or on a server of its own."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.doubles.recording_backend import RecordingBackend
from tests.e2e.conftest import START_SECONDS, Gateway, free_port


@dataclass
class Served(Gateway):
    """command: what starts it, without the port."""

    command: Sequence[str] = ()

    def start(self) -> None:
        with (self.home.parent / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.command, "--port", str(self.port)],
                cwd=self.root,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                pytest.fail(f"the gateway did not become ready\n{self.log()[-4000:]}")
            time.sleep(0.05)
        if (self.home / "bootstrap.json").exists():
            self.keys = json.loads((self.home / "bootstrap.json").read_text())["keys"]

    def ready(self) -> bool:
        try:
            return self.call("GET", "/health/ready", key=None)[0] == 200
        except OSError:
            return False


@contextmanager
def serving(
    command: Sequence[str], folder: Path, environ: dict[str, str], backend: RecordingBackend | None = None
) -> Iterator[Served]:
    """Run a gateway in a folder: its home is ``home``, its output ``log``. Without a backend, the echo answers."""
    gateway = Served(
        port=free_port(),
        home=folder / "home",
        root=folder,
        environ=environ | {"CLOISTER_HOME": str(folder / "home")},
        backend=backend or RecordingBackend(),
        command=command,
    )
    gateway.start()
    try:
        yield gateway
    finally:
        gateway.stop()
