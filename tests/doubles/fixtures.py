"""The doubles as fixtures, for the whole suite. ``wire`` is the module, for scripts of hostile answers."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import ModuleType

import pytest
import structlog

from gateway.core.residue import guarded
from gateway.observability import logs
from tests.doubles import recording_backend as doubles


@pytest.fixture
async def recording_backend() -> AsyncIterator[doubles.RecordingBackend]:
    """A recording backend on loopback."""
    backend = doubles.RecordingBackend()
    await backend.listen()
    yield backend
    await backend.close()


@pytest.fixture
async def recording_socket(tmp_path: Path) -> AsyncIterator[doubles.RecordingBackend]:
    """A recording backend on a Unix socket."""
    backend = doubles.RecordingBackend()
    await backend.listen(uds=tmp_path / "backend.sock")
    yield backend
    await backend.close()


@pytest.fixture(scope="session")
def wire() -> ModuleType:
    """``tests/doubles/recording_backend.py``: the builders of answers, and ``Die``."""
    return doubles


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """Forget how a test set up the logs: what they were written to is closed after it."""
    root = logging.getLogger()
    level = root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = [handler for handler in root.handlers if not isinstance(handler, logs.LibraryHandler)]
    root.setLevel(level)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is logged, by ours and by libraries."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure("info", "json", guarded)
    return stream
