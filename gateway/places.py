"""Where an installation keeps what: folders of a home, the database's address, secrets in files.

Takes: the settings.
Gives: folders, addresses with their passwords.
Knows: files that hold one secret each.
Never: lets keys lie beside the data that they protect, or takes a default nobody wrote.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from gateway.core.errors import Misconfigured
from gateway.keys import require_apart
from gateway.settings import Settings


def keys_folder(settings: Settings) -> Path:
    """Return the folder of the key-encryption keys, which is never inside the database's own."""
    folder = Path(settings.keys.path) if settings.keys.path else Path(settings.home) / "keys"
    require_apart(folder, postgres_folder(settings))
    return folder


def postgres_folder(settings: Settings) -> Path:
    """Return the folder of the embedded Postgres."""
    return Path(settings.home) / "postgres"


def configured(settings: Settings) -> tuple[str, str | None]:
    """Return the addresses of the configured database: the serving login's, and the owner's where there is one."""
    database = settings.database
    if not database.url:
        detail = "database.url is not set: set it, or run 'cloister serve --embedded' for a private Postgres."
        raise Misconfigured(detail)
    url = with_password(database.url, database.password_file)
    return url, with_password(database.owner_url, database.owner_password_file) if database.owner_url else None


def with_password(url: str, file: str) -> str:
    """Return the address with the password that the file holds, percent-encoded."""
    if not file:
        return url
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{parts.username or ''}:{quote(read_secret(file), safe='')}@{host}"
    return urlunsplit(parts._replace(netloc=netloc))


def read_secret(file: str) -> str:
    """Return the first line of a secret's file."""
    try:
        return Path(file).read_text(encoding="utf-8").splitlines()[0].strip()
    except (OSError, IndexError, UnicodeDecodeError):
        detail = f"{file}: the secret cannot be read, or the file is empty."
        raise Misconfigured(detail) from None
