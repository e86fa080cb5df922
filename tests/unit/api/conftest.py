"""The edge over fakes: raw ASGI, without a server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from gateway.api.guards import Gatekeeper
from gateway.api.inference import Edge, InferenceRoute
from gateway.api.limits import BodyLimits, Turnstile
from gateway.exchange import Drain
from gateway.protocols import ChatLens
from gateway.system import SystemClock, SystemIds
from tests.doubles.edge import House


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def gatekeeper(house: Any) -> Gatekeeper:
    return Gatekeeper(house, house)


@dataclass
class Answered:
    """What the route sent."""

    messages: list[dict[str, Any]]

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.messages[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages[1:])

    @property
    def ended(self) -> bool:
        return self.messages[-1].get("more_body") is False


@pytest.fixture
def ask(house: Any, gatekeeper: Gatekeeper) -> Callable[..., Any]:
    """Ask the chat route; the client goes away once ``gone`` is set. whole: the body comes to its end."""

    async def call(
        body: object = None,
        *,
        role: str = "app",
        method: str = "POST",
        gone: asyncio.Event | None = None,
        whole: bool = True,
        **headers: str,
    ) -> Answered:
        edge = Edge(
            gatekeeper=gatekeeper,
            pipeline=house,
            drain=Drain(1),
            turnstile=Turnstile(total=2, per_tenant=2, per_key=2),
            body=BodyLimits(size=1000, seconds=1),
            clock=SystemClock(),
            ids=SystemIds(),
        )
        given = {"model": "m", "messages": [{"role": "user", "content": "hi"}]} if body is None else body
        data = given if isinstance(given, bytes) else json.dumps(given).encode()
        sent: list[dict[str, Any]] = []
        pending = [{"type": "http.request", "body": data, "more_body": not whole}]

        async def receive() -> dict[str, Any]:
            if pending:
                return pending.pop()
            await (gone or asyncio.Event()).wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)
            house.log.append(message.get("body", b"").decode() or message["type"])

        fields = {"authorization": f"Bearer {role}", "content-type": "application/json"} | headers
        scope = {"method": method, "headers": [(name.encode(), value.encode()) for name, value in fields.items()]}
        await InferenceRoute(edge, ChatLens())(scope, receive, send)
        return Answered(sent)

    return call
