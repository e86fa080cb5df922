"""A mistake in a policy file, or a warning."""

from __future__ import annotations

from dataclasses import dataclass
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
