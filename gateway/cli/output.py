"""What every command prints in the same way.

Law: results go to standard output, progress and errors to standard error; colours only on a terminal, and not where
``NO_COLOR`` is set. Whoever stops reading a result does not change the command's answer. What others have said is shown
to people with every character that it has: nothing of it moves the cursor, hides or begins a line.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Container, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from gateway.core.errors import ProtocolError

_STYLES: Final = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}


def common(parser: argparse.ArgumentParser) -> None:
    """Add the options of every command."""
    parser.add_argument("--config", metavar="FILE", help="cloister.toml (default: $CLOISTER_CONFIG)")
    parser.add_argument("--json", action="store_true", help="print JSON for machines")


def emit(args: argparse.Namespace, data: Any, human: Callable[[], str]) -> None:  # noqa: ANN401 - any JSON value
    """Print a result: as JSON where it was asked for, else as ``human`` lays it out."""
    say(json.dumps(data, default=_plain, ensure_ascii=False) if args.json else human())


def say(text: str) -> None:
    """Print a result as it is."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        forsake_reader()


def forsake_reader() -> None:
    """Print to nowhere from now on, because the reader of standard output has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _plain(value: object) -> str:
    """Write what JSON has no form for; times as RFC 3339 wants them."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def instant(option: str, text: str | None) -> datetime | None:
    """Read the time that an option gives, in UTC. Raise ``ProtocolError``."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None:
        detail = f"{option}: an RFC 3339 time with its offset is needed, such as 2027-01-31T00:00:00Z."
        raise ProtocolError(detail)
    return moment


def require_tenant(name: str, known: Container[str]) -> None:
    """Refuse a tenant that is not there, before anything is read or written for it. Raise ``ProtocolError``."""
    if name not in known:
        detail = "--tenant: there is no such tenant; 'cloister access tenant list' names them."
        raise ProtocolError(detail)


def progress(text: str) -> None:
    """Say what takes a while, to a person who is watching."""
    if sys.stderr.isatty():
        print(paint(f"… {text}", "dim", stream=sys.stderr), file=sys.stderr, flush=True)


def paint(text: str, style: str, *, stream: Any = None) -> str:  # noqa: ANN401 - any text stream
    """Return the text in a style, where the stream (standard output by default) shows styles."""
    stream = sys.stdout if stream is None else stream
    if not stream.isatty() or "NO_COLOR" in os.environ:
        return text
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"


def shown(text: object) -> str:
    """Return what somebody else has said so that a terminal shows all of it, on one line."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in str(text))


def table(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Lay out rows under titles, each column as wide as it needs to be."""
    cells = [[("" if value is None else shown(value)) for value in row] for row in rows]
    widths = [max(len(title), *(len(row[at]) for row in cells), 0) for at, title in enumerate(titles)]
    lines = [paint("  ".join(title.ljust(width) for title, width in zip(titles, widths, strict=True)), "bold")]
    lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join(lines)
