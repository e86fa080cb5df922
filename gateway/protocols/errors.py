"""Errors in the shape that OpenAI's clients read.

Law: the kind of an error follows from its status alone; the message is the error's own, which holds no text of a
request; ``param`` is the place of the mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.core.errors import GatewayError
from gateway.protocols import json_text

_TYPES: Final[Mapping[int, str]] = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def openai_error(error: GatewayError) -> bytes:
    """Write ``{"error": {"message", "type", "param", "code"}}``."""
    kind = _TYPES.get(error.status, "invalid_request_error" if error.status < 500 else "server_error")
    return json_text.encode(
        {"error": {"message": error.message, "type": kind, "param": error.pointer or None, "code": error.code}}
    )
