"""A command's call to a running gateway.

Law: one address, given by whoever runs the command; no redirect is followed, no proxy of the environment asked, and the
key goes into its header and nowhere else.
"""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from gateway.core.errors import GatewayAway, Misconfigured
from gateway.core.sensitive import Sensitive

_SECONDS: Final = 60.0
_LARGEST: Final = 16 * 2**20


async def call_gateway(
    url: str, key: Sensitive[str], method: str, path: str, body: dict[str, Any] | None = None
) -> tuple[int, Any]:
    """Return the status and the JSON document of an answer, None where it is none.

    Raise ``GatewayAway`` where nobody answers, ``Misconfigured`` for what is no address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        detail = "--url: http://host:port or https://host is needed."
        raise Misconfigured(detail)
    headers = {"authorization": f"Bearer {key.reveal()}", "content-type": "application/json"}
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=False) as session,
            session.request(
                method,
                url.rstrip("/") + path,
                data=None if body is None else json.dumps(body).encode(),
                headers=headers,
                allow_redirects=False,
            ) as answer,
        ):
            raw = await answer.content.read(_LARGEST)
            return answer.status, _document(raw)
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise GatewayAway from None


def _document(raw: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(raw)
    except ValueError:
        return None
