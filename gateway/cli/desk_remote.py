"""Policies changed through a running gateway, which acts as whoever the key is.

Law: a gateway is believed to be one as far as its answers are those of a gateway; what it says is shown so that a
terminal obeys none of it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlencode

from gateway.cli.output import shown
from gateway.core.errors import CasesFailed, GatewayAway, GatewayError, PolicyInvalid, ProtocolError
from gateway.core.problem import Failure, Problem
from gateway.core.sensitive import Sensitive

if TYPE_CHECKING:  # it imports the whole of policies, and other commands start without
    from gateway.eval.explain import Explanation, Question
    from gateway.policy import Emergency, Plan, Source

P = TypeVar("P", Failure, Problem)

Record = dict[str, Any]
Form = Mapping[str, type]

_APPLIED: Final[Form] = {"version": int, "changed": bool, "policies": dict}
_VERSION: Final[Form] = {"version": int, "created": str, "created_by": str, "origin": str, "policies": dict}
_EFFECTS: Final[Form] = {
    **dict.fromkeys(("exchanges", "changed", "would_block", "would_permit"), int),
    "changes": list,
    "open": dict,
}
_CHANGE: Final[Form] = {**dict.fromkeys(("type", "from", "to"), str), "count": int, "examples": list}
_PROPOSAL: Final[Form] = {
    **dict.fromkeys(("time", "said_by", "entity", "value", "exchange"), str),
    "documents": list,
}
_DONE: Final = {200, 201}


class Remote:
    """Through a running gateway, in the tenant of the key."""

    def __init__(self, url: str, key: Sensitive[str]) -> None:
        self._url = url
        self._key = key

    async def plan(self, sources: Sequence[Source], cases: Sequence[Source] = ()) -> Plan:
        """Say what files would change. cases: files of cases that the gateway tries first."""
        return _plan(await self._call("POST", "/plans", {"documents": _files(sources), **_cases(cases)}))

    async def explain(self, question: Question, sources: Sequence[Source] = ()) -> Explanation:
        """Say which rule does what to a text. sources: files to be asked in place of those in force."""
        body = question.as_json() | ({"documents": _files(sources)} if sources else {})
        return _explanation(await self._call("POST", "/explain", body))

    async def replay(self, sources: Sequence[Source], seconds: int) -> Record:
        """Say what files would have done to the traffic of so many seconds."""
        body = {"documents": _files(sources), "replay": seconds}
        return _effects((await self._call("POST", "/plans", body, has={"replay": dict}))["replay"])

    async def shadow_report(self, seconds: int) -> Record:
        """Say what policies in shadow would have done, by their digests."""
        path = f"/shadow?{urlencode({'seconds': seconds})}"
        found: Record = (await self._call("GET", path, has={"policies": dict}))["policies"]
        return {digest: _effects(effects) for digest, effects in found.items()}

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
        cases: Sequence[Source] = (),
    ) -> Record:
        """Take files into force. scope: whose, where they were meant for somebody's; another's is refused.

        cases: files of cases that the gateway tries first.
        """
        body = {"documents": _files(sources), "expected": expected, "scope": scope, "emergency": _alone(emergency)}
        return _applied(await self._call("POST", "/versions", body | _cases(cases), has=_APPLIED))

    async def apply_signed(self, raw: bytes) -> Record:
        """Take a signed bundle into force."""
        body = {"bundle": base64.b64encode(raw).decode()}
        return _applied(await self._call("POST", "/versions", body, has=_APPLIED))

    async def roll_back(self, *, to: int | None = None, emergency: Emergency | None = None) -> Record:
        """Take the files of an earlier version into force again."""
        body = {"to": to, "emergency": _alone(emergency)}
        return _applied(await self._call("POST", "/rollback", body, has=_APPLIED))

    async def feedback(self) -> list[Record]:
        """List what is said to be false and not let through."""
        found = (await self._call("GET", "/feedback", has={"proposals": list}))["proposals"]
        return [_proposal(each) for each in found]

    async def say_false(self, finding: Record) -> None:
        """Put on record that a finding is false, or that it is none any more."""
        await self._call("POST", "/feedback", finding)

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


def _effects(answer: Any) -> Record:  # noqa: ANN401 - any JSON value
    record = _require(answer, _EFFECTS)
    for change in record["changes"]:
        _require(change, _CHANGE)
    return record


def _proposal(answer: Any) -> Record:  # noqa: ANN401 - any JSON value
    record = _require(answer, _PROPOSAL)
    for document in record["documents"]:
        _require(document, {"name": str, "own": bool})
    return record


def _plan(record: Record) -> Plan:
    """Return the plan of a record, and the warnings that come beside it."""
    from gateway.policy import plan_of

    try:
        return replace(plan_of(record), warnings=_problems(record.get("warnings", [])))
    except ProtocolError:
        raise AnsweredError({}) from None


def _applied(record: Record) -> Record:
    from gateway.policy import fields_of

    return record | {"warnings": list(map(fields_of, _problems(record.get("warnings", []))))}


def _files(sources: Sequence[Source]) -> list[dict[str, str]]:
    return [{"file": each.file, "text": each.text} for each in sources]


def _cases(sources: Sequence[Source]) -> Record:
    return {"cases": _files(sources)} if sources else {}


def _explanation(record: Record) -> Explanation:
    import msgspec

    from gateway.eval.explain import Explanation

    try:
        return msgspec.convert(record, Explanation)
    except msgspec.ValidationError:
        raise AnsweredError({}) from None


def _alone(emergency: Emergency | None) -> Record | None:
    return {"reason": emergency.reason, "seconds": emergency.seconds} if emergency else None


class AnsweredError(GatewayError):
    """The gateway refused it."""

    def __init__(self, told: Record) -> None:
        """Take over what a problem document tells, and the exit code of its kind; of ``GatewayAway`` for any other."""
        kind = _KINDS.get(str(told.get("code")), GatewayAway)
        detail = "What answers at --url is no gateway of this version." if kind is GatewayAway else told.get("detail")
        pointer = told.get("pointer", "")
        super().__init__(
            "\n".join(map(shown, str(detail or kind().message).split("\n"))),
            pointer=pointer if isinstance(pointer, str) else "",
        )
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
    told = answer if isinstance(answer, dict) else {}
    if told.get("code") == PolicyInvalid.code and told.get("problems"):
        return PolicyInvalid(_problems(told["problems"]))
    if told.get("code") == CasesFailed.code and told.get("failures"):
        return _cases_failed(told)
    return AnsweredError(told)


def _problems(told: Any) -> tuple[Problem, ...]:  # noqa: ANN401 - any JSON value
    """Return mistakes or warnings that a gateway tells of."""
    import msgspec

    try:
        return tuple(_seen(each) for each in msgspec.convert(told, tuple[Problem, ...]))
    except msgspec.ValidationError:
        raise AnsweredError({}) from None


def _cases_failed(told: Record) -> CasesFailed:
    import msgspec

    try:
        failures = msgspec.convert(told["failures"], tuple[Failure, ...])
        return CasesFailed(tuple(map(_seen, failures)), msgspec.convert(told.get("count"), int))
    except msgspec.ValidationError:
        raise AnsweredError({}) from None


def _seen(told: P) -> P:
    """Return what is told so that a terminal shows all its texts as they are."""
    fields: dict[str, Any] = {name: _plainly(value) for name, value in asdict(told).items()}
    return replace(told, **fields)


def _plainly(value: Any) -> Any:  # noqa: ANN401 - a field's value
    match value:
        case str():
            return shown(value)
        case tuple():
            return tuple(map(_plainly, value))
    return value
