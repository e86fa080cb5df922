"""A command's call to a running gateway.

Law: one address, given by whoever runs the command; no redirect is followed, no proxy of the environment asked, and the
key goes into its header and nowhere else. An answer is read whole, up to a length, and believed to be nothing but JSON.
"""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from gateway.core.errors import GatewayAway, Misconfigured
from gateway.core.sensitive import Sensitive

_SECONDS: Final = 60.0
_CONNECT_SECONDS: Final = 5.0
_LARGEST: Final = 16 * 2**20


async def call_gateway(
    url: str, key: Sensitive[str], method: str, path: str, body: dict[str, Any] | None = None
) -> tuple[int, Any]:
    """Return the status and the JSON document of an answer, None where it is none.

    Raise ``GatewayAway`` where nobody answers, ``Misconfigured`` for what is no address.
    """
    base = _base(url)
    headers = {
        "authorization": f"Bearer {key.reveal()}",
        "content-type": "application/json",
        "accept-encoding": "identity",  # so that no small answer becomes a large one
    }
    try:
        async with (
            aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=_SECONDS, sock_connect=_CONNECT_SECONDS),
                trust_env=False,
                auto_decompress=False,
            ) as session,
            session.request(
                method,
                base + path,
                data=None if body is None else json.dumps(body).encode(),
                headers=headers,
                allow_redirects=False,
            ) as answer,
        ):
            return answer.status, _document(await _whole(answer))
    except aiohttp.ClientConnectorCertificateError:
        detail = "Its certificate is not trusted: SSL_CERT_FILE may name a file with its authority's."
        raise GatewayAway(detail) from None
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise GatewayAway from None


def _base(url: str) -> str:
    """Return the address without a slash at its end. It is not repeated where it is none: it may hold a password."""
    detail = "--url: http://host:port or https://host is needed."
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise Misconfigured(detail) from None
    beside = "@" in parts.netloc or parts.query or parts.fragment
    if parts.scheme not in {"http", "https"} or not named or beside or not url.isprintable() or " " in url:
        raise Misconfigured(detail)
    return urlunsplit(parts).rstrip("/")


async def _whole(answer: aiohttp.ClientResponse) -> bytes:
    """Return the body, nothing of one that is too long."""
    read = bytearray()
    async for piece in answer.content.iter_any():
        read += piece
        if len(read) > _LARGEST:
            return b""
    return bytes(read)


def _document(raw: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
