"""Keyed hashes of values.

Law: equal values of one tenant and type have equal hashes; without the tenant's key a hash says nothing, and two
tenants' hashes have nothing in common.
"""

from __future__ import annotations

import hashlib
import hmac

from gateway.core.pseudonym import normalise
from gateway.core.values import DIGITS
from gateway.keys.keyring import FileKeyring


class KeyedFingerprints:
    """HMAC-SHA256 (RFC 2104) under the tenant's own key."""

    def __init__(self, keyring: FileKeyring) -> None:
        self._keyring = keyring

    def fingerprint(self, tenant: str, entity_type: str, value: str) -> str:
        """Return 64 hex digits for the normalised value."""
        key = self._keyring.derive(tenant, "fingerprint").reveal()
        message = f"{entity_type}|{normalise(entity_type, value)}".encode()
        return hmac.new(key, message, hashlib.sha256).hexdigest()

    def recorded(self, tenant: str, epoch: str, entity_type: str, value: str) -> str:
        """Return ``hmac-sha256:EPOCH:HEX`` of the normalised value: whoever looks for it need not know its type."""
        key = self._keyring.derive(tenant, f"value/{epoch}").reveal()
        digest = hmac.digest(key, normalise(entity_type, value).encode(), "sha256").hex()
        return f"hmac-sha256:{epoch}:{digest[:DIGITS]}"
