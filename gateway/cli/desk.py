"""Where a command changes policies: on the host, or through a running gateway.

Law: with ``--url`` (or ``CLOISTER_URL``) the gateway acts, as whoever the key is; without it the command acts on the
database, as the local operator of the platform. What comes back is the same, and so is every error's exit code.
"""

from __future__ import annotations

import argparse
import base64
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

from gateway.cli.output import require_tenant
from gateway.core.actor import LOCAL_OPERATOR, PLATFORM
from gateway.core.errors import GatewayError, Misconfigured, PolicyInvalid, Problem
from gateway.core.sensitive import Sensitive

if TYPE_CHECKING:  # it imports the whole of policies, and other commands start without
    from gateway.core.ports import Clock
    from gateway.eval.traffic import Traffic
    from gateway.policy import Emergency, Plan, PolicyService, Source

Record = dict[str, Any]


class Desk(Protocol):
    """What can be asked for. Records are those of ``/api/policies``."""

    async def plan(self, sources: Sequence[Source]) -> Plan:
        """Say what files would change."""
        ...

    async def replay(self, sources: Sequence[Source], seconds: int) -> Record:
        """Say what files would have done to the traffic of so many seconds."""
        ...

    async def shadow_report(self, seconds: int) -> Record:
        """Say what policies in shadow would have done, by their digests."""
        ...

    async def approve(self, plan: Plan) -> Plan:
        """Agree to a plan."""
        ...

    async def apply(
        self, sources: Sequence[Source], *, expected: int | None = None, emergency: Emergency | None = None
    ) -> Record:
        """Take files into force."""
        ...

    async def apply_signed(self, raw: bytes) -> Record:
        """Take a signed bundle into force."""
        ...

    async def roll_back(self, *, to: int | None = None, emergency: Emergency | None = None) -> Record:
        """Take the files of an earlier version into force again."""
        ...

    async def history(self) -> list[Record]:
        """List the versions, newest first."""
        ...

    async def show(self, version: int | None = None) -> Record:
        """Return one version with its files."""
        ...


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where, and whose policies."""
    parser.add_argument("--tenant", default=PLATFORM, help="whose policies (default: the platform's, for all)")
    parser.add_argument("--url", default=os.environ.get("CLOISTER_URL", ""), help="a running gateway, which acts")
    parser.add_argument(
        "--key-file", default=os.environ.get("CLOISTER_KEY_FILE", ""), metavar="FILE", help="holds the API key for it"
    )


@asynccontextmanager
async def desk(args: argparse.Namespace) -> AsyncIterator[Desk]:
    """Open what the options name."""
    if args.url:
        yield Remote(args.url, _key(args.key_file))
        return
    from gateway.app import local_house

    async with local_house(args.config) as house:
        require_tenant(args.tenant, {PLATFORM, *await house.access.tenants()})
        yield Local(house.policy_service, house.traffic, house.clock, args.tenant)


class Local:
    """On the host."""

    def __init__(self, service: PolicyService, traffic: Traffic, clock: Clock, scope: str) -> None:
        self._service = service
        self._traffic = traffic
        self._clock = clock
        self._scope = scope

    async def plan(self, sources: Sequence[Source]) -> Plan:
        """Say what files would change."""
        return await self._service.plan(self._scope, sources, LOCAL_OPERATOR)

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
        """Agree to a plan."""
        return await self._service.approve(plan, LOCAL_OPERATOR)

    async def apply(
        self, sources: Sequence[Source], *, expected: int | None = None, emergency: Emergency | None = None
    ) -> Record:
        """Take files into force."""
        done = await self._service.apply(self._scope, sources, LOCAL_OPERATOR, expected=expected, emergency=emergency)
        return done.as_json()

    async def apply_signed(self, raw: bytes) -> Record:
        """Take a signed bundle into force."""
        return (await self._service.apply_signed(self._scope, raw, LOCAL_OPERATOR)).as_json()

    async def roll_back(self, *, to: int | None = None, emergency: Emergency | None = None) -> Record:
        """Take the files of an earlier version into force again."""
        return (await self._service.roll_back(self._scope, LOCAL_OPERATOR, to=to, emergency=emergency)).as_json()

    async def history(self) -> list[Record]:
        """List the versions, newest first."""
        from gateway.policy import version_record

        return [version_record(each) for each in await self._service.history(self._scope, LOCAL_OPERATOR)]

    async def show(self, version: int | None = None) -> Record:
        """Return one version with its files."""
        from gateway.policy import version_record

        return version_record(await self._service.show(self._scope, LOCAL_OPERATOR, version), files=True)


class Remote:
    """Through a running gateway, in the tenant of the key."""

    def __init__(self, url: str, key: Sensitive[str]) -> None:
        self._url = url
        self._key = key

    async def plan(self, sources: Sequence[Source]) -> Plan:
        """Say what files would change."""
        return _plan(await self._call("POST", "/plans", {"documents": _files(sources)}))

    async def replay(self, sources: Sequence[Source], seconds: int) -> Record:
        """Say what files would have done to the traffic of so many seconds."""
        made = await self._call("POST", "/plans", {"documents": _files(sources), "replay": seconds})
        effects: Record = made["replay"]
        return effects

    async def shadow_report(self, seconds: int) -> Record:
        """Say what policies in shadow would have done, by their digests."""
        found: Record = (await self._call("GET", f"/shadow?{urlencode({'seconds': seconds})}"))["policies"]
        return found

    async def approve(self, plan: Plan) -> Plan:
        """Agree to a plan."""
        return _plan(await self._call("POST", "/approvals", plan.as_json()))

    async def apply(
        self, sources: Sequence[Source], *, expected: int | None = None, emergency: Emergency | None = None
    ) -> Record:
        """Take files into force."""
        body = {"documents": _files(sources), "expected": expected, "emergency": _alone(emergency)}
        return await self._call("POST", "/versions", body)

    async def apply_signed(self, raw: bytes) -> Record:
        """Take a signed bundle into force."""
        return await self._call("POST", "/versions", {"bundle": base64.b64encode(raw).decode()})

    async def roll_back(self, *, to: int | None = None, emergency: Emergency | None = None) -> Record:
        """Take the files of an earlier version into force again."""
        return await self._call("POST", "/rollback", {"to": to, "emergency": _alone(emergency)})

    async def history(self) -> list[Record]:
        """List the versions, newest first."""
        found: list[Record] = []
        more = True
        while more:
            after = {"after": found[-1]["version"]} if found else {}
            page = await self._call("GET", f"/versions?{urlencode(after)}")
            found += page["versions"]
            more = page["more"]
        return found

    async def show(self, version: int | None = None) -> Record:
        """Return one version with its files."""
        return await self._call("GET", "" if version is None else f"/versions/{version}")

    async def _call(self, method: str, path: str, body: Record | None = None) -> Record:
        from gateway.egress import call_gateway

        status, answer = await call_gateway(self._url, self._key, method, f"/api/policies{path}", body)
        if status >= 400:
            raise _error(answer)
        record: Record = answer
        return record


def _key(file: str) -> Sensitive[str]:
    try:
        return Sensitive(Path(file).read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        detail = "--key-file: a file that holds the API key is needed with --url."
        raise Misconfigured(detail) from None


def _plan(record: Record) -> Plan:
    from gateway.policy import plan_of

    return plan_of(record)


def _files(sources: Sequence[Source]) -> list[dict[str, str]]:
    return [{"file": each.file, "text": each.text} for each in sources]


def _alone(emergency: Emergency | None) -> Record | None:
    return {"reason": emergency.reason, "seconds": emergency.seconds} if emergency else None


class AnsweredError(GatewayError):
    """The gateway refused it."""

    def __init__(self, told: Record) -> None:
        """Take over what a problem document tells, and the exit code of its kind."""
        super().__init__(str(told.get("detail", "What answers at --url is no gateway of this version.")))
        self.exit_code = _KINDS.get(str(told.get("code")), GatewayError).exit_code  # type: ignore[misc]  # of its kind

    @property
    def message(self) -> str:
        """What the gateway says, which names the kind itself."""
        return self.detail


def _kinds(kind: type[GatewayError] = GatewayError) -> dict[str, type[GatewayError]]:
    found = {kind.code: kind}
    for each in kind.__subclasses__():
        found = _kinds(each) | found
    return found


_KINDS = _kinds()


def _error(answer: Any) -> GatewayError:  # noqa: ANN401 - any JSON value
    """Return the error that a problem document tells of."""
    told = answer if isinstance(answer, dict) else {}
    if told.get("code") == PolicyInvalid.code and told.get("problems"):
        return PolicyInvalid(tuple(Problem(**each) for each in told["problems"]))
    return AnsweredError(told)
