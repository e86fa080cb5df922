"""The form of an API key: ``cl_<env>_<id8>_<secret43>_<crc6>``.

Law: the secret is 32 random bytes, so a plain SHA-256 of the key is all that needs storing. The checksum (CRC-32, in
base 62, six digits) lets a scanner know a key for certain and lets the gateway refuse a mistyped one without a look-up.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from dataclasses import dataclass
from typing import Final

from gateway.core.errors import InvalidCredential
from gateway.core.sensitive import Sensitive

_FORM: Final = re.compile(r"(cl_[a-z]{2,8}_([a-z0-9]{8})_[A-Za-z0-9_-]{43})_([0-9A-Za-z]{6})")
_BASE36: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedKey:
    """What can be read off a key: its public id and the digest to compare. digest: 32 bytes."""

    id: str
    digest: bytes


def make(random: bytes, env: str = "live") -> Sensitive[str]:
    """Make a key from 40 random bytes."""
    number = int.from_bytes(random[:8], "big")
    identifier = "".join(_BASE36[number // 36**place % 36] for place in range(8))
    secret = base64.urlsafe_b64encode(random[8:40]).rstrip(b"=").decode()
    body = f"cl_{env}_{identifier}_{secret}"
    return Sensitive(f"{body}_{_checksum(body)}")


def parse(key: Sensitive[str]) -> ParsedKey:
    """Read a key. Raise ``InvalidCredential`` for what was never one."""
    text = key.reveal()
    match = _FORM.fullmatch(text)
    if match is None or _checksum(match[1]) != match[3]:
        raise InvalidCredential
    return ParsedKey(id=match[2], digest=hashlib.sha256(text.encode()).digest())


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    return "".join(_BASE62[number // 62**place % 62] for place in range(5, -1, -1))
