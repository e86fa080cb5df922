"""``/api/coverage``: what becomes of every field, as this version decides it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler

from gateway.api.guards import Gatekeeper
from gateway.api.limits import read_headers
from gateway.core.actor import Permission
from gateway.protocols import Lens
from gateway.protocols.coverage import Row, rows
from gateway.protocols.observed import event_rows, reply_rows


@cache
def coverage(lenses: tuple[Lens, ...]) -> list[dict[str, Any]]:
    """Return, for each endpoint, what becomes of the fields of a request, of a reply and of the events of a stream."""
    return [
        {
            "endpoint": lens.endpoint,
            "request": _told(dict.fromkeys(rows(lens.shape))),
            "reply": _told(reply_rows(lens)),
            "stream": _told(event_rows(lens)),
        }
        for lens in lenses
    ]


def coverage_route(gatekeeper: Gatekeeper, lenses: tuple[Lens, ...]) -> HTTPRouteHandler:
    """Build the handler."""

    @get("/api/coverage")
    async def handler(request: Request[Any, Any, Any]) -> dict[str, Any]:
        """Tell what becomes of every field."""
        await gatekeeper.admit(read_headers(dict(request.scope)), Permission.POLICY_READ, "/api/coverage")
        return {"endpoints": coverage(lenses)}

    return handler


def _told(found: Iterable[Row]) -> list[dict[str, str]]:
    return [{"field": row.path, "treatment": row.treatment.value, "note": row.note} for row in found]
