"""Processes of our own modules that a command starts beside itself.

Law: a child imports nothing from the folder that the command was called in, and hears nothing from its terminal: what
Ctrl-C ends is the command, which ends its children when it needs them no more. A command that is ended in any other
way, killed or with its terminal, leaves no child behind either.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from typing import IO

from gateway.core.processes import end_with


def start(
    module: str, *words: str, env: Mapping[str, str] | None = None, stdout: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start ``python -m module words``, in a session of its own. To be called in the main thread."""
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-P", "-m", module, *words],
        env=env,
        stdout=stdout,
        start_new_session=True,
        preexec_fn=partial(end_with, os.getpid()),  # noqa: PLW1509 - a command has no other thread
    )
