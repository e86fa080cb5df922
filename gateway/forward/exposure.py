"""What was found about a model server.

Law: what is not sound carries its mend in the same line.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """One thing that was looked at. what: and, where it is not sound, the mend."""

    sound: bool
    what: str
