"""A model server.

Law: a backend's address comes from configuration, is resolved once and pinned; a request cannot name one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """One OpenAI-compatible server (vLLM). Exactly one of url and uds is set.

    url: ``http://host:port`` or ``https://…``, without a path. uds: the path of a Unix socket.
    models: names it serves; empty means ask it. weight: its share among backends that serve the same model.
    For ``https``: ca_file holds the authorities to trust, the system's where it is empty; cert_file and key_file are
    the gateway's own certificate and its key; server_name is the name that the backend's certificate must bear, the
    host of url where it is empty.
    """

    name: str
    url: str = ""
    uds: str = ""
    models: tuple[str, ...] = ()
    api_key_file: str = ""
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    server_name: str = ""
    weight: int = 1
