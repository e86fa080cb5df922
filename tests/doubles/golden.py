"""Golden files: policies with mistakes, each of which says in its first lines what is to be reported, and where.

``# expect: LINE:COLUMN CODE SUGGESTION``, once a problem, in order; ``# expect-last:`` of many problems the last alone;
``# tenant: NAME`` where the file is a tenant's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.core.actor import PLATFORM
from gateway.core.errors import Problem

_EXPECT = re.compile(r"# expect(-last)?: (\d+):(\d+) (CL\d{4}) ?(.*)")
_TENANT = re.compile(r"^# tenant: (\S+)", re.MULTILINE)

Told = list[tuple[int, int, str, str]]
"""Line, column, code and suggestion of each problem."""


@dataclass(frozen=True)
class Golden:
    """What a file says of itself. last: only the last problem is told."""

    expected: Told
    last: bool
    scope: str


def golden(file: Path) -> Golden:
    """Read what a file expects."""
    text = file.read_bytes().decode("utf-8-sig", "replace")
    found = [line for line in map(_EXPECT.fullmatch, text.splitlines()) if line]
    tenant = _TENANT.search(text)
    return Golden(
        expected=[(int(line[2]), int(line[3]), line[4], line[5]) for line in found],
        last=any(line[1] for line in found),
        scope=tenant[1] if tenant else PLATFORM,
    )


def told(problems: Sequence[Problem]) -> Told:
    """Return what golden files expect of problems."""
    return [(each.line, each.column, each.code, each.suggestion) for each in problems]
