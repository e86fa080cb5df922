"""Who acts, in which tenant, with which role, and what that role may do.

Law: permissions are a table. A role that is not in the table may do nothing. ``platform`` belongs to no tenant and
sees no content; every other role acts in exactly one tenant. Every service asks before it acts, whoever calls it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.core.errors import PermissionDenied

PLATFORM: Final = "platform"
"""The scope of platform policies, platform keys and the platform's own audit log. No tenant may bear this name."""


class Role(StrEnum):
    """The roles of the public contract."""

    APP = "app"
    AUDITOR = "auditor"
    PRIVACY_OFFICER = "privacy_officer"
    ADMIN = "admin"
    PLATFORM = "platform"


class Permission(StrEnum):
    """What a route or command asks for, as ``noun.verb``."""

    ACCESS_READ = "access.read"
    ACCESS_WRITE = "access.write"
    AUDIT_READ = "audit.read"
    AUDIT_VERIFY = "audit.verify"
    INFERENCE_USE = "inference.use"
    METRICS_READ = "metrics.read"
    PLATFORM_POLICY_WRITE = "platform_policy.write"
    POLICY_APPROVE = "policy.approve"
    POLICY_FEEDBACK = "policy.feedback"
    POLICY_READ = "policy.read"
    POLICY_WRITE = "policy.write"
    RETENTION_READ = "retention.read"
    RETENTION_WRITE = "retention.write"
    TENANT_WRITE = "tenant.write"


GRANTS: Final[dict[Role, frozenset[Permission]]] = {
    Role.APP: frozenset({Permission.INFERENCE_USE}),
    Role.AUDITOR: frozenset(
        {Permission.AUDIT_READ, Permission.AUDIT_VERIFY, Permission.POLICY_READ, Permission.RETENTION_READ}
    ),
    Role.PRIVACY_OFFICER: frozenset(
        {
            Permission.AUDIT_READ,
            Permission.POLICY_APPROVE,
            Permission.POLICY_FEEDBACK,
            Permission.POLICY_READ,
            Permission.RETENTION_READ,
        }
    ),
    Role.ADMIN: frozenset(
        {
            Permission.ACCESS_READ,
            Permission.ACCESS_WRITE,
            Permission.POLICY_APPROVE,
            Permission.POLICY_READ,
            Permission.POLICY_WRITE,
        }
    ),
    Role.PLATFORM: frozenset(
        {
            Permission.ACCESS_READ,
            Permission.ACCESS_WRITE,
            Permission.AUDIT_VERIFY,
            Permission.METRICS_READ,
            Permission.PLATFORM_POLICY_WRITE,
            Permission.POLICY_APPROVE,
            Permission.POLICY_READ,
            Permission.TENANT_WRITE,
        }
    ),
}

HOST_GRANTS: Final = frozenset(Permission) - {
    Permission.INFERENCE_USE,
    Permission.METRICS_READ,
    Permission.POLICY_APPROVE,
}
"""What commands on the host ask for: whoever can run them has the database anyway, and is recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts. ``id`` is opaque (an API key's id, or ``local`` for the operator on the host), never a name.

    tenant: the tenant's name, or ``platform``. app: the label of the API key, "" where there is none.
    owner: whose key it is, opaque as well, "" where nobody said: two keys of one owner are one person.
    host: whether this is a command on the host, and no key.
    """

    id: str
    tenant: str
    role: Role
    app: str = ""
    owner: str = ""
    host: bool = False

    def may(self, permission: Permission) -> bool:
        """Tell whether the actor has the permission."""
        return permission in (HOST_GRANTS if self.host else GRANTS[self.role])

    def require(self, permission: Permission, tenant: str) -> None:
        """Raise ``PermissionDenied`` unless the actor has the permission, and the tenant is the own one.

        The platform's permissions are for every tenant.
        """
        if self.tenant not in {PLATFORM, tenant} or not self.may(permission):
            raise PermissionDenied


LOCAL_OPERATOR: Final = Actor(id="local", tenant=PLATFORM, role=Role.PLATFORM, host=True)
"""Whoever runs a command on the host, directly on the database."""
