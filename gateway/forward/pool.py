"""The backends, what they serve and how they fare.

Law: a model that no backend serves is ``NotFound``, one whose backends are all out of use is ``BackendUnreachable``;
both are known before a request is read further. What a backend served when it was last asked counts until it is asked
again.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from gateway.core.backend import Backend
from gateway.core.errors import BackendTimeout, BackendUnreachable, GatewayError, NotFound
from gateway.egress import EgressClient
from gateway.forward.balance import ranked
from gateway.forward.health import Health
from gateway.forward.models import served
from gateway.observability import metrics
from gateway.observability.logs import logger
from gateway.protocols import Model

_TICK: Final = 0.25
"""Seconds between two looks at whether a probe is due."""


class Member:
    """One backend of the pool. models: None until it has answered once."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.health = Health(random.random)
        self.models: tuple[Model, ...] | None = tuple(Model(id=name) for name in backend.models) or None
        self.weight = backend.weight
        self.outstanding = 0
        self.chosen = 0

    @property
    def name(self) -> str:
        """The configured name."""
        return self.backend.name

    def serves(self, model: str) -> bool:
        """Tell whether it is known to serve the model."""
        return any(model == known.id for known in self.models or ())


class Pool:
    """Chooses backends, and asks each now and then what it serves."""

    def __init__(self, client: EgressClient) -> None:
        self._client = client
        self._members = tuple(Member(backend) for backend in client.backends)
        self._choices = 0
        self._watches: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Ask every backend once, and go on asking in the background."""
        await asyncio.gather(*(self._ask(member) for member in self._members))
        self._watches = [asyncio.create_task(self._watch(member), name="backend") for member in self._members]

    def rest(self) -> None:
        """Ask no more: the gateway is stopping, and what it still sends goes by what is known."""
        for watch in self._watches:
            watch.cancel()

    async def stop(self) -> None:
        """Stop asking."""
        self.rest()
        await asyncio.gather(*self._watches, return_exceptions=True)

    @property
    def ready(self) -> bool:
        """Whether any backend is in use."""
        return any(member.health.usable for member in self._members)

    def models(self) -> tuple[Model, ...]:
        """Return what the backends in use serve, each name once, by name."""
        found = {
            model.id: model
            for member in self._members
            if member.health.usable
            for model in reversed(member.models or ())
        }
        return tuple(found[name] for name in sorted(found))

    def candidates(self, model: str, prefix: str = "") -> list[Member]:
        """Return the backends in use that serve the model, best first; never an empty list.

        prefix: what a conversation is known by, which goes on where it began.
        """
        able = [member for member in self._members if member.serves(model)]
        if not able and all(member.models is not None for member in self._members):
            detail = "No backend serves this model: GET /v1/models lists what there is."
            raise NotFound(detail, pointer="/model")
        usable = ranked((member for member in able if member.health.usable), prefix)
        if not usable:
            raise BackendUnreachable
        return usable

    @contextmanager
    def busy(self, member: Member) -> Iterator[None]:
        """Count a request at a backend while the block runs."""
        self._choices += 1
        member.chosen = self._choices
        member.outstanding += 1
        try:
            yield
        finally:
            member.outstanding -= 1

    def answered(self, member: Member) -> None:
        """A request got the first byte of a backend's answer."""
        member.health.answered()

    def failed(self, member: Member) -> None:
        """A request got no byte of an answer from a backend."""
        metrics.backend_failures.labels(member.name).inc()
        before = member.health.usable
        member.health.failed(time.monotonic())
        _tell(member, before=before, why="requests")

    async def _watch(self, member: Member) -> None:
        while True:
            await asyncio.sleep(_TICK)
            if member.health.due(time.monotonic()):
                await self._ask(member)

    async def _ask(self, member: Member) -> None:
        before, why = member.health.usable, ""
        member.health.asked()
        try:
            member.models = await served(self._client, member.backend)
        except BackendTimeout as error:
            member.health.silent(time.monotonic())
            why = error.code
        except GatewayError as error:
            member.health.probed(time.monotonic(), good=False)
            why = error.code
        except Exception as error:  # noqa: BLE001 - a bug of ours must not end the watch: nobody would ask it again
            logger("forward").error("backend.bug", backend=member.backend.name, exc_info=error)
            member.health.probed(time.monotonic(), good=False)
            why = "bug"
        else:
            member.health.probed(time.monotonic(), good=True)
        _tell(member, before=before, why=why)


def _tell(member: Member, *, before: bool, why: str) -> None:
    """Write a log line where a backend came into use or fell out of it, and show how it is.

    why: what put it out, the code of a probe's error or ``requests``.
    """
    metrics.backend_out.labels(member.name).set(not member.health.usable)
    if member.health.usable and not before:
        logger("forward").info("backend.up", backend=member.backend.name, models=len(member.models or ()))
    elif before and not member.health.usable:
        logger("forward").warning("backend.down", backend=member.backend.name, why=why)
