"""Ed25519 (RFC 8032): signing keys in files, and public keys on a line.

Law: a signing key is its owner's alone (0600 or less) and is never written over or shown. A public key is read only as
it would be written, and not where anybody could sign for it. What does not verify raises.

A line is ``NAME:ed25519:ID:KEY``: the id is the first 16 hex digits of the key's SHA-256, the key is its 32 bytes in
base64. It is no verifier key of C2SP's signed notes, whose ids depend on the name; it should not look like one either.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gateway.core.errors import Conflict, Misconfigured, VerificationError
from gateway.keys.private import read_private

SIGNATURE_LENGTH: Final = 64
"""Bytes of a signature."""

_LINE: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,62}):ed25519:([0-9a-f]{16}):([A-Za-z0-9+/]{43}=)")
_MODE: Final = 0o600
_MOST: Final = 4096
"""Bytes of the largest file that can hold a key."""

_P: Final = 2**255 - 19
_EIGHTH: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL: Final = frozenset({0, 1, _P - 1, _EIGHTH, _P - _EIGHTH})
"""y of the points of order 1, 2, 4 and 8: OpenSSL takes them for keys, and signatures by them can be made up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """Who may have signed. name: for people; only the key counts. raw: 32 bytes."""

    name: str
    raw: bytes

    @property
    def id(self) -> str:
        """The first 16 hex digits of the key's SHA-256."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    @property
    def line(self) -> str:
        """The key as a line of a configuration."""
        return f"{self.name}:ed25519:{self.id}:{base64.b64encode(self.raw).decode()}"

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise ``VerificationError`` unless this key signed the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            detail = f"The signature by {self.id} does not hold."
            raise VerificationError(detail) from None


class SigningKey:
    """A private key. It shows its public half alone."""

    __slots__ = ("_key",)

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def make(cls) -> SigningKey:
        """Make a new key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, file: Path) -> SigningKey:
        """Read a key from PEM (PKCS #8, as OpenSSL writes it too). Raise ``Misconfigured``."""
        try:
            held = read_private(file, allowed=_MODE, most=_MOST)
        except OSError as error:
            detail = f"{file}: {error.strerror}. 'cloister policy keygen' makes a key."
            raise Misconfigured(detail) from None
        key = _private_key(held)
        if key is None:
            detail = f"{file} holds no Ed25519 key as PEM without a password."
            raise Misconfigured(detail)
        return cls(key)

    def write(self, file: Path) -> None:
        """Write the key to a new file. Raise ``Conflict`` where there is one, ``Misconfigured`` where none can be."""
        held = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(held)
                opened.flush()
                os.fsync(descriptor)
        except FileExistsError:
            detail = f"{file} exists already; a key is never written over."
            raise Conflict(detail) from None
        except OSError as error:
            detail = f"{file}: {error.strerror}."
            raise Misconfigured(detail) from None

    def public(self, name: str) -> PublicKey:
        """Return the public half, under a name."""
        return PublicKey(name=name, raw=self._key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, the same one every time."""
        return self._key.sign(message)


def _private_key(pem: bytes) -> Ed25519PrivateKey | None:
    try:
        key = serialization.load_pem_private_key(pem, None)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PrivateKey) else None


def trusted_keys(lines: Iterable[str]) -> dict[str, PublicKey]:
    """Return the public keys of lines, by their ids; what is blank or begins with ``#`` is none.

    Raise ``Misconfigured``.
    """
    found: dict[str, PublicKey] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        key = _public_key(line.strip(), number)
        if key.id in found:
            detail = f"Public key {number}: it stands there twice."
            raise Misconfigured(detail)
        found[key.id] = key
    return found


def _public_key(line: str, number: int) -> PublicKey:
    match = _LINE.fullmatch(line)
    if match is None:
        detail = f"Public key {number}: it must be NAME:ed25519:ID:KEY, as 'cloister policy keygen' prints it."
        raise Misconfigured(detail)
    name, identifier, text = match.groups()
    key = PublicKey(name=name, raw=base64.b64decode(text))
    if key.id != identifier or key.line != line:
        detail = f"Public key {number}: its id is not that of the key, so one of them is damaged."
        raise Misconfigured(detail)
    _require_sound(key, number)
    return key


def _require_sound(key: PublicKey, number: int) -> None:
    y = int.from_bytes(key.raw, "little") & (2**255 - 1)
    if y >= _P or y in _SMALL:
        detail = f"Public key {number}: anybody could sign for this key."
        raise Misconfigured(detail)
