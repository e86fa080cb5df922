"""``cloister policy test``: whether policies do what their cases say.

Law: exit 0 where every case came out as expected, 1 where one did not or a policy that needs a case has none, 2 where a
file cannot be used. Nothing is stored, recorded or sent.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.cli.output import common, progress, say, shown
from gateway.core.actor import PLATFORM
from gateway.core.errors import CasesFailed, PolicyInvalid, ProtocolError

if TYPE_CHECKING:  # detection takes a second to import: that is done where it is needed
    from gateway.eval.cases import Suite
    from gateway.policy import Source


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the action."""
    parser = actions.add_parser("test", help="try cases: texts, and what must become of them")
    common(parser)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders (default: the shipped)")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="these policies, whatever the cases name")
    parser.add_argument("--tenant", default=PLATFORM, help="whose policies --policy names (default: the platform's)")
    parser.add_argument("--require-tests", action="store_true", help="a policy that decides no case is a failure")
    parser.add_argument("--only", default="", metavar="NAME", help="the cases whose name holds this")
    parser.add_argument("--format", choices=["text", "json", "junit"], default="text")
    parser.set_defaults(run=lambda args: asyncio.run(_test(args)))


async def _test(args: argparse.Namespace) -> int:
    from gateway.checks import configured_model
    from gateway.eval.case_report import FORMATS
    from gateway.eval.here import detector
    from gateway.eval.trials import failures, tried
    from gateway.policy.show import json_of

    form = "json" if args.json else args.format
    try:
        suites = _suites(args)
    except PolicyInvalid as error:
        if form != "json":
            raise
        say(json_of(error.problems))
        return error.exit_code
    finding = detector(*configured_model(args.config))
    tries = []
    for suite in suites:
        progress(suite.file)
        tries.append(await tried(suite, finding, only=args.only))
    if not any(each.outcomes for each in tries):
        detail = "--only: no case has that in its name." if args.only else "The files hold no case."
        raise ProtocolError(detail)
    failed = failures(tries, require_tests=args.require_tests)
    say(FORMATS[form](tries, failed))
    return 1 if failed else 0


async def require(args: argparse.Namespace, planned: Sequence[Source] = ()) -> list[Source]:
    """Try the cases of ``--tests``, or those in ``cases`` beside the files that are about them.

    planned: the files of a saved plan, to which only ``--tests`` is held: others were tried as it was made.
    Where a gateway acts it tries them: return the files that it is to be sent. Raise ``CasesFailed``.
    """
    if planned and not args.tests:
        return []
    if args.url:
        return _sent(args)
    from gateway.checks import configured_model
    from gateway.eval.here import detector
    from gateway.eval.trials import failures, tried

    suites = _concerned(args, planned)
    if suites:
        finding = detector(*configured_model(args.config))
        progress("cases")
        if failed := failures([await tried(suite, finding) for suite in suites]):
            raise CasesFailed(tuple(failed))
    return []


def _sent(args: argparse.Namespace) -> list[Source]:
    """Return the cases that a gateway can try: those that name no other file than it is sent."""
    from gateway.eval.cases import path_of
    from gateway.policy import read_sources

    if args.tests:
        return read_sources([args.tests])
    named = {path_of(source.file) for source in read_sources(args.files)}
    beside = _beside(args)
    others = {each.file for each in beside if not each.about <= named}
    files = dict.fromkeys(each.file for each in beside if each.about & named)
    for file in (file for file in files if file in others):
        print(f"{shown(file)}: not tried, it is about other files too", file=sys.stderr)
    return read_sources([Path(file) for file in files if file not in others]) if files.keys() - others else []


def _concerned(args: argparse.Namespace, planned: Sequence[Source]) -> list[Suite]:
    from gateway.eval.cases import Candidate, read_suites
    from gateway.policy import read_sources

    if args.tests:
        sources = planned or read_sources(args.files)
        return read_suites([args.tests], Candidate(sources=sources, scope=args.tenant or PLATFORM))
    named = {Path(source.file).resolve() for source in read_sources(args.files)}
    return [each for each in _beside(args) if named & {Path(filed.file).resolve() for filed in each.policies}]


def _beside(args: argparse.Namespace) -> list[Suite]:
    """Return the cases in the folders ``cases`` beside the files."""
    from gateway.eval.cases import read_suites

    beside = {(file if file.is_dir() else file.parent) / "cases" for file in args.files}
    folders = sorted(folder for folder in beside if folder.is_dir())
    return read_suites(folders, None) if folders else []


def _suites(args: argparse.Namespace) -> list[Suite]:
    from gateway.core.shipped import shipped
    from gateway.eval.cases import Candidate, read_suites
    from gateway.policy import read_sources

    candidate = Candidate(sources=read_sources([args.policy]), scope=args.tenant) if args.policy else None
    return read_suites(args.paths or [shipped("policies") / "cases"], candidate)
