"""The doubles as fixtures, for the whole suite. ``wire`` is the module, for scripts of hostile answers."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import ModuleType

import pytest
import structlog

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


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged, by ours and by libraries."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    logs.configure("info", "json")
    yield stream
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)
