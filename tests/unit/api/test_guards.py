from typing import Any

import pytest

from gateway.core.actor import Permission
from gateway.core.audit import Action, Outcome
from gateway.core.errors import InvalidCredential, PermissionDenied


async def test_who_has_a_known_key_is_admitted(gatekeeper: Any) -> None:
    assert (await gatekeeper.admit({b"authorization": b"Bearer app"}, Permission.INFERENCE_USE, "/v1")).id == "app"


@pytest.mark.parametrize("headers", [{}, {b"authorization": b"Bearer other"}, {b"x-api-key": b"app"}])
async def test_without_a_known_key_nobody_is_admitted(gatekeeper: Any, headers: dict[bytes, bytes]) -> None:
    with pytest.raises(InvalidCredential):
        await gatekeeper.admit(headers, Permission.INFERENCE_USE, "/v1")


async def test_a_refusal_of_a_known_key_is_on_record(gatekeeper: Any, house: Any) -> None:
    with pytest.raises(PermissionDenied):
        await gatekeeper.admit({b"authorization": b"Bearer app"}, Permission.METRICS_READ, "/metrics")

    assert house.denied == [("app", Action.ACCESS_DENY, "/metrics", Outcome.DENIED)]
