"""What a worker says of a text, before a policy has looked at it."""

from __future__ import annotations

from typing import NamedTuple

Raw = tuple[str, int, int, float, str]
"""Entity type, start, end (code points of its text), score, recognizer."""

NAMES = "ModelRecognizer"
"""The name of the recognizer that finds names by the model, whichever that is."""


class Name(NamedTuple):
    """What a model takes for a name: where it stands, its type, and how sure the model is, from 0 to 1."""

    start: int
    end: int
    kind: str
    score: float
