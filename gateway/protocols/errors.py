"""Errors in the shapes that the clients of OpenAI and of Anthropic read.

Law: the kind of an error follows from its status alone; the message is the error's own, which holds no text of a
request; the place of the mistake is told with it, in ``param`` or, where a shape has no such field, in the message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.core.errors import GatewayError
from gateway.protocols import json_text

_OPENAI_TYPES: Final[Mapping[int, str]] = {
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
}
_ANTHROPIC_TYPES: Final[Mapping[int, str]] = {
    **_OPENAI_TYPES,
    404: "not_found_error",
    413: "request_too_large",
    503: "overloaded_error",
    504: "timeout_error",
}


def openai_error(error: GatewayError) -> bytes:
    """Write ``{"error": {"message", "type", "param", "code"}}``."""
    kind = _OPENAI_TYPES.get(error.status, "invalid_request_error" if error.status < 500 else "server_error")
    return json_text.encode(
        {"error": {"message": error.message, "type": kind, "param": error.pointer or None, "code": error.code}}
    )


def anthropic_error(error: GatewayError) -> bytes:
    """Write ``{"type": "error", "error": {"type", "message"}}``, with our ``code`` beside."""
    kind = _ANTHROPIC_TYPES.get(error.status, "invalid_request_error" if error.status < 500 else "api_error")
    message = f"{error.message} (at {error.pointer})" if error.pointer else error.message
    return json_text.encode({"type": "error", "error": {"type": kind, "message": message, "code": error.code}})
