"""``cloister eval detection``: what detection finds of labelled documents, and what it touches in vain.

Law: a report holds figures alone. Examples are printed only where they were asked for, and only to a terminal, because
somebody's labelled sample is personal data. The same documents, options and seed give the same figures.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from gateway.cli import leaks
from gateway.cli.options import at_least, deliver, measurement
from gateway.cli.output import progress, say
from gateway.core.errors import ProtocolError
from gateway.core.findings import ENTITY_TYPES
from gateway.eval.corpus import Document, read, sample
from gateway.eval.labels import Labels, mapping
from gateway.eval.report import Report, as_json, as_markdown, report
from gateway.eval.score import Score
from gateway.eval.sides import Plan, policy_of, touched

_AROUND: Final = 30
"""Characters on either side of an example."""

_PACED: Final = 200
"""Documents that speed is measured on."""

_COUNT: Final = at_least(1)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("eval", help="measure how well detection detects")
    parts = parser.add_subparsers(required=True, metavar="WHAT")
    part = parts.add_parser("detection", help="on labelled documents, those of our own where none are named")
    part.add_argument("files", nargs="*", metavar="FILE", type=Path, help='JSON lines {"text","spans"}, also as gzip')
    measurement(part, seeded="the sample and of the intervals")
    part.add_argument("--types", type=_words, default=(), metavar="TYPE,…", help="these types alone; 'all' for all")
    part.add_argument("--map", action="append", default=[], metavar="LABEL=TYPE", help="what a label means")
    part.add_argument("--only-labels", type=_words, default=(), metavar="LABEL,…", help="judge these labels alone")
    part.add_argument("--limit", type=_COUNT, default=0, metavar="N", help="a sample of so many documents")
    part.add_argument("--against", choices=["stock"], help="measure Presidio as it comes, in the same run")
    part.add_argument("--stock-model", default="", metavar="FOLDER", help="the spaCy model of --against stock")
    part.add_argument("--workers", type=_COUNT, default=1, metavar="N", help="processes (default 1)")
    part.add_argument("--speed", action="store_true", help="measure how fast the sides are, by turns")
    part.add_argument(
        "--show", type=_COUNT, default=0, metavar="N", help="print examples of each mistake, to a terminal"
    )
    part.set_defaults(run=run)
    leaks.add(parts)


def run(args: argparse.Namespace) -> int:
    """Measure and report; exit 0 whatever the figures are."""
    _check(args)
    plans = _plans(args)
    documents = sample(_documents(args.files), args.limit, args.seed)
    labels = _labels(args, plans[0])
    reports = [_measured(plan, documents, labels, args) for plan in plans]
    if args.speed:
        reports = _paced(reports, plans, documents)
    deliver(args, partial(as_markdown, reports), partial(as_json, reports))
    return 0


def _check(args: argparse.Namespace) -> None:
    """Refuse what cannot be done before anything is read."""
    if args.show and not _terminal():
        detail = "--show prints text of the documents, so it does so to a terminal alone."
        raise ProtocolError(detail)
    if args.against and not args.stock_model:
        detail = "--against stock needs a spaCy model: name its folder by --stock-model."
        raise ProtocolError(detail)
    if unknown := sorted(set(args.types) - ENTITY_TYPES.keys() - {"all"}):
        detail = f"--types: '{unknown[0]}' is no entity type."
        raise ProtocolError(detail)


def _plans(args: argparse.Namespace) -> list[Plan]:
    from gateway.checks import configured_model

    engine, model = configured_model(args.config)
    ours = Plan(engine=engine, model=model, policy=args.policy, types=args.types)
    return [ours, replace(ours, stock=args.stock_model)] if args.against else [ours]


def _labels(args: argparse.Namespace, plan: Plan) -> Labels:
    from gateway.detect import wanted_types

    return Labels(mapped=mapping(args.map), wanted=wanted_types(policy_of(plan)), only=frozenset(args.only_labels))


def _documents(files: Sequence[Path]) -> list[Document]:
    from gateway.eval import office

    documents = list(read(files)) if files else list(office.documents())
    if not documents:
        detail = "The files hold no document."
        raise ProtocolError(detail)
    return documents


def _measured(plan: Plan, documents: Sequence[Document], labels: Labels, args: argparse.Namespace) -> Report:
    score = Score(labels)
    found = touched(plan, [document.text for document in documents], args.workers)
    for document, findings in zip(documents, found, strict=True):
        score.add(document, findings)
        if score.documents % 100 == 0:
            progress(f"{plan.name}: {score.documents} of {len(documents)} documents")
    _show(plan.name, score, documents, args.show)
    return report(plan.name, score, seed=args.seed)


def _paced(reports: Sequence[Report], plans: Sequence[Plan], documents: Sequence[Document]) -> list[Report]:
    """Measure both sides by turns, and say so in the first report."""
    from gateway.eval.work import measured

    progress("speed, by turns")
    paces = measured(plans, [each.text for each in documents[:_PACED]])
    return [replace(reports[0], paces=paces), *reports[1:]]


def _show(name: str, score: Score, documents: Sequence[Document], count: int) -> None:
    """Print the first examples of each kind of mistake, each on a line."""
    shown: dict[tuple[str, str], int] = {}
    for example in score.examples if count else ():
        kind = (example.label, example.found)
        shown[kind] = shown.get(kind, 0) + 1
        if shown[kind] <= count:
            text = documents[example.document].text
            before, after = text[max(0, example.start - _AROUND) : example.start], text[example.end :][:_AROUND]
            line = f"{before}[{text[example.start : example.end]}]{after}"
            say(f"{name}: {example.label} as {example.found}: {' '.join(line.split())}")


def _terminal() -> bool:
    return sys.stdout.isatty()


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split(",") if word)
