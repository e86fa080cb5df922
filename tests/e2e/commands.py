"""Commands, run in this process beside a gateway, on its home."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from gateway.cli.main import main


def cloister(*arguments: str) -> tuple[int, str]:
    """Run a command, and return its exit code and all that it said."""
    with redirect_stdout(io.StringIO()) as said, redirect_stderr(said):
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(str(ended.code))
    return code, said.getvalue()


def asked(*arguments: str) -> Any:
    """Run a command that is to succeed, and return what it says to machines."""
    code, said = cloister(*arguments, "--json")
    assert code == 0, said
    return json.loads(said)
