"""Options of commands that measure: numbers, what is measured by, and where the report goes.

Law: a report is laid out for people unless JSON was asked for, and goes to standard output unless a file was named.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gateway.cli.output import say
from gateway.core.errors import Misconfigured


def at_least(least: int) -> Callable[[str], int]:
    """Return what reads a whole number that is not too small."""

    def whole(text: str) -> int:
        number = int(text)
        if number < least:
            message = f"at least {least} is needed"
            raise argparse.ArgumentTypeError(message)
        return number

    return whole


def measurement(parser: argparse.ArgumentParser, *, seeded: str) -> None:
    """Add the options of every measurement. seeded: what the seed is of."""
    parser.add_argument("--config", metavar="FILE", help="cloister.toml (default: $CLOISTER_CONFIG)")
    parser.add_argument("--policy", default="", metavar="FILE", help="a policy file or folder (default: default.yaml)")
    parser.add_argument("--seed", type=int, default=1, help=f"of {seeded} (default 1)")
    parser.add_argument("--format", choices=["md", "json"], default="md", help="of the report (default md)")
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    parser.add_argument("--output", metavar="FILE", help="write the report there")


def deliver(args: argparse.Namespace, people: Callable[[], str], machines: Callable[[], Any]) -> None:
    """Write a report where it was asked for, as it was asked for. Raise ``Misconfigured``."""
    text = people() if args.format == "md" else json.dumps(machines(), ensure_ascii=False)
    if args.output:
        _write(Path(args.output), text)
    else:
        say(text.rstrip("\n"))


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        detail = f"--output: {file}: {error.strerror}."
        raise Misconfigured(detail) from None
