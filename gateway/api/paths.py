"""Paths count as they were sent.

Law: a route answers to the very bytes of its path. Litestar matches what it has decoded and tidied up, so that ``//v1``
or ``%2f`` would reach a route past the rules of a proxy that compares bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from litestar import types

from gateway.core.errors import NotFound

_MESSAGES: Final = "/v1/messages"
_NAMES: Final = b"/v1/models/"
"""What follows is the name of a model, which clients encode."""


def is_as_sent(scope: Mapping[str, Any]) -> bool:
    """Tell whether the path of a request needed no decoding and no tidying up."""
    path: bytes = scope["raw_path"].partition(b"?")[0]
    encoded = b"%" in path and not path.startswith(_NAMES)
    return not encoded and b"//" not in path and not path.endswith(b"/")


def only_as_sent(app: types.ASGIApp) -> types.ASGIApp:
    """Make every other path ``NotFound``: middleware of all routes."""

    async def routed(scope: types.Scope, receive: types.Receive, send: types.Send) -> None:
        if not is_as_sent(scope):
            raise NotFound
        await app(scope, receive, send)

    return routed


def is_anthropics(path: str) -> bool:
    """Tell whether a route, or a path near it, is spoken to by Anthropic's clients."""
    return path == _MESSAGES or path.startswith(f"{_MESSAGES}/")
