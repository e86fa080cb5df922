"""What a policy would have done to recent traffic, told from the audit log.

Law: a log is read a tenant at a time, by whoever may read that scope's policies, and that it was read is an event of
it. Only counts come back, never an event. Counting is done aside: there may be many.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import cache, partial
from itertools import product
from typing import Any, Final

from gateway.aside import Queue
from gateway.audit import Filters, Query
from gateway.core.actor import PLATFORM, Actor, Permission
from gateway.core.audit import Action, Json
from gateway.core.errors import PolicyInvalid
from gateway.core.policy import Policy, Target
from gateway.core.ports import Journal
from gateway.policy import (
    Bundle,
    Effects,
    PolicyService,
    Source,
    Version,
    compile_bundle,
    replayed,
    resolve,
    shadowed,
    sources_of,
)

_PAGE: Final = 500
_MOST: Final = 100_000
"""Events of one log that are read; of more, the latest."""


class Traffic:
    """Exchanges on record. tenants: names all that there are."""

    def __init__(
        self, query: Query, journal: Journal, service: PolicyService, tenants: Callable[[], Awaitable[list[str]]]
    ) -> None:
        self._query = query
        self._journal = journal
        self._service = service
        self._tenants = tenants
        self._aside = Queue()

    async def replay(self, scope: str, sources: Sequence[Source], actor: Actor, since: datetime) -> Effects:
        """Say what files would have done in place of the scope's own. Raise ``PolicyInvalid``."""
        actor.require(Permission.POLICY_READ, scope)
        bundle = await self._aside(partial(compile_bundle, sources, scope=scope))
        total = Effects()
        for tenant in await self._logs(scope):
            histories = {each: await self._service.history_of(each) for each in dict.fromkeys((tenant, PLATFORM))}
            events = await self._events(actor, tenant, Action.EXCHANGE_OPEN, since)
            total.add(await self._aside(partial(_replayed, events, bundle, histories)))
        return total

    async def shadow_report(self, scope: str, actor: Actor, since: datetime) -> dict[str, Effects]:
        """Say what policies in shadow would have done, by their digests."""
        actor.require(Permission.POLICY_READ, scope)
        found: dict[str, Effects] = {}
        for tenant in await self._logs(scope):
            events = await self._events(actor, tenant, Action.EXCHANGE_CLOSE, since)
            for digest, effects in (await self._aside(partial(shadowed, events))).items():
                found.setdefault(digest, Effects()).add(effects)
        return found

    async def _logs(self, scope: str) -> list[str]:
        """Return the tenants whose traffic a scope's policies are about."""
        return await self._tenants() if scope == PLATFORM else [scope]

    async def _events(self, actor: Actor, tenant: str, action: Action, since: datetime) -> list[dict[str, Any]]:
        details: dict[str, Json] = {"filters": ["action", "since"], "counts_only": True}
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


def _replayed(events: list[dict[str, Any]], bundle: Bundle, histories: dict[str, list[Version]]) -> Effects:
    return replayed(events, _candidate(bundle, histories), _recorded(histories))


def _candidate(bundle: Bundle, histories: dict[str, list[Version]]) -> Callable[[Target], Policy | None]:
    """Return what would hold for a target if the bundle were its scope's newest."""
    others = [
        each
        for scope, versions in histories.items()
        if scope != bundle.scope and versions
        for each in _bundle(versions[0]).policies
    ]

    @cache
    def candidate(target: Target) -> Policy | None:
        found = resolve((*bundle.policies, *others), target, shadow=True)
        return found.policy if found else None

    return candidate


def _recorded(histories: dict[str, list[Version]]) -> Callable[[Target, str], Policy | None]:
    """Return the policy that a digest names, of all that the versions of the scopes could make together."""
    bundles = [[None, *filter(None, map(_readable, versions))] for versions in histories.values()]

    @cache
    def recorded(target: Target, digest: str) -> Policy | None:
        for together in product(*bundles):
            filed = [each for bundle in together if bundle for each in bundle.policies]
            found = resolve(filed, target)
            if found and found.policy.digest == digest:
                return found.policy
        return None

    return recorded


def _bundle(version: Version) -> Bundle:
    return compile_bundle(sources_of(version.documents), scope=version.tenant)


def _readable(version: Version) -> Bundle | None:
    try:
        return _bundle(version)
    except PolicyInvalid:
        return None
