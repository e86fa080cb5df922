"""Where a command changes policies: on the host, or through a running gateway.

Law: with ``--url`` (or ``CLOISTER_URL``) the gateway acts, as whoever the key is; without it the command acts on the
database, as the local operator of the platform. What comes back is the same, and so is every error's exit code. A
gateway is believed to be one as far as its answers are those of a gateway.
"""

from __future__ import annotations

import argparse
import base64
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlencode

from gateway.cli.output import require_tenant, shown
from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Permission
from gateway.core.errors import (
    ApprovalRequired,
    GatewayAway,
    GatewayError,
    Misconfigured,
    PolicyInvalid,
    Problem,
    ProtocolError,
)
from gateway.core.sensitive import Sensitive

if TYPE_CHECKING:  # it imports the whole of policies, and other commands start without
    from gateway.core.ports import Clock
    from gateway.eval.traffic import Traffic
    from gateway.policy import Emergency, Plan, PolicyService, Source

Record = dict[str, Any]
Form = Mapping[str, type]

_APPLIED: Final[Form] = {"version": int, "changed": bool, "policies": dict}
_VERSION: Final[Form] = {"version": int, "created": str, "created_by": str, "origin": str, "policies": dict}
_EFFECTS: Final[Form] = {
    **dict.fromkeys(("exchanges", "changed", "would_block", "would_permit"), int),
    "changes": list,
    "open": dict,
}
_DONE: Final = {200, 201}
_LONGEST_KEY: Final = 4096


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
        self,
        sources: Sequence[Source],
        *,
        expected: int | None = None,
        scope: str | None = None,
        emergency: Emergency | None = None,
    ) -> Record:
        """Take files into force. scope: whose, where they were meant for somebody's; another's is refused."""
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
    parser.add_argument("--tenant", help="whose policies (default: the platform's, for all; with --url the key's own)")
    parser.add_argument("--url", default=os.environ.get("CLOISTER_URL", ""), help="a running gateway, which acts")
    parser.add_argument(
        "--key-file", default=os.environ.get("CLOISTER_KEY_FILE", ""), metavar="FILE", help="holds the API key for it"
    )


@asynccontextmanager
async def desk(args: argparse.Namespace) -> AsyncIterator[Desk]:
    """Open what the options name."""
    if args.url:
        if args.tenant is not None:
            detail = "--tenant: with --url (or CLOISTER_URL) the key says whose policies they are: leave it out."
            raise ProtocolError(detail)
        yield Remote(args.url, _key(args.key_file))
        return
    from gateway.app import local_house

    async with local_house(args.config) as house:
        scope = PLATFORM if args.tenant is None else args.tenant
        require_tenant(scope, {PLATFORM, *await house.access.tenants()})
        yield Local(house.policy_service, house.traffic, house.clock, scope)


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
        body = {"documents": _files(sources), "replay": seconds}
        return _require((await self._call("POST", "/plans", body, has={"replay": dict}))["replay"], _EFFECTS)

    async def shadow_report(self, seconds: int) -> Record:
        """Say what policies in shadow would have done, by their digests."""
        path = f"/shadow?{urlencode({'seconds': seconds})}"
        found: Record = (await self._call("GET", path, has={"policies": dict}))["policies"]
        return {digest: _require(effects, _EFFECTS) for digest, effects in found.items()}

    async def approve(self, plan: Plan) -> Plan:
        """Agree to a plan."""
        return _plan(await self._call("POST", "/approvals", plan.as_json()))

    async def apply(
        self,
        sources: Sequence[Source],
        *,
        expected: int | None = None,
        scope: str | None = None,
        emergency: Emergency | None = None,
    ) -> Record:
        """Take files into force. scope: whose, where they were meant for somebody's; another's is refused."""
        body = {"documents": _files(sources), "expected": expected, "scope": scope, "emergency": _alone(emergency)}
        return await self._call("POST", "/versions", body, has=_APPLIED)

    async def apply_signed(self, raw: bytes) -> Record:
        """Take a signed bundle into force."""
        return await self._call("POST", "/versions", {"bundle": base64.b64encode(raw).decode()}, has=_APPLIED)

    async def roll_back(self, *, to: int | None = None, emergency: Emergency | None = None) -> Record:
        """Take the files of an earlier version into force again."""
        return await self._call("POST", "/rollback", {"to": to, "emergency": _alone(emergency)}, has=_APPLIED)

    async def history(self) -> list[Record]:
        """List the versions, newest first."""
        found: list[Record] = []
        while True:
            after = {"after": found[-1]["version"]} if found else {}
            page = await self._call("GET", f"/versions?{urlencode(after)}", has={"versions": list, "more": bool})
            for each in page["versions"]:
                _require(each, _VERSION)
                if found and each["version"] >= found[-1]["version"]:  # or it would have no end
                    raise AnsweredError({})
                found.append(each)
            if not (page["more"] and page["versions"]):
                return found

    async def show(self, version: int | None = None) -> Record:
        """Return one version with its files."""
        path = "" if version is None else f"/versions/{version}"
        return await self._call("GET", path, has={**_VERSION, "documents": list})

    async def _call(self, method: str, path: str, body: Record | None = None, *, has: Form | None = None) -> Record:
        """Return the record that is answered. has: what has to be in it. Raise whatever the gateway tells."""
        from gateway.egress import call_gateway

        status, answer = await call_gateway(self._url, self._key, method, f"/api/policies{path}", body)
        if status not in _DONE:
            raise _error(answer)
        return _require(answer, has or {})


def _require(answer: Any, has: Form) -> Record:  # noqa: ANN401 - any JSON value
    """Return a record, where it is one of its kind."""
    if not isinstance(answer, dict) or not all(isinstance(answer.get(name), kind) for name, kind in has.items()):
        raise AnsweredError({})
    return answer


def _key(file: str) -> Sensitive[str]:
    try:
        with Path(file).open(encoding="utf-8") as opened:
            key = opened.read(_LONGEST_KEY + 1).strip()
    except (OSError, ValueError):  # a name with a null byte is one, and what is no UTF-8
        key = ""
    if not key or len(key) > _LONGEST_KEY or not (key.isascii() and key.isprintable()):
        detail = "--key-file: a file that holds the API key is needed with --url."
        raise Misconfigured(detail)
    return Sensitive(key)


def _plan(record: Record) -> Plan:
    from gateway.policy import plan_of

    try:
        return plan_of(record)
    except ProtocolError:
        raise AnsweredError({}) from None


def _files(sources: Sequence[Source]) -> list[dict[str, str]]:
    return [{"file": each.file, "text": each.text} for each in sources]


def _alone(emergency: Emergency | None) -> Record | None:
    return {"reason": emergency.reason, "seconds": emergency.seconds} if emergency else None


class AnsweredError(GatewayError):
    """The gateway refused it."""

    def __init__(self, told: Record) -> None:
        """Take over what a problem document tells, and the exit code of its kind; of ``GatewayAway`` for any other."""
        kind = _KINDS.get(str(told.get("code")), GatewayAway)
        detail = "What answers at --url is no gateway of this version." if kind is GatewayAway else told.get("detail")
        super().__init__("\n".join(map(shown, str(detail or kind().message).split("\n"))))
        self.exit_code = kind.exit_code  # type: ignore[misc]  # of its kind

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
    import msgspec

    told = answer if isinstance(answer, dict) else {}
    if told.get("code") == PolicyInvalid.code and told.get("problems"):
        try:
            problems = msgspec.convert(told["problems"], tuple[Problem, ...])
        except msgspec.ValidationError:
            return AnsweredError({})
        return PolicyInvalid(tuple(_seen(each) for each in problems))
    return AnsweredError(told)


def _seen(problem: Problem) -> Problem:
    """Return a problem whose texts a terminal shows as they are."""
    texts: dict[str, Any] = {name: shown(text) for name, text in asdict(problem).items() if isinstance(text, str)}
    return replace(problem, **texts)
