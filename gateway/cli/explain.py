"""``cloister policy explain``: which rule of which file does what to a request, and why other things stay.

Law: detection runs here, nothing is stored, recorded or sent, and no value is shown. With ``--policy`` the files are
asked, else what is in force.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gateway.cli.output import common, emit, paint, require_tenant
from gateway.core.actor import PLATFORM
from gateway.core.content import PartKind, Segment
from gateway.core.errors import PolicyUnavailable, ProtocolError
from gateway.core.findings import SUSPICIOUS, RecognizerResult
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import EntityRule, Policy, Target
from gateway.core.sensitive import Sensitive

if TYPE_CHECKING:  # they import detection and the whole of policies, and other commands start without
    from gateway.policy import Explainer, Filed, Resolution, Source

_CHAT: Final = "/v1/chat/completions"
_EVERYTHING: Final = EntityRule(operator=OperatorConfig(operator=Operator.REDACT), threshold=0.0)


@dataclass(frozen=True, slots=True)
class Told:
    """One finding, where it stands, what is done, and what each document says."""

    pointer: str
    start: int
    end: int
    entity_type: str
    score: float
    recognizer: str
    done: str
    reasons: tuple[Any, ...]


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the action."""
    parser = actions.add_parser("explain", help="say which rule, in which line, does what to a text or request")
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="a text, or a request as JSON; - is input")
    parser.add_argument("--policy", type=Path, action="append", metavar="FILE", help="these files (default: in force)")
    parser.add_argument("--tenant", default="", help="whose request it is (default: nobody's that a policy names)")
    parser.add_argument("--app", default="", help="the label of its API key")
    parser.add_argument("--model", default="", help="the model that it asks for (default: the request's)")
    parser.add_argument("--endpoint", default=_CHAT, help=f"where it is sent (default {_CHAT})")
    common(parser)
    parser.set_defaults(run=lambda args: asyncio.run(_explain(args)))


async def _explain(args: argparse.Namespace) -> int:
    from gateway.checks import configured_model
    from gateway.eval.here import detector
    from gateway.policy import Explainer, decide, resolve

    segments, model = _request(_read(args.file), args.endpoint)
    target = Target(tenant=args.tenant, app=args.app, model=args.model or model, endpoint=args.endpoint)
    filed, sources = await _policies(args)
    found = resolve(filed, target)
    if found is None:
        raise PolicyUnavailable
    finder, asker = detector(*configured_model(args.config)), ("explain", "explain")
    decision = decide(found.policy, await finder.analyze(segments, found.policy, asker=asker))
    every = await finder.analyze(segments, _everything(found.policy), asker=asker)
    explainer = Explainer(found, sources)
    acted = list(_told(explainer, segments, decision.findings, decision.operators))
    kept = list(_kept(explainer, segments, decision.findings, every))
    record = {
        "policy": found.policy.digest,
        "documents": [_document(each) for each in explainer.layers],
        "decision": decision.effect.value,
        "findings": [asdict(each) for each in acted],
        "kept": [asdict(each) for each in kept],
    }
    emit(args, record, lambda: _shown(found, decision.effect.value, acted, kept))
    return 0


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        detail = f"{name}: {error.strerror}."
        raise ProtocolError(detail) from None


def _request(raw: bytes, endpoint: str) -> tuple[Sequence[Segment], str]:
    """Return the texts of a request, as its endpoint reads it, and its model; of anything else the one text."""
    from gateway.api.routes import LENSES

    lens = next((lens for lens in LENSES if lens.endpoint == endpoint), None)
    if lens is None:
        detail = f"--endpoint: one of {', '.join(lens.endpoint for lens in LENSES)} is needed."
        raise ProtocolError(detail)
    if raw.lstrip().startswith(b"{"):
        request = lens.request(raw)
        return request.segments, request.model
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        detail = "The text is not UTF-8."
        raise ProtocolError(detail) from None
    return [Segment(pointer="", kind=PartKind.TEXT, text=Sensitive(text))], ""


async def _policies(args: argparse.Namespace) -> tuple[list[Filed], list[Source]]:
    """Return the documents that may have a say, and the files that they stand in."""
    from gateway.policy import compile_bundle, read_sources, sources_of

    if args.policy:
        sources = read_sources(args.policy)
        return list(compile_bundle(sources, scope=PLATFORM).policies), sources
    from gateway.app import local_house

    filed, files = list["Filed"](), list["Source"]()
    async with local_house(args.config) as house:
        if args.tenant:
            require_tenant(args.tenant, await house.access.tenants())
        for scope in filter(None, (args.tenant, PLATFORM)):
            if newest := await house.policy_service.newest_of(scope):
                files += (given := sources_of(newest.documents))
                filed += compile_bundle(given, scope=scope).policies
    return filed, files


def _everything(policy: Policy) -> Policy:
    """Return a policy that finds all that there is, whatever its score."""
    return replace(policy, entities=dict.fromkeys(policy.entities, _EVERYTHING), allow=())


def _told(explainer: Explainer, segments: Sequence[Segment], findings: Any, operators: Any) -> Iterator[Told]:  # noqa: ANN401 - a decision's
    for segment, found, done in zip(segments, findings, operators, strict=True):
        for each, operator in zip(found, done, strict=True):
            yield _one(explainer, segment, each, operator.operator.value)


def _kept(explainer: Explainer, segments: Sequence[Segment], findings: Any, every: Any) -> Iterator[Told]:  # noqa: ANN401 - likewise
    """Yield what was found and left alone."""
    for segment, found, more in zip(segments, findings, every, strict=True):
        for each in more:
            if each.entity_type != SUSPICIOUS and not any(
                one.start < each.end and each.start < one.end for one in found
            ):
                yield _one(explainer, segment, each, Operator.KEEP.value)


def _one(explainer: Explainer, segment: Segment, found: RecognizerResult, done: str) -> Told:
    value = segment.text.reveal()[found.start : found.end].strip()
    reasons = tuple(explainer.reasons(found.entity_type, found.score, value))
    return Told(
        segment.pointer, found.start, found.end, found.entity_type, found.score, found.recognizer, done, reasons
    )


def _document(filed: Filed) -> dict[str, Any]:
    return {"name": filed.policy.name, "file": filed.file, "line": filed.line, "floor": filed.floor, "own": filed.own}


def _shown(found: Resolution, effect: str, acted: Sequence[Told], kept: Sequence[Told]) -> str:
    chosen = found.chosen
    own = ", the tenant's own" if chosen.own else ""
    lines = [
        f"{paint(effect, 'bold')} by policy {found.policy.digest[:12]}",
        f"  chosen: {chosen.policy.name} ({chosen.file}:{chosen.line}){own}",
    ]
    lines += [f"  floor: {floor.policy.name} ({floor.file}:{floor.line})" for floor in found.floors]
    for title, told in (("done:", acted), ("left as it is:", kept)):
        lines += [paint(title, "bold"), *(line for each in told for line in _lines(each))] if told else []
    return "\n".join(lines)


def _lines(told: Told) -> list[str]:
    place = f"{told.pointer} {told.start}-{told.end}".strip()
    head = f"  {place} {told.entity_type} {told.score:.2f} {told.recognizer}: {told.done}"
    return [head, *(f"      {reason}" for reason in told.reasons)]
