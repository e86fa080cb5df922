"""``cloister policy test``: whether policies do what their cases say.

Law: exit 0 where every case came out as expected, 1 where one did not or a policy that needs a case has none, 2 where a
file cannot be used. Nothing is stored, recorded or sent.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.cli.output import common, progress, say
from gateway.core.actor import PLATFORM
from gateway.core.errors import PolicyInvalid, ProtocolError

if TYPE_CHECKING:  # detection takes a second to import: that is done where it is needed
    from gateway.eval.cases import Suite


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


async def cases_fail(args: argparse.Namespace) -> bool:
    """Try the cases of ``--tests``, or those in ``cases`` beside the files that are about them; say which fail."""
    from gateway.checks import configured_model
    from gateway.eval.case_report import told
    from gateway.eval.here import detector
    from gateway.eval.trials import failures, tried

    suites = _concerned(args)
    if not suites:
        return False
    finding = detector(*configured_model(args.config))
    progress("cases")
    failed = failures([await tried(suite, finding) for suite in suites])
    for failure in failed:
        print(told(failure), file=sys.stderr)
    if failed:
        print(f"{len(failed)} cases fail: nothing was changed", file=sys.stderr)
    return bool(failed)


def _concerned(args: argparse.Namespace) -> list[Suite]:
    from gateway.eval.cases import Candidate, read_suites
    from gateway.policy import read_sources

    if args.tests:
        return read_suites([args.tests], Candidate(sources=read_sources(args.files), scope=args.tenant or PLATFORM))
    beside = {(file if file.is_dir() else file.parent) / "cases" for file in args.files}
    folders = sorted(folder for folder in beside if folder.is_dir())
    named = {Path(source.file).resolve() for source in read_sources(args.files)}
    suites = read_suites(folders, None) if folders else []
    return [each for each in suites if named & {Path(filed.file).resolve() for filed in each.policies}]


def _suites(args: argparse.Namespace) -> list[Suite]:
    from gateway.core.shipped import shipped
    from gateway.eval.cases import Candidate, read_suites
    from gateway.policy import read_sources

    candidate = Candidate(sources=read_sources([args.policy]), scope=args.tenant) if args.policy else None
    return read_suites(args.paths or [shipped("policies") / "cases"], candidate)
