"""Processes of our own modules that a command starts beside itself.

Law: a child imports nothing from the folder that the command was called in, and hears nothing from its terminal: what
Ctrl-C ends is the command, which ends its children when it needs them no more.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from typing import IO


def start(
    module: str, *words: str, env: Mapping[str, str] | None = None, stdout: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start ``python -m module words``, in a session of its own."""
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-P", "-m", module, *words], env=env, stdout=stdout, start_new_session=True
    )
