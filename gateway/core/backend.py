"""A model server.

Law: a backend's address comes from configuration, is resolved once and pinned; a request cannot name one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """One OpenAI-compatible server (vLLM). Exactly one of url and uds is set.

    url: ``http://host:port`` or ``https://…``, without a path. uds: the path of a Unix socket.
    models: names it serves; empty means ask it. ca_file: certificates to trust for ``https``, the system's where it is
    empty. weight: its share among backends that serve the same model.
    """

    name: str
    url: str = ""
    uds: str = ""
    models: tuple[str, ...] = ()
    api_key_file: str = ""
    ca_file: str = ""
    weight: int = 1
