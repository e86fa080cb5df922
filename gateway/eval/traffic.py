"""What a policy would have done to recent traffic, told from the audit log.

Law: a log is read a tenant at a time, by whoever may read that scope's policies, in the turn of whoever asks, and
that it was read is an event of it. Only counts come back, never an event. Counting is done aside: there may be many. Of
a long history only those versions are read that may have decided what is looked at, each once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Final

from gateway.aside import Queue
from gateway.audit import Filters, Query
from gateway.core.actor import PLATFORM, Actor, Permission
from gateway.core.audit import Action, Json
from gateway.core.errors import PolicyInvalid
from gateway.core.policy import Policy, Target
from gateway.core.ports import Journal
from gateway.eval.lanes import Lanes
from gateway.eval.past import Past, State
from gateway.policy import (
    Bundle,
    Effects,
    Event,
    Filed,
    PolicyService,
    Source,
    Version,
    compile_bundle,
    replayed,
    resolve,
    shadowed,
    sources_of,
    target_of,
)

_Made = dict[tuple[str, int], Bundle | None]
"""What versions are made into, by scope and number."""

_PAGE: Final = 500
_MOST: Final = 100_000
"""Events of one log that are read; of more, the latest."""

_REMEMBERED: Final = 1024
"""Policies that were made for a target, which may be named by whoever asks."""


class Traffic:
    """Exchanges on record. tenants: names all that there are."""

    def __init__(
        self, query: Query, journal: Journal, service: PolicyService, tenants: Callable[[], Awaitable[list[str]]]
    ) -> None:
        self._query = query
        self._journal = journal
        self._service = service
        self._tenants = tenants
        self._lanes = Lanes()
        self._aside = Queue()

    async def replay(self, scope: str, sources: Sequence[Source], actor: Actor, since: datetime) -> Effects:
        """Say what files would have done in place of the scope's own. Raise ``PolicyInvalid`` or ``Overloaded``."""
        actor.require(Permission.POLICY_READ, scope)
        async with self._lanes.turn(actor.tenant):
            return await self._replay(scope, sources, actor, since)

    async def _replay(self, scope: str, sources: Sequence[Source], actor: Actor, since: datetime) -> Effects:
        bundle = await self._aside(partial(compile_bundle, sources, scope=scope))
        total, made = Effects(), _Made()
        for tenant in await self._logs(scope):
            events = await self._events(actor, tenant, Action.EXCHANGE_OPEN, since)
            histories = {each: await self._service.history_of(each) for each in dict.fromkeys((tenant, PLATFORM))}
            past = await self._aside(partial(Past, histories))
            beside = {(each, heads[0].version) for each, heads in histories.items() if each != scope and heads}
            await self._compile(made, beside | await self._aside(partial(_touched, past, events)))
            others = [each for part in beside if (other := made[part]) for each in other.policies]
            candidate = _candidate([*bundle.policies, *others])
            effects = await self._aside(partial(replayed, events, candidate, _recorded(past, made)))
            total.add(_limited(effects, events))
            # no other log is about what is this tenant's
            made = {part: kept for part, kept in made.items() if part[0] == PLATFORM}
        return total

    async def _compile(self, made: _Made, parts: set[tuple[str, int]]) -> None:
        """Compile versions that are not yet; for one that cannot be read stands the last before it, as in a worker."""
        for scope, number in sorted(parts - made.keys()):
            bundle, last = None, number
            while last and bundle is None and (scope, last) not in made:
                version = await self._service.version_of(scope, last)
                bundle = await self._aside(partial(_readable, version)) if version else None
                last -= bundle is None
            found = bundle or made.get((scope, last))
            made |= {(scope, each): found for each in range(last, number + 1)}

    async def shadow_report(self, scope: str, actor: Actor, since: datetime) -> dict[str, Effects]:
        """Say what policies in shadow would have done, by their digests. Raise ``Overloaded``."""
        actor.require(Permission.POLICY_READ, scope)
        async with self._lanes.turn(actor.tenant):
            return await self._shadow_report(scope, actor, since)

    async def _shadow_report(self, scope: str, actor: Actor, since: datetime) -> dict[str, Effects]:
        found: dict[str, Effects] = {}
        for tenant in await self._logs(scope):
            events = await self._events(actor, tenant, Action.EXCHANGE_CLOSE, since)
            for digest, effects in (await self._aside(partial(shadowed, events))).items():
                found.setdefault(digest, Effects()).add(_limited(effects, events))
        return found

    async def _logs(self, scope: str) -> list[str]:
        """Return the tenants whose traffic a scope's policies are about."""
        return await self._tenants() if scope == PLATFORM else [scope]

    async def _events(self, actor: Actor, tenant: str, action: Action, since: datetime) -> list[dict[str, Any]]:
        details: dict[str, Json] = {"filters": ["action", "since"], "summary": True}
        await self._journal.record(actor, Action.AUDIT_QUERY, "audit", tenant=tenant, details=details)
        filters, found = Filters(since=since, action=str(action)), list[dict[str, Any]]()
        before: int | None = None
        while len(found) < _MOST:
            page = await self._query.numbered(tenant, filters, before=before, limit=_PAGE)
            found += page
            if len(page) < _PAGE:
                break
            before = page[-1]["seq"]
        return found


def _limited(effects: Effects, events: Sequence[Event]) -> Effects:
    """Say of the effects on a log's exchanges where they may not be those on all."""
    if len(events) >= _MOST:
        effects.open[f"older ones were not looked at: of a tenant the latest {_MOST:,} are"] += effects.exchanges
    return effects


def _touched(past: Past, events: Sequence[Event]) -> set[tuple[str, int]]:
    return past.touched(map(_moment, events))


def _moment(event: Event) -> datetime:
    return datetime.fromisoformat(event["time"])


def _candidate(filed: Sequence[Filed]) -> Callable[[Target], Policy | None]:
    """Return what would hold for a target if some policies were in force, those in shadow too."""

    @lru_cache(_REMEMBERED)
    def candidate(target: Target) -> Policy | None:
        found = resolve(filed, target, shadow=True)
        return found.policy if found else None

    return candidate


def _recorded(past: Past, made: _Made) -> Callable[[Event], Policy | None]:
    """Return the policy that decided an exchange: of those that may have, the one whose digest is on record."""

    @lru_cache(_REMEMBERED)
    def resolved(target: Target, state: State) -> Policy | None:
        found = resolve([each for part in state if (bundle := made[part]) for each in bundle.policies], target)
        return found.policy if found else None

    def recorded(event: Event) -> Policy | None:
        tried = (resolved(target_of(event), state) for state in past.around(_moment(event)))
        return next((each for each in tried if each and each.digest == event["policy"]), None)

    return recorded


def _readable(version: Version) -> Bundle | None:
    try:
        return compile_bundle(sources_of(version.documents), scope=version.tenant)
    except PolicyInvalid:
        return None
