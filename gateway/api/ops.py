"""Health and metrics.

Law: ``/health/live`` says that the process runs; ``/health/ready`` says whether a request would be served now, part by
part; ``/metrics`` is for the platform role. None of them names a tenant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.handlers import HTTPRouteHandler

from gateway.api.guards import Gatekeeper
from gateway.api.limits import read_headers
from gateway.core.actor import Permission
from gateway.observability import metrics

Checks = Mapping[str, Callable[[], bool]]
"""The parts that must work, each with its test, which reads memory only."""


def ops_routes(gatekeeper: Gatekeeper, checks: Checks) -> list[HTTPRouteHandler]:
    """Build the handlers."""

    @get("/health/live", media_type=MediaType.JSON, sync_to_thread=False)
    def live() -> dict[str, str]:
        """The process runs."""
        return {"status": "live"}

    @get("/health/ready", media_type=MediaType.JSON, sync_to_thread=False)
    def ready() -> Response[dict[str, object]]:
        """Every part works, or which does not."""
        parts = {name: check() for name, check in checks.items()}
        good = all(parts.values())
        body: dict[str, object] = {"status": "ready" if good else "unavailable", "checks": parts}
        return Response(body, status_code=200 if good else 503)

    @get("/metrics", media_type=MediaType.TEXT)
    async def expose(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Prometheus metrics over all workers."""
        await gatekeeper.admit(read_headers(dict(request.scope)), Permission.METRICS_READ, "/metrics")
        return Response(metrics.render(), media_type="text/plain; version=0.0.4")  # Litestar adds the charset

    return [live, ready, expose]
