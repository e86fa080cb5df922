"""``cloister policy explain``: which rule of which file does what to a request, and why other things stay.

Law: no value is shown, and nothing of the text is kept. With ``--policy`` files are asked, else what is in force; on
the host detection runs here, and files are asked alone, without the database.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.cli.desk import desk, options
from gateway.cli.output import common, emit, paint, shown
from gateway.core.errors import ProtocolError
from gateway.core.policy import Target
from gateway.core.sensitive import Sensitive

if TYPE_CHECKING:  # they import detection and the whole of policies, and other commands start without
    from gateway.eval.explain import Explanation, Question, Told

_CHAT: Final = "/v1/chat/completions"


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the action."""
    parser = actions.add_parser("explain", help="say which rule, in which line, does what to a text or request")
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="a text, or a request as JSON; - is input")
    parser.add_argument("--policy", type=Path, action="append", metavar="FILE", help="these files (default: in force)")
    parser.add_argument("--app", default="", help="the label of its API key")
    parser.add_argument("--model", default="", help="the model that it asks for (default: the request's)")
    parser.add_argument("--endpoint", default=_CHAT, help=f"where it is sent (default {_CHAT})")
    common(parser)
    options(parser)
    parser.set_defaults(run=lambda args: asyncio.run(_explain(args)))


async def _explain(args: argparse.Namespace) -> int:
    from gateway.eval.explain import Question
    from gateway.policy import read_sources

    raw = _read(args.file)
    question = Question(
        content=Sensitive(raw),
        is_request=raw.lstrip().startswith(b"{"),
        app=args.app,
        model=args.model,
        endpoint=args.endpoint,
    )
    if args.policy and not args.url:
        told = await _of_files(args, question)
    else:
        async with desk(args) as opened:
            told = await opened.explain(question, read_sources(args.policy) if args.policy else ())
    emit(args, told.as_json(), lambda: "\n".join(_shown(told)))
    return 0


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        detail = f"{name}: {error.strerror}."
        raise ProtocolError(detail) from None


async def _of_files(args: argparse.Namespace, question: Question) -> Explanation:
    """Say what files do, whatever is in force."""
    from gateway.api.routes import LENSES
    from gateway.checks import configured_model
    from gateway.eval.explain import at_once, explained, files_of, texts_of
    from gateway.eval.here import detector
    from gateway.policy import read_sources

    segments, model = texts_of(question, LENSES)
    target = Target(tenant=args.tenant or "", app=args.app, model=model, endpoint=args.endpoint)
    files = files_of(read_sources(args.policy))
    finder = detector(*configured_model(args.config))
    return await explained(segments, target, files, finder, asker=("explain", "explain"), apart=at_once)


def _shown(told: Explanation) -> list[str]:
    """Lay it out: the decision, the documents, and each finding with what every document says of it."""
    lines = [f"{paint(shown(told.decision), 'bold')} by policy {shown(told.policy[:12])}"]
    for number, each in enumerate(told.documents):
        own = ", the tenant's own" if each.own else ""
        place = f"{each.name} ({each.file}:{each.line})"
        lines.append(f"  {'floor' if number else 'chosen'}: {shown(place)}{own if not number else ''}")
    for title, findings in (("done:", told.findings), ("left as it is:", told.kept)):
        lines += [paint(title, "bold"), *(line for each in findings for line in _lines(each))] if findings else []
    return [*lines, f"and {told.left_out} findings more"] if told.left_out else lines


def _lines(told: Told) -> list[str]:
    place = f"{told.pointer} {told.start}-{told.end}".strip()
    head = f"{place} {told.entity_type} {told.score:.2f} {told.recognizer}: {told.done}"
    return [f"  {shown(head)}", *(f"      {shown(reason)}" for reason in told.reasons)]
