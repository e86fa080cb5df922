from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from gateway.core.backend import Backend
from gateway.egress import EgressClient, EgressLimits


@pytest.fixture
def client() -> Callable[..., Any]:
    """Makes a started client of backends (values, or doubles under the names b0, b1, …)."""

    @asynccontextmanager
    async def make(*backends: Any, **limits: Any) -> AsyncIterator[EgressClient]:
        values = [
            one if isinstance(one, Backend) else Backend(name=f"b{number}", url=one.url, uds=one.uds)
            for number, one in enumerate(backends)
        ]
        made = EgressClient(values, limits=EgressLimits(**limits))
        await made.start()
        try:
            yield made
        finally:
            await made.stop()

    return make


@pytest.fixture
async def second(wire: Any) -> AsyncIterator[Any]:
    """A second recording backend."""
    backend = wire.RecordingBackend()
    await backend.listen()
    yield backend
    await backend.close()
