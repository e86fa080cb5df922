"""``cloister policy feedback``: findings that were false, and how policies come to let them through."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.desk import Desk
from gateway.cli.output import emit, table
from gateway.core.actor import PLATFORM
from gateway.core.errors import Misconfigured, ProtocolError

if TYPE_CHECKING:  # it imports the whole of policies, and other commands start without
    from gateway.policy import Source


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the action."""
    parser.add_argument("--exchange", metavar="ID", help="say that this exchange's finding was false")
    parser.add_argument("--entity", metavar="TYPE", help="of this type")
    parser.add_argument("--value", metavar="HASH", help="with this value, as the exchange's event names it")
    parser.add_argument("--withdraw", action="store_true", help="take that back")


async def act(opened: Desk, args: argparse.Namespace) -> int:
    """Say that a finding was false, or list what was said and is not let through."""
    given = {name: getattr(args, name) for name in ("exchange", "entity", "value")}
    if any(given.values()):
        if missing := [f"--{name}" for name, value in given.items() if not value]:
            detail = f"{', '.join(missing)}: a finding is named by its exchange, its type and its value's hash."
            raise ProtocolError(detail)
        record = {**given, "withdrawn": args.withdraw}
        await opened.say_false(record)
        emit(args, record, lambda: "taken back" if args.withdraw else "on record; 'cloister policy plan --feedback'")
        return 0
    if args.withdraw:
        detail = "--withdraw: of which finding? --exchange, --entity and --value name it."
        raise ProtocolError(detail)
    proposals = await opened.feedback()
    titles = ("time", "said by", "entity", "value", "exchange", "let through by")
    emit(args, proposals, lambda: table(titles, list(map(_row, proposals))))
    return 0


def _row(proposal: Mapping[str, Any]) -> list[object]:
    documents = [f"{each['name']}{'' if each['own'] else ' (platform)'}" for each in proposal["documents"]]
    told = [proposal[name] for name in ("time", "said_by", "entity", "value", "exchange")]
    return [*told, ", ".join(documents)]


async def amend(opened: Desk, sources: Sequence[Source]) -> list[str]:
    """Write what was said to be false into files, each finding into the policies that do something about it.

    Return the files that are otherwise now.
    """
    from gateway.policy import with_findings

    scope = (await opened.plan(sources)).scope
    own = scope != PLATFORM
    wanted: dict[str, dict[str, list[str]]] = {}
    for proposal in await opened.feedback():
        for document in proposal["documents"]:
            if document["own"] is own:
                values = wanted.setdefault(document["name"], {}).setdefault(proposal["entity"], [])
                values.append(proposal["value"])
    pairs = zip(sources, with_findings(sources, wanted, scope=scope), strict=True)
    changed = [(before, after) for before, after in pairs if after.text != before.text]
    for before, _ in changed:
        with _named(before.file):
            _require_same(before)
    for _, after in changed:
        with _named(after.file):
            _write(after)
    return [after.file for _, after in changed]


def _require_same(source: Source) -> None:
    """Refuse to write over what somebody has written meanwhile."""
    if Path(source.file).read_bytes() != source.text.encode():
        detail = f"{source.file} has changed meanwhile: try again."
        raise ProtocolError(detail)


def _write(source: Source) -> None:
    Path(source.file).write_text(source.text, encoding="utf-8", newline="")


@contextmanager
def _named(file: str) -> Iterator[None]:
    """Name a file that cannot be used."""
    try:
        yield
    except OSError as error:
        detail = f"{file}: {error.strerror}."
        raise Misconfigured(detail) from None
