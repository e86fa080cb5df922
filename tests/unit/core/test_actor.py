import pytest

from gateway.core.actor import GRANTS, LOCAL_OPERATOR, PLATFORM, Actor, Permission, Role
from gateway.core.errors import PermissionDenied


def test_a_role_may_what_the_table_grants_and_nothing_else() -> None:
    for role in Role:
        actor = Actor(id="a", tenant="t", role=role)
        assert {permission for permission in Permission if actor.may(permission)} == GRANTS[role]


def test_only_apps_use_models() -> None:
    assert [role for role in Role if Permission.INFERENCE_USE in GRANTS[role]] == [Role.APP]


def test_nobody_who_reads_the_log_writes_policy_or_access() -> None:
    changes = {
        Permission.POLICY_WRITE,
        Permission.ACCESS_WRITE,
        Permission.PLATFORM_POLICY_WRITE,
        Permission.TENANT_WRITE,
    }

    for role, granted in GRANTS.items():
        assert not (Permission.AUDIT_READ in granted and granted & changes), role


def test_the_platform_alone_creates_tenants_and_writes_platform_policies() -> None:
    for permission in (Permission.TENANT_WRITE, Permission.PLATFORM_POLICY_WRITE):
        assert [role for role in Role if permission in GRANTS[role]] == [Role.PLATFORM]


def test_the_local_operator_is_of_the_platform_and_uses_no_model() -> None:
    assert (LOCAL_OPERATOR.tenant, LOCAL_OPERATOR.role) == (PLATFORM, Role.PLATFORM)
    assert not LOCAL_OPERATOR.may(Permission.INFERENCE_USE)
    LOCAL_OPERATOR.require(Permission.AUDIT_READ, "acme")


@pytest.mark.parametrize(
    ("role", "home", "tenant"),
    [(Role.ADMIN, "acme", "globex"), (Role.ADMIN, "acme", PLATFORM), (Role.APP, "acme", "acme"), (Role.ADMIN, "", "x")],
)
def test_a_permission_is_for_the_own_tenant(role: Role, home: str, tenant: str) -> None:
    with pytest.raises(PermissionDenied):
        Actor(id="a", tenant=home, role=role).require(Permission.POLICY_WRITE, tenant)
