"""``/api/audit``: the log of the key's own tenant, read by numbers, and what proves it.

Law: events are shown as they were hashed, whole and in the order of their numbers, newest first; what is added
meanwhile moves no page. Reading is an event of the log that is read.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from gateway.api.guards import Gatekeeper
from gateway.api.limits import read_headers
from gateway.audit import Evidence, Filters, Query
from gateway.core.actor import Actor, Permission
from gateway.core.errors import ProtocolError

AnyRequest = Request[Any, Any, Any]

_ROOT: Final = "/api/audit"
_MOST: Final = 1000
"""Events of one page."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What the routes need."""

    gatekeeper: Gatekeeper
    query: Query
    evidence: Evidence

    async def admit(self, request: AnyRequest, path: str) -> Actor:
        """Return who asks, if they may read the log."""
        return await self.gatekeeper.admit(read_headers(dict(request.scope)), Permission.AUDIT_READ, _ROOT + path)


def audit_routes(archive: Archive) -> list[HTTPRouteHandler]:
    """Build the handlers."""

    @get(f"{_ROOT}/events")
    async def events(  # noqa: PLR0913, PLR0917 - a parameter a filter
        request: AnyRequest,
        since: FromQuery[str | None] = None,
        until: FromQuery[str | None] = None,
        actor: FromQuery[str | None] = None,
        app: FromQuery[str | None] = None,
        model: FromQuery[str | None] = None,
        action: FromQuery[str | None] = None,
        outcome: FromQuery[str | None] = None,
        decision: FromQuery[str | None] = None,
        exchange: FromQuery[uuid.UUID | None] = None,
        entity: FromQuery[str | None] = None,
        value: FromQuery[str | None] = None,
        policy: FromQuery[str | None] = None,
        after: FromQuery[int | None] = None,
        limit: FromQuery[int] = 100,
    ) -> dict[str, Any]:
        """List events, newest first. after: the last number of the page before."""
        asker = await archive.admit(request, "/events")
        if not 1 <= limit <= _MOST:
            detail = f"limit is 1 to {_MOST}."
            raise ProtocolError(detail)
        filters = Filters(
            since=_instant("since", since),
            until=_instant("until", until),
            actor=actor,
            app=app,
            model=model,
            action=action,
            outcome=outcome,
            decision=decision,
            exchange=exchange,
            entity=entity,
            value=value,
            policy=policy,
        )
        found = await archive.query.events(asker, asker.tenant, filters, before=after, limit=limit + 1)
        return {"events": found[:limit], "more": len(found) > limit}

    @get(f"{_ROOT}/events/{{seq:int}}/proof")
    async def proof(request: AnyRequest, seq: FromPath[int]) -> dict[str, Any]:
        """Prove that an event is in the log."""
        asker = await archive.admit(request, "/events/{seq}/proof")
        return await archive.evidence.proof(asker, asker.tenant, seq)

    @get(f"{_ROOT}/checkpoint")
    async def checkpoint(request: AnyRequest) -> dict[str, Any]:
        """Return the newest checkpoint, and the key that verifies it."""
        asker = await archive.admit(request, "/checkpoint")
        return await archive.evidence.checkpoint(asker, asker.tenant)

    return [events, proof, checkpoint]


def _instant(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        detail = f"{name}: an RFC 3339 time with its offset is needed, such as 2027-01-31T00:00:00Z."
        raise ProtocolError(detail)
    return moment
