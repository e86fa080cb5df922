"""The first start of an embedded home, by several at once."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from gateway import app
from gateway.core.errors import Misconfigured
from gateway.db.keeper import open_lock, try_exclusive
from gateway.settings import Settings, load

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(None, {"CLOISTER_HOME": str(tmp_path), "CLOISTER_DATABASE__EMBEDDED": "true"})


async def test_of_several_first_starts_one_makes_the_keys(settings: Settings, tmp_path: Path) -> None:
    made = await asyncio.gather(*(app.first_run(settings) for _ in range(3)))

    known = json.loads((tmp_path / "bootstrap.json").read_text())["keys"]
    assert sorted(made, key=len) == [{}, {}, known]


async def test_a_start_that_does_not_end_is_named(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_FIRST_RUN_SECONDS", 0.1)
    lock = open_lock(tmp_path / "first-run.lock")
    assert try_exclusive(lock)

    with pytest.raises(Misconfigured, match=r"first-run\.lock"):
        await app.first_run(settings)
    os.close(lock)
