"""What a backend serves.

Law: where the configuration names its models, they are believed and ``/health`` shows that it works; elsewhere its own
list says both. A backend that answers in another way does not work.
"""

from __future__ import annotations

import asyncio
from typing import Final

from gateway.core.backend import Backend
from gateway.core.errors import BackendTimeout, BackendUnavailable
from gateway.egress import EgressClient
from gateway.protocols import Model, models_in

PROBE_SECONDS: Final = 5.0
PROBE_BYTES: Final = 1 << 20


async def served(client: EgressClient, backend: Backend) -> tuple[Model, ...]:
    """Ask a backend. Raise ``BackendUnavailable`` or ``BackendProtocolError`` where it does not work."""
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            body = await _asked(client, backend.name, "/health" if backend.models else "/v1/models")
    except TimeoutError:
        raise BackendTimeout from None
    if backend.models:
        return tuple(Model(id=name) for name in backend.models)
    return models_in(body)


async def _asked(client: EgressClient, name: str, path: str) -> bytes:
    async with client.call(name, path) as answer:
        if answer.status != 200:
            detail = f"It answered {path} with status {answer.status}."
            raise BackendUnavailable(detail)
        return await answer.read(most=PROBE_BYTES)
