"""``/api/policies/feedback``: findings that officers say are false, and what the policies still do about them."""

from __future__ import annotations

import uuid
from typing import Any, Final

import msgspec
from litestar import get, post
from litestar.handlers import HTTPRouteHandler

from gateway.api.policies import AnyRequest, Desk
from gateway.core.actor import Permission
from gateway.eval.feedback import FalseFinding, Feedback

_PATH: Final = "/feedback"
_ROUTE: Final = f"/api/policies{_PATH}"


class Said(msgspec.Struct, forbid_unknown_fields=True):
    """A finding, as an event names it. withdrawn: whether it is taken back that it was false."""

    exchange: uuid.UUID
    entity: str
    value: str
    withdrawn: bool = False


def feedback_routes(desk: Desk, feedback: Feedback) -> list[HTTPRouteHandler]:
    """Build the handlers."""

    @get(_ROUTE)
    async def proposals(request: AnyRequest) -> dict[str, Any]:
        """List what is said to be false and not let through, with the policies that would have to."""
        actor = await desk.admit(request, Permission.POLICY_READ, _PATH)
        return {"proposals": [each.as_json() for each in await feedback.proposals(actor.tenant, actor)]}

    @post(_ROUTE)
    async def say(request: AnyRequest) -> dict[str, Any]:
        """Put on record that a finding is false. No policy changes by it."""
        actor = await desk.admit(request, Permission.POLICY_FEEDBACK, _PATH)
        given = await desk.given(request, Said)
        said = FalseFinding(exchange=given.exchange, entity=given.entity, value=given.value)
        await feedback.say(actor.tenant, said, actor, withdrawn=given.withdrawn)
        return {"exchange": str(given.exchange), "entity": given.entity, "value": given.value}

    return [proposals, say]
