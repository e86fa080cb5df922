"""Signed bundles, made by hand: right ones, and any that somebody could make who holds a key or none."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.keys import PublicKey, SigningKey, trusted_keys

NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)
PREFIX = b"cloister/v1\0PolicyBundle\0"
POLICY = (
    "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: hr, description: Größe}\nspec: {mode: enforce}\n"
)
CONTENT = {
    "apiVersion": "cloister/v1",
    "kind": "PolicyBundle",
    "scope": "acme",
    "revision": 7,
    "not_before": "2027-01-01T00:00:00Z",
    "not_after": "2027-04-01T00:00:00Z",
    "documents": [{"file": "hr.yaml", "text": POLICY}, {"file": "keep.yaml", "text": "# nothing\n"}],
}


def signing_key(number: int) -> SigningKey:
    """The same key every time."""
    return SigningKey(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"%d" % number).digest()))


RELEASE, NEXT, STRANGER = (signing_key(number) for number in range(3))


def key_id(key: SigningKey) -> str:
    """The id of a key."""
    return key.public("k").id


def trust(*keys: SigningKey) -> dict[str, PublicKey]:
    """What a gateway that trusts these keys has."""
    return trusted_keys(key.public("k").line for key in keys)


def canonical(value: object) -> bytes:
    """Canonical JSON of what has no floats and no keys beyond ASCII, by other means than the product's."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signature(key: SigningKey, content: Mapping[str, Any], *, prefix: bytes = PREFIX, by: str = "") -> dict[str, str]:
    """One entry of ``signatures``. by: the id that it claims."""
    made = key.sign(prefix + canonical(content))
    return {"key": by or key_id(key), "signature": base64.b64encode(made).decode()}


def bundle(*keys: SigningKey, **changes: object) -> dict[str, Any]:
    """A bundle with some of its content changed before these keys sign it, ``RELEASE`` by default."""
    content = CONTENT | changes
    return {**content, "signatures": [signature(key, content) for key in keys or (RELEASE,)]}


def raw(*keys: SigningKey, **changes: object) -> bytes:
    """The same as a file."""
    return canonical(bundle(*keys, **changes))


def digest(**changes: object) -> str:
    """The digest of the content."""
    return hashlib.sha256(canonical(CONTENT | changes)).hexdigest()
