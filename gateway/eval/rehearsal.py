"""Policies asked and tried before anything is sent or changed: what they do to a text, and what their cases say.

Law: it is done for whoever may read the scope's policies, by the detection that serves, in the turn of the tenant who
asks. Nothing of a text is kept; that somebody asked, and that cases kept files from taking force, is on record. What
was marked as false counts in files in force alone: who could name both would learn what a value on record is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from gateway.aside import Queue, aside
from gateway.core.actor import PLATFORM, Actor, Permission
from gateway.core.audit import Action, Json, Outcome
from gateway.core.errors import CasesFailed, Overloaded, PolicyInvalid, PolicyUnavailable, ProtocolError
from gateway.core.policy import Target
from gateway.core.ports import Detector, Journal, ValueHashes
from gateway.core.problem import Failure
from gateway.eval.cases import Candidate, Suite, suites_of
from gateway.eval.explain import Explanation, Files, Question, explained, files_of, texts_of
from gateway.eval.lanes import Lanes
from gateway.eval.trials import failures, tried
from gateway.policy import PolicyService, Source, compile_bundle, require_files, sources_of
from gateway.protocols import Lens

_MOST_CASES: Final = 1000
_SECONDS: Final = 30.0
"""For all cases of one call together."""

_MOST_FAILURES: Final = 100
_MOST_TOLD: Final = 100_000
_LONGEST_NAME: Final = 200
"""Failures that are told, and characters of the lines that differ, of all of them together, and of one name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finders:
    """What looks at texts, and remembers none. bare: knows no value that was marked as false. live: knows all of them.

    values: how events name values.
    """

    bare: Detector
    live: Detector
    values: ValueHashes


class Rehearsal:
    """Asks and tries. most: characters of a text, as many as there are if None. seconds: for the cases of one call."""

    def __init__(  # noqa: PLR0913 - what is asked, and what bounds it
        self,
        finders: Finders,
        service: PolicyService,
        journal: Journal,
        *,
        lenses: Sequence[Lens],
        most: int | None = None,
        seconds: float = _SECONDS,
    ) -> None:
        self._finders = finders
        self._service = service
        self._journal = journal
        self._lenses = lenses
        self._most = most
        self._seconds = seconds
        self._lanes = Lanes()
        self._aside = Queue()

    async def explain(
        self, scope: str, question: Question, actor: Actor, sources: Sequence[Source] = ()
    ) -> Explanation:
        """Say which rule does what to a text, of what is in force, or of files in place of the scope's own.

        A scope's request is its tenant's; the platform's is nobody's whom a policy names. Raise ``ProtocolError``,
        ``PolicyInvalid``, ``PolicyUnavailable``, ``PayloadTooLarge``, ``DetectionUnavailable`` or ``Overloaded``.
        """
        actor.require(Permission.POLICY_READ, scope)
        if sources:
            require_files(sources)
        async with self._lanes.turn(actor.tenant):
            reading = partial(texts_of, question, self._lenses, self._most)
            segments, model = await aside(len(question.content.reveal()), reading)
            files = await self._files(scope, sources, folders=actor.tenant == PLATFORM)
            details: dict[str, Json] = {"endpoint": question.endpoint, "documents": len(sources)}
            await self._journal.record(actor, Action.POLICY_EXPLAIN, "policy", tenant=scope, details=details)
            whose = "" if scope == PLATFORM else scope
            target = Target(tenant=whose, app=question.app, model=model, endpoint=question.endpoint)
            finder, asker = self._finders.bare, (scope, actor.id)
            if not sources:
                finder = self._finders.live
                files = replace(files, recorded=partial(self._finders.values.recorded, scope))
            return await explained(segments, target, files, finder, asker=asker, apart=self._aside)

    async def require_cases(
        self,
        scope: str,
        sources: Sequence[Source],
        cases: Sequence[Source],
        actor: Actor,
        *,
        action: Action | None = None,
    ) -> None:
        """Try cases against files in place of the scope's own. action: what is refused, on record, where one fails.

        Raise ``CasesFailed``, ``ProtocolError``, ``PolicyInvalid``, ``DetectionUnavailable`` or ``Overloaded``.
        """
        actor.require(Permission.POLICY_READ, scope)
        if not cases:
            return
        require_files(sources)
        require_files(cases)
        async with self._lanes.turn(actor.tenant):
            failed = await self._failing(scope, sources, cases, actor)
        if not failed:
            return
        error = CasesFailed(_told(failed), len(failed))
        if action is not None:
            details: dict[str, Json] = {"reason": error.code}
            await self._journal.record(actor, action, "policy", Outcome.DENIED, tenant=scope, details=details)
        raise error

    async def _failing(
        self, scope: str, sources: Sequence[Source], cases: Sequence[Source], actor: Actor
    ) -> list[Failure]:
        beside = () if scope == PLATFORM else await self._in_force(PLATFORM)
        suites = await self._aside(partial(_suites, sources, scope, beside, cases))
        asker, finder = (scope, actor.id), self._finders.bare
        try:
            async with asyncio.timeout(self._seconds):
                return failures([await tried(each, finder, asker=asker, aside=aside) for each in suites])
        except TimeoutError:
            detail = f"The cases were not all tried within {self._seconds:g} s: send fewer, or try again later."
            raise Overloaded(detail) from None

    async def _files(self, scope: str, sources: Sequence[Source], *, folders: bool) -> Files:
        """Return what may have a say. The mistakes of files are told to whoever sent them."""
        if sources:
            await self._aside(partial(compile_bundle, sources, scope=scope))
        newest = sources or await self._in_force(scope)
        if scope == PLATFORM:
            return await self._aside(partial(_readable, newest))
        platform = await self._in_force(PLATFORM)
        return await self._aside(partial(_readable, platform, newest, tenant=scope, folders=folders))

    async def _in_force(self, scope: str) -> tuple[Source, ...]:
        """Return the files of the newest version."""
        newest = await self._service.newest_of(scope)
        return sources_of(newest.documents) if newest else ()


def _readable(
    platform: Sequence[Source], own: Sequence[Source] = (), *, tenant: str = "", folders: bool = True
) -> Files:
    """Compile what is in force. Of a version that cannot be read any more nothing is shown to anybody."""
    try:
        return files_of(platform, own, tenant=tenant, folders=folders)
    except PolicyInvalid:
        raise PolicyUnavailable from None


def _suites(sources: Sequence[Source], scope: str, beside: Sequence[Source], cases: Sequence[Source]) -> list[Suite]:
    """Read cases. Of the platform's policies a tenant's stand beside those for it: mistakes name types of no others."""
    hold = tuple(each for each in _readable(beside).filed if {"*", scope} & {*each.match.tenants})
    suites = suites_of(cases, Candidate(sources=sources, scope=scope, beside=hold, named=True))
    if not 1 <= sum(len(each.cases) for each in suites) <= _MOST_CASES:
        detail = f"1 to {_MOST_CASES} cases are tried at once."
        raise ProtocolError(detail)
    return suites


def _told(failed: Sequence[Failure]) -> tuple[Failure, ...]:
    """Return the first failures, with the lines of those that are not too long altogether."""
    told, left = list[Failure](), _MOST_TOLD
    for each in failed[:_MOST_FAILURES]:
        size = sum(map(len, each.lines))
        lines = each.lines if size <= left else ()
        left -= size if lines else 0
        told.append(replace(each, name=each.name[:_LONGEST_NAME], lines=lines))
    return tuple(told)
