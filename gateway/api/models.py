"""``/v1/models``: what the backends serve, in OpenAI's shape."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from gateway.api.guards import Gatekeeper
from gateway.api.limits import read_headers
from gateway.core.actor import Permission
from gateway.core.errors import NotFound
from gateway.forward import Sender
from gateway.protocols import model_card, model_list


def model_routes(gatekeeper: Gatekeeper, sender: Sender) -> list[HTTPRouteHandler]:
    """Build the handlers."""

    @get("/v1/models")
    async def models(request: Request[Any, Any, Any]) -> Response[bytes]:
        """List the models."""
        await gatekeeper.admit(read_headers(dict(request.scope)), Permission.INFERENCE_USE, "/v1/models")
        return _json(model_list(sender.models()))

    @get("/v1/models/{name:path}")
    async def model(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
        """Describe one model."""
        await gatekeeper.admit(read_headers(dict(request.scope)), Permission.INFERENCE_USE, "/v1/models/{id}")
        wanted = name.removeprefix("/")
        for entry in sender.models():
            if entry.id == wanted:
                return _json(model_card(entry))
        detail = "GET /v1/models lists what there is."
        raise NotFound(detail)

    return [models, model]


def _json(body: bytes) -> Response[bytes]:
    return Response(body, media_type="application/json")
