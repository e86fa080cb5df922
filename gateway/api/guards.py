"""Who is asking, and may they.

Law: a request is known by its key alone; what a known key may not do is refused and recorded.
"""

from __future__ import annotations

from typing import NoReturn

from gateway.api.limits import Headers
from gateway.api.paths import is_anthropics
from gateway.core.actor import Actor, Permission, Role
from gateway.core.audit import Action, Outcome
from gateway.core.errors import PermissionDenied
from gateway.core.ports import Journal
from gateway.core.sensitive import Sensitive
from gateway.identity import Credentials


class Gatekeeper:
    """Authenticates and authorises, for every route alike."""

    def __init__(self, credentials: Credentials, journal: Journal) -> None:
        self._credentials = credentials
        self._journal = journal

    async def admit(
        self, headers: Headers, permission: Permission, resource: str, *, platform: Permission | None = None
    ) -> Actor:
        """Return the actor. Raise ``CredentialError``, or ``PermissionDenied`` once the refusal is on record.

        resource: the route as published, never a path as sent. platform: what a key of the platform needs instead.
        """
        actor = self._credentials.authenticate(_credential(headers, resource))
        needed = platform if platform and actor.role is Role.PLATFORM else permission
        if not actor.may(needed):
            await self.refuse(actor, needed, resource)
        return actor

    async def refuse(self, actor: Actor, permission: Permission, resource: str) -> NoReturn:
        """Put on record that an actor has not the permission for what was asked for. Raise ``PermissionDenied``."""
        details = {"permission": permission.value}
        await self._journal.record(actor, Action.ACCESS_DENY, resource, Outcome.DENIED, details=dict(details))
        raise PermissionDenied


def _credential(headers: Headers, resource: str) -> Sensitive[str] | None:
    """Return what ``authorization`` holds. On Anthropic's routes a key may stand in ``x-api-key`` instead."""
    authorization = headers.get(b"authorization")
    if authorization is None and is_anthropics(resource) and (key := headers.get(b"x-api-key")):
        authorization = b"Bearer " + key
    return Sensitive(authorization.decode("latin-1")) if authorization else None
