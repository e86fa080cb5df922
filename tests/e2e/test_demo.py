"""``cloister demo`` as a newcomer runs it: first in no home at all, then again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.integration

VALUES = (
    "Maria Gonzalez",
    "maria.gonzalez@corp.local",
    "+1 212 555 0143",
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "192.168.14.77",
    "Tr0ub4dor&3",
)


def demo(root: Path, home: Path, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "demo", *options],
        cwd=root,
        env=os.environ | {"CLOISTER_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_demo_shows_one_exchange_from_all_sides_and_the_second_makes_no_keys(
    root: Path, tmp_path: Path
) -> None:
    first: dict[str, Any] = json.loads(demo(root, tmp_path / "home", "--json"))
    page = demo(root, tmp_path / "home")

    assert all(value in first["sent"] for value in VALUES)
    assert not any(value in first["seen"] for value in VALUES)
    assert all(value in first["received"] for value in VALUES if value != "Tr0ub4dor&3")
    assert [event["action"] for event in first["record"]] == ["exchange.open", "exchange.close"]
    assert first["decision"]["x-cloister-exchange"] == first["record"][0]["exchange"]
    assert "no gap, every leaf right" in first["verified"]
    assert list(first["keys"]) == ["app", "auditor", "privacy_officer", "admin", "platform"]
    assert all(title in page for title in ("What the app sent", "What the model saw", "What the app got back"))
    assert "cl_live_" not in page
