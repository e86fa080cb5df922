"""``/api/policies``: the versions of a scope's policies, and how they are changed.

Law: a key acts on its own tenant's policies, one of the platform on the platform's; every act is asked for by its
permission here and once more by the service. What is sent is strict JSON, and an unknown field is refused; a text that
is asked about is ``Sensitive`` as soon as it is read.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar, cast, get_args

import msgspec
from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from gateway.api.guards import Gatekeeper
from gateway.api.limits import BodyLimits, Headers, Receive, read_body, read_headers
from gateway.core.actor import Actor, Permission
from gateway.core.audit import Action
from gateway.core.errors import ProtocolError
from gateway.core.ports import Clock
from gateway.core.sensitive import Sensitive
from gateway.eval.explain import CHAT, Question
from gateway.eval.rehearsal import Rehearsal
from gateway.eval.traffic import Traffic
from gateway.policy import Applied, Emergency, PolicyService, Source, read_plan, version_record
from gateway.protocols.json_text import decode, encode

T = TypeVar("T", bound=msgspec.Struct)
AnyRequest = Request[Any, Any, Any]

_ROOT: Final = "/api/policies"
_MOST: Final = 100
"""Versions of one page."""

_WEEK: Final = 7 * 86_400
_LONGEST: Final = 400 * 86_400


class File(msgspec.Struct, forbid_unknown_fields=True):
    """One file."""

    file: str
    text: str


class Alone(msgspec.Struct, forbid_unknown_fields=True):
    """One person's change, why, and for how many seconds."""

    reason: str
    seconds: int


class Proposal(msgspec.Struct, forbid_unknown_fields=True):
    """Files that are to be compared with what is in force, and cases that are tried on them."""

    documents: list[File]
    cases: list[File] = []
    replay: int = 0
    """Seconds of recent traffic to which the files are held, none by default."""


class Application(msgspec.Struct, forbid_unknown_fields=True):
    """Files, or a signed bundle in base64, that are to take force, and cases by which they do not where one fails.

    expected: the version that they were compared with. scope: whose policies, which the key must agree with.
    """

    documents: list[File] = []
    cases: list[File] = []
    bundle: str = ""
    expected: int | None = None
    scope: str | None = None
    emergency: Alone | None = None


class Return(msgspec.Struct, forbid_unknown_fields=True):
    """The version whose files are to take force again, the one before by default."""

    to: int | None = None
    emergency: Alone | None = None


class Inquiry(msgspec.Struct, forbid_unknown_fields=True):
    """A text, or a request as its endpoint takes it. documents: files to be asked in place of those in force.

    app: the label of its key. model: that it asks for, the request's own by default.
    """

    text: Sensitive[str] | None = None
    request: Sensitive[dict[str, Any]] | None = None
    app: str = ""
    model: str = ""
    endpoint: str = CHAT
    documents: list[File] = []


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes need."""

    gatekeeper: Gatekeeper
    service: PolicyService
    traffic: Traffic
    rehearsal: Rehearsal
    clock: Clock
    body: BodyLimits

    async def admit(self, request: AnyRequest, permission: Permission, path: str = "") -> Actor:
        """Return who asks, if they may. The platform's policies are a permission of their own."""
        platform = Permission.PLATFORM_POLICY_WRITE if permission is Permission.POLICY_WRITE else None
        return await self.gatekeeper.admit(_headers(request), permission, _ROOT + path, platform=platform)

    async def require_own(self, actor: Actor, scope: str | None, permission: Permission, path: str) -> None:
        """Refuse what was meant for another scope than the actor's. Raise ``PermissionDenied``."""
        if scope not in {None, actor.tenant}:
            await self.gatekeeper.refuse(actor, permission, _ROOT + path)

    async def given(self, request: AnyRequest, kind: type[T]) -> T:
        """Return what was sent. Raise ``ProtocolError``."""
        given = decode(await self.raw(request))
        try:
            return msgspec.convert(given, kind, dec_hook=_sensitive)
        except msgspec.ValidationError:
            known = ", ".join(kind.__struct_fields__)
            detail = f"A JSON object is needed that has no other fields than these, of their types: {known}."
            raise ProtocolError(detail) from None

    def since(self, seconds: int) -> datetime:
        """Return the instant that was so many seconds ago. Raise ``ProtocolError``."""
        if not 0 < seconds <= _LONGEST:
            detail = f"1 to {_LONGEST} seconds can be looked back."
            raise ProtocolError(detail)
        return self.clock.now() - timedelta(seconds=seconds)

    async def raw(self, request: AnyRequest) -> bytes:
        """Return the body as it was sent."""
        return await read_body(_headers(request), cast("Receive", request.receive), self.body)


def policy_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """Build the handlers."""
    return [*_reading(desk), *_changing(desk)]


def _reading(desk: Desk) -> list[HTTPRouteHandler]:
    @get(_ROOT)
    async def current(request: AnyRequest) -> dict[str, Any]:
        """Show the version in force, with its files."""
        actor = await desk.admit(request, Permission.POLICY_READ)
        return version_record(await desk.service.show(actor.tenant, actor))

    @get(f"{_ROOT}/versions")
    async def versions(
        request: AnyRequest, after: FromQuery[int | None] = None, limit: FromQuery[int] = _MOST
    ) -> dict[str, Any]:
        """List versions without their files, newest first. after: the last number of the page before."""
        actor = await desk.admit(request, Permission.POLICY_READ, "/versions")
        if not 1 <= limit <= _MOST:
            detail = f"limit is 1 to {_MOST}."
            raise ProtocolError(detail)
        found = await desk.service.history(actor.tenant, actor, before=after, most=limit + 1)
        return {"versions": [version_record(each) for each in found[:limit]], "more": len(found) > limit}

    @get(f"{_ROOT}/versions/{{number:int}}")
    async def version(request: AnyRequest, number: FromPath[int]) -> dict[str, Any]:
        """Show one version, with its files."""
        actor = await desk.admit(request, Permission.POLICY_READ, "/versions/{number}")
        return version_record(await desk.service.show(actor.tenant, actor, number))

    @get(f"{_ROOT}/shadow")
    async def shadow(request: AnyRequest, seconds: FromQuery[int] = _WEEK) -> dict[str, Any]:
        """Say what policies in shadow would have done, by their digests."""
        actor = await desk.admit(request, Permission.POLICY_READ, "/shadow")
        found = await desk.traffic.shadow_report(actor.tenant, actor, desk.since(seconds))
        return {"policies": {digest: effects.as_json() for digest, effects in found.items()}}

    @post(f"{_ROOT}/explain", status_code=200)
    async def explain(request: AnyRequest) -> dict[str, Any]:
        """Say which rule of which file does what to a text or request of the scope's, and why other things stay."""
        actor = await desk.admit(request, Permission.POLICY_READ, "/explain")
        given = await desk.given(request, Inquiry)
        question, sources = _question(given), _sources(given.documents)
        return (await desk.rehearsal.explain(actor.tenant, question, actor, sources)).as_json()

    return [current, versions, version, shadow, explain]


def _changing(desk: Desk) -> list[HTTPRouteHandler]:
    @post(f"{_ROOT}/plans", status_code=200)
    async def plan(request: AnyRequest) -> dict[str, Any]:
        """Say what files would change. Nothing is stored."""
        actor = await desk.admit(request, Permission.POLICY_READ, "/plans")
        given = await desk.given(request, Proposal)
        sources = _sources(given.documents)
        made = (await desk.service.plan(actor.tenant, sources, actor)).as_json()
        if given.cases:
            await desk.rehearsal.require_cases(actor.tenant, sources, _sources(given.cases), actor)
        if given.replay:
            since = desk.since(given.replay)
            made["replay"] = (await desk.traffic.replay(actor.tenant, sources, actor, since)).as_json()
        return made

    @post(f"{_ROOT}/approvals")
    async def approve(request: AnyRequest) -> dict[str, Any]:
        """Agree to a plan, which is sent whole, and return it with the changes that it really makes."""
        actor = await desk.admit(request, Permission.POLICY_APPROVE, "/approvals")
        given = read_plan((await desk.raw(request)).decode(errors="replace"))
        await desk.require_own(actor, given.scope, Permission.POLICY_APPROVE, "/approvals")
        return (await desk.service.approve(given, actor)).as_json()

    @post(f"{_ROOT}/versions")
    async def apply(request: AnyRequest) -> dict[str, Any]:
        """Take files or a signed bundle into force."""
        actor = await desk.admit(request, Permission.POLICY_WRITE, "/versions")
        given = await desk.given(request, Application)
        await desk.require_own(actor, given.scope, Permission.POLICY_WRITE, "/versions")
        return (await _applied(desk, actor, given)).as_json()

    @post(f"{_ROOT}/rollback")
    async def roll_back(request: AnyRequest) -> dict[str, Any]:
        """Take the files of an earlier version into force again, as a new one."""
        actor = await desk.admit(request, Permission.POLICY_WRITE, "/rollback")
        given = await desk.given(request, Return)
        emergency = _emergency(given.emergency)
        return (await desk.service.roll_back(actor.tenant, actor, to=given.to, emergency=emergency)).as_json()

    return [plan, approve, apply, roll_back]


async def _applied(desk: Desk, actor: Actor, given: Application) -> Applied:
    beside = given.emergency is not None or given.expected is not None or bool(given.cases)
    if bool(given.bundle) is bool(given.documents) or (given.bundle and beside):
        detail = "Send either documents, or a bundle and nothing beside it."
        raise ProtocolError(detail)
    if given.bundle:
        try:
            raw = base64.b64decode(given.bundle, validate=True)
        except (binascii.Error, ValueError):
            detail = "bundle: no base64."
            raise ProtocolError(detail) from None
        return await desk.service.apply_signed(actor.tenant, raw, actor)
    sources, emergency = _sources(given.documents), _emergency(given.emergency)
    if given.cases:
        action = Action.POLICY_BREAK_GLASS if emergency else Action.POLICY_APPLY
        await desk.rehearsal.require_cases(actor.tenant, sources, _sources(given.cases), actor, action=action)
    return await desk.service.apply(actor.tenant, sources, actor, expected=given.expected, emergency=emergency)


def _question(given: Inquiry) -> Question:
    match given.text, given.request:
        case Sensitive() as text, None:
            content = Sensitive(text.reveal().encode())
        case None, Sensitive() as request:
            content = Sensitive(encode(request.reveal()))
        case _:
            detail = "Send either a text, or a request."
            raise ProtocolError(detail)
    return Question(
        content=content,
        is_request=given.text is None,
        app=given.app,
        model=given.model,
        endpoint=given.endpoint,
    )


def _sensitive(kind: Any, given: Any) -> Any:  # noqa: ANN401 - msgspec's own
    """Wrap what ``Sensitive`` is asked for."""
    (within,) = get_args(kind)
    return Sensitive(msgspec.convert(given, within))


def _emergency(given: Alone | None) -> Emergency | None:
    return Emergency(reason=given.reason, seconds=given.seconds) if given else None


def _sources(files: list[File]) -> list[Source]:
    return [Source(each.file, each.text) for each in files]


def _headers(request: AnyRequest) -> Headers:
    return read_headers(dict(request.scope))
