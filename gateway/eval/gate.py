"""The gateway's own sentence, up to the door: what would leave of a request, with nobody behind the door.

Law: the pipeline, the lenses, detection, the policy and the last look are those that serve. Only what is around them is
not: nothing is recorded, nothing is sent, and hashes are keyed by a word.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final, cast

from gateway.core.actor import Actor, Role
from gateway.core.errors import GatewayError
from gateway.core.exchange import Exchange
from gateway.core.policy import Policy, Target
from gateway.core.sensitive import Sensitive
from gateway.eval.here import KeyedByWord, detector
from gateway.exchange import Call, Drain, Pipeline, Progress, Stages
from gateway.forward import Residue, Route
from gateway.protocols import Lens

_ACTOR: Final = Actor(id="eval", tenant="eval", role=Role.APP)
_MOST: Final = 10_000_000


class _AtTheDoorError(Exception):
    """A request has come as far as the door."""


class Gate:
    """One policy's gateway, in this process. Raise ``Misconfigured`` where its model cannot be loaded."""

    def __init__(self, *, engine: str, model: str, policy: Policy) -> None:
        around = cast("Any", _Around(policy))
        self._around = around
        self._pipeline = Pipeline(
            Stages(
                recorder=around,
                policies=around,
                detector=detector(engine, model),
                fingerprints=KeyedByWord(),
                values=KeyedByWord(),
                sender=around,
                drain=Drain(0),
                text_characters=_MOST,
                media_bytes=_MOST,
            )
        )

    async def leaving(self, lens: Lens, raw: bytes) -> bytes:
        """Return what would leave of a request; raise the ``GatewayError`` that refuses it."""
        request = lens.request(raw)
        exchange = Exchange(
            id=uuid.UUID(int=0), actor=_ACTOR, endpoint=lens.endpoint, streamed=False, began=datetime.now(UTC)
        )
        call = Call(exchange=exchange, lens=lens, request=request, progress=Progress(exchange="eval"))
        try:
            await self._pipeline.run(call)
        except _AtTheDoorError:
            return cast("bytes", self._around.body)
        raise GatewayError


class _Around:
    """Recorder, policies and sender in one, as far as a request gets."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.body = b""

    @asynccontextmanager
    async def follow(self, _exchange: Exchange) -> AsyncIterator[_Around]:
        """Record nothing."""
        yield self

    async def open(self, _decision: object, _values: object) -> None:
        """Record nothing."""

    def serves(self, _model: str) -> None:
        """Record nothing."""

    def note(self, **_details: object) -> None:
        """Record nothing."""

    def active(self, _target: Target) -> Policy:
        """Return the one policy."""
        return self._policy

    def shadow(self, _target: Target) -> None:
        """Have no policy in shadow."""

    def require(self, _model: str) -> None:
        """Serve every model."""

    async def send(self, body: Sensitive[bytes], _route: Route, residue: Residue) -> None:
        """Look at the body once more, as the sender does, and keep it."""
        self.body = await residue(body.reveal())
        raise _AtTheDoorError
