"""The desk on the host, over a service that writes down what it is asked."""

from __future__ import annotations

import pytest

from gateway.cli.desk import desk
from gateway.core.actor import LOCAL_OPERATOR, PLATFORM
from gateway.core.errors import (
    ApprovalRequired,
    ProtocolError,
)
from tests.unit.cli.desks import APPLIED, EMERGENCY, FILE, PLAN, SOURCE, Service, arguments


async def test_on_the_host_the_operator_acts_on_the_platform_s_policies(service: Service) -> None:
    async with desk(arguments()) as opened:
        assert await opened.plan([SOURCE]) == PLAN
        assert await opened.apply([SOURCE]) == APPLIED
        assert await opened.apply([SOURCE], expected=3, scope=PLATFORM, emergency=EMERGENCY) == APPLIED
        assert await opened.apply_signed(b"{}") == APPLIED
        assert await opened.roll_back(to=2) == APPLIED
        assert [each["version"] for each in await opened.history()] == [1]
        assert (await opened.show(1))["documents"] == [FILE]

    assert service.asked == [
        ("plan", PLATFORM, [SOURCE], LOCAL_OPERATOR),
        ("apply", PLATFORM, [SOURCE], LOCAL_OPERATOR, None, None),
        ("apply", PLATFORM, [SOURCE], LOCAL_OPERATOR, 3, EMERGENCY),
        ("apply_signed", PLATFORM, b"{}", LOCAL_OPERATOR),
        ("roll_back", PLATFORM, LOCAL_OPERATOR, 2, None),
        ("history", PLATFORM, LOCAL_OPERATOR),
        ("show", PLATFORM, LOCAL_OPERATOR, 1),
    ]


async def test_on_the_host_a_tenant_is_named(service: Service) -> None:
    async with desk(arguments("--tenant", "acme")) as opened:
        await opened.apply(PLAN.sources, scope=PLAN.scope)
        with pytest.raises(ProtocolError, match="--tenant names it"):
            await opened.apply([SOURCE], scope=PLATFORM)
    for unknown in ("umbra", ""):
        with pytest.raises(ProtocolError, match="no such tenant"):
            async with desk(arguments("--tenant", unknown)):
                pytest.fail("a tenant that is not there has a desk")

    assert [each[1] for each in service.asked] == ["acme"]


async def test_a_plan_for_a_tenant_is_not_applied_to_the_platform(service: Service) -> None:
    async with desk(arguments()) as opened:
        with pytest.raises(ProtocolError):
            await opened.apply(PLAN.sources, expected=PLAN.base, scope=PLAN.scope)

    assert service.asked == []


async def test_on_the_host_nobody_approves(service: Service) -> None:
    async with desk(arguments()) as opened:
        with pytest.raises(ApprovalRequired, match="--key-file"):
            await opened.approve(PLAN)

    assert service.asked == []
