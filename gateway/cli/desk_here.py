"""Policies changed on the host, as the local operator of the platform."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Permission
from gateway.core.errors import ApprovalRequired, ProtocolError

if TYPE_CHECKING:  # it imports the whole of policies, and other commands start without
    from gateway.app import House
    from gateway.eval.explain import Explanation, Question
    from gateway.policy import Emergency, Plan, Source

Record = dict[str, Any]


class Local:
    """On the host. config: the file of its configuration, which says how a text is looked at."""

    def __init__(self, house: House, scope: str, config: str | None) -> None:
        self._service = house.policy_service
        self._traffic = house.traffic
        self._feedback = house.feedback
        self._clock = house.clock
        self._journal = house.journal
        self._scope = scope
        self._config = config

    async def plan(self, sources: Sequence[Source], cases: Sequence[Source] = ()) -> Plan:  # noqa: ARG002 - the command has tried them
        """Say what files would change."""
        return await self._service.plan(self._scope, sources, LOCAL_OPERATOR)

    async def explain(self, question: Question, sources: Sequence[Source] = ()) -> Explanation:
        """Say which rule does what to a text, by detection in this process."""
        from gateway.api.routes import LENSES
        from gateway.app import fingerprints
        from gateway.checks import configured_model
        from gateway.eval.here import detector
        from gateway.eval.rehearsal import Finders, Rehearsal

        values = fingerprints(self._config)
        finder = detector(*configured_model(self._config), None if sources else values)
        finders = Finders(bare=finder, live=finder, values=values)
        rehearsal = Rehearsal(finders, self._service, self._journal, lenses=LENSES)
        return await rehearsal.explain(self._scope, question, LOCAL_OPERATOR, sources)

    async def replay(self, sources: Sequence[Source], seconds: int) -> Record:
        """Say what files would have done to the traffic of so many seconds."""
        since = self._clock.now() - timedelta(seconds=seconds)
        return (await self._traffic.replay(self._scope, sources, LOCAL_OPERATOR, since)).as_json()

    async def shadow_report(self, seconds: int) -> Record:
        """Say what policies in shadow would have done, by their digests."""
        since = self._clock.now() - timedelta(seconds=seconds)
        found = await self._traffic.shadow_report(self._scope, LOCAL_OPERATOR, since)
        return {digest: effects.as_json() for digest, effects in found.items()}

    async def approve(self, plan: Plan) -> Plan:
        """Agree to a plan, which nobody does here."""
        if not LOCAL_OPERATOR.may(Permission.POLICY_APPROVE):
            detail = "A person approves with a key, through a gateway: --url and --key-file."
            raise ApprovalRequired(detail)
        return await self._service.approve(plan, LOCAL_OPERATOR)

    async def apply(
        self,
        sources: Sequence[Source],
        *,
        expected: int | None = None,
        scope: str | None = None,
        emergency: Emergency | None = None,
        cases: Sequence[Source] = (),  # noqa: ARG002 - the command has tried them
    ) -> Record:
        """Take files into force. scope: whose, where they were meant for somebody's; another's is refused."""
        if scope not in {None, self._scope}:
            detail = "The plan was made for another scope: --tenant names it."
            raise ProtocolError(detail)
        done = await self._service.apply(self._scope, sources, LOCAL_OPERATOR, expected=expected, emergency=emergency)
        return done.as_json()

    async def apply_signed(self, raw: bytes) -> Record:
        """Take a signed bundle into force."""
        return (await self._service.apply_signed(self._scope, raw, LOCAL_OPERATOR)).as_json()

    async def roll_back(self, *, to: int | None = None, emergency: Emergency | None = None) -> Record:
        """Take the files of an earlier version into force again."""
        return (await self._service.roll_back(self._scope, LOCAL_OPERATOR, to=to, emergency=emergency)).as_json()

    async def feedback(self) -> list[Record]:
        """List what is said to be false and not let through."""
        return [each.as_json() for each in await self._feedback.proposals(self._scope, LOCAL_OPERATOR)]

    async def say_false(self, finding: Record) -> None:
        """Put on record that a finding is false, or that it is none any more."""
        from gateway.eval.feedback import FalseFinding

        if self._scope == PLATFORM:
            detail = "--tenant: whose exchange was it? The platform has none."
            raise ProtocolError(detail)
        said = FalseFinding(exchange=_exchange(finding["exchange"]), entity=finding["entity"], value=finding["value"])
        await self._feedback.say(self._scope, said, LOCAL_OPERATOR, withdrawn=finding["withdrawn"])

    async def history(self) -> list[Record]:
        """List the versions, newest first."""
        from gateway.policy import version_record

        return [version_record(each) for each in await self._service.history(self._scope, LOCAL_OPERATOR)]

    async def show(self, version: int | None = None) -> Record:
        """Return one version with its files."""
        from gateway.policy import version_record

        return version_record(await self._service.show(self._scope, LOCAL_OPERATOR, version))


def _exchange(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        detail = "--exchange: the x-cloister-exchange of an answer is needed."
        raise ProtocolError(detail) from None
