"""A client of a running gateway, for the commands that act through one.

Law: it calls one base address, follows no redirect and honours no proxy; the key travels in a header and nowhere else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from gateway.core.errors import BackendUnavailable
from gateway.core.sensitive import Sensitive


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """An answer: its status, its headers (lower-case names) and its body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Caller:
    """Calls one gateway with one key."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str, key: Sensitive[str]) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._headers = {"authorization": f"Bearer {key.reveal()}"} if key.reveal() else {}

    async def call(self, method: str, path: str, body: bytes | None = None) -> Called:
        """Call once and read the whole answer. Raise ``BackendUnavailable`` when nobody answers."""
        headers = self._headers | ({"content-type": "application/json"} if body is not None else {})
        try:
            async with self._session.request(
                method, self._base_url + path, data=body, headers=headers, allow_redirects=False
            ) as answer:
                read = await answer.read()
                return Called(
                    status=answer.status,
                    headers={name.lower(): value for name, value in answer.headers.items()},
                    body=read,
                )
        except (aiohttp.ClientError, TimeoutError) as error:
            detail = f"The gateway did not answer ({type(error).__name__})."
            raise BackendUnavailable(detail) from None


@asynccontextmanager
async def caller(base_url: str, key: Sensitive[str], *, uds: str = "", seconds: float = 60.0) -> AsyncIterator[Caller]:
    """Open a caller. uds: the gateway's Unix socket, where it listens on one. seconds: for each call as a whole."""
    async with aiohttp.ClientSession(
        connector=aiohttp.UnixConnector(uds) if uds else aiohttp.TCPConnector(),
        trust_env=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=seconds),
    ) as session:
        yield Caller(session, base_url, key)
