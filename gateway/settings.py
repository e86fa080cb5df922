"""The configuration: one frozen value, read once at the root and passed down.

Law: a file (``--config`` or ``CLOISTER_CONFIG``) and the environment (``CLOISTER_…``, nesting by ``__``, environment
wins) fill one closed set of keys; an unknown key is refused; a secret is a file's path, never a value. Policy is not
configuration: it lives in Postgres.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import parse_qs, urlsplit

import msgspec

from gateway.core.backend import Backend
from gateway.core.errors import Misconfigured

PREFIX: Final = "CLOISTER_"
_RESERVED: Final = frozenset({"HOME", "CONFIG", "URL", "KEY_FILE"})
"""Variables of the commands that are no settings."""

Seconds = Annotated[float, msgspec.Meta(gt=0, le=3600)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class DatabaseSettings(Section, frozen=True):
    """Where Postgres is."""

    url: str = ""
    """Address of the serving login, without a password: ``postgresql://cloister_gateway@host/db``."""
    password_file: str = ""
    """The file that holds the serving login's password."""
    owner_url: str = ""
    """Address of the owner's login, for ``cloister db upgrade`` and pruning; not used while serving."""
    owner_password_file: str = ""
    """The file that holds the owner's password."""
    embedded: bool = False
    """Use a private Postgres in ``$CLOISTER_HOME``; ``cloister serve --embedded`` sets it."""
    pool_size: Count = 4
    """Connections of one worker for each of the five roles."""


class KeysSettings(Section, frozen=True):
    """Where keys are."""

    provider: Literal["file"] = "file"
    """Who keeps the master key."""
    path: str = ""
    """A folder outside the database's own; ``$CLOISTER_HOME/keys`` where it is empty."""


class BackendSettings(Section, frozen=True):
    """One model server: exactly one of url and uds."""

    name: str
    """What logs, metrics and answers to the operator call it."""
    url: str = ""
    """``http://host:port`` or ``https://…``, without a path."""
    uds: str = ""
    """The path of a Unix socket."""
    models: tuple[str, ...] = ()
    """Names that it serves; empty means ask it."""
    api_key_file: str = ""
    """The file that holds the key it asks for."""
    ca_file: str = ""
    """Authorities to trust for ``https``, in PEM; the system's where it is empty. Read again when it changes."""
    cert_file: str = ""
    """The gateway's own certificate for ``https`` (mTLS), in PEM, with its chain. Read again when it changes."""
    key_file: str = ""
    """The key of ``cert_file``, in PEM, not encrypted. Read again when it changes."""
    server_name: str = ""
    """The host name or address that the backend's certificate must bear, as an alternative name; the url's host where
    it is empty."""
    weight: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    """Its share among the backends of one model."""


class AuditSettings(Section, frozen=True):
    """Where events go."""

    sinks: tuple[str, ...] = ("postgres",)
    """Where the log is kept; this version knows ``postgres`` alone."""
    deadline: Seconds = 2.0
    """Seconds within which an event is durable, or the request is refused."""
    origin: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9./-]{0,99}\Z")] = "cloister"
    """What this installation's logs are called: checkpoints name each of them as ``ORIGIN/TENANT``, for ever."""


class DetectSettings(Section, frozen=True):
    """How entities are found. ``patterns`` is ``embedded`` without the language model."""

    engine: Literal["embedded", "spacy", "patterns"] = "embedded"
    """``embedded``: the model that is shipped. ``spacy``: the one in ``detect.model``."""
    model: str = ""
    """The folder of a spaCy pipeline, for engine ``spacy``."""
    workers: Annotated[int, msgspec.Meta(ge=1, le=64)] = 1
    """Detection processes of each of the server's workers."""
    deadline: Seconds = 2.0
    """Seconds for one window of text (about 8,000 characters)."""


class LimitsSettings(Section, frozen=True):
    """What one request may cost."""

    body_bytes: Count = 4 * 1024 * 1024
    """Bytes of a request's body."""
    text_characters: Count = 400_000
    """Characters of text in one request."""
    media_bytes: Count = 2 * 1024 * 1024
    """Bytes of one image in a request, decoded; ``body_bytes`` bounds them all together."""
    body_seconds: Seconds = 30.0
    """Seconds in which a client sends its body."""
    concurrent_requests: Count = 256
    """Requests in progress in one worker."""
    concurrent_per_tenant: Count = 192
    """Requests in progress of one tenant in one worker; the rest is left to the others."""
    concurrent_per_key: Count = 128
    """Requests in progress with one API key in one worker."""
    reply_bytes: Count = 8 * 1024 * 1024
    """Bytes of a backend's whole reply."""
    backend_first_byte: Seconds = 600.0
    """Seconds until a backend begins to answer."""
    backend_idle: Seconds = 120.0
    """Seconds between two pieces of a backend's answer."""
    drain_seconds: Seconds = 30.0
    """Seconds that requests in progress get when the gateway is told to stop; then they end with an error."""


class ServerSettings(Section, frozen=True):
    """Where the gateway listens."""

    host: str = "127.0.0.1"
    """The address to listen on."""
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8080
    """The port to listen on."""
    workers: Annotated[int, msgspec.Meta(ge=1, le=64)] = 1
    """Worker processes."""
    uds: str = ""
    """The path of a Unix socket to listen on, in place of host and port."""

    @property
    def base_url(self) -> str:
        """Return the address that applications are given."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


class IdentitySettings(Section, frozen=True):
    """How old what is known about keys and policies may be."""

    max_stale: Seconds = 5.0
    """Seconds after which keys and policies that could not be looked at again are not used."""


class LogSettings(Section, frozen=True):
    """The gateway's own log, which never holds text."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is logged."""
    format: Literal["json", "console"] = "json"
    """``json``: one object a line. ``console``: for people."""


class Settings(Section, frozen=True):
    """The whole configuration. ``home`` comes from ``CLOISTER_HOME``."""

    home: str = ".cloister"
    database: DatabaseSettings = DatabaseSettings()
    keys: KeysSettings = KeysSettings()
    backends: tuple[BackendSettings, ...] = ()
    audit: AuditSettings = AuditSettings()
    detect: DetectSettings = DetectSettings()
    limits: LimitsSettings = LimitsSettings()
    server: ServerSettings = ServerSettings()
    identity: IdentitySettings = IdentitySettings()
    log: LogSettings = LogSettings()

    def backend_values(self) -> tuple[Backend, ...]:
        """Return the backends as the value that ``egress`` and ``forward`` take."""
        return tuple(Backend(**msgspec.structs.asdict(backend)) for backend in self.backends)


def load(config: str | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the file and the environment. Raise ``Misconfigured`` with the key and the mend."""
    environ = os.environ if environ is None else environ
    path = config or environ.get(PREFIX + "CONFIG") or ""
    values = _read_file(path) if path else {}
    if "home" in values:
        detail = f"{path}: 'home' is given by the environment variable {PREFIX}HOME alone."
        raise Misconfigured(detail)
    _overlay(values, environ)
    values["home"] = str(Path(environ.get(PREFIX + "HOME") or ".cloister").absolute())
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        detail = f"{path or 'environment'}: {error}. See docs/settings.md."
        raise Misconfigured(detail) from None
    _check(settings)
    return settings


def _read_file(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        detail = f"{path}: {error.strerror}."
        raise Misconfigured(detail) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        detail = f"{path}: not valid TOML: {error}."
        raise Misconfigured(detail) from None


def _overlay(values: dict[str, Any], environ: Mapping[str, str]) -> None:
    """Lay the environment over the file's values; lists are given as JSON."""
    for name, text in environ.items():
        if not name.startswith(PREFIX) or name.removeprefix(PREFIX) in _RESERVED:
            continue
        *tables, key = name.removeprefix(PREFIX).lower().split("__")
        table = values
        for part in tables:
            table = table.setdefault(part, {})
            if not isinstance(table, dict):
                detail = f"{name}: '{part}' is not a table."
                raise Misconfigured(detail)
        table[key] = _value(name, text)


def _value(name: str, text: str) -> Any:  # noqa: ANN401 - any JSON value, checked by the schema afterwards
    if not text.startswith(("[", "{")):
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        detail = f"{name}: not valid JSON."
        raise Misconfigured(detail) from None


def _check(settings: Settings) -> None:
    """Refuse what the types allow and the gateway does not."""
    if settings.audit.sinks != ("postgres",):
        detail = "audit.sinks: this version records to 'postgres' alone; set audit.sinks = [\"postgres\"]."
        raise Misconfigured(detail)
    names = [backend.name for backend in settings.backends]
    if len(names) != len(set(names)):
        detail = "backends: two backends have the same name."
        raise Misconfigured(detail)
    for backend in settings.backends:
        if bool(backend.url) == bool(backend.uds):
            detail = f"backends: '{backend.name}' needs exactly one of url and uds."
            raise Misconfigured(detail)
    for field in ("url", "owner_url"):
        if _holds_password(field, getattr(settings.database, field)):
            detail = f"database.{field}: give the password as a file: database.{field.replace('url', 'password_file')}."
            raise Misconfigured(detail)


def _holds_password(field: str, url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        detail = f"database.{field}: not an address."
        raise Misconfigured(detail) from None
    return bool(parts.password) or "password" in parse_qs(parts.query)
