"""``cloister policy``: check, compare, apply and look at policies."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gateway.cli import cases, explain, feedback, signed
from gateway.cli.desk import Desk, desk, options
from gateway.cli.output import common, emit, paint, say, shown, table
from gateway.core.actor import PLATFORM
from gateway.core.errors import GatewayError, Misconfigured, PolicyInvalid, Problem, ProtocolError

if TYPE_CHECKING:  # they import the whole of policies, and other commands start without
    from gateway.policy import Emergency, Plan

Act = Callable[[Desk, argparse.Namespace], Awaitable[int]]

_LARGEST: Final = 16 * 2**20
"""Bytes of a file that are read: more than the largest plan or bundle has."""

_LONGEST_SPAN: Final = 400 * 86_400
_DIGITS: Final = 12
"""Of a digest, as answers name it (``x-cloister-policy``)."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    actions = commands.add_parser("policy", help="policy files").add_subparsers(required=True, metavar="ACTION")
    check = actions.add_parser("validate", help="report every mistake of files, with its place")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.add_argument("--format", choices=["text", "json", "sarif", "github"], default="text")
    check.add_argument("--strict", action="store_true", help="exit 1 where there are warnings")
    check.add_argument("--tenant", default=PLATFORM, help="whose policies (default: the platform's, for all)")
    common(check)
    check.set_defaults(run=_validate)
    _files(_action(actions, "diff", _diff, "say what files would change; exit 1 if anything"))
    plan = _files(_action(actions, "plan", _plan, "say what files would change, and save it as a plan"))
    plan.add_argument(
        "--replay", type=_span, metavar="7d", help="say what it would have done to so much recent traffic"
    )
    plan.add_argument("--feedback", action="store_true", help="add to the files what officers said was found falsely")
    plan.add_argument("-o", "--output", type=Path, metavar="PLAN", help="save the plan there")
    approve = _action(actions, "approve", _approve, "agree to somebody else's plan")
    approve.add_argument("plan", type=Path, metavar="PLAN")
    apply = _files(_action(actions, "apply", _apply, "take files, a saved plan or a signed bundle into force"))
    apply.add_argument("--expect", type=int, metavar="N", help="refuse unless version N is in force (0: none)")
    back = _action(actions, "rollback", _roll_back, "take the files of an earlier version into force again")
    back.add_argument("--to", type=int, metavar="N", help="default: the version before")
    for parser in (plan, apply):
        parser.add_argument(
            "--tests", type=Path, metavar="PATH", help="cases (default: those in 'cases' beside the files)"
        )
    for parser in (apply, back):
        parser.add_argument("--break-glass", metavar="REASON", help="by one person alone, for a while")
        parser.add_argument("--hours", type=float, metavar="N", help="how long, 4 at most (default 1)")
    show = _action(actions, "show", _show, "print a version's files")
    show.add_argument("--version", type=int, metavar="N", help="default: the one in force")
    _action(actions, "history", _history, "list the versions, newest first")
    report = _action(actions, "shadow-report", _shadow_report, "say what policies in shadow would have done")
    report.add_argument("--since", type=_span, default=7 * 86_400, metavar="7d", help="how far back (default 7d)")
    feedback.options(_action(actions, "feedback", feedback.act, "say that a finding was false, or list such"))
    cases.add(actions)
    explain.add(actions)
    signed.add(actions)


def _action(actions: Any, name: str, act: Act, text: str) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse's own
    parser: argparse.ArgumentParser = actions.add_parser(name, help=text)
    common(parser)
    options(parser)
    parser.set_defaults(run=lambda args: asyncio.run(_at_desk(act, args)))
    return parser


def _files(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    return parser


async def _at_desk(act: Act, args: argparse.Namespace) -> int:
    async with desk(args) as opened:
        return await act(opened, args)


def _validate(args: argparse.Namespace) -> int:
    from gateway.policy import lint, load, read_sources
    from gateway.policy.compile import compile_documents
    from gateway.policy.show import FORMATS, fields_of

    form = "json" if args.json else args.format
    try:
        documents = load(read_sources(args.files), scope=args.tenant)
    except PolicyInvalid as error:
        if form == "text":
            raise
        say(FORMATS[form](error.problems))
        return error.exit_code
    bundle, warnings = compile_documents(documents, scope=args.tenant), lint(documents)
    if form == "json":
        problems = [fields_of(warning) for warning in warnings]
        say(json.dumps({"problems": problems, "policies": bundle.digests, "digest": bundle.digest}, ensure_ascii=False))
    elif form == "text":
        _warn(warnings)
    elif warnings or form == "sarif":
        say(FORMATS[form](warnings))
    if form in {"text", "github"}:
        say(f"valid: {_named(bundle.digests)}")
    return 1 if warnings and args.strict else 0


async def _diff(opened: Desk, args: argparse.Namespace) -> int:
    from gateway.policy import read_sources

    try:
        plan = await opened.plan(read_sources(args.files))
    except GatewayError as error:
        error.exit_code = max(error.exit_code, ProtocolError.exit_code)  # type: ignore[misc]  # 1 says: it differs
        raise
    emit(args, {"base": plan.base, "changes": list(plan.changes)}, lambda: _told(plan))
    return 1 if plan.changes else 0


async def _plan(opened: Desk, args: argparse.Namespace) -> int:
    from gateway.policy import read_sources

    amended = await feedback.amend(opened, read_sources(args.files)) if args.feedback else []
    plan = await opened.plan(read_sources(args.files), await cases.require(args))
    _warn(plan.warnings)
    if args.output:
        _write(args.output, json.dumps(plan.as_json(), ensure_ascii=False, indent=1))
    record, told = plan.as_json(), f"{_told(plan)}\nplan {plan.hash[:_DIGITS]}"
    if amended:
        record["amended"] = amended
        told = "\n".join([*(f"{shown(file)}: false findings added" for file in amended), told])
    if args.replay:
        record["replay"] = effects = await opened.replay(plan.sources, args.replay)
        told += f"\n\n{_effects(effects)}"
    emit(args, record, lambda: told)
    return 0


async def _shadow_report(opened: Desk, args: argparse.Namespace) -> int:
    found = await opened.shadow_report(args.since)
    parts = [
        f"{paint(f'policy {shown(digest[:_DIGITS])}', 'bold')}\n{_effects(each)}" for digest, each in found.items()
    ]
    emit(args, found, lambda: "\n\n".join(parts) or "no policy was in shadow")
    return 0


async def _approve(opened: Desk, args: argparse.Namespace) -> int:
    from gateway.policy import read_plan

    plan = await opened.approve(read_plan(_read(args.plan).decode(errors="replace")))
    emit(args, plan.as_json(), lambda: f"{_told(plan)}\nagreed to plan {plan.hash[:_DIGITS]}")
    return 0


async def _apply(opened: Desk, args: argparse.Namespace) -> int:
    from gateway.policy import is_bundle, is_plan, read_plan, read_sources

    emergency = _emergency(args)
    only = _read(args.files[0]) if len(args.files) == 1 and args.files[0].is_file() else b""
    if is_bundle(only):
        if emergency is not None or args.expect is not None or args.tests is not None:
            detail = "A signed bundle is taken as it is: leave --expect, --break-glass and --tests out."
            raise ProtocolError(detail)
        done = await opened.apply_signed(only)
    elif is_plan(text := only.decode(errors="replace")):
        plan = read_plan(text)
        if args.expect is not None:
            detail = "A plan says itself what it follows: leave --expect out."
            raise ProtocolError(detail)
        tried = await cases.require(args, plan.sources)
        done = await opened.apply(plan.sources, expected=plan.base, scope=plan.scope, emergency=emergency, cases=tried)
    else:
        tried = await cases.require(args)
        done = await opened.apply(read_sources(args.files), expected=args.expect, emergency=emergency, cases=tried)
    _say_applied(args, done)
    return 0


async def _roll_back(opened: Desk, args: argparse.Namespace) -> int:
    _say_applied(args, await opened.roll_back(to=args.to, emergency=_emergency(args)))
    return 0


async def _show(opened: Desk, args: argparse.Namespace) -> int:
    version = await opened.show(args.version)
    files = version["documents"]
    emit(args, version, lambda: "\n---\n".join(f"# {shown(part['file'])}\n{_text(part['text'])}" for part in files))
    return 0


async def _history(opened: Desk, args: argparse.Namespace) -> int:
    versions = await opened.history()
    rows = [
        (v["version"], str(v["created"])[:19].replace("T", " "), v["created_by"], _came(v), _named(v["policies"]))
        for v in versions
    ]
    emit(args, versions, lambda: table(("version", "created", "by", "how", "policies"), rows))
    return 0


def _emergency(args: argparse.Namespace) -> Emergency | None:
    from gateway.policy import Emergency

    if args.break_glass is None:
        if args.hours is not None:
            detail = "--hours: only what one person does alone ends by itself: --break-glass REASON."
            raise ProtocolError(detail)
        return None
    seconds = 3600.0 if args.hours is None else args.hours * 3600
    return Emergency(reason=args.break_glass, seconds=round(seconds) if isfinite(seconds) else 0)


def _say_applied(args: argparse.Namespace, done: Mapping[str, Any]) -> None:
    import msgspec

    _warn(msgspec.convert(done.get("warnings", []), tuple[Problem, ...]))
    said = "in force" if done["changed"] else "was in force already"
    emit(args, done, lambda: f"version {done['version']} {said}: {_named(done['policies'])}")


def _told(plan: Plan) -> str:
    """Write what a plan changes, a line each."""
    if not plan.changes:
        return "nothing changes" if plan.base else "nothing is in force, and nothing would be"
    head = f"compared with version {plan.base}:" if plan.base else "nothing is in force yet:"
    return "\n".join((paint(head, "bold"), *(f"  {shown(change)}" for change in plan.changes)))


def _text(text: str) -> str:
    """Return a file as it is, and for a terminal so that all of it is seen."""
    return "\n".join(map(shown, text.split("\n"))) if sys.stdout.isatty() else text


def _warn(warnings: Iterable[Problem]) -> None:
    """Say what is valid and hardly meant, beside what is done."""
    from gateway.policy import show_problem

    for warning in warnings:
        print(show_problem(warning), file=sys.stderr)


def _effects(effects: Mapping[str, Any]) -> str:
    """Write what would have been otherwise, and what the records leave open."""
    counted = [
        f"{effects['exchanges']} exchanges, {effects['changed']} of which would have gone otherwise",
        f"  {effects['would_block']} refused that were not, {effects['would_permit']} permitted that were refused",
    ]
    counted += [
        line
        for each in effects["changes"]
        for line in (
            f"  {each['type']}: {each['from']} → {each['to']}, {each['count']} times",
            *(f"    such as {example}" for example in each.get("examples", ())),
        )
    ]
    if effects["open"]:
        counted += ["what the records do not tell, by exchanges:"]
        counted += [f"  {count}: {question}" for question, count in effects["open"].items()]
    return "\n".join(map(shown, counted))


def _span(text: str) -> int:
    """Read a time such as ``7d`` or ``12h``, as seconds."""
    units = {"m": 60, "h": 3600, "d": 86_400}
    number, unit = text[:-1], units.get(text[-1:], 0)
    seconds = int(number) * unit if number.isdecimal() and len(number) < 9 else 0
    if not 0 < seconds <= _LONGEST_SPAN:
        message = "a time such as 7d, 12h or 30m is needed, 400d at most"
        raise argparse.ArgumentTypeError(message)
    return seconds


def _came(version: Mapping[str, Any]) -> str:
    """Say how a version came about."""
    words = {"apply": "applied", "rollback": "back to", "break_glass": "break-glass", "return": "returned to"}
    told = words.get(version["origin"], str(version["origin"]))
    if restores := version.get("restores"):
        told += f" {restores}"
    if approved_by := version.get("approved_by"):
        told += f", agreed by {approved_by}"
    if reason := version.get("reason"):
        told += f": {reason}"
    return told


def _named(policies: Mapping[str, str]) -> str:
    """Write policies with the digits by which an answer's ``x-cloister-policy`` names them."""
    return "  ".join(f"{shown(name)} {shown(digest)[:_DIGITS]}" for name, digest in policies.items()) or "no policy"


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(_LARGEST + 1)
    except OSError as error:
        detail = f"{file}: {error.strerror}."
        raise ProtocolError(detail) from None


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        detail = f"{file}: {error.strerror}."
        raise Misconfigured(detail) from None
