"""Signed notes (C2SP signed-note, Ed25519): who signs the checkpoints of a log, and how.

Law: each log has a key of its own, derived for its tenant and this purpose alone, so that what one key signed says
nothing of another log. What is signed is text that ends with a line feed, and holds no empty line.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.core.sensitive import Sensitive
from gateway.keys.keyring import FileKeyring

_ED25519: Final = b"\x01"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSigner:
    """Signs notes under a name. seed: the 32 bytes that the key is made of."""

    name: str
    seed: Sensitive[bytes]

    @property
    def verifier(self) -> str:
        """The line by which others verify: ``NAME+HASH+KEY``."""
        return f"{self.name}+{self._hash.hex()}+{base64.b64encode(_ED25519 + self._public).decode()}"

    def signed(self, text: str) -> str:
        """Return the note: the text, an empty line, and a line with the signature.

        Raise ``ValueError`` for a text that would be read as another.
        """
        lines = text.split("\n")
        if lines.pop() or "" in lines or not lines or any(ord(each) < ord(" ") for line in lines for each in line):
            message = "a note's text is lines that are not empty and hold no control character"
            raise ValueError(message)
        signature = self._key.sign(text.encode())
        return f"{text}\n— {self.name} {base64.b64encode(self._hash + signature).decode()}\n"

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed.reveal())

    @property
    def _public(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    @property
    def _hash(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self._public).digest()[:4]


class LogSigners:
    """The signer of every log (``core.ports.Signers``). origin: what this installation's logs are called."""

    def __init__(self, keyring: FileKeyring, origin: str) -> None:
        self._keyring = keyring
        self._origin = origin

    def of(self, tenant: str) -> NoteSigner:
        """Return the signer of a tenant's log, whose name is the log's origin. Raise ``KeyUnavailable``."""
        return NoteSigner(name=f"{self._origin}/{tenant}", seed=self._keyring.derive(tenant, "log"))
