"""The routing table.

Law: what is not in this table, byte by byte, is 404, in the error shape of its protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final

from litestar import Litestar, types
from litestar.exceptions import HTTPException
from litestar.handlers import asgi

from gateway.api.audit import Archive, audit_routes
from gateway.api.coverage import coverage_route
from gateway.api.errors import answer, on_bug, on_http_exception
from gateway.api.feedback import feedback_routes
from gateway.api.guards import Gatekeeper
from gateway.api.inference import Edge, InferenceRoute
from gateway.api.limits import BodyLimits, Receive, Scope, Send, Turnstile
from gateway.api.marks import marked
from gateway.api.models import model_routes
from gateway.api.ops import Checks, ops_routes
from gateway.api.paths import only_as_sent
from gateway.api.policies import Desk, policy_routes
from gateway.audit import Evidence, Query
from gateway.core.errors import GatewayError
from gateway.core.ports import Clock, Ids, Journal
from gateway.eval.feedback import Feedback
from gateway.eval.rehearsal import Rehearsal
from gateway.eval.traffic import Traffic
from gateway.exchange import Drain, Pipeline
from gateway.forward import Sender
from gateway.identity import Credentials
from gateway.policy import PolicyService
from gateway.protocols import (
    ChatLens,
    CompletionsLens,
    CountTokensLens,
    EmbeddingsLens,
    Lens,
    MessagesLens,
    ResponsesLens,
)

LENSES: Final[tuple[Lens, ...]] = (
    ChatLens(),
    CompletionsLens(),
    EmbeddingsLens(),
    ResponsesLens(),
    MessagesLens(),
    CountTokensLens(),
)
"""The endpoints that applications call, each by its lens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the edge enforces. body: of one request. concurrent_…: requests in progress in this process."""

    body: BodyLimits
    concurrent_requests: int
    concurrent_per_tenant: int
    concurrent_per_key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the routes call."""

    pipeline: Pipeline
    drain: Drain
    credentials: Credentials
    journal: Journal
    sender: Sender
    clock: Clock
    ids: Ids
    limits: Limits
    checks: Checks
    policies: PolicyService
    traffic: Traffic
    query: Query
    evidence: Evidence
    rehearsal: Rehearsal
    feedback: Feedback


def build(services: Services, *, lifespan: Callable[[Litestar], AbstractAsyncContextManager[None]]) -> Litestar:
    """Build the application."""
    limits = services.limits
    gatekeeper = Gatekeeper(services.credentials, services.journal)
    edge = Edge(
        gatekeeper=gatekeeper,
        pipeline=services.pipeline,
        drain=services.drain,
        turnstile=Turnstile(
            total=limits.concurrent_requests,
            per_tenant=limits.concurrent_per_tenant,
            per_key=limits.concurrent_per_key,
        ),
        body=limits.body,
        clock=services.clock,
        ids=services.ids,
    )

    desk = Desk(gatekeeper, services.policies, services.traffic, services.rehearsal, services.clock, limits.body)

    async def mark(message: types.Message, scope: types.Scope) -> None:
        if message["type"] == "http.response.start" and scope["path"].startswith("/v1/"):
            message["headers"] = marked(message["headers"], message["status"], services.ids)

    handlers: list[Any] = [
        *(_inference(edge, lens) for lens in LENSES),
        *model_routes(gatekeeper, services.sender),
        *ops_routes(gatekeeper, services.checks),
        coverage_route(gatekeeper, LENSES),
        *policy_routes(desk),
        *feedback_routes(desk, services.feedback),
        *audit_routes(Archive(gatekeeper, services.query, services.evidence)),
    ]
    return Litestar(
        route_handlers=handlers,
        lifespan=[lifespan],
        middleware=[only_as_sent],
        exception_handlers={GatewayError: answer, HTTPException: on_http_exception, Exception: on_bug},
        openapi_config=None,
        logging_config=None,
        debug=False,
        before_send=[mark],
        request_max_body_size=limits.body.size,
    )


def _inference(edge: Edge, lens: Lens) -> Any:  # noqa: ANN401 - one of Litestar's handlers
    route = InferenceRoute(edge, lens)

    @asgi(lens.endpoint, copy_scope=False)
    async def handler(scope: Scope, receive: Receive, send: Send) -> None:
        await route(scope, receive, send)

    return handler
