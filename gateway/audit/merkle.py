"""Leaf hashes of the log's Merkle tree.

Law: a leaf is hashed with the prefix 0x00 (RFC 6962, section 2.1), so that no inner node can pass for one.
"""

from __future__ import annotations

import hashlib


def leaf_hash(data: bytes) -> bytes:
    """Return the 32-byte hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()
