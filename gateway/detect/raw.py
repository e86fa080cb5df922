"""What a worker says of a text, before a policy has looked at it."""

from __future__ import annotations

Raw = tuple[str, int, int, float, str]
"""Entity type, start, end (code points of its text), score, recognizer."""

NAMES = "SpacyRecognizer"
"""Presidio's name of the recognizer that finds names by the model."""
