"""Errors of the routes that Litestar itself serves.

Law: under ``/v1`` an error has OpenAI's shape, or Anthropic's on its routes; elsewhere it is a problem document (RFC
9457). Neither holds text of the request, and a mistake of a client is never a 500.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from gateway.api.paths import is_anthropics, is_as_sent
from gateway.core.errors import CasesFailed, GatewayError, MethodNotAllowed, NotFound, PolicyInvalid, ProtocolError
from gateway.observability.logs import logger
from gateway.protocols.errors import anthropic_error, openai_error

_BY_STATUS: dict[int, type[GatewayError]] = {404: NotFound, 405: MethodNotAllowed}


def headers_of(error: GatewayError, *, allow: str) -> dict[str, str]:
    """Return the header fields that an error brings. allow: the methods that the route takes."""
    headers = {"retry-after": str(error.retry_after)} if error.retry_after is not None else {}
    match error.status:
        case 401:
            headers["www-authenticate"] = "Bearer"
        case 405:
            headers["allow"] = allow
    return headers


def answer(request: Request[Any, Any, Any], error: GatewayError, *, allow: str = "") -> Response[bytes]:
    """Give an error of ours the shape that the path asks for."""
    headers = headers_of(error, allow=allow)
    if request.url.path.startswith("/v1/"):
        shape = anthropic_error if is_anthropics(request.url.path) else openai_error
        return Response(shape(error), status_code=error.status, media_type="application/json", headers=headers)
    return Response(problem(error), status_code=error.status, media_type="application/problem+json", headers=headers)


def problem(error: GatewayError) -> bytes:
    """Write a problem document. ``code`` is stable; ``problems`` lists a policy's mistakes, ``failures`` its cases'."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "code": error.code,
    }
    if error.pointer:
        document["pointer"] = error.pointer
    if isinstance(error, PolicyInvalid):
        document["problems"] = error.problems
    if isinstance(error, CasesFailed):
        document |= {"failures": error.failures, "count": error.count}
    return msgspec.json.encode(document)


def on_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Map Litestar's own refusals (no such route, wrong method, unreadable query) to ours."""
    if not is_as_sent(request.scope):
        return answer(request, NotFound())
    kind = _BY_STATUS.get(error.status_code, ProtocolError if error.status_code < 500 else GatewayError)
    return answer(request, kind(_parameters(error)), allow=(error.headers or {}).get("allow", ""))


def _parameters(error: HTTPException) -> str:
    """Name the parameters of the route that do not have their form, and none of what was sent."""
    told = error.extra if isinstance(error.extra, list) else []
    names = [str(each["key"]) for each in told if isinstance(each, dict) and each.get("source") == "query"]
    return f"In the query, {', '.join(names)}: not of the right form." if names else ""


def on_bug(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer what should not have happened, and log where it did."""
    logger("api").error("api.bug", exc_info=error)
    return answer(request, GatewayError())
