"""Material of the protocol tests: a request that uses every field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def full_request(root: Path) -> Any:
    """A request that uses every field this gateway forwards, and some that it leaves out."""
    return json.loads((root / "tests/vectors/chat_request.json").read_bytes())
