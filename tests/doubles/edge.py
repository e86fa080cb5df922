"""What stands behind the edge as one fake, and the application over it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from litestar import Litestar

from gateway.api.limits import BodyLimits
from gateway.api.routes import Limits, Services, build
from gateway.core.actor import Actor, Role
from gateway.core.errors import InvalidCredential
from gateway.core.sensitive import Sensitive
from gateway.exchange import Drain, Reply, StreamReply
from gateway.protocols.models import models_in
from gateway.system import SystemClock, SystemIds

MODELS = models_in(b'{"object":"list","data":[{"id":"org/m","object":"model","root":"/secret/path"}]}')


@dataclass
class House:
    """A pipeline, credentials, a journal and a sender in one. raises, admits: what the pipeline, or asking who it is, ends in."""

    raises: BaseException | None = None
    admits: Exception | None = None
    refused: BaseException | None = None
    frames: list[Any] = field(default_factory=list)
    hang: asyncio.Event | None = None
    cancelled: bool = False
    log: list[str] = field(default_factory=list)
    denied: list[Any] = field(default_factory=list)

    def authenticate(self, header: Sensitive[str] | None) -> Actor:
        if self.admits:
            raise self.admits
        role = (header.reveal() if header else "").removeprefix("Bearer ")
        if role not in set(Role):
            raise InvalidCredential
        return Actor(id=role, tenant="acme", role=Role(role), app="crm")

    async def record(self, actor: Actor, *details: Any, **more: Any) -> None:
        self.denied.append((actor.id, *details))

    async def run(self, call: Any) -> Reply:
        if self.hang:
            try:
                await self.hang.wait()
            except asyncio.CancelledError:
                self.cancelled = True
                raise
        if self.raises:
            raise self.raises
        return Reply(body=Sensitive(b'{"ok":true}'))

    async def refuse(self, exchange: Any, error: Exception) -> None:
        self.refused = error
        raise error

    @asynccontextmanager
    async def stream(self, call: Any) -> AsyncIterator[StreamReply]:
        yield StreamReply(frames=self.pieces(), end=lambda: Sensitive(b"data: [DONE]\n\n"))
        self.log.append("closed")

    async def pieces(self) -> AsyncIterator[Sensitive[bytes]]:
        for frame in self.frames:
            if isinstance(frame, Exception):
                raise frame
            yield Sensitive(frame)

    def models(self) -> Any:
        return MODELS


def application(house: Any, *, pipeline: Any = None) -> Litestar:
    """Build the application over a house. pipeline: instead of the house's."""

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        yield

    services = Services(
        pipeline=pipeline or house,
        drain=Drain(1),
        credentials=house,
        journal=house,
        sender=house,
        clock=SystemClock(),
        ids=SystemIds(),
        limits=Limits(
            body=BodyLimits(size=1000, seconds=1), concurrent_requests=2, concurrent_per_tenant=2, concurrent_per_key=2
        ),
        checks={"database": lambda: True, "backend": lambda: bool(house.frames)},
        policies=house,
        traffic=house,
        query=house,
        evidence=house,
        rehearsal=house,
        feedback=house,
    )
    return build(services, lifespan=lifespan)
