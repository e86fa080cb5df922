"""The root of the command: finds the subcommand's module, and turns errors into exit codes.

Law: a command raises ``GatewayError`` and this file alone decides the exit code, from the error's class. Exit codes are
those of the public contract; 70 is a mistake of the command's own, of which nothing is shown but its class and place.
A command that was cut short says so as a shell does: by 128 and the number of the signal.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import structlog

from gateway import __version__
from gateway.cli.output import forsake_reader, shown
from gateway.core.errors import CasesFailed, GatewayError, PolicyInvalid, ProtocolError, VerificationError

COMMANDS: Final = (
    "demo",
    "serve",
    "redact",
    "policy",
    "audit",
    "retention",
    "access",
    "keys",
    "db",
    "doctor",
    "eval",
    "bench",
)
"""The modules of ``gateway.cli`` that hold a command, in the order of the help."""

_OWN_MISTAKE: Final = 70
"""EX_SOFTWARE of sysexits(3)."""

_CUT_SHORT: Final = 128


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    given = sys.argv[1:] if argv is None else argv
    try:
        _require_text(given)
        args = parser(given[:1]).parse_args(given)
        return int(args.run(args))
    except GatewayError as error:
        report(error)
        return error.exit_code
    except KeyboardInterrupt:
        return _CUT_SHORT + signal.SIGINT
    except BrokenPipeError:
        forsake_reader()
        return _CUT_SHORT + signal.SIGPIPE
    except Exception as error:  # noqa: BLE001 - its own text may quote what it was given
        _tell(error)
        return _OWN_MISTAKE


def _require_text(words: Sequence[str]) -> None:
    """Refuse bytes that are no text in the console's encoding: no database and no file of ours takes them."""
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        detail = "An argument is not UTF-8."
        raise ProtocolError(detail) from None


def _tell(error: Exception) -> None:
    """Say that a command failed of itself, on a line for people and one of the log."""
    from gateway.observability import logs

    if not structlog.is_configured():
        logs.configure("error", "console")
    logs.logger("cli").error("command.failed", exc_info=error)
    print(f"cloister: The command failed by a mistake of its own ({type(error).__name__}).", file=sys.stderr)


def parser(first: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Build the parser of all commands, or of the one that the first word names.

    No other command's module is imported then: ``serve`` has to set the environment before some of their imports.
    """
    root = argparse.ArgumentParser(prog="cloister", description="A privacy gateway for language models.")
    root.add_argument("--version", action="version", version=f"cloister {__version__}")
    commands = root.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name in [name for name in COMMANDS if name in first] or COMMANDS:
        import_module(f"gateway.cli.{name}").add(commands)
    return root


def report(error: GatewayError) -> None:
    """Print an error to standard error: its message, and the evidence where there is some."""
    if isinstance(error, PolicyInvalid):
        for problem in error.problems:
            print(_problem(problem), file=sys.stderr)
        return
    if isinstance(error, CasesFailed):
        for failure in error.failures:
            print(failure, file=sys.stderr)
    where = f" ({shown(error.pointer)})" if error.pointer else ""
    print(f"cloister: {error.message}{where}", file=sys.stderr)
    if isinstance(error, VerificationError):
        for line in error.evidence:
            print(f"  {line}", file=sys.stderr)


def _problem(problem: object) -> str:
    from gateway.policy import show_problem

    return show_problem(problem)  # type: ignore[arg-type]
