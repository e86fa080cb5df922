"""What may be called.

Law: a place may be called only if the configuration names it, and a path only if it stands in ``PATHS``; whatever
else is asked for is ``EgressDenied``. Nothing of a request takes part in the choice of a place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from gateway.core.backend import Backend
from gateway.core.errors import EgressDenied, Misconfigured

PATHS: Final = frozenset(
    {
        "/health",
        "/v1/models",
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/embeddings",
        "/v1/responses",
        "/v1/messages",
        "/v1/messages/count_tokens",
    }
)
INSPECTED: Final = frozenset(
    {
        "/collective_rpc",
        "/detokenize",
        "/docs",
        "/invocations",
        "/load",
        "/metrics",
        "/openapi.json",
        "/redoc",
        "/reset_prefix_cache",
        "/server_info",
        "/sleep",
        "/start_profile",
        "/tokenize",
        "/tokenizer_info",
        "/update_weights",
        "/v1/load_lora_adapter",
        "/version",
    }
)
"""What is asked besides, to see whether a model server shows it."""

_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a backend listens. host: a name or an address, lower case; for ``unix``, the socket's path, port 0."""

    scheme: Literal["http", "https", "unix"]
    host: str
    port: int


def place_of(backend: Backend) -> Place:
    """Read a backend's place. Raise ``Misconfigured``, without repeating the URL: it may hold a password."""
    if bool(backend.url) == bool(backend.uds):
        raise unfit(backend, "needs exactly one of url and uds")
    if backend.uds:
        return Place(scheme="unix", host=backend.uds, port=0)
    try:
        parts = urlsplit(backend.url)
        port = parts.port
    except ValueError:
        raise unfit(backend, "the url cannot be read") from None
    if parts.username is not None or parts.password is not None:
        raise unfit(backend, "the url holds a user or a password; use api_key_file")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise unfit(backend, "the url ends after the port; paths are the gateway's own")
    if parts.hostname is None or port == 0:
        raise unfit(backend, "the url needs a host, and no port 0")
    match parts.scheme:
        case "http" | "https" as scheme:
            return Place(scheme=scheme, host=parts.hostname, port=port or _PORTS[scheme])
        case _:
            raise unfit(backend, "the url begins with http:// or https://")


def unfit(backend: Backend, why: str) -> Misconfigured:
    """Return the error that names a backend, and why its settings will not do."""
    return Misconfigured(f"backends: '{backend.name}': {why}.")


class Guard:
    """Knows every place that may be called."""

    def __init__(self, backends: Iterable[Backend], *, inspecting: bool = False) -> None:
        self._paths = PATHS | INSPECTED if inspecting else PATHS
        self._places = frozenset(place_of(backend) for backend in backends)

    def require(self, scheme: str, host: str, port: int, path: str) -> None:
        """Raise ``EgressDenied`` unless the configuration names this place and the path is on the list."""
        if path not in self._paths:
            detail = "The path is not on the list."
            raise EgressDenied(detail)
        if not any((place.scheme, place.host, place.port) == (scheme, host, port) for place in self._places):
            detail = "The address is not configured."
            raise EgressDenied(detail)
