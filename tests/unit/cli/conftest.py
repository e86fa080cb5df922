"""A host and a gateway to change policies at."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from gateway import egress
from gateway.cli.desk_remote import Remote
from gateway.core.sensitive import Sensitive
from tests.unit.cli.desks import Gateway, Service


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service()

    async def tenants() -> list[str]:
        return ["acme"]

    @asynccontextmanager
    async def local_house(config: str | None) -> AsyncIterator[Any]:
        yield SimpleNamespace(
            policy_service=made,
            access=SimpleNamespace(tenants=tenants),
            traffic=None,
            feedback=None,
            clock=None,
            config=config,
        )

    app = ModuleType("gateway.app")
    app.local_house = local_house  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gateway.app", app)
    return made


@pytest.fixture(autouse=True)
def _no_gateway_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOISTER_URL", raising=False)
    monkeypatch.delenv("CLOISTER_KEY_FILE", raising=False)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    made = Gateway()
    monkeypatch.setattr(egress, "call_gateway", made.call)
    return made


@pytest.fixture
def remote() -> Remote:
    return Remote("https://gateway.example", Sensitive("s3cr3t"))
