"""What is refused before the database is asked; the rest is in tests/integration/test_identity_store.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Actor, Role
from gateway.core.errors import NotFound, PermissionDenied, ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.identity import AccessService, NewKey


class Untouched:
    """A database, journal and clock that nobody may use."""

    def __getattr__(self, name: str) -> NoReturn:
        pytest.fail(f"{name} was used")


@pytest.fixture
def access() -> AccessService:
    nobody: Any = Untouched()
    return AccessService(nobody, nobody, nobody)


def actor(role: Role, tenant: str = "acme") -> Actor:
    return Actor(id="00000000", tenant=tenant, role=role)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PLATFORM])
async def test_tenants_are_made_by_the_platform_alone(access: AccessService, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        await access.create_tenant(actor(role), "globex")


@pytest.mark.parametrize("name", ["", "-acme", "Acme", "acme_1", "acme\n", "é", "a" * 64, PLATFORM, "a b", "*"])
async def test_a_tenants_name_has_a_form(access: AccessService, name: str) -> None:
    with pytest.raises(ProtocolError):
        await access.create_tenant(LOCAL_OPERATOR, name)


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.PLATFORM, Role.ADMIN}])
async def test_the_other_roles_do_nothing_with_keys(access: AccessService, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        await access.create_key(actor(role), "acme", Role.APP, "app")
    with pytest.raises(PermissionDenied):
        await access.keys(actor(role), "acme")
    with pytest.raises(PermissionDenied):
        await access.revoke_key(actor(role), "acme", "00000000")


@pytest.mark.parametrize("tenant", ["globex", "nobody", PLATFORM, ""])
async def test_an_admin_sees_the_own_tenant_alone(access: AccessService, tenant: str) -> None:
    with pytest.raises(NotFound) as raised:
        await access.revoke_key(actor(Role.ADMIN), tenant, "00000000")

    assert raised.value.message == NotFound().message


async def test_an_admin_cannot_make_a_platform_key(access: AccessService) -> None:
    with pytest.raises(ProtocolError):
        await access.create_key(actor(Role.ADMIN), "acme", Role.PLATFORM, "app")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PLATFORM])
async def test_the_platform_has_keys_of_its_own_role_alone(access: AccessService, role: Role) -> None:
    with pytest.raises(ProtocolError):
        await access.create_key(LOCAL_OPERATOR, PLATFORM, role, "app")


@pytest.mark.parametrize("label", ["", "two words", "a" * 65, "é", "app\n", "<b>"])
async def test_a_label_has_a_form(access: AccessService, label: str) -> None:
    with pytest.raises(ProtocolError):
        await access.create_key(actor(Role.ADMIN), "acme", Role.APP, label)


@pytest.mark.parametrize("past", [0, 1])
async def test_a_key_that_has_expired_already_is_not_made(past: int) -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    nobody: Any = Untouched()
    clock: Any = SimpleNamespace(now=lambda: noon)

    with pytest.raises(ProtocolError, match="to come"):
        await AccessService(nobody, nobody, clock).create_key(
            actor(Role.ADMIN), "acme", Role.APP, "app", noon - timedelta(seconds=past)
        )


def test_a_new_key_shows_nothing_of_itself() -> None:
    made = NewKey(id="00000000", tenant="acme", role=Role.APP, label="app", key=Sensitive("cl_live_secret"))

    assert "secret" not in repr(made)
