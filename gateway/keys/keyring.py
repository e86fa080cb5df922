"""The keyring of provider ``file``: one master key in a folder of its own.

Law: the folder is its owner's alone (0700) and the key is read-only (0400); anything laxer is refused with the mend.
Every key that is used is derived from the master key by HKDF-SHA256 (RFC 5869) for one tenant and one purpose.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gateway.core.errors import Conflict, KeyUnavailable, Misconfigured
from gateway.core.sensitive import Sensitive
from gateway.keys.private import read_private, require_private

_NAME: Final = "master.key"
_LENGTH: Final = 32


class FileKeyring:
    """Derives keys from the master key of a folder, once it has been opened."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._master: Sensitive[bytes] | None = None
        self._derived: dict[tuple[str, str], Sensitive[bytes]] = {}

    @property
    def path(self) -> Path:
        """Where the master key stands."""
        return self._folder / _NAME

    def init(self) -> None:
        """Make the master key. Raise ``Conflict`` where there is one already, ``Misconfigured`` where none can be."""
        if self.path.exists():
            detail = f"{self.path} exists already; a new key would orphan what the old one protects."
            raise Conflict(detail)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            require_private(self._folder, self._folder.stat(), allowed=0o700)
            _write(self.path, secrets.token_bytes(_LENGTH))
        except OSError as error:
            detail = f"{self.path}: {error.strerror}. Set keys.path to a folder of the gateway's own."
            raise Misconfigured(detail) from None

    def ensure(self) -> None:
        """Make the master key where there is none, and open it."""
        if not self.path.exists():
            self.init()
        self.open()

    def open(self) -> None:
        """Read the master key. Raise ``Misconfigured`` where it is missing, damaged or open to others."""
        try:
            require_private(self._folder, self._folder.stat(), allowed=0o700)
            master = read_private(self.path, allowed=0o400, most=_LENGTH)
        except OSError as error:
            detail = f"{self.path}: {error.strerror}. Make it with 'cloister keys init', or set keys.path."
            raise Misconfigured(detail) from None
        if len(master) != _LENGTH:
            detail = f"{self.path} is damaged: it must hold {_LENGTH} bytes."
            raise Misconfigured(detail)
        self._master = Sensitive(master)

    def derive(self, tenant: str, purpose: str) -> Sensitive[bytes]:
        """Return 32 bytes for one tenant and purpose, the same ones every time."""
        known = self._derived.get((tenant, purpose))
        if known is not None:
            return known
        if self._master is None:
            detail = "The keyring has not been opened."
            raise KeyUnavailable(detail)
        info = b"cloister/v1\0" + tenant.encode() + b"\0" + purpose.encode()
        derived = Sensitive(HKDF(SHA256(), _LENGTH, salt=None, info=info).derive(self._master.reveal()))
        self._derived[tenant, purpose] = derived
        return derived


def require_apart(keys: Path, data: Path) -> None:
    """Refuse a key folder inside the database's own: one backup would hold both."""
    if keys.resolve().is_relative_to(data.resolve()):
        detail = f"keys.path is inside the database's folder {data}: keep keys elsewhere."
        raise Misconfigured(detail)


def _write(path: Path, data: bytes) -> None:
    """Write a read-only file so that it is there whole or not at all, a power cut included."""
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    try:
        os.write(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.link(temporary, path)
    temporary.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
