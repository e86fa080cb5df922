"""``cloister policy``: check, apply and look at policies."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from gateway.cli.output import common, emit, require_tenant, say, table
from gateway.core.actor import LOCAL_OPERATOR, PLATFORM
from gateway.core.errors import PolicyInvalid


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    actions = commands.add_parser("policy", help="policy files").add_subparsers(required=True, metavar="ACTION")
    check = actions.add_parser("validate", help="report every mistake of files, with its place")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.add_argument("--format", choices=["text", "json", "sarif", "github"], default="text")
    check.add_argument("--strict", action="store_true", help="exit 1 where there are warnings")
    apply = actions.add_parser("apply", help="take files into force as the next version")
    apply.add_argument("files", nargs="+", type=Path, metavar="FILE")
    apply.add_argument("--expect", type=int, metavar="N", help="refuse unless version N is in force (0: none)")
    show = actions.add_parser("show", help="print a version's files")
    show.add_argument("--version", type=int, metavar="N", help="default: the one in force")
    history = actions.add_parser("history", help="list the versions, newest first")
    for parser, run in ((check, _validate), (apply, _apply), (show, _show), (history, _history)):
        common(parser)
        parser.add_argument("--tenant", default=PLATFORM, help="whose policies (default: the platform's, for all)")
        parser.set_defaults(run=lambda args, run=run: asyncio.run(run(args)))


async def _validate(args: argparse.Namespace) -> int:
    from gateway.policy import lint, load, read_sources
    from gateway.policy.compile import compile_documents
    from gateway.policy.show import FORMATS, fields_of, show_problem

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
        for warning in warnings:
            print(show_problem(warning), file=sys.stderr)
    elif warnings or form == "sarif":
        say(FORMATS[form](warnings))
    if form in {"text", "github"}:
        say(f"valid: {_named(bundle.digests)}")
    return 1 if warnings and args.strict else 0


async def _apply(args: argparse.Namespace) -> int:
    from gateway.app import local_house
    from gateway.policy import PolicyService, read_sources

    sources = read_sources(args.files)
    async with local_house(args.config) as house:
        require_tenant(args.tenant, {PLATFORM, *await house.access.tenants()})
        service = PolicyService(house.database, house.journal, house.clock)
        applied = await service.apply(args.tenant, sources, LOCAL_OPERATOR, expected=args.expect)
    said = "in force" if applied.changed else "was in force already"
    emit(args, asdict(applied), lambda: f"version {applied.version} {said}: {_named(applied.policies)}")
    return 0


async def _show(args: argparse.Namespace) -> int:
    from gateway.app import local_house
    from gateway.policy import PolicyService

    async with local_house(args.config) as house:
        require_tenant(args.tenant, {PLATFORM, *await house.access.tenants()})
        service = PolicyService(house.database, house.journal, house.clock)
        version = await service.show(args.tenant, LOCAL_OPERATOR, args.version)
    emit(args, asdict(version), lambda: "\n".join(f"# {part['file']}\n{part['text']}" for part in version.documents))
    return 0


async def _history(args: argparse.Namespace) -> int:
    from gateway.app import local_house
    from gateway.policy import PolicyService

    async with local_house(args.config) as house:
        require_tenant(args.tenant, {PLATFORM, *await house.access.tenants()})
        service = PolicyService(house.database, house.journal, house.clock)
        versions = await service.history(args.tenant, LOCAL_OPERATOR)
    rows = [(v.version, f"{v.created:%Y-%m-%d %H:%M:%S}", v.created_by, _named(v.policies)) for v in versions]
    shown = [
        {"version": v.version, "digest": v.digest, "policies": v.policies, "created": v.created, "by": v.created_by}
        for v in versions
    ]
    emit(args, shown, lambda: table(("version", "created", "by", "policies"), rows))
    return 0


def _named(policies: Mapping[str, str]) -> str:
    """Write policies with the digits by which an answer's ``x-cloister-policy`` names them."""
    return "  ".join(f"{name} {digest[:12]}" for name, digest in policies.items()) or "no policy"
