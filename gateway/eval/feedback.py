"""Findings that an officer says are false.

Law: a finding is named by its exchange, its type and the keyed hash of its value, never by the value, and only one that
is on record can be. What is said is an event and changes nothing: it is proposed to whoever changes the policies, until
these let it through or it is taken back. A tenant learns of the platform's files no more than their last names.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final

from gateway.aside import Queue
from gateway.audit import Filters, Query
from gateway.core.actor import PLATFORM, Actor, Permission
from gateway.core.audit import Action, Json
from gateway.core.errors import NotFound, PolicyInvalid, PolicyUnavailable, ProtocolError
from gateway.core.policy import Target
from gateway.core.ports import Journal
from gateway.core.values import VALUE_HASH
from gateway.eval.lanes import Lanes
from gateway.policy import (
    Filed,
    PolicyService,
    Resolution,
    Version,
    compile_bundle,
    file_of,
    resolve,
    sources_of,
    target_of,
)

_SAME: Final = ("entity", "value", "app", "model", "endpoint")
"""What two events are about that are about one finding: where others hold, other policies may."""

_MOST: Final = 10_000
"""Events about feedback of one log that are read; of more, the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseFinding:
    """What an officer says is false. value: as the exchange's event names it (``core.values``)."""

    exchange: uuid.UUID
    entity: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A false finding that something is still done about.

    said_by, time: who said so, and when. documents: the policies that would have to let it through, each with its file
    and whether it is the tenant's own.
    """

    tenant: str
    exchange: str
    entity: str
    value: str
    said_by: str
    time: str
    documents: tuple[Mapping[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as people and tools see it."""
        return asdict(self)


class Feedback:
    """What officers said, in the logs of their tenants. tenants: names all that there are."""

    def __init__(
        self, query: Query, journal: Journal, service: PolicyService, tenants: Callable[[], Awaitable[list[str]]]
    ) -> None:
        self._query = query
        self._journal = journal
        self._service = service
        self._tenants = tenants
        self._lanes = Lanes()
        self._aside = Queue()

    async def say(self, tenant: str, said: FalseFinding, actor: Actor, *, withdrawn: bool = False) -> None:
        """Put on record that a finding is false, or, withdrawn, that it is none any more. Raise ``NotFound``."""
        actor.require(Permission.POLICY_FEEDBACK, tenant)
        if not VALUE_HASH.fullmatch(said.value):
            detail = "The value is to be given as the exchange's event names it: hmac-sha256:YYYY-MM:HEX."
            raise ProtocolError(detail)
        filters = Filters(exchange=said.exchange, action=str(Action.EXCHANGE_OPEN))
        found = await self._query.numbered(tenant, filters, limit=1)
        if not any(_names(event["details"], said) for event in found):
            detail = "No event of that exchange names such a finding; a new one is on record after a second."
            raise NotFound(detail)
        target = target_of(found[0])
        about = {"app": target.app, "model": target.model, "endpoint": target.endpoint}
        details = {**about, "exchange": str(said.exchange), "entity": said.entity, "value": said.value}
        await self._journal.record(
            actor,
            Action.POLICY_FEEDBACK,
            "policy/feedback",
            tenant=tenant,
            policy=found[0]["policy"],
            details={**details, "withdrawn": withdrawn},
        )

    async def proposals(self, scope: str, actor: Actor) -> list[Proposal]:
        """Return what is still said to be false and not let through, oldest first.

        Of the platform's scope, that of every tenant about which the platform's policies would have to change. Raise
        ``PolicyUnavailable`` where what is in force cannot be read any more, or ``Overloaded``.
        """
        actor.require(Permission.POLICY_READ, scope)
        found: list[Proposal] = []
        async with self._lanes.turn(actor.tenant):
            platform = await self._filed(PLATFORM)
            for tenant in await self._tenants() if scope == PLATFORM else [scope]:
                if events := await self._said(tenant, actor):
                    filed = [*await self._filed(tenant), *platform]
                    found += await self._aside(partial(_proposals, scope, events, filed))
        return found

    async def _said(self, tenant: str, actor: Actor) -> list[Mapping[str, Any]]:
        """Return the last event about each finding of an app, but for those that were taken back."""
        details: dict[str, Json] = {"filters": ["action"]}
        await self._journal.record(actor, Action.AUDIT_QUERY, "audit", tenant=tenant, details=details)
        events = await self._query.numbered(tenant, Filters(action=str(Action.POLICY_FEEDBACK)), limit=_MOST)
        last = {tuple(each["details"][name] for name in _SAME): each for each in reversed(events)}
        return [each for each in last.values() if not each["details"]["withdrawn"]]

    async def _filed(self, scope: str) -> Sequence[Filed]:
        """Return the documents of a scope that are in force and may have a say."""
        newest = await self._service.newest_of(scope)
        return await self._aside(partial(_compiled, newest)) if newest else ()


def _names(details: Mapping[str, Any], said: FalseFinding) -> bool:
    """Tell whether an event names a finding. Of those that it has no room for it names the values alone."""
    told = any(each["type"] == said.entity and each.get("value") == said.value for each in details.get("findings", ()))
    return told or (said.value in details.get("values_left_out", ()) and said.entity in details.get("entities", ()))


def _proposals(scope: str, events: Iterable[Mapping[str, Any]], filed: Sequence[Filed]) -> list[Proposal]:
    """Return what of a tenant's is to be proposed to a scope."""
    proposals = [_proposal(event, filed, folders=scope == PLATFORM) for event in events]
    return [each for each in proposals if any(scope != PLATFORM or not one["own"] for one in each.documents)]


def _compiled(version: Version) -> Sequence[Filed]:
    """Return the documents of a version. Of one that cannot be read any more nothing is shown to anybody."""
    try:
        return compile_bundle(sources_of(version.documents), scope=version.tenant).policies
    except PolicyInvalid:
        raise PolicyUnavailable from None


def _proposal(event: Mapping[str, Any], filed: Sequence[Filed], *, folders: bool) -> Proposal:
    said = event["details"]
    target = Target(tenant=event["tenant"], app=said["app"], model=said["model"], endpoint=said["endpoint"])
    resolution = resolve(filed, target)
    return Proposal(
        tenant=event["tenant"],
        exchange=said["exchange"],
        entity=said["entity"],
        value=said["value"],
        said_by=event["actor"],
        time=event["time"],
        documents=tuple(_acting(resolution, said["entity"], said["value"], folders=folders)) if resolution else (),
    )


def _acting(resolution: Resolution, entity: str, value: str, *, folders: bool) -> Iterator[Mapping[str, Any]]:
    """Yield the documents that do something about a finding."""
    for each in (resolution.chosen, *resolution.floors):
        policy = each.policy
        marked = any(allowance.names(entity, value) for allowance in policy.allow)
        if policy.entities.get(entity, policy.others).acts and not marked:
            yield {"name": policy.name, "file": file_of(each, folders=folders), "line": each.line, "own": each.own}
