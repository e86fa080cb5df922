"""A mistake in a policy file, or a warning; and a case that came out otherwise than its author expected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in a policy file, or a warning, with the place where it stands.

    line, column: from 1, of the offending word. length: its characters on that line. source: what may be shown of the
    line. pointer: what underlines the word there.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    source: str = ""
    length: int = 1
    suggestion: str = ""
    pointer: str = ""

    @property
    def severity(self) -> Literal["error", "warning"]:
        """A warning does not keep a policy from being valid."""
        return "warning" if self.code.startswith("CL4") else "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Something that a person has to look at: a case that came out otherwise, or a policy without one.

    about: what came out otherwise; nothing of a policy. lines: "- " before what was expected, "+ " before what came.
    """

    file: str
    line: int
    column: int
    name: str
    about: tuple[str, ...] = ()
    lines: tuple[str, ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        """Lay it out: its place and name, and the lines that differ."""
        head = f"{self.file}:{self.line}:{self.column}: {self.name}"
        return "\n".join([head, *(f"    {line}" for line in self.lines)])
