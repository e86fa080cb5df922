"""Tenants and API keys: making, listing, revoking.

Law: an actor acts in the own tenant, the platform in all; another tenant's key is as unknown as one that never was.
A change and its audit event are one commit.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.core.actor import PLATFORM, Actor, Permission, Role
from gateway.core.audit import Action, Json
from gateway.core.errors import Conflict, NotFound, PermissionDenied, ProtocolError
from gateway.core.ports import Clock
from gateway.core.sensitive import Sensitive
from gateway.db import ChangeJournal, Database, DbRole
from gateway.identity import api_keys, store
from gateway.identity.store import KeyRow

_TENANT: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_OWNER: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LABEL: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key that was just made; ``key`` is shown once and is nowhere stored."""

    id: str
    tenant: str
    role: Role
    label: str
    key: Sensitive[str]


class AccessService:
    """Who may use the gateway."""

    def __init__(self, database: Database, journal: ChangeJournal, clock: Clock) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock

    async def tenants(self) -> list[str]:
        """Return every tenant's name."""
        async with self._database.transaction(DbRole.READER) as transaction:
            return await store.tenant_names(transaction)

    async def create_tenant(self, actor: Actor, name: str) -> None:
        """Create a tenant: the platform's act alone."""
        actor.require(Permission.TENANT_WRITE, PLATFORM)
        if not _TENANT.fullmatch(name) or name == PLATFORM:
            detail = "A tenant's name is 1 to 63 of a-z, 0-9 and '-', begins with no '-', and is not 'platform'."
            raise ProtocolError(detail)
        async with self._database.transaction(DbRole.CONTROL, tenant=PLATFORM) as transaction:
            if not await store.add_tenant(transaction, name, self._clock.now(), actor.id):
                detail = "A tenant of this name exists."
                raise Conflict(detail)
            await store.bump(transaction)
            await self._journal.record_in(transaction, actor, Action.TENANT_CREATE, f"tenant/{name}", tenant=PLATFORM)

    async def create_key(  # noqa: PLR0913 - what a key has
        self,
        actor: Actor,
        tenant: str,
        role: Role,
        label: str,
        expires: datetime | None = None,
        *,
        owner: str = "",
    ) -> NewKey:
        """Create a key of a role in a tenant, and return it, once.

        expires: an instant to come, None for never. owner: whose it is, an opaque id and no name.
        """
        await self._require(actor, Permission.ACCESS_WRITE, tenant)
        if (role is Role.PLATFORM) != (tenant == PLATFORM):
            detail = "A key of role 'platform' belongs to no tenant, and every other key to one."
            raise ProtocolError(detail)
        if not _LABEL.fullmatch(label):
            detail = "A label is 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'."
            raise ProtocolError(detail)
        if owner and not _OWNER.fullmatch(owner):
            detail = "An owner is an opaque id of 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-', such as a staff number."
            raise ProtocolError(detail)
        if expires is not None and expires <= self._clock.now():
            detail = "A key expires at a time to come."
            raise ProtocolError(detail)
        key = api_keys.make(secrets.token_bytes(40))
        parsed = api_keys.parse(key)
        row = KeyRow(
            tenant=tenant,
            id=parsed.id,
            label=label,
            role=role.value,
            digest=parsed.digest,
            created=self._clock.now(),
            created_by=actor.id,
            expires=expires,
            owner=owner,
        )
        async with self._database.transaction(DbRole.CONTROL, tenant=tenant) as transaction:
            await store.add_key(transaction, row)
            await store.bump(transaction)
            details: dict[str, Json] = {"role": role.value, "label": label}
            if owner:
                details["owner"] = owner
            await self._journal.record_in(
                transaction, actor, Action.KEY_CREATE, f"key/{row.id}", tenant=tenant, details=details
            )
        return NewKey(id=row.id, tenant=tenant, role=role, label=label, key=key)

    async def keys(self, actor: Actor, tenant: str) -> Sequence[KeyRow]:
        """List a tenant's keys, revoked ones included."""
        await self._require(actor, Permission.ACCESS_READ, tenant)
        async with self._database.transaction(DbRole.CONTROL, tenant=tenant) as transaction:
            return await store.all_keys(transaction)

    async def revoke_key(self, actor: Actor, tenant: str, identifier: str) -> None:
        """Revoke a live key. Raise ``NotFound`` for any other."""
        await self._require(actor, Permission.ACCESS_WRITE, tenant)
        async with self._database.transaction(DbRole.CONTROL, tenant=tenant) as transaction:
            if not await store.revoke(transaction, tenant, identifier, self._clock.now()):
                raise NotFound
            await store.bump(transaction)
            await self._journal.record_in(transaction, actor, Action.KEY_REVOKE, f"key/{identifier}", tenant=tenant)

    async def makers(self, actor: Actor) -> frozenset[str]:
        """Return the owners of the keys by which the actor's key was made (``core.ports.KeyMakers``)."""
        async with self._database.transaction(DbRole.READER) as transaction:
            rows = {row.id: row for row in await store.all_keys(transaction)}
        owners: set[str] = set()
        seen: set[str] = set()
        key = actor.id
        while key in rows and key not in seen:
            seen.add(key)
            key = rows[key].created_by
            owners |= {rows[key].owner} if key in rows and rows[key].owner else set()
        return frozenset(owners)

    async def _require(self, actor: Actor, permission: Permission, tenant: str) -> None:
        """Let whoever has the permission into the own tenant, and the platform into any that exists."""
        if not actor.may(permission):
            raise PermissionDenied
        if tenant != actor.tenant and (actor.tenant != PLATFORM or tenant not in await self.tenants()):
            raise NotFound
