"""From a header to an actor, without a look-up.

Law: every key is in memory, refreshed when the revision changes, so that a revocation is seen within a second; a copy
older than ``max_stale`` is not used. Unknown, wrong and revoked keys get the same answer, after the same comparison.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from datetime import datetime
from typing import Final

from gateway.core.actor import Actor, Role
from gateway.core.errors import CredentialError, DatabaseUnavailable, ExpiredCredential, InvalidCredential
from gateway.core.ports import Clock
from gateway.core.sensitive import Sensitive
from gateway.db import Database, DbRole
from gateway.identity import store
from gateway.identity.api_keys import parse
from gateway.identity.store import KeyRow

_LONGEST_HEADER: Final = 512
_NOBODY: Final = (
    KeyRow(tenant="", id="", label="", role="", digest=b"", created=datetime.min, created_by=""),  # noqa: DTZ901 - never read
)
"""Compared with where an id is unknown, so that the work is the same."""


class Credentials:
    """The keys of all tenants, as of the last refresh."""

    def __init__(self, clock: Clock, *, max_stale: float) -> None:
        self._clock = clock
        self._max_stale = max_stale
        self._revision = -1
        self._refreshed = float("-inf")
        self._keys: dict[str, list[KeyRow]] = {}
        self._used: dict[tuple[str, str], datetime] = {}

    @property
    def current(self) -> bool:
        """Whether the copy is young enough to be used."""
        return self._clock.monotonic() - self._refreshed <= self._max_stale

    async def refresh(self, database: Database) -> None:
        """Look whether access has changed, and take the new keys if so."""
        began = self._clock.monotonic()
        async with database.transaction(DbRole.READER) as transaction:
            revision = await store.revision(transaction)
            if revision != self._revision:
                keys: defaultdict[str, list[KeyRow]] = defaultdict(list)
                for row in await store.all_keys(transaction):
                    keys[row.id].append(row)
                self._keys, self._revision = dict(keys), revision
        self._refreshed = began

    def authenticate(self, header: Sensitive[str] | None) -> Actor:
        """Return the actor of an ``Authorization`` header's value (RFC 6750).

        Raise ``CredentialError`` without one, ``InvalidCredential``, ``ExpiredCredential``, or ``DatabaseUnavailable``
        while the keys are stale.
        """
        key = parse(_bearer(header))
        if not self.current:
            raise DatabaseUnavailable
        found = None
        for row in self._keys.get(key.id, _NOBODY):
            if hmac.compare_digest(row.digest, key.digest):
                found = row
        if found is None or found.revoked is not None:
            raise InvalidCredential
        now = self._clock.now()
        if found.expires is not None and found.expires <= now:
            raise ExpiredCredential
        self._used[found.tenant, found.id] = now
        return Actor(id=found.id, tenant=found.tenant, role=Role(found.role), app=found.label, owner=found.owner)

    async def flush_last_used(self, database: Database) -> None:
        """Write when keys were last used; what cannot be written now is written next time."""
        by_tenant: defaultdict[str, list[tuple[str, str, datetime]]] = defaultdict(list)
        for (tenant, key), when in self._used.items():
            by_tenant[tenant].append((tenant, key, when))
        for tenant, used in by_tenant.items():
            async with database.transaction(DbRole.CONTROL, tenant=tenant) as transaction:
                await store.mark_used(transaction, used)
            for of, key, when in used:
                if self._used.get((of, key)) == when:
                    del self._used[of, key]


def _bearer(header: Sensitive[str] | None) -> Sensitive[str]:
    if header is None:
        raise CredentialError
    text = header.reveal()
    scheme, _, key = text.partition(" ")
    if len(text) > _LONGEST_HEADER or scheme.lower() != "bearer":
        raise InvalidCredential
    return Sensitive(key.strip())
