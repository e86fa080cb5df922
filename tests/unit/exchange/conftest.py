"""A pipeline over fakes that write down in which order they were used."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.core.actor import Actor, Role
from gateway.core.exchange import Exchange
from gateway.exchange import Call, Pipeline, Progress
from gateway.protocols import ChatLens
from gateway.system import SystemIds
from tests.doubles.world import World, pipeline_in


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def pipeline(world: World) -> Pipeline:
    return pipeline_in(world)


@pytest.fixture
def call() -> Callable[..., Call]:
    def make(text: str = "for Maria", **fields: Any) -> Call:
        body = {"model": "m", "messages": [{"role": "user", "content": text}], **fields}
        request = ChatLens().request(json.dumps(body).encode())
        exchange = Exchange(
            id=SystemIds().new(),
            actor=Actor(id="k", tenant="acme", role=Role.APP, app="crm"),
            endpoint=ChatLens.endpoint,
            streamed=request.streamed,
            began=datetime.now(UTC),
        )
        return Call(exchange=exchange, lens=ChatLens(), request=request, progress=Progress(exchange=str(exchange.id)))

    return make
